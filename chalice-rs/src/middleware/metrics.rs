//! Figures for CloudWatch, as lines in the log.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use serde::Serialize;

use super::Next;
use crate::{Request, Response, log};

/// A middleware that counts requests, errors and time for CloudWatch, for each route and for all together.
///
/// ```
/// use chalice_rs::{App, middleware};
///
/// fn app() -> App {
///     App::new().middleware(middleware::metrics("Shop"))
/// }
/// # app();
/// ```
///
/// | metric | unit | |
/// |---|---|---|
/// | `Count` | count | 1 |
/// | `Latency` | milliseconds | from the first middleware's view to the answer |
/// | `ClientErrors` | count | 1 for a status from 400 to 499 |
/// | `ServerErrors` | count | 1 for a status from 500 on |
///
/// They are in the namespace under the dimension `Route` (`GET /users/{id}`), and without dimensions. Each
/// request is one line in CloudWatch's embedded metric format: there is no call to AWS, and a line without
/// a level, which Lambda takes for `INFO`, so that a function that logs `WARN` and above has no metrics.
/// Lines are written where logs are JSON, which is on Lambda; `cargo chalice local` has none.
///
/// CloudWatch takes money for each metric, which is four for each route that is called.
///
/// # Panics
///
/// If the namespace is none that CloudWatch takes: blank, longer than 255 characters, with a colon at its start,
/// or one of AWS's own.
#[track_caller]
pub fn metrics(
    namespace: &'static str,
) -> impl AsyncFn(&Request<'_>, Next<'_>) -> Response + Send + Sync + 'static {
    // <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html>
    let is_valid = namespace.len() <= 255
        && !namespace.trim().is_empty()
        && !namespace.starts_with(':')
        && !namespace.starts_with("AWS/")
        && namespace.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" .-_/#:".contains(&byte));
    assert!(is_valid, "`{namespace}` is not a namespace that CloudWatch takes");
    async move |request: &Request<'_>, next: Next<'_>| {
        let start = Instant::now();
        let answer = next.run(request).await;
        if log::is_json() {
            let line = Line {
                meta: Meta::of(namespace),
                route: request.route_key(),
                request_id: &request.context().request_id,
                count: 1,
                latency: start.elapsed().as_secs_f64() * 1000.0,
                client_errors: answer.status.is_client_error().into(),
                server_errors: answer.status.is_server_error().into(),
            };
            // Numbers and texts always serialize.
            if let Ok(line) = serde_json::to_string(&line) {
                log::write_line(line);
            }
        }
        answer
    }
}

/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Line<'a> {
    #[serde(rename = "_aws")]
    meta: Meta,
    route: &'a str,
    #[serde(rename = "requestId")]
    request_id: &'a str,
    count: u8,
    latency: f64,
    client_errors: u8,
    server_errors: u8,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Meta {
    timestamp: u64,
    cloud_watch_metrics: [Directive; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Directive {
    namespace: &'static str,
    /// The sets of dimensions that each metric is counted under.
    dimensions: [&'static [&'static str]; 2],
    metrics: [Metric; 4],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Metric {
    name: &'static str,
    unit: &'static str,
}

impl Meta {
    fn of(namespace: &'static str) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let metrics = [
            Metric { name: "Count", unit: "Count" },
            Metric { name: "Latency", unit: "Milliseconds" },
            Metric { name: "ClientErrors", unit: "Count" },
            Metric { name: "ServerErrors", unit: "Count" },
        ];
        Self {
            timestamp: u64::try_from(now.as_millis()).unwrap_or(u64::MAX),
            cloud_watch_metrics: [Directive { namespace, dimensions: [&["Route"], &[]], metrics }],
        }
    }
}
