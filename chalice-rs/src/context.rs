//! What Lambda says about one invocation, and about the function.

use std::convert::Infallible;
use std::env;
use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use crate::{FromRequest, Request};

/// One invocation, as Lambda describes it.
///
/// A handler takes it as an argument; a unit test makes one with `Context::default()`.
///
/// ```
/// use chalice_rs::Context;
///
/// fn work(context: Context) -> &'static str {
///     match context.remaining_time() {
///         Some(left) if left.as_millis() < 100 => "no time left",
///         _ => "done",
///     }
/// }
/// assert_eq!(work(Context::default()), "done");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Context {
    /// Lambda's id of the invocation, which all log records of it carry.
    pub request_id: String,
    /// When Lambda ends the invocation.
    pub deadline: Option<SystemTime>,
    /// The ARN the function was called by, with the alias or version.
    pub function_arn: Option<String>,
    /// The X-Ray trace header of this invocation. What a handler asks of others is part of the same trace
    /// if it carries this as `x-amzn-trace-id`; nothing puts it there by itself.
    pub trace_id: Option<String>,
}

impl Context {
    /// The time until [`deadline`](Self::deadline), zero after it.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    ///
    /// use chalice_rs::Context;
    ///
    /// /// Stops before Lambda does.
    /// fn copied(context: &Context, pages: &[&str]) -> usize {
    ///     let has_time = |_: &&&str| context.remaining_time().is_none_or(|left| left > Duration::from_millis(500));
    ///     pages.iter().take_while(has_time).count()
    /// }
    /// assert_eq!(copied(&Context::default(), &["a", "b"]), 2);
    /// let mut late = Context::default();
    /// late.deadline = Some(SystemTime::UNIX_EPOCH);
    /// assert_eq!(copied(&late, &["a", "b"]), 0);
    /// ```
    pub fn remaining_time(&self) -> Option<Duration> {
        let deadline = self.deadline?;
        Some(deadline.duration_since(SystemTime::now()).unwrap_or_default())
    }

    /// The function this process serves.
    ///
    /// ```
    /// use chalice_rs::{Context, route};
    ///
    /// #[route("/version")]
    /// fn version(context: &Context) -> String {
    ///     context.function().version.clone().unwrap_or_else(|| "not on Lambda".to_owned())
    /// }
    /// assert_eq!(version(&Context::default()), "not on Lambda");
    /// ```
    pub fn function(&self) -> &'static Function {
        static FUNCTION: OnceLock<Function> = OnceLock::new();
        FUNCTION.get_or_init(Function::from_environment)
    }
}

impl<'r> FromRequest<'r> for Context {
    type Rejection = Infallible;

    async fn from_request(request: &'r Request<'r>) -> Result<Self, Infallible> {
        Ok(request.context().clone())
    }
}

impl<'r> FromRequest<'r> for &'r Context {
    type Rejection = Infallible;

    async fn from_request(request: &'r Request<'r>) -> Result<Self, Infallible> {
        Ok(request.context())
    }
}

/// A function's own description; what Lambda does not say, as in a unit test, is `None`.
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime>
///
/// ```
/// use chalice_rs::Context;
///
/// let context = Context::default();
/// let function = context.function();
/// match (&function.name, function.memory) {
///     (Some(name), Some(memory)) => println!("{name} has {memory} MB"),
///     _ => println!("this is no Lambda function"),
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Function {
    /// The function's name.
    pub name: Option<String>,
    /// The published version, or `$LATEST`.
    pub version: Option<String>,
    /// The memory it has, in megabytes.
    pub memory: Option<u32>,
    /// The CloudWatch log group.
    pub log_group: Option<String>,
    /// The stream of this execution environment in that group.
    pub log_stream: Option<String>,
}

impl Function {
    fn from_environment() -> Self {
        let text = |name: &str| env::var(name).ok();
        Self {
            name: text("AWS_LAMBDA_FUNCTION_NAME"),
            version: text("AWS_LAMBDA_FUNCTION_VERSION"),
            memory: text("AWS_LAMBDA_FUNCTION_MEMORY_SIZE").and_then(|memory| memory.parse().ok()),
            log_group: text("AWS_LAMBDA_LOG_GROUP_NAME"),
            log_stream: text("AWS_LAMBDA_LOG_STREAM_NAME"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_remaining_time_never_goes_below_zero() {
        let ends_at = |deadline| Context { deadline, ..Context::default() }.remaining_time();
        assert_eq!(ends_at(Some(SystemTime::UNIX_EPOCH)), Some(Duration::ZERO));
        assert!(ends_at(Some(SystemTime::now() + Duration::from_secs(60))) > Some(Duration::from_secs(50)));
        assert_eq!(ends_at(None), None);
    }
}
