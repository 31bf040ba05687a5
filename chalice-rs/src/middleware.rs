//! Functions around all requests.
//!
#![doc = include_str!("../docs/middleware.md")]

mod access_log;
pub(crate) mod chain;
#[cfg(feature = "compression")]
mod compress;
mod conditional;
mod metrics;
#[cfg(feature = "tracing")]
mod trace;

pub use access_log::log_requests;
pub(crate) use chain::{Chain, Layer};
#[cfg(feature = "compression")]
pub use compress::compress;
pub use conditional::conditional;
pub use metrics::metrics;
#[cfg(feature = "tracing")]
pub use trace::trace;

use crate::invoke::routed;
use crate::router::Found;
use crate::settle::{answered, settled};
use crate::{Request, Response};

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
    ///
    /// ```
    /// use chalice_rs::middleware::Next;
    /// use chalice_rs::{HeaderValue, Request, Response, header};
    ///
    /// async fn never_kept(request: &Request<'_>, next: Next<'_>) -> Response {
    ///     let answer = next.run(request).await;
    ///     answer.with_header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))
    /// }
    /// # let _ = chalice_rs::App::new().middleware(never_kept);
    /// ```
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
