//! Services and layers of [`tower`](https://docs.rs/tower), with the feature `tower`.
//!
//! # A layer around the app
//!
//! [`App::layer`](crate::App::layer) takes any layer for HTTP services and puts it where
//! [`App::middleware`](crate::App::middleware) puts a function: the first one that is given is the
//! outermost. Layers see whole bodies; what they put into the request's extensions, a handler finds with
//! [`Request::extension`](crate::Request).
//!
//! The layer is applied for each request. What it shares among requests it has to hold itself, as those
//! of `tower-http` do; a state that is made anew with each service, such as that of a rate limit, limits
//! nothing.
//!
//! # A service below a path
//!
//! [`#[mount]`](crate::mount) gives everything below a path to a service, such as an unchanged
//! `axum::Router`.
//!
//! Both see the [`Context`](crate::Context) and the [`Event`] among the request's extensions.

mod convert;
mod layer;
mod mount;

use bytes::Bytes;

pub(crate) use layer::Tower;
pub use layer::{Inner, InnerFuture};
pub use mount::{
    FromApp, MountRegistration, Mountable, Mounted, MountedService, Served, StartCall, Starting, from_app,
    mountable,
};
pub(crate) use mount::{Mounts, start};

/// The event as Lambda delivered it, JSON of payload format 2.0: an extension of the requests that layers
/// and services get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event(pub Bytes);

/// An error of a service or a layer.
pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;
