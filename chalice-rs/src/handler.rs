//! Arguments out of a request, and the function's value into an answer.
//!
//! Here: the two traits of arguments, and what expansions call with them.
//! Not here: the extractors; see `extract/`.

use std::fmt::Display;
use std::pin::Pin;
use std::str::FromStr;
use std::task::{Context as Task, Poll};

use pin_project_lite::pin_project;

use crate::{Error, IntoResponse, Request, Response};

/// An argument of a handler that is not a path parameter.
///
/// ```
/// use chalice_rs::{Error, FromRequest, Request, route};
///
/// /// The caller's name, which a proxy in front of the API puts into a header.
/// struct Caller<'r>(&'r str);
///
/// impl<'r> FromRequest<'r> for Caller<'r> {
///     type Rejection = Error;
///
///     async fn from_request(request: &'r Request<'r>) -> Result<Self, Error> {
///         request.header("x-caller").map(Caller).ok_or_else(|| Error::unauthorized("who are you?"))
///     }
/// }
///
/// #[route("/whoami")]
/// fn whoami(caller: Caller<'_>) -> String {
///     caller.0.to_owned()
/// }
/// # fn main() {}
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument of a route",
    label = "neither a path parameter nor an extractor",
    note = "a path parameter has the name it has in the path: `/users/<id>` goes with `id: u64`",
    note = "an extractor is `Json<T>`, `State<T>`, `Context`, `&Request<'_>`, `String`, `Vec<u8>`, or a type of \
            your own that implements `FromRequest`"
)]
pub trait FromRequest<'r>: Sized {
    /// The answer when the request does not have it.
    type Rejection: IntoResponse;

    /// Whether it takes the body, which at most one argument of a function may.
    const TAKES_BODY: bool = false;

    /// Makes the argument.
    fn from_request(request: &'r Request<'r>) -> impl Future<Output = Result<Self, Self::Rejection>>;
}

/// A type that a path parameter can have: each [`FromStr`] whose error can be shown. (`&str` can be
/// had as well.)
#[diagnostic::on_unimplemented(
    message = "a path parameter cannot be a `{Self}`",
    label = "cannot be parsed from text",
    note = "use `String`, `&str`, a number, or a type of your own that implements `FromStr` with an error that \
            implements `Display`"
)]
pub trait FromParameter<'r>: Sized {
    /// Parses the percent-decoded text. The error is what is wrong with it, for the client to read.
    fn from_parameter(text: &'r str) -> Result<Self, String>;
}

impl<'r, T> FromParameter<'r> for T
where
    T: FromStr,
    T::Err: Display,
{
    fn from_parameter(text: &'r str) -> Result<Self, String> {
        text.parse().map_err(|error: T::Err| error.to_string())
    }
}

/// What became of a request in a handler: an answer, or an error that nobody has made one of yet.
pub type Outcome = Result<Response, Error>;

/// A handler at work.
pub type Answer<'r> = Pin<Box<dyn Future<Output = Outcome> + 'r>>;

// What is not inlined here is once in the program for each type, not once for each route.

/// The value of a path parameter, or what is wrong with it.
#[inline(never)]
pub fn parameter<'r, T: FromParameter<'r>>(request: &'r Request<'r>, name: &'static str) -> Result<T, Error> {
    T::from_parameter(text_parameter(request, name)?)
        .map_err(|message| Error::bad_request(format!("the path parameter `{name}` is not valid: {message}")))
}

/// The text of a path parameter.
#[inline(never)]
pub fn text_parameter<'r>(request: &'r Request<'r>, name: &'static str) -> Result<&'r str, Error> {
    request
        .wire
        .path_parameter(name)
        .ok_or_else(|| Error::bad_request(format!("the path parameter `{name}` is missing")))
}

/// The value of an extractor, or what its rejection stands for.
pub async fn extract<'r, T: FromRequest<'r>>(request: &'r Request<'r>) -> Result<T, Outcome> {
    T::from_request(request).await.map_err(IntoResponse::into_outcome)
}

/// What a handler's value stands for.
#[inline(never)]
pub fn respond(value: impl IntoResponse) -> Outcome {
    value.into_outcome()
}

/// An outcome that is there already.
#[inline(never)]
pub fn ready<'r>(outcome: Outcome) -> Answer<'r> {
    Box::pin(std::future::ready(outcome))
}

/// An argument that is not what it should be.
#[inline(never)]
pub fn refuse<'r>(error: Error) -> Answer<'r> {
    ready(Err(error))
}

/// What the value of an `async` handler will stand for.
pub fn later<'r, F>(handler: F) -> Answer<'r>
where
    F: Future<Output: IntoResponse> + 'r,
{
    Box::pin(Later { handler })
}

pin_project! {
    // By hand, because an `async` block keeps its own states beside those of the handler, in each
    // route once more.
    struct Later<F> {
        #[pin]
        handler: F,
    }
}

impl<F: Future<Output: IntoResponse>> Future for Later<F> {
    type Output = Outcome;

    fn poll(self: Pin<&mut Self>, task: &mut Task<'_>) -> Poll<Outcome> {
        self.project().handler.poll(task).map(respond)
    }
}
