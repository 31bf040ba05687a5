//! What a chalice-rs app declares.
//!
//! The attributes of `chalice-rs` write one [`Record`] each into the executable; `cargo-chalice`
//! reads them back, and the local gateway and the deployer work from the [`Manifest`] they make.
//! Everything here is pure: no file, no socket, no clock, no environment.

pub mod manifest;
pub mod method;
pub mod name;
pub mod path;
pub mod record;
pub mod section;

pub use manifest::{Manifest, Problem};
pub use method::Method;
pub use name::{AppName, NameError, Stage};
pub use path::{PathError, PathPattern, Segment};
pub use record::{App, Record, Route, Source};
pub use section::SectionError;
