//! HTTP APIs on AWS Lambda from functions with attributes.
//!
//! ```
//! use chalice_rs::prelude::*;
//!
//! #[route("/hello/<name>", methods = ["GET"])]
//! async fn hello(name: String) -> String {
//!     format!("hello, {name}")
//! }
//!
//! # mod program {
//! # use super::*;
//! #[chalice_rs::main]
//! async fn main() -> App {
//!     App::new()
//! }
//! # }
//! # fn main() {}
//! ```
//!
//! `cargo chalice local` serves it on this machine, `cargo chalice deploy` on AWS.

mod app;
mod context;
mod error;
mod extract;
mod handler;
mod invoke;
pub mod log;
mod request;
mod response;
mod router;
mod serve;
pub mod test;

#[doc(hidden)]
pub mod __private;

#[doc = include_str!("../docs/main.md")]
pub use chalice_rs_macros::main;
#[doc = include_str!("../docs/route.md")]
pub use chalice_rs_macros::route;
pub use http::StatusCode;
pub use http::header;
pub use http::header::{HeaderMap, HeaderName, HeaderValue};

pub use app::{App, IntoApp};
pub use context::{Context, Function};
pub use error::Error;
pub use extract::{Json, State};
pub use handler::{FromParameter, FromRequest};
pub use request::Request;
pub use response::{IntoHeaders, IntoResponse, Response};

/// What most apps use: `use chalice_rs::prelude::*;`.
pub mod prelude {
    pub use crate::{
        App, Context, Error, FromRequest, IntoResponse, Json, Request, Response, State, StatusCode, main,
        route,
    };
}
