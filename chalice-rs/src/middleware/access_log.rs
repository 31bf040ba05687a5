//! One record in the log for each request.

use std::time::Instant;

use super::Next;
use crate::log::{self, Level};
use crate::{Request, Response};

/// A middleware that writes one record of level `INFO` for each request: method, path and status as its
/// text, and `route`, `status` and `latencyMs` as fields.
///
/// ```
/// use chalice_rs::{App, middleware};
///
/// fn app() -> App {
///     App::new().middleware(middleware::log_requests)
/// }
/// # app();
/// ```
///
/// ```text
/// 2026-07-10T19:19:05.042Z INFO  8f-1 GET /users/7 200 route=GET /users/{id} status=200 latencyMs=3.1
/// ```
///
/// The query is left out, for what it may have in it. API Gateway can log requests as well, those too that
/// never reach the function.
pub async fn log_requests(request: &Request<'_>, next: Next<'_>) -> Response {
    if !log::is_on(Level::Info) {
        return next.run(request).await;
    }
    let start = Instant::now();
    let answer = next.run(request).await;
    // Tenths of a millisecond are as fine as anybody reads them.
    let latency = (start.elapsed().as_secs_f64() * 10_000.0).round() / 10.0;
    let status = answer.status.as_u16();
    log::write(
        Level::Info,
        format_args!("{} {} {status}", request.method(), request.path()),
        &[("route", &request.route_key()), ("status", &status), ("latencyMs", &latency)],
    );
    answer
}
