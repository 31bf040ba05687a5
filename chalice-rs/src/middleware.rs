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
//! An app without middleware has no code and no work for them.

use std::pin::Pin;

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
    end: &'r Found<'r>,
}

impl Next<'_> {
    /// Goes on, and gives the answer. `request` is the one that the middleware got.
    pub async fn run(self, request: &Request<'_>) -> Response {
        match self.layers {
            [] => match routed(self.end, request).await {
                Ok(response) => response,
                Err(error) => Box::pin(settled(error, request)).await,
            },
            [layer, layers @ ..] => {
                answered(request, || layer.call(request, Next { layers, end: self.end })).await
            }
        }
    }
}

impl std::fmt::Debug for Next<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Next").field("middlewares", &self.layers.len()).finish()
    }
}

/// All middlewares of an app. The code that runs them is linked by whoever makes one of these.
pub(crate) struct Chain {
    layers: Vec<Box<dyn Layer>>,
    run: Run,
}

type Run = for<'r> fn(Next<'r>, &'r Request<'r>) -> Pin<Box<dyn Future<Output = Response> + 'r>>;

impl Chain {
    pub(crate) fn new() -> Self {
        Self { layers: Vec::new(), run: |next, request| Box::pin(next.run(request)) }
    }

    /// Adds one inside of those that are there.
    pub(crate) fn push<F, R>(&mut self, function: F)
    where
        F: AsyncFn(&Request<'_>, Next<'_>) -> R + Send + Sync + 'static,
        R: IntoResponse + 'static,
    {
        self.layers.push(Box::new(Function(function)));
    }

    pub(crate) async fn run<'r>(&'r self, found: &'r Found<'r>, request: &'r Request<'r>) -> Response {
        (self.run)(Next { layers: &self.layers, end: found }, request).await
    }
}

trait Layer: Send + Sync {
    fn call<'r>(&'r self, request: &'r Request<'r>, next: Next<'r>) -> Answer<'r>;
}

struct Function<F>(F);

impl<F, R> Layer for Function<F>
where
    F: AsyncFn(&Request<'_>, Next<'_>) -> R + Send + Sync,
    R: IntoResponse + 'static,
{
    fn call<'r>(&'r self, request: &'r Request<'r>, next: Next<'r>) -> Answer<'r> {
        Box::pin(async move { (self.0)(request, next).await.into_outcome() })
    }
}
