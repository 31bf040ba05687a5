//! Functions around all requests.
//!
//! A middleware is an `async` function or closure of the request and of [`Next`], which is whatever
//! comes after it. It may look at the request, answer early, and change the answer:
//!
//! ```
//! use std::time::Instant;
//!
//! use chalice_rs::middleware::Next;
//! use chalice_rs::prelude::*;
//! use chalice_rs::{HeaderName, HeaderValue, log};
//!
//! async fn timed(request: &Request<'_>, next: Next<'_>) -> Response {
//!     let start = Instant::now();
//!     let answer = next.run(request).await;
//!     log::info!("{} took {:?}", request.route_key(), start.elapsed());
//!     answer
//! }
//!
//! fn app() -> App {
//!     App::new().middleware(timed).middleware(async |request: &Request<'_>, next: Next<'_>| {
//!         if request.header("x-maintenance").is_some() {
//!             return Err(Error::new(StatusCode::SERVICE_UNAVAILABLE, "back in a minute"));
//!         }
//!         let name = HeaderName::from_static("x-served-by");
//!         Ok(next.run(request).await.with_header(name, HeaderValue::from_static("tea")))
//!     })
//! }
//! # app();
//! ```
//!
//! The first one that is given to [`App::middleware`](crate::App::middleware) is the outermost: it is
//! the first to see the request and the last to see the answer.
//!
//! What a middleware gets from [`Next::run`] is always an answer. Errors of handlers, rejections,
//! panics and the 404 and 405 of the app are answers by then, logged, and written by the app's error
//! handler if it has one. An error or a panic of a middleware is treated like one of a handler, before
//! the next outer one sees it.
//!
//! # Ready-made ones
//!
//! | middleware | what it does |
//! |---|---|
//! | [`log_requests`] | one record in the log for each request |
//! | [`metrics`]`("Shop")` | counts requests, errors and time for CloudWatch |
//! | [`conditional`] | `etag`, and 304 where the client has the answer already |
//! | `compress` | gzip where the client takes it; needs the feature `compression` |
//! | `trace` | a span of the crate `tracing` for each request; needs the feature `tracing` |
//!
//! In this order they measure what the client gets, and compress what is sent:
//!
//! ```
//! use chalice_rs::{App, middleware};
//!
//! fn app() -> App {
//!     App::new()
//!         .middleware(middleware::log_requests)
//!         .middleware(middleware::metrics("Shop"))
//!         .middleware(middleware::conditional)
//! }
//! # app();
//! ```
//!
//! An app without middleware has no code and no work for them.

mod access_log;
#[cfg(feature = "compression")]
mod compress;
mod conditional;
mod metrics;
#[cfg(feature = "tracing")]
mod trace;

use std::pin::Pin;

pub use access_log::log_requests;
#[cfg(feature = "compression")]
pub use compress::compress;
pub use conditional::conditional;
pub use metrics::metrics;
#[cfg(feature = "tracing")]
pub use trace::trace;

use crate::handler::Answer;
use crate::invoke::routed;
use crate::router::Found;
use crate::settle::{answered, settled};
use crate::{IntoResponse, Request, Response};

/// What comes after a middleware: the next one, or the route.
///
/// One that is dropped instead of [`run`](Self::run) is never reached.
#[must_use = "nothing after this middleware happens until it is run"]
pub struct Next<'r> {
    layers: &'r [Box<dyn Layer>],
    /// Those of the route's blueprints, which come after `layers`.
    inner: &'r [Box<dyn Layer>],
    end: &'r Found<'r>,
}

impl<'r> Next<'r> {
    /// The next middleware, and what comes after that.
    fn split(self) -> Option<(&'r dyn Layer, Self)> {
        let (layer, rest) = match (self.layers, self.inner) {
            ([layer, layers @ ..], _) => (layer, Self { layers, ..self }),
            ([], [layer, inner @ ..]) => (layer, Self { inner, ..self }),
            ([], []) => return None,
        };
        Some((&**layer, rest))
    }

    /// Goes on, and gives the answer. `request` is the one that the middleware got.
    pub async fn run(self, request: &Request<'_>) -> Response {
        let end = self.end;
        match self.split() {
            None => match routed(end, request).await {
                Ok(response) => response,
                Err(error) => Box::pin(settled(error, request)).await,
            },
            Some((layer, next)) => answered(request, || layer.call(request, next)).await,
        }
    }
}

impl std::fmt::Debug for Next<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Next").field("middlewares", &(self.layers.len() + self.inner.len())).finish()
    }
}

/// The middlewares of an app, or of a route's blueprints. The code that runs them is linked by whoever
/// makes one of these.
pub(crate) struct Chain {
    layers: Vec<Box<dyn Layer>>,
    run: Run,
}

type Run = for<'r> fn(Next<'r>, &'r Request<'r>) -> Pin<Box<dyn Future<Output = Response> + 'r>>;

impl Chain {
    pub(crate) fn new() -> Self {
        Self::from_layers([])
    }

    pub(crate) fn from_layers(layers: impl IntoIterator<Item = &'static dyn Layer>) -> Self {
        let layers = layers.into_iter().map(|layer| Box::new(layer) as Box<dyn Layer>).collect();
        Self { layers, run: |next, request| Box::pin(next.run(request)) }
    }

    /// Adds one inside of those that are there.
    pub(crate) fn push<F, R>(&mut self, function: F)
    where
        F: AsyncFn(&Request<'_>, Next<'_>) -> R + Send + Sync + 'static,
        R: IntoResponse + 'static,
    {
        self.layers.push(Box::new(Function(function)));
    }

    /// Runs these, then those of `inner`, then the route.
    pub(crate) async fn run<'r>(
        &'r self,
        inner: Option<&'r Self>,
        end: &'r Found<'r>,
        request: &'r Request<'r>,
    ) -> Response {
        let inner = inner.map_or(&[][..], |chain| &chain.layers);
        (self.run)(Next { layers: &self.layers, inner, end }, request).await
    }
}

impl std::fmt::Debug for Chain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Chain").field("middlewares", &self.layers.len()).finish()
    }
}

/// One middleware.
pub trait Layer: Send + Sync {
    /// Runs it.
    fn call<'r>(&'r self, request: &'r Request<'r>, next: Next<'r>) -> Answer<'r>;
}

/// The middleware of a blueprint, in a constant.
pub const fn layer<F, R>(function: F) -> Function<F>
where
    F: AsyncFn(&Request<'_>, Next<'_>) -> R + Send + Sync + 'static,
    R: IntoResponse + 'static,
{
    Function(function)
}

/// A function that is a middleware.
#[derive(Debug)]
pub struct Function<F>(F);

impl Layer for &'static dyn Layer {
    fn call<'r>(&'r self, request: &'r Request<'r>, next: Next<'r>) -> Answer<'r> {
        (**self).call(request, next)
    }
}

impl<F, R> Layer for Function<F>
where
    F: AsyncFn(&Request<'_>, Next<'_>) -> R + Send + Sync,
    R: IntoResponse + 'static,
{
    fn call<'r>(&'r self, request: &'r Request<'r>, next: Next<'r>) -> Answer<'r> {
        Box::pin(async move { (self.0)(request, next).await.into_outcome() })
    }
}
