//! What handlers can take beside path parameters, one file each.

pub(crate) mod authorized;
pub(crate) mod body;
pub(crate) mod claims;
mod cookies;
pub(crate) mod extension;
pub(crate) mod form;
pub(crate) mod header;
mod headers;
pub(crate) mod iam;
pub(crate) mod json;
pub(crate) mod multipart;
mod optional;
pub(crate) mod query;
pub(crate) mod state;

mod caller;
mod media_type;
mod pairs;

pub use authorized::Authorized;
pub use body::BodyLimit;
pub use claims::Claims;
pub use cookies::Cookies;
pub use extension::Extension;
pub use form::Form;
pub use header::{Bearer, FromHeader, Header};
pub use headers::Headers;
pub use iam::IamIdentity;
pub use json::Json;
pub use multipart::{Field, Multipart};
pub use optional::OptionalFromRequest;
pub use query::Query;
pub use state::State;

pub(crate) use cookies::pairs as cookie_pairs;
pub(crate) use extension::Extensions;
