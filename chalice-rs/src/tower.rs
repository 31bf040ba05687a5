//! Services and layers of [`tower`](https://docs.rs/tower), with the feature `tower`.
//!
//! # A layer around the app
//!
//! [`App::layer`](crate::App::layer) takes any layer for HTTP services and puts it where
//! [`App::middleware`](crate::App::middleware) puts a function: the first one that is given is the
//! outermost. Layers see whole bodies; what they put into the request's extensions, a handler finds with
//! [`Request::extension`](crate::Request::extension).
//!
//! The layer is applied for each request. What it shares among requests it has to hold itself, as those
//! of `tower-http` do; a state that is made anew with each service, such as that of a rate limit, limits
//! nothing.
//!
//! ```standalone_crate
//! use chalice_rs::prelude::*;
//! use chalice_rs::test::Client;
//! use tower::ServiceBuilder;
//!
//! #[derive(Clone)]
//! struct Language(String);
//!
//! /// In an app of yours: `tower_http`'s layers, as they are.
//! fn app() -> App {
//!     App::new().layer(ServiceBuilder::new().map_request(|mut request: http::Request<_>| {
//!         let language = request.headers().get("accept-language").and_then(|value| value.to_str().ok());
//!         let language = Language(language.unwrap_or("en").to_owned());
//!         request.extensions_mut().insert(language);
//!         request
//!     }))
//! }
//!
//! #[get("/")]
//! fn greet(Extension(language): Extension<Language>) -> &'static str {
//!     if language.0 == "de" { "Hallo" } else { "hello" }
//! }
//!
//! # fn main() {
//! let client = Client::new(app());
//! assert_eq!(client.get("/").send().text(), "hello");
//! assert_eq!(client.get("/").header("accept-language", "de").send().text(), "Hallo");
//! # }
//! ```
//!
//! # A service below a path
//!
//! [`#[mount]`](crate::mount) gives everything below a path to a service, such as an unchanged
//! `axum::Router`.
//!
//! Both see the [`Context`](crate::Context) and the [`Event`] among the request's extensions.

mod convert;
mod layer;
pub(crate) mod mount;

use bytes::Bytes;

pub(crate) use layer::Tower;
pub use layer::{Inner, InnerFuture};
pub use mount::{FromApp, MountedService};
pub(crate) use mount::{Mounts, start};

/// The event as Lambda delivered it, JSON of payload format 2.0: an extension of the requests that layers
/// and services get.
///
/// ```
/// use chalice_rs::tower::Event;
///
/// let event = Event(r#"{"routeKey":"GET /"}"#.into());
/// let mut request = http::Request::new(());
/// request.extensions_mut().insert(event.clone());
/// assert_eq!(request.extensions().get::<Event>(), Some(&event));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event(pub Bytes);

/// An error of a service or a layer.
pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;
