//! Arguments out of a request, and the function's value into an answer.
//!
//! Here: the two traits of arguments, and what expansions call with them.
//! Not here: the extractors; see `extract/`.

use std::fmt::{self, Display};
use std::pin::Pin;
use std::str::FromStr;
use std::task::{Context as Task, Poll};

use http::StatusCode;
use pin_project_lite::pin_project;

use crate::rejection::{BodyTooLarge, Rejection};
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
    note = "an extractor is `Json<T>`, `Query<T>`, `Form<T>`, `Multipart`, `Header<T>`, `Headers`, `Cookies`, \
            `State<T>`, `Extension<T>`, `Context`, `&Request<'_>`, `String`, `Bytes`, `Vec<u8>`, `Option` or \
            `Result` of one, or a type of your own that implements `FromRequest`"
)]
pub trait FromRequest<'r>: Sized {
    /// The answer when the request does not have it.
    type Rejection: IntoResponse;

    /// Whether it takes the body, which at most one argument of a function may.
    const TAKES_BODY: bool = false;

    /// How many bytes the body may have at most, if that is not the app's
    /// [`body_limit`](crate::App::body_limit).
    const BODY_LIMIT: Option<usize> = None;

    /// Makes the argument.
    fn from_request(request: &'r Request<'r>) -> impl Future<Output = Result<Self, Self::Rejection>>;
}

/// A type that a path parameter can have: each [`FromStr`] whose error can be shown. (`&str` can be
/// had as well.)
///
/// ```
/// use std::str::FromStr;
///
/// use chalice_rs::route;
///
/// /// `tea-7`: a kind and a number.
/// #[derive(Debug, PartialEq)]
/// struct Article(String, u32);
///
/// impl FromStr for Article {
///     type Err = String;
///
///     fn from_str(text: &str) -> Result<Self, String> {
///         let (kind, number) = text.rsplit_once('-').ok_or("expected `<kind>-<number>`")?;
///         let number = number.parse().map_err(|error| format!("{error}"))?;
///         Ok(Self(kind.to_owned(), number))
///     }
/// }
///
/// #[route("/articles/<article>")]
/// fn show(article: Article) -> String {
///     format!("{} number {}", article.0, article.1)
/// }
/// assert_eq!(show("tea-7".parse().unwrap()), "tea number 7");
/// ```
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

/// Why an argument with the name of a path parameter has no value: a 400.
///
/// ```
/// use chalice_rs::Error;
/// use chalice_rs::rejection::PathRejection;
///
/// let rejection = PathRejection::Invalid { parameter: "id", message: "invalid digit found in string".to_owned() };
/// assert_eq!(rejection.to_string(), "path parameter `id`: invalid digit found in string");
/// assert_eq!(Error::from(rejection).status(), 400);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathRejection {
    /// The event has no such parameter, which API Gateway would have put in.
    Missing {
        /// Its name.
        parameter: &'static str,
    },
    /// The argument's type does not parse it.
    Invalid {
        /// Its name.
        parameter: &'static str,
        /// What is wrong with it.
        message: String,
    },
}

impl fmt::Display for PathRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { parameter } => write!(f, "path parameter `{parameter}` is missing"),
            Self::Invalid { parameter, message } => write!(f, "path parameter `{parameter}`: {message}"),
        }
    }
}

impl std::error::Error for PathRejection {}

impl Rejection for PathRejection {
    fn answered_with(&self) -> StatusCode {
        StatusCode::BAD_REQUEST
    }
}

/// A handler at work.
pub type Answer<'r> = Pin<Box<dyn Future<Output = Outcome> + 'r>>;

// What is not inlined here is once in the program for each type, not once for each route.

/// The value of a path parameter, or what is wrong with it.
#[inline(never)]
pub fn parameter<'r, T: FromParameter<'r>>(request: &'r Request<'r>, name: &'static str) -> Result<T, Error> {
    T::from_parameter(text_parameter(request, name)?)
        .map_err(|message| PathRejection::Invalid { parameter: name, message }.to_error())
}

/// The text of a path parameter.
#[inline(never)]
pub fn text_parameter<'r>(request: &'r Request<'r>, name: &'static str) -> Result<&'r str, Error> {
    let found = request.wire.path_parameter(name);
    found.ok_or_else(|| PathRejection::Missing { parameter: name }.to_error())
}

/// The value of an extractor, or what its rejection stands for.
pub async fn extract<'r, T: FromRequest<'r>>(request: &'r Request<'r>) -> Result<T, Outcome> {
    if T::TAKES_BODY {
        let limit = T::BODY_LIMIT.unwrap_or(request.app.body_limit);
        BodyTooLarge::check(request.body().len(), limit).map_err(IntoResponse::into_outcome)?;
    }
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
