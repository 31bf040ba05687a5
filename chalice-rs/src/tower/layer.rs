//! A layer of `tower` among the middleware.

use std::convert::Infallible;
use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context as Task, Poll};

use bytes::Bytes;
use http_body::Body;
use http_body_util::Full;
use tower_service::Service;

use super::BoxError;
use super::convert::{answer, encoded_path, failed, incoming, outgoing, response};
use crate::Request;
use crate::handler::Answer;
use crate::middleware::{Layer, Next};
use crate::settle::settled;

/// What a layer is put around: the middleware inside of it, and the route.
///
/// ```
/// use chalice_rs::App;
/// use chalice_rs::tower::Inner;
///
/// /// Does nothing; in an app of yours, one of `tower_http`.
/// struct Through;
///
/// impl<'r> tower::Layer<Inner<'r>> for Through {
///     type Service = Inner<'r>;
///
///     fn layer(&self, inner: Inner<'r>) -> Inner<'r> {
///         inner
///     }
/// }
///
/// fn app() -> App {
///     App::new().layer(Through)
/// }
/// # app();
/// ```
pub struct Inner<'r> {
    request: &'r Request<'r>,
    next: Next<'r>,
    sent: http::Uri,
}

/// An inner service at work.
pub type InnerFuture<'r> =
    Pin<Box<dyn Future<Output = Result<http::Response<Full<Bytes>>, Infallible>> + 'r>>;

impl fmt::Debug for Inner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inner").field("next", &self.next).finish_non_exhaustive()
    }
}

impl Clone for Inner<'_> {
    fn clone(&self) -> Self {
        Self { request: self.request, next: self.next.again(), sent: self.sent.clone() }
    }
}

impl<'r, B> Service<http::Request<B>> for Inner<'r>
where
    B: Body<Error: Into<BoxError>> + 'r,
{
    type Response = http::Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = InnerFuture<'r>;

    fn poll_ready(&mut self, _: &mut Task<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, changed: http::Request<B>) -> InnerFuture<'r> {
        let Self { request, next, sent } = self.clone();
        Box::pin(async move {
            let Request { event, context, app, .. } = *request;
            let (wire, extensions) = match incoming(request, &sent, changed).await {
                Ok(changed) => changed,
                Err(error) => return Ok(response(settled(error, request).await)),
            };
            let request = Request { wire, event, context, app, extensions };
            Ok(response(next.run(&request).await))
        })
    }
}

/// A layer, with the types of its answers' bodies and of its errors.
pub(crate) struct Tower<L, B, E> {
    layer: L,
    types: PhantomData<fn() -> (B, E)>,
}

impl<L, B, E> Tower<L, B, E> {
    pub(crate) fn new(layer: L) -> Self {
        Self { layer, types: PhantomData }
    }
}

impl<L, B, E> Layer for Tower<L, B, E>
where
    L: for<'r> tower_layer::Layer<Inner<'r>> + Send + Sync + 'static,
    for<'r> <L as tower_layer::Layer<Inner<'r>>>::Service:
        Service<http::Request<Full<Bytes>>, Response = http::Response<B>, Error = E>,
    B: Body<Error: Into<BoxError>> + 'static,
    E: Into<BoxError> + 'static,
{
    fn call<'r>(&'r self, request: &'r Request<'r>, next: Next<'r>) -> Answer<'r> {
        Box::pin(async move {
            let outgoing = outgoing(request, &encoded_path(request))?;
            let sent = outgoing.uri().clone();
            let mut service = self.layer.layer(Inner { request, next, sent });
            poll_fn(|task| service.poll_ready(task)).await.map_err(failed)?;
            answer(service.call(outgoing).await.map_err(failed)?).await
        })
    }
}
