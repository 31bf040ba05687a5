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
//!
//! # Arguments
//!
//! An argument with the name of a path parameter is that parameter, parsed into the argument's type;
//! what does not parse is a 400. Each other argument is an extractor:
//!
//! | argument | its value |
//! |---|---|
//! | [`Query<T>`] | the query, as any type that serde can make |
//! | [`Json<T>`], [`Form<T>`], [`Multipart`] | the body, by its media type |
//! | `String`, `&str`, [`Bytes`], `Vec<u8>`, `&[u8]` | the body, whatever its media type |
//! | [`Header<T>`], [`Headers`], [`HeaderMap`] | one header, typed, or all of them |
//! | [`Cookies`] | the cookies |
//! | [`State<T>`] | what `main` gave the app |
//! | [`Extension<T>`] | what a middleware put into the request |
//! | [`Claims<T>`], [`Authorized<T>`], [`IamIdentity`] | who calls, as the route's authorizer found it |
//! | `&`[`Request`] | everything |
//! | [`Context`] | Lambda's side: request id, remaining time, function, trace id |
//! | `Option<E>` | an extractor, or `None` where there is nothing: see [`OptionalFromRequest`] |
//! | `Result<E, E::Rejection>` | an extractor, or why there is none: see [`rejection`] |
//! | [`BodyLimit<E, N>`](BodyLimit) | an extractor of the body, with a limit of its own |
//! | a type of yours | whatever its [`FromRequest`] makes |
//!
//! At most one of them takes the body, which may have as many bytes as [`App::body_limit`] says.
//!
//! # Answers
//!
//! What a handler returns implements [`IntoResponse`], whose page has the table. An [`Error`] has a
//! status and a message for the client, and a cause that only the log sees: `?` on any
//! [`std::error::Error`] makes it a 500, and on an [`HttpError`](trait@HttpError) of yours what that says.
//!
//! # Around requests
//!
//! A [`middleware`] sees each request and each answer. [`#[error_handler]`](macro@error_handler) writes the
//! answers of all errors, [`#[not_found]`](macro@not_found) answers what no route takes.
//!
//! # Who may call
//!
//! A route, a [`blueprint!`](macro@blueprint) and the app name an authorizer: a function of yours under
//! [`#[authorizer]`](macro@authorizer), the tokens of an issuer ([`jwt_authorizer!`](macro@jwt_authorizer)), a
//! function that is there already ([`lambda_authorizer!`](macro@lambda_authorizer)), or `iam`.
//!
//! # How an app is put together
//!
//! Modules, blueprints, libraries of routes, state, several Lambda functions: see [`App`].
//!
//! # Tests
//!
//! [`test::Client`] sends requests to the app that `main` makes, through API Gateway's rules and the real event, in
//! the test's own process.
//!
//! # What goes wrong
//!
//! Each event has an answer, and the process serves the next one: an event that cannot be read, a body
//! that is not what its header says, a panic, a value that does not serialize, an answer over the 6 MB
//! that Lambda takes. It is logged with the request's id; see [`log`] for records of your own.
//!
//! # Which route
//!
//! An HTTP API says which route it chose and authorised, and exactly that one is called. Only where it
//! chose none, as with a function URL, the path decides, by API Gateway's own rules, and a route with an
//! authorizer is not found: nobody has asked it.
//!
//! # Features
//!
//! None is on by default, and what is off is neither compiled nor a dependency.
//!
//! | feature | |
//! |---|---|
//! | `anyhow` | `anyhow::Error` as the error of a handler and of `main` |
//! | `compression` | `middleware::compress` |
//! | `headers` | `Header<T>` for the types of the crate `headers` |
//! | `openapi` | an OpenAPI document of the routes |
//! | `tower` | `#[mount]` for an `axum::Router` or another service, `App::layer` for layers |
//! | `tracing` | `middleware::trace` |

mod app;
pub mod authorizer;
mod blueprint;
mod context;
mod cors;
mod declaration;
mod docs;
mod error;
mod extract;
mod fallback;
mod function;
mod guard;
pub mod guide;
mod handler;
mod http_error;
mod into_app;
mod invoke;
pub mod log;
pub mod middleware;
#[cfg(feature = "openapi")]
pub mod openapi;
pub mod rejection;
mod request;
mod response;
mod router;
mod serve;
mod settle;
pub mod test;
#[cfg(feature = "tower")]
pub mod tower;

#[doc(hidden)]
pub mod __private;

/// So that what the README shows compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
mod readme {}

pub use bytes::Bytes;
#[doc = include_str!("../docs/http_error.md")]
pub use chalice_rs_macros::HttpError;
#[cfg(not(feature = "openapi"))]
#[doc = include_str!("../docs/json_schema.md")]
pub use chalice_rs_macros::JsonSchema;
#[doc = include_str!("../docs/authorizer.md")]
pub use chalice_rs_macros::authorizer;
#[doc = include_str!("../docs/blueprint.md")]
pub use chalice_rs_macros::blueprint;
#[doc = include_str!("../docs/delete.md")]
pub use chalice_rs_macros::delete;
#[doc = include_str!("../docs/error_handler.md")]
pub use chalice_rs_macros::error_handler;
#[doc = include_str!("../docs/get.md")]
pub use chalice_rs_macros::get;
#[doc = include_str!("../docs/head.md")]
pub use chalice_rs_macros::head;
#[doc = include_str!("../docs/jwt_authorizer.md")]
pub use chalice_rs_macros::jwt_authorizer;
#[doc = include_str!("../docs/lambda_authorizer.md")]
pub use chalice_rs_macros::lambda_authorizer;
#[doc = include_str!("../docs/main.md")]
pub use chalice_rs_macros::main;
#[cfg(feature = "tower")]
#[doc = include_str!("../docs/mount.md")]
pub use chalice_rs_macros::mount;
#[doc = include_str!("../docs/not_found.md")]
pub use chalice_rs_macros::not_found;
#[doc = include_str!("../docs/options.md")]
pub use chalice_rs_macros::options;
#[doc = include_str!("../docs/patch.md")]
pub use chalice_rs_macros::patch;
#[doc = include_str!("../docs/post.md")]
pub use chalice_rs_macros::post;
#[doc = include_str!("../docs/put.md")]
pub use chalice_rs_macros::put;
#[doc = include_str!("../docs/route.md")]
pub use chalice_rs_macros::route;
pub use http::StatusCode;
pub use http::header;
pub use http::header::{HeaderMap, HeaderName, HeaderValue};
/// The crate behind [`JsonSchema`]; the derive looks for it by this name.
#[cfg(feature = "openapi")]
pub use schemars;
#[cfg(feature = "openapi")]
#[doc = include_str!("../docs/json_schema.md")]
pub use schemars::JsonSchema;

pub use app::App;
pub use context::{Context, Function};
pub use error::Error;
pub use extract::{
    Authorized, Bearer, BodyLimit, Claims, Cookies, Extension, Field, Form, FromHeader, Header, Headers,
    IamIdentity, Json, Multipart, OptionalFromRequest, Query, State,
};
pub use handler::{FromParameter, FromRequest};
pub use http_error::HttpError;
pub use into_app::IntoApp;
pub use request::Request;
pub use response::{Html, IntoResponse, NoContent, Redirect, Response, ResponsePart, SameSite, SetCookie};

/// What most apps use: `use chalice_rs::prelude::*;`.
pub mod prelude {
    #[cfg(feature = "tower")]
    pub use crate::mount;
    pub use crate::{
        App, Authorized, Bytes, Claims, Context, Cookies, Error, Extension, Form, FromRequest, Header,
        Headers, Html, HttpError, IntoResponse, Json, JsonSchema, Multipart, NoContent, Query, Redirect,
        Request, Response, SetCookie, State, StatusCode, authorizer, blueprint, delete, error_handler, get,
        head, jwt_authorizer, lambda_authorizer, main, not_found, options, patch, post, put, route,
    };
    #[cfg(feature = "openapi")]
    pub use schemars;
}
