//! A page.

use http::StatusCode;
use http::header::HeaderValue;

use super::{IntoResponse, Response};

/// Text that is HTML: `text/html; charset=utf-8`.
///
/// It goes out as it is. What comes from a client has to be escaped before.
///
/// ```
/// use chalice_rs::{Html, route};
///
/// #[route("/")]
/// fn home() -> Html<&'static str> {
///     Html("<!doctype html><title>Tea &amp; Co</title><h1>Welcome</h1>")
/// }
/// # home();
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Html<T>(pub T);

impl<T: Into<String>> IntoResponse for Html<T> {
    fn into_response(self) -> Response {
        let content_type = HeaderValue::from_static("text/html; charset=utf-8");
        Response::new(StatusCode::OK).with_body(content_type, self.0.into())
    }
}
