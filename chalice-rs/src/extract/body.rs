//! The body as bytes or as text, and how large it may be.

use std::convert::Infallible;
use std::fmt;
use std::str::Utf8Error;

use bytes::Bytes;
use http::StatusCode;

use crate::rejection::Rejection;
use crate::{FromRequest, OptionalFromRequest, Request};

impl<'r> FromRequest<'r> for &'r [u8] {
    type Rejection = Infallible;
    const TAKES_BODY: bool = true;

    async fn from_request(request: &'r Request<'r>) -> Result<Self, Infallible> {
        Ok(request.body())
    }
}

impl<'r> FromRequest<'r> for Vec<u8> {
    type Rejection = Infallible;
    const TAKES_BODY: bool = true;

    async fn from_request(request: &'r Request<'r>) -> Result<Self, Infallible> {
        Ok(request.body().to_vec())
    }
}

impl<'r> FromRequest<'r> for Bytes {
    type Rejection = Infallible;
    const TAKES_BODY: bool = true;

    async fn from_request(request: &'r Request<'r>) -> Result<Self, Infallible> {
        Ok(Self::copy_from_slice(request.body()))
    }
}

impl<'r> FromRequest<'r> for &'r str {
    type Rejection = TextRejection;
    const TAKES_BODY: bool = true;

    async fn from_request(request: &'r Request<'r>) -> Result<Self, TextRejection> {
        std::str::from_utf8(request.body()).map_err(|error| TextRejection { error })
    }
}

impl<'r> FromRequest<'r> for String {
    type Rejection = TextRejection;
    const TAKES_BODY: bool = true;

    async fn from_request(request: &'r Request<'r>) -> Result<Self, TextRejection> {
        <&str>::from_request(request).await.map(str::to_owned)
    }
}

macro_rules! absent_if_empty {
    ($($body:ty)*) => {$(
        impl<'r> OptionalFromRequest<'r> for $body {
            fn is_absent(request: &'r Request<'r>) -> bool {
                request.body().is_empty()
            }
        }
    )*};
}

absent_if_empty! { &'r [u8] Vec<u8> Bytes &'r str String }

/// The body is not text, although the handler takes it as `String` or `&str`: a 400.
///
/// ```
/// use chalice_rs::rejection::TextRejection;
/// use chalice_rs::route;
///
/// #[route("/notes", methods = ["PUT"])]
/// fn keep(note: Result<String, TextRejection>) -> String {
///     match note {
///         Ok(note) => format!("kept {} letters", note.chars().count()),
///         Err(TextRejection { error, .. }) => format!("only the first {} bytes are text", error.valid_up_to()),
///     }
/// }
/// assert_eq!(keep(Ok("tea".to_owned())), "kept 3 letters");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TextRejection {
    /// Where it stops to be UTF-8.
    pub error: Utf8Error,
}

impl fmt::Display for TextRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the body is not text: {}", self.error)
    }
}

impl std::error::Error for TextRejection {}

impl Rejection for TextRejection {
    fn answered_with(&self) -> StatusCode {
        StatusCode::BAD_REQUEST
    }
}

/// An extractor of the body with a limit of its own, in the place of the app's
/// [`body_limit`](crate::App::body_limit): a smaller one or a larger.
///
/// ```standalone_crate
/// use chalice_rs::prelude::*;
/// use chalice_rs::BodyLimit;
/// use chalice_rs::test::Client;
///
/// #[route("/name", methods = ["PUT"])]
/// fn rename(BodyLimit(name): BodyLimit<String, 20>) -> String {
///     format!("now it is {name}")
/// }
///
/// # fn main() {
/// let client = Client::new(App::new().body_limit(1000));
/// assert_eq!(client.put("/name").body("tea").send().text(), "now it is tea");
/// assert_eq!(client.put("/name").body("x".repeat(21)).send().status(), 413);
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BodyLimit<E, const BYTES: usize>(pub E);

impl<'r, E: FromRequest<'r>, const BYTES: usize> FromRequest<'r> for BodyLimit<E, BYTES> {
    type Rejection = E::Rejection;
    const TAKES_BODY: bool = E::TAKES_BODY;
    const BODY_LIMIT: Option<usize> = Some(BYTES);

    async fn from_request(request: &'r Request<'r>) -> Result<Self, E::Rejection> {
        E::from_request(request).await.map(Self)
    }
}

impl<'r, E: OptionalFromRequest<'r>, const BYTES: usize> OptionalFromRequest<'r> for BodyLimit<E, BYTES> {
    fn is_absent(request: &'r Request<'r>) -> bool {
        E::is_absent(request)
    }
}

/// The body is larger than the limit: a 413.
///
/// The limit is the app's [`body_limit`](crate::App::body_limit) or the argument's [`BodyLimit`]. It is
/// looked at before the extractor runs, so that a handler never sees this.
///
/// ```
/// use chalice_rs::middleware::Next;
/// use chalice_rs::{App, Error, IntoResponse, Request, Response, StatusCode};
///
/// /// Tells clients what to do instead.
/// async fn explained(request: &Request<'_>, next: Next<'_>) -> Response {
///     match next.run(request).await {
///         answer if answer.status == StatusCode::PAYLOAD_TOO_LARGE => {
///             Error::new(answer.status, "send large files to /uploads").into_response()
///         }
///         answer => answer,
///     }
/// }
///
/// fn app() -> App {
///     App::new().body_limit(64 << 10).middleware(explained)
/// }
/// # app();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BodyTooLarge {
    /// The body's size in bytes.
    pub size: usize,
    /// How large it may be.
    pub limit: usize,
}

impl BodyTooLarge {
    /// Says so if the body is larger.
    pub(crate) fn check(size: usize, limit: usize) -> Result<(), Self> {
        if size > limit { Err(Self { size, limit }) } else { Ok(()) }
    }
}

impl fmt::Display for BodyTooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the body has {} bytes; at most {} are taken", self.size, self.limit)
    }
}

impl std::error::Error for BodyTooLarge {}

impl Rejection for BodyTooLarge {
    fn answered_with(&self) -> StatusCode {
        StatusCode::PAYLOAD_TOO_LARGE
    }
}
