//! The limits that API Gateway and Lambda put on requests and answers.

use std::time::Duration;

/// Bytes of the request line and all header values together.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html>
pub const HEAD: usize = 10_240;

/// Bytes of a request's body.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html>
pub const BODY: usize = 10 * 1024 * 1024;

/// Bytes of the event a function is called with.
/// <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
pub const EVENT: usize = 6 * 1024 * 1024;

/// Bytes of a function's answer. Lambda adds a little to [`EVENT`] for the envelope.
/// <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
pub const PAYLOAD: usize = 6 * 1024 * 1024 + 100;

/// How long API Gateway waits for a function, whatever the function's own timeout.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html>
pub const WAIT: Duration = Duration::from_secs(30);
