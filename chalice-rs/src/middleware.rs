//! Functions around all requests.
//!
#![doc = include_str!("../docs/middleware.md")]

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
///
/// ```
/// use chalice_rs::middleware::Next;
/// use chalice_rs::prelude::*;
///
/// /// Answers early where there is nothing to run.
/// async fn open(request: &Request<'_>, next: Next<'_>) -> Result<Response, Error> {
///     match request.header("x-closed") {
///         None => Ok(next.run(request).await),
///         Some(_) => Err(Error::new(StatusCode::SERVICE_UNAVAILABLE, "closed on Sundays")),
///     }
/// }
/// # App::new().middleware(open);
/// ```
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

    /// The same once more, for a layer that may try twice.
    #[cfg(feature = "tower")]
    pub(crate) fn again(&self) -> Self {
        Self { ..*self }
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

    /// Adds one of another kind inside of those that are there.
    #[cfg(feature = "tower")]
    pub(crate) fn push_layer(&mut self, layer: impl Layer + 'static) {
        self.layers.push(Box::new(layer));
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
