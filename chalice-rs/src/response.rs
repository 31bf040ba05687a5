//! What handlers can return.
//!
//! Not here: how an answer goes onto the wire; see [`chalice_rs_wire::http_v2`].

use std::borrow::Cow;
use std::convert::Infallible;

use bytes::Bytes;
use http::header::{HeaderMap, HeaderName, HeaderValue};
use http::{Error as HttpError, StatusCode};

pub use chalice_rs_wire::http_v2::Response;

use crate::Error;

/// What a handler can return.
///
/// | value | answer |
/// |---|---|
/// | [`Json<T>`](crate::Json) | 200, `application/json` |
/// | `String`, `&'static str` | 200, `text/plain; charset=utf-8` |
/// | [`Bytes`](crate::Bytes), `Vec<u8>`, `&'static [u8]` | 200, `application/octet-stream` |
/// | [`StatusCode`](crate::StatusCode) | that status, no body |
/// | `(StatusCode, T)` | what `T` is, with that status; an [`Error`] keeps its own |
/// | `(StatusCode, headers, T)` | with those headers in the place of `T`'s: `[("location", "/x")]`, a `Vec` of pairs, a [`HeaderMap`] |
/// | `()` | 200, no body |
/// | [`Response`] | as it is |
/// | `Result<T, E>` | what `T` or `E` is |
/// | [`Error`] | its status, `{"Code":"..","Message":".."}` |
///
/// ```
/// use chalice_rs::{IntoResponse, Response, StatusCode};
///
/// struct Teapot;
///
/// impl IntoResponse for Teapot {
///     fn into_response(self) -> Response {
///         (StatusCode::IM_A_TEAPOT, [("x-brewing", "no")], "short and stout").into_response()
///     }
/// }
/// assert_eq!(Teapot.into_response().status, 418);
/// ```
#[diagnostic::on_unimplemented(
    message = "a handler cannot return `{Self}`",
    label = "not an answer",
    note = "return `Json<T>`, `String`, `&'static str`, `Vec<u8>`, `StatusCode`, `(StatusCode, T)`, \
            `(StatusCode, headers, T)`, `Response`, `()`, or a `Result` of these and `Error`"
)]
pub trait IntoResponse {
    /// The answer.
    fn into_response(self) -> Response;

    /// The answer, or the [`Error`] that this value is or that came up while it was made.
    ///
    /// This is what the runtime calls, so that an error stays one until it has been logged and the
    /// app's error handler has seen it. A type of yours that holds an [`Error`] overrides it; for any
    /// other the answer is the outcome.
    ///
    /// ```
    /// use chalice_rs::{Error, IntoResponse, Response};
    ///
    /// struct SoldOut;
    ///
    /// impl IntoResponse for SoldOut {
    ///     fn into_response(self) -> Response {
    ///         self.into_outcome().unwrap_or_else(Error::into_response)
    ///     }
    ///
    ///     fn into_outcome(self) -> Result<Response, Error> {
    ///         Err(Error::conflict("sold out"))
    ///     }
    /// }
    /// assert_eq!(SoldOut.into_response().status, 409);
    /// ```
    fn into_outcome(self) -> Result<Response, Error>
    where
        Self: Sized,
    {
        Ok(self.into_response())
    }
}

const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");
const BINARY: HeaderValue = HeaderValue::from_static("application/octet-stream");

impl IntoResponse for Response {
    fn into_response(self) -> Response {
        self
    }
}

impl IntoResponse for StatusCode {
    fn into_response(self) -> Response {
        Response::new(self)
    }
}

impl IntoResponse for () {
    fn into_response(self) -> Response {
        Response::new(StatusCode::OK)
    }
}

impl IntoResponse for Infallible {
    fn into_response(self) -> Response {
        match self {}
    }
}

impl IntoResponse for String {
    fn into_response(self) -> Response {
        Response::new(StatusCode::OK).with_body(TEXT, self)
    }
}

impl IntoResponse for &'static str {
    fn into_response(self) -> Response {
        Response::new(StatusCode::OK).with_body(TEXT, self)
    }
}

impl IntoResponse for Cow<'static, str> {
    fn into_response(self) -> Response {
        self.into_owned().into_response()
    }
}

impl IntoResponse for Vec<u8> {
    fn into_response(self) -> Response {
        Response::new(StatusCode::OK).with_body(BINARY, self)
    }
}

impl IntoResponse for Bytes {
    fn into_response(self) -> Response {
        Vec::from(self).into_response()
    }
}

impl IntoResponse for &'static [u8] {
    fn into_response(self) -> Response {
        self.to_vec().into_response()
    }
}

impl<const N: usize> IntoResponse for &'static [u8; N] {
    fn into_response(self) -> Response {
        self.to_vec().into_response()
    }
}

impl<T: IntoResponse> IntoResponse for (StatusCode, T) {
    fn into_response(self) -> Response {
        rendered(self)
    }

    fn into_outcome(self) -> Result<Response, Error> {
        Ok(Response { status: self.0, ..self.1.into_outcome()? })
    }
}

impl<H: IntoHeaders, T: IntoResponse> IntoResponse for (StatusCode, H, T) {
    fn into_response(self) -> Response {
        rendered(self)
    }

    fn into_outcome(self) -> Result<Response, Error> {
        let headers = self.1.into_headers()?;
        let mut response = (self.0, self.2).into_outcome()?;
        response.headers.retain(|(name, _)| headers.iter().all(|(given, _)| given != name));
        response.headers.extend(headers);
        Ok(response)
    }
}

impl<T: IntoResponse, E: IntoResponse> IntoResponse for Result<T, E> {
    fn into_response(self) -> Response {
        match self {
            Ok(value) => value.into_response(),
            Err(error) => error.into_response(),
        }
    }

    fn into_outcome(self) -> Result<Response, Error> {
        match self {
            Ok(value) => value.into_outcome(),
            Err(error) => error.into_outcome(),
        }
    }
}

/// The answer of a value that may be an error.
pub(crate) fn rendered(value: impl IntoResponse) -> Response {
    value.into_outcome().unwrap_or_else(Error::into_response)
}

/// The headers of a `(StatusCode, headers, T)`: pairs of a name and a value, or a [`HeaderMap`].
///
/// A name or a value that HTTP does not allow is a 500 whose cause is logged.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a list of headers",
    note = "use `[(\"name\", \"value\")]`, a `Vec` of such pairs, or a `HeaderMap`"
)]
pub trait IntoHeaders {
    /// The headers, in order.
    fn into_headers(self) -> Result<Vec<(HeaderName, HeaderValue)>, HttpError>;
}

impl IntoHeaders for HeaderMap {
    fn into_headers(self) -> Result<Vec<(HeaderName, HeaderValue)>, HttpError> {
        Ok(self.iter().map(|(name, value)| (name.clone(), value.clone())).collect())
    }
}

impl<K, V, const N: usize> IntoHeaders for [(K, V); N]
where
    K: TryInto<HeaderName, Error: Into<HttpError>>,
    V: TryInto<HeaderValue, Error: Into<HttpError>>,
{
    fn into_headers(self) -> Result<Vec<(HeaderName, HeaderValue)>, HttpError> {
        self.into_iter().map(header).collect()
    }
}

impl<K, V> IntoHeaders for Vec<(K, V)>
where
    K: TryInto<HeaderName, Error: Into<HttpError>>,
    V: TryInto<HeaderValue, Error: Into<HttpError>>,
{
    fn into_headers(self) -> Result<Vec<(HeaderName, HeaderValue)>, HttpError> {
        self.into_iter().map(header).collect()
    }
}

fn header<K, V>((name, value): (K, V)) -> Result<(HeaderName, HeaderValue), HttpError>
where
    K: TryInto<HeaderName, Error: Into<HttpError>>,
    V: TryInto<HeaderValue, Error: Into<HttpError>>,
{
    Ok((name.try_into().map_err(Into::into)?, value.try_into().map_err(Into::into)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Json;

    /// The answer as `status | headers | body`.
    #[track_caller]
    fn check(value: impl IntoResponse, expected: &str) {
        let response = value.into_response();
        let headers: Vec<String> = response
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
            .collect();
        let body = String::from_utf8_lossy(&response.body);
        assert_eq!(format!("{} | {} | {body}", response.status.as_u16(), headers.join(", ")), expected);
    }

    #[test]
    fn each_value_has_its_status_and_content_type() {
        check("hi", "200 | content-type: text/plain; charset=utf-8 | hi");
        check("hi".to_owned(), "200 | content-type: text/plain; charset=utf-8 | hi");
        check(Cow::Borrowed("hi"), "200 | content-type: text/plain; charset=utf-8 | hi");
        check(b"hi", "200 | content-type: application/octet-stream | hi");
        check(b"hi".to_vec(), "200 | content-type: application/octet-stream | hi");
        check(Json([1, 2]), "200 | content-type: application/json | [1,2]");
        check((), "200 |  | ");
        check(StatusCode::NO_CONTENT, "204 |  | ");
        check(Ok::<_, Error>("yes"), "200 | content-type: text/plain; charset=utf-8 | yes");
    }

    #[test]
    fn a_status_goes_with_any_of_them() {
        check((StatusCode::CREATED, Json(1)), "201 | content-type: application/json | 1");
        check((StatusCode::IM_A_TEAPOT, ()), "418 |  | ");
        check(
            (StatusCode::CREATED, Err::<(), _>("no")),
            "201 | content-type: text/plain; charset=utf-8 | no",
        );
        check(
            (StatusCode::CREATED, Err::<(), _>(Error::conflict("no"))),
            "409 | content-type: application/json | {\"Code\":\"ConflictError\",\"Message\":\"no\"}",
        );
    }

    #[test]
    fn headers_take_the_place_of_those_of_the_value() {
        check((StatusCode::FOUND, [("location", "/x")], ()), "302 | location: /x | ");
        check(
            (StatusCode::OK, [("content-type", "text/html"), ("x-a", "1")], "<p>"),
            "200 | content-type: text/html, x-a: 1 | <p>",
        );
        check(
            (StatusCode::OK, vec![("vary", "a".to_owned()), ("vary", "b".to_owned())], ()),
            "200 | vary: a, vary: b | ",
        );
        let mut map = HeaderMap::new();
        map.append("vary", HeaderValue::from_static("a"));
        map.append("vary", HeaderValue::from_static("b"));
        check((StatusCode::OK, map, ()), "200 | vary: a, vary: b | ");
    }

    #[test]
    fn a_header_that_http_does_not_allow_is_a_500() {
        let internal = "500 | content-type: application/json | \
             {\"Code\":\"InternalServerError\",\"Message\":\"An internal server error occurred.\"}";
        check((StatusCode::OK, [("x-a", "b\r\nset-cookie: c")], "hi"), internal);
        check((StatusCode::OK, [("a b", "c")], "hi"), internal);
    }
}
