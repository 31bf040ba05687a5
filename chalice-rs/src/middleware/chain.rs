//! Several middlewares, one inside of the other, and what they look like from inside.
//!
//! Not here: what comes after one of them; see [`Next`].

use std::pin::Pin;

use super::Next;
use crate::handler::Answer;
use crate::router::Found;
use crate::{IntoResponse, Request, Response};

/// The middlewares of an app, of a blueprint, or of a route's blueprints. The code that runs them is linked
/// by whoever makes one of these.
pub struct Chain {
    layers: Vec<Box<dyn Layer>>,
    run: Run,
}

type Run = for<'r> fn(Next<'r>, &'r Request<'r>) -> Pin<Box<dyn Future<Output = Response> + 'r>>;

impl Chain {
    pub(crate) fn new() -> Self {
        Self::from_layers([])
    }

    /// The layers of other chains, once more.
    pub(crate) fn from_layers(layers: impl IntoIterator<Item = &'static dyn Layer>) -> Self {
        let layers = layers.into_iter().map(|layer| Box::new(layer) as Box<dyn Layer>).collect();
        Self { layers, run: |next, request| Box::pin(next.run(request)) }
    }

    /// Adds one inside of those that are there.
    pub fn push<F, R>(&mut self, function: F)
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

    /// The outermost first.
    pub(crate) fn layers(&self) -> impl Iterator<Item = &dyn Layer> {
        self.layers.iter().map(|layer| &**layer)
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
pub(crate) trait Layer: Send + Sync {
    /// Runs it.
    fn call<'r>(&'r self, request: &'r Request<'r>, next: Next<'r>) -> Answer<'r>;
}

impl Layer for &'static dyn Layer {
    fn call<'r>(&'r self, request: &'r Request<'r>, next: Next<'r>) -> Answer<'r> {
        (**self).call(request, next)
    }
}

/// A function that is a middleware.
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
