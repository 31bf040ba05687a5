//! Where errors end: whatever goes wrong with a request becomes its answer here.
//!
//! Here: panics caught, the cause logged, the app's error handler asked, the body written.
//! Not here: what an [`Error`] is; see `error.rs`.

use std::any::Any;
use std::fmt;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::Poll;

use http::StatusCode;

use crate::error::{Causes, INTERNAL};
use crate::handler::Answer;
use crate::{Error, Request, Response, log};

/// The answer of what `start` starts, whatever becomes of it.
pub(crate) async fn answered<'r>(request: &Request<'_>, start: impl FnOnce() -> Answer<'r>) -> Response {
    match guarded(start).await {
        Ok(response) => response,
        // In a box: the rare case shall not make the usual one's future larger.
        Err(error) => Box::pin(settled(error, request)).await,
    }
}

/// What comes of what `start` starts; of a panic, a 500.
pub(crate) async fn guarded<'r, T>(
    start: impl FnOnce() -> Pin<Box<dyn Future<Output = Result<T, Error>> + 'r>>,
) -> Result<T, Error> {
    // A handler that is not `async` has done all its work when this returns.
    let mut answer = match catch_unwind(AssertUnwindSafe(start)) {
        Ok(answer) => answer,
        Err(panic) => return Err(panicked(&*panic)),
    };
    poll_fn(move |task| {
        catch_unwind(AssertUnwindSafe(|| answer.as_mut().poll(task)))
            .unwrap_or_else(|panic| Poll::Ready(Err(panicked(&*panic))))
    })
    .await
}

/// The answer of an error, whoever made it.
#[cold]
pub(crate) async fn settled(error: Error, request: &Request<'_>) -> Response {
    let app = request.app;
    log_error(&error, request);
    let Some(call) = app.error_handler else { return error.render(app.causes) };
    match guarded(|| call(&error, request)).await {
        Ok(response) => completed(response, &error),
        // Whoever answers errors and fails has no second try.
        Err(second) => {
            log_error(&second, request);
            Error::internal(INTERNAL).render(Causes::Hidden)
        }
    }
}

/// Writes the cause to the log, with the route. A panic is there already.
fn log_error(error: &Error, request: &Request<'_>) {
    if !error.cause().is_some_and(|cause| cause.is::<Panic>()) {
        error.log(&[("route", &request.route_key())]);
    }
}

/// Writes to the log why a function fails. A panic is there already.
pub(crate) fn log_failure(error: &Error) {
    match error.cause() {
        Some(cause) if cause.is::<Panic>() => {}
        Some(_) => error.log(&[]),
        None => log::write(log::Level::Error, format_args!("{error}"), &[]),
    }
}

/// The error handler's answer, with what it left out: a 200 cannot be meant, and `allow` or
/// `www-authenticate` belong to their status.
fn completed(mut response: Response, error: &Error) -> Response {
    response.status = meant(response.status, error.status());
    let left_out: Vec<_> =
        error.headers().iter().filter(|(name, _)| response.header(name).is_none()).cloned().collect();
    response.headers.extend(left_out);
    response
}

/// The status of an answer to a request that failed with `failed`.
pub(crate) fn meant(given: StatusCode, failed: StatusCode) -> StatusCode {
    if given == StatusCode::OK { failed } else { given }
}

/// A panic as the cause of an error. The panic hook has logged it already.
#[derive(Debug)]
struct Panic {
    message: String,
    /// `file:line:column`, where the hook was ours.
    location: Option<String>,
}

impl fmt::Display for Panic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.location {
            Some(location) => write!(f, "panicked at {location}: {}", self.message),
            None => write!(f, "panicked: {}", self.message),
        }
    }
}

impl std::error::Error for Panic {}

#[cold]
fn panicked(panic: &(dyn Any + Send)) -> Error {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    Error::internal(INTERNAL).because(Panic {
        message: text.unwrap_or(log::NO_TEXT).to_owned(),
        location: log::take_panic_location(),
    })
}
