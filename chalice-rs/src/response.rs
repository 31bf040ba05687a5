//! What handlers can return.
//!
//! Here: the trait, and the types of others that have it. Ours are beside this file, one each; `Json` is
//! an extractor as well.
//! Not here: how an answer goes onto the wire; see [`chalice_rs_wire::http_v2`].

mod html;
mod no_content;
mod part;
mod redirect;
mod set_cookie;

use std::borrow::Cow;
use std::convert::Infallible;

use bytes::Bytes;
use http::StatusCode;
use http::header::HeaderValue;

pub use chalice_rs_wire::http_v2::Response;

pub use html::Html;
pub use no_content::NoContent;
pub use part::ResponsePart;
pub use redirect::Redirect;
pub use set_cookie::{SameSite, SetCookie};

use crate::Error;

/// What a handler can return.
///
/// | value | answer |
/// |---|---|
/// | [`Json<T>`](crate::Json) | 200, `application/json` |
/// | [`Html<T>`](crate::Html) | 200, `text/html; charset=utf-8` |
/// | `String`, `&'static str`, `Cow<'static, str>`, `Box<str>` | 200, `text/plain; charset=utf-8` |
/// | [`Bytes`](crate::Bytes), `Vec<u8>`, `&'static [u8]`, `Cow<'static, [u8]>`, `Box<[u8]>` | 200, `application/octet-stream` |
/// | [`Redirect`](crate::Redirect) | 303, 307, 308, 301 or 302, with its `location` |
/// | [`NoContent`](crate::NoContent) | 204, no body |
/// | [`StatusCode`](crate::StatusCode) | that status, no body |
/// | `()` | 200, no body |
/// | `(part, T)`, `(part, part, T)`, `(part, part, part, T)` | what `T` is, with each [part](ResponsePart): a status, headers, cookies; an [`Error`] stays as it is |
/// | `Option<T>` | what `T` is, or 404 |
/// | `Result<T, E>` | what `T` or `E` is |
/// | [`Error`], [`HttpError`](crate::HttpError) | its status, `{"Code":"..","Message":".."}` |
/// | `Box<dyn Error + Send + Sync>`, `anyhow::Error` with the feature `anyhow` | 500, or what the error inside is |
/// | [`Response`] | as it is |
/// | [`http::Response<B>`] | as it is, where `B` becomes bytes |
///
/// A body that is UTF-8 text goes to API Gateway as it is, any other as base64, whatever its content
/// type says. The client gets the bytes in both cases.
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
    note = "return `Json<T>`, `Html<T>`, `String`, `&'static str`, `Vec<u8>`, `StatusCode`, `(StatusCode, T)`, \
            `(StatusCode, headers, T)`, `Redirect`, `Response`, `()`, or a `Result` of these and `Error`",
    note = "the `T` of a `Json<T>` implements `serde::Serialize`; an error of your own has `#[derive(HttpError)]`"
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

impl IntoResponse for Box<str> {
    fn into_response(self) -> Response {
        self.into_string().into_response()
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

impl IntoResponse for Cow<'static, [u8]> {
    fn into_response(self) -> Response {
        self.into_owned().into_response()
    }
}

impl IntoResponse for Box<[u8]> {
    fn into_response(self) -> Response {
        self.into_vec().into_response()
    }
}

/// From `http`, with a body that becomes bytes. The version and the extensions mean nothing here.
impl<B: Into<Vec<u8>>> IntoResponse for http::Response<B> {
    fn into_response(self) -> Response {
        let (parts, body) = self.into_parts();
        let mut response = Response { status: parts.status, body: body.into(), ..Response::default() };
        let mut last = None;
        for (name, value) in parts.headers {
            // Only the first of several values comes with its name.
            last = name.or(last);
            response.headers.extend(last.clone().map(|name| (name, value)));
        }
        response
    }
}

/// The value, or 404.
impl<T: IntoResponse> IntoResponse for Option<T> {
    fn into_response(self) -> Response {
        rendered(self)
    }

    fn into_outcome(self) -> Result<Response, Error> {
        match self {
            Some(value) => value.into_outcome(),
            None => Err(Error::not_found("Not Found")),
        }
    }
}

impl<const N: usize> IntoResponse for &'static [u8; N] {
    fn into_response(self) -> Response {
        self.to_vec().into_response()
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
        check(NoContent, "204 |  | ");
        check(Box::<str>::from("hi"), "200 | content-type: text/plain; charset=utf-8 | hi");
        check(Box::<[u8]>::from(*b"hi"), "200 | content-type: application/octet-stream | hi");
        check(Cow::Borrowed(&b"hi"[..]), "200 | content-type: application/octet-stream | hi");
        check(Html("<p>"), "200 | content-type: text/html; charset=utf-8 | <p>");
        check(Some("hi"), "200 | content-type: text/plain; charset=utf-8 | hi");
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
        let mut map = http::HeaderMap::new();
        map.append("vary", HeaderValue::from_static("a"));
        map.append("vary", HeaderValue::from_static("b"));
        check((StatusCode::OK, map, ()), "200 | vary: a, vary: b | ");
    }

    #[test]
    fn parts_add_up_and_the_first_one_has_the_last_word() {
        check(
            ([("x-a", "1")], StatusCode::CREATED, [("x-a", "2"), ("x-b", "2")], "hi"),
            "201 | content-type: text/plain; charset=utf-8, x-b: 2, x-a: 1 | hi",
        );
        check(([("content-type", "text/css")], "p{}"), "200 | content-type: text/css | p{}");
        check((StatusCode::CREATED, Err::<(), _>(NoContent)), "201 |  | ");
    }

    #[test]
    fn a_response_of_http_keeps_its_repeated_headers() {
        let builder = http::Response::builder().status(202).header("vary", "a").header("vary", "b");
        let response = builder.body("hi").expect("an answer");
        check(response, "202 | vary: a, vary: b | hi");
    }

    #[test]
    fn nothing_is_a_404() {
        check(
            None::<&str>,
            "404 | content-type: application/json | {\"Code\":\"NotFoundError\",\"Message\":\"Not Found\"}",
        );
    }

    #[test]
    fn a_header_that_http_does_not_allow_is_a_500() {
        let internal = "500 | content-type: application/json | \
             {\"Code\":\"InternalServerError\",\"Message\":\"An internal server error occurred.\"}";
        check((StatusCode::OK, [("x-a", "b\r\nset-cookie: c")], "hi"), internal);
        check((StatusCode::OK, [("a b", "c")], "hi"), internal);
    }
}
