//! What a chalice-rs app declares.
//!
//! The attributes of `chalice-rs` write one [`Record`] each into the executable; `cargo-chalice`
//! reads them back, and the local gateway and the deployer work from the [`Manifest`] they make.
//! Everything here is pure: no file, no socket, no clock, no environment.

pub mod authorizer;
pub mod cors;
pub mod manifest;
pub mod method;
pub mod name;
pub mod path;
pub mod record;
pub mod section;

pub use authorizer::{Authorizer, By, Guard, Identity, Jwt, Question, Reuse};
pub use cors::{Cors, CorsRule, Origin};
pub use manifest::{ApiRoute, Manifest, Problem, Sharing};
pub use method::Method;
pub use name::{AppName, FunctionName, NameError, Stage};
pub use path::{PathError, PathPattern, Segment};
pub use record::{App, Blueprint, Handler, Head, Record, Route, Rules, Source};
pub use section::SectionError;
