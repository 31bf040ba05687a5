//! Errors of the user's own, with a status.
//!
//! Not here: the error that the runtime answers; see `error.rs`.

use std::borrow::Cow;
use std::error::Error as StdError;

use http::StatusCode;
use http::header::{HeaderName, HeaderValue};

use crate::error::{INTERNAL, code_of};
use crate::{Error, IntoResponse, Response};

/// An error of your own that knows its status.
///
/// A handler may return it as it is, and `?` turns it into an [`Error`] of the same status. The derive
/// of the same name writes the implementation:
///
/// ```
/// use chalice_rs::{Error, HttpError, Json, route};
///
/// #[derive(Debug, HttpError)]
/// enum OrderError {
///     #[http(status = 404)]
///     NoSuchOrder(u64),
///     #[http(status = 409, code = "Taken", message = "somebody was faster")]
///     AlreadyTaken { by: String },
///     Storage(std::io::Error),
/// }
///
/// impl std::fmt::Display for OrderError {
///     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
///         match self {
///             Self::NoSuchOrder(id) => write!(f, "there is no order {id}"),
///             Self::AlreadyTaken { by } => write!(f, "taken by {by}"),
///             Self::Storage(_) => write!(f, "the storage failed"),
///         }
///     }
/// }
///
/// impl std::error::Error for OrderError {}
///
/// #[route("/orders/<id>")]
/// fn order(id: u64) -> Result<Json<u64>, OrderError> {
///     Err(OrderError::NoSuchOrder(id))
/// }
///
/// #[route("/orders/<id>", methods = ["DELETE"])]
/// fn cancel(id: u64) -> Result<(), Error> {
///     Err(OrderError::NoSuchOrder(id))?
/// }
///
/// assert_eq!(cancel(7).unwrap_err().status(), 404);
/// assert_eq!(cancel(7).unwrap_err().code(), "NoSuchOrder");
/// assert_eq!(cancel(7).unwrap_err().message(), "there is no order 7");
/// assert_eq!(OrderError::Storage(std::io::Error::other("disk")).status(), 500);
/// ```
///
/// Whoever implements it by hand names the type in [`register_http_errors!`](crate::register_http_errors)
/// as well, or `?` takes it for any other error and makes it a 500.
#[diagnostic::on_unimplemented(
    message = "a handler cannot return `{Self}`",
    label = "not an answer",
    note = "return `Json<T>`, `String`, `&'static str`, `Vec<u8>`, `StatusCode`, `(StatusCode, T)`, \
            `(StatusCode, headers, T)`, `Response`, `()`, or a `Result` of these and `Error`",
    note = "an error of your own becomes an answer with `#[derive(HttpError)]`"
)]
pub trait HttpError: StdError + Send + Sync + 'static {
    /// The answer's status: 500 unless it is another one.
    fn status(&self) -> StatusCode {
        undeclared::status(self)
    }

    /// The body's `Code`: the status's name unless it is another one.
    fn code(&self) -> Cow<'static, str> {
        undeclared::code(self)
    }

    /// The body's `Message`: what the error displays if the status is below 500, and nothing in
    /// particular otherwise.
    fn message(&self) -> Cow<'static, str> {
        undeclared::message(self)
    }

    /// Headers of the answer.
    fn headers(&self) -> Vec<(HeaderName, HeaderValue)> {
        undeclared::headers(self)
    }

    /// For the app's documentation: each status that errors of this type have, with the `Code` if it is
    /// known; none if nobody knows. The derive writes it.
    #[cfg(feature = "openapi")]
    fn cases() -> Vec<(u16, Option<&'static str>)>
    where
        Self: Sized,
    {
        Vec::new()
    }
}

/// What an error has that says nothing about it, one function for each method.
pub mod undeclared {
    use super::*;

    /// 500.
    pub fn status<E: HttpError + ?Sized>(_: &E) -> StatusCode {
        StatusCode::INTERNAL_SERVER_ERROR
    }

    /// The status's name.
    pub fn code<E: HttpError + ?Sized>(error: &E) -> Cow<'static, str> {
        code_of(error.status())
    }

    /// What the error displays, if that is for clients.
    pub fn message<E: HttpError + ?Sized>(error: &E) -> Cow<'static, str> {
        if error.status().is_server_error() { INTERNAL.into() } else { error.to_string().into() }
    }

    /// None.
    pub fn headers<E: HttpError + ?Sized>(_: &E) -> Headers {
        Vec::new()
    }
}

/// Headers of an answer, in order.
pub type Headers = Vec<(HeaderName, HeaderValue)>;

impl<E: HttpError> IntoResponse for E {
    fn into_response(self) -> Response {
        Error::from_http(self).into_response()
    }

    fn into_outcome(self) -> Result<Response, Error> {
        Err(Error::from_http(self))
    }
}

/// Lets `?` keep the status of types that implement [`HttpError`] by hand; the derive does it by itself.
///
/// ```
/// use chalice_rs::{Error, HttpError, StatusCode};
///
/// #[derive(Debug)]
/// struct Unpaid;
///
/// impl std::fmt::Display for Unpaid {
///     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
///         f.write_str("the bill is not paid")
///     }
/// }
///
/// impl std::error::Error for Unpaid {}
///
/// impl HttpError for Unpaid {
///     fn status(&self) -> StatusCode {
///         StatusCode::PAYMENT_REQUIRED
///     }
/// }
///
/// chalice_rs::register_http_errors!(Unpaid);
///
/// assert_eq!(Error::from(Unpaid).status(), 402);
/// ```
#[macro_export]
macro_rules! register_http_errors {
    ($($error:ty),+ $(,)?) => {
        $($crate::__private::submit! { $crate::__private::KnownError::of::<$error>() })+
    };
}

/// A type that `?` knows: how to look at an error that may be of it.
#[derive(Debug)]
pub struct KnownError {
    describe: fn(&(dyn StdError + 'static)) -> Option<Description>,
}

inventory::collect!(KnownError);

impl KnownError {
    /// The registration of this type.
    pub const fn of<E: HttpError>() -> Self {
        Self { describe: |error| error.downcast_ref::<E>().map(Description::of) }
    }
}

/// What a client reads of an error.
#[derive(Debug)]
pub(crate) struct Description {
    pub(crate) status: StatusCode,
    pub(crate) code: Cow<'static, str>,
    pub(crate) message: Cow<'static, str>,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
}

impl Description {
    pub(crate) fn of(error: &impl HttpError) -> Self {
        Self {
            status: error.status(),
            code: error.code(),
            message: error.message(),
            headers: error.headers(),
        }
    }

    /// What a client reads of any error: nothing in particular, unless its type is known.
    #[cold]
    pub(crate) fn find(error: &(dyn StdError + 'static)) -> Self {
        Self::known(error).unwrap_or_default()
    }

    fn known(error: &(dyn StdError + 'static)) -> Option<Self> {
        inventory::iter::<KnownError>.into_iter().find_map(|known| (known.describe)(error))
    }
}

impl Default for Description {
    fn default() -> Self {
        Self {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            code: code_of(StatusCode::INTERNAL_SERVER_ERROR),
            message: INTERNAL.into(),
            headers: Vec::new(),
        }
    }
}

/// As `?` makes it one.
impl IntoResponse for Box<dyn StdError + Send + Sync> {
    fn into_response(self) -> Response {
        Error::from_boxed(self).into_response()
    }

    fn into_outcome(self) -> Result<Response, Error> {
        Err(Error::from_boxed(self))
    }
}

/// With the status of the first [`HttpError`] among its causes, whatever context is around it; else a 500.
#[cfg(feature = "anyhow")]
impl IntoResponse for anyhow::Error {
    fn into_response(self) -> Response {
        crate::response::rendered(self)
    }

    fn into_outcome(self) -> Result<Response, Error> {
        let description = self.chain().find_map(Description::known).unwrap_or_default();
        Err(Error::described(description, self.into()))
    }
}

/// A status that the derive has checked.
pub fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
