//! A span for each request.

use tracing::field::Empty;
use tracing::{Instrument, info_span};

use super::Next;
use crate::{Request, Response};

/// A middleware that puts each request into a span of the crate `tracing`, so that events of handlers and
/// of libraries say which request they belong to.
///
/// ```
/// use chalice_rs::{App, middleware};
///
/// fn app() -> App {
///     // The subscriber is yours: `tracing_subscriber::fmt().json().init()`, say.
///     App::new().middleware(middleware::trace)
/// }
/// # app();
/// ```
///
/// The span is called `request`, has level `INFO`, and the fields `method`, `route`, `path`, `request_id`,
/// `trace_id` (the X-Ray header) and, at the end, `status`. The records of [`log`](crate::log) stay what they
/// are, for CloudWatch.
pub async fn trace(request: &Request<'_>, next: Next<'_>) -> Response {
    let context = request.context();
    let span = info_span!(
        "request",
        method = request.method(),
        route = request.route_key(),
        path = request.path(),
        request_id = context.request_id,
        trace_id = context.trace_id,
        status = Empty,
    );
    let answer = next.run(request).instrument(span.clone()).await;
    span.record("status", answer.status.as_u16());
    answer
}
