//! JSON, in and out.

use http::StatusCode;
use http::header::HeaderValue;
use serde::{Deserialize, Serialize};

use crate::response::rendered;
use crate::{Error, FromRequest, IntoResponse, Request, Response};

/// A value that comes or goes as JSON.
///
/// As an argument it is the body. The body's content type has to be `application/json` or end with
/// `+json`, or be absent; any other is a 415. What does not parse is a 400 that says where.
/// `T` may borrow from the body.
///
/// As an answer it is a 200 with content type `application/json`.
///
/// ```
/// use chalice_rs::{Json, route};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Deserialize)]
/// struct Order<'r> {
///     article: &'r str,
///     count: u32,
/// }
///
/// #[derive(Serialize)]
/// struct Receipt {
///     text: String,
/// }
///
/// #[route("/orders", methods = ["POST"])]
/// fn order(Json(order): Json<Order<'_>>) -> Json<Receipt> {
///     Json(Receipt { text: format!("{} × {}", order.count, order.article) })
/// }
///
/// let receipt = order(Json(Order { article: "tea", count: 2 }));
/// assert_eq!(receipt.0.text, "2 × tea");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Json<T>(pub T);

impl<'r, T: Deserialize<'r>> FromRequest<'r> for Json<T> {
    type Rejection = Error;
    const TAKES_BODY: bool = true;

    async fn from_request(request: &'r Request<'r>) -> Result<Self, Error> {
        let content_type = request.header("content-type");
        if let Some(content_type) = content_type.filter(|content_type| !is_json(content_type)) {
            return Err(unsupported(content_type));
        }
        let body = request.body();
        // Checked as a whole once; the JSON reader would check each string again.
        let value = match std::str::from_utf8(body) {
            Ok(text) => serde_json::from_str(text),
            Err(_) => serde_json::from_slice(body),
        };
        value.map(Json).map_err(|error| Error::bad_request(format!("the body is not valid: {error}")))
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        rendered(self)
    }

    fn into_outcome(self) -> Result<Response, Error> {
        /// Room for most answers; what grows is copied each time.
        const LIKELY: usize = 512;
        let mut body = Vec::with_capacity(LIKELY);
        serde_json::to_writer(&mut body, &self.0)?;
        Ok(Response::new(StatusCode::OK).with_body(HeaderValue::from_static("application/json"), body))
    }
}

fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    let Some((_, subtype)) = essence.split_once('/') else { return false };
    let suffix = subtype.len().checked_sub("+json".len()).and_then(|start| subtype.get(start..));
    essence.eq_ignore_ascii_case("application/json")
        || suffix.is_some_and(|suffix| suffix.eq_ignore_ascii_case("+json"))
}

fn unsupported(content_type: &str) -> Error {
    Error::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, format!("Unsupported media type: {content_type}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_types_are_told_from_others_whatever_their_case() {
        for content_type in
            ["application/json", "Application/JSON; charset=utf-8", "application/vnd.api+json", "a/b+JSON ;x"]
        {
            assert!(is_json(content_type), "{content_type}");
        }
        for content_type in ["text/xml", "application/jsonp", "text/json", "json", "", "a/☕json", "*/*"] {
            assert!(!is_json(content_type), "{content_type}");
        }
    }
}
