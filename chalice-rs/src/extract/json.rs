//! JSON, in and out.

use std::fmt;

use http::StatusCode;
use http::header::HeaderValue;
use serde::{Deserialize, Serialize};

use super::media_type;
use crate::rejection::Rejection;
use crate::response::rendered;
use crate::{Error, FromRequest, IntoResponse, OptionalFromRequest, Request, Response};

/// A value that comes or goes as JSON.
///
/// As an argument it is the body. The body's content type has to be `application/json` or end with
/// `+json`, or be absent; any other is a 415. What does not parse is a 400 that says where: see
/// [`JsonRejection`]. `T` may borrow from the body. `Option<Json<T>>` is `None` if there is no body.
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
    type Rejection = JsonRejection;
    const TAKES_BODY: bool = true;

    async fn from_request(request: &'r Request<'r>) -> Result<Self, JsonRejection> {
        let content_type = request.header("content-type");
        if let Some(content_type) = content_type.filter(|content_type| !is_json(content_type)) {
            return Err(JsonRejection::UnsupportedMediaType { content_type: content_type.to_owned() });
        }
        let body = request.body();
        // Checked as a whole once; the JSON reader would check each string again.
        let value = match std::str::from_utf8(body) {
            Ok(text) => serde_json::from_str(text),
            Err(_) => serde_json::from_slice(body),
        };
        value.map(Json).map_err(JsonRejection::from)
    }
}

impl<'r, T: Deserialize<'r>> OptionalFromRequest<'r> for Json<T> {
    fn is_absent(request: &'r Request<'r>) -> bool {
        request.body().is_empty()
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

/// Why the body is not what a [`Json<T>`] takes: a 415 for another media type, else a 400.
///
/// ```
/// use chalice_rs::rejection::JsonRejection;
/// use chalice_rs::{Json, route};
///
/// #[route("/sum", methods = ["POST"])]
/// fn sum(numbers: Result<Json<Vec<i64>>, JsonRejection>) -> String {
///     match numbers {
///         Ok(Json(numbers)) => numbers.iter().sum::<i64>().to_string(),
///         Err(JsonRejection::Malformed { line, column, .. }) => format!("look at {line}:{column}"),
///         Err(rejection) => rejection.to_string(),
///     }
/// }
/// let malformed = JsonRejection::Malformed { message: "expected `,`".to_owned(), line: 2, column: 7 };
/// assert_eq!(malformed.status(), 400);
/// assert_eq!(sum(Err(malformed)), "look at 2:7");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum JsonRejection {
    /// The body is not JSON, as its content type says.
    UnsupportedMediaType {
        /// What it says.
        content_type: String,
    },
    /// The body is not JSON, or there is none.
    Malformed {
        /// What is wrong with it, with line and column.
        message: String,
        /// The line, from 1.
        line: usize,
        /// The column, from 1; 0 where a line is empty.
        column: usize,
    },
    /// The body is JSON, and not that of a `T`.
    Unfit {
        /// What is wrong with it, with line and column.
        message: String,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
}

impl fmt::Display for JsonRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnsupportedMediaType { content_type } => {
                media_type::write_unsupported(f, Some(content_type), "application/json")
            }
            Self::Malformed { message, .. } => write!(f, "the body is not valid JSON: {message}"),
            Self::Unfit { message, .. } => write!(f, "the body is not valid: {message}"),
        }
    }
}

impl std::error::Error for JsonRejection {}

impl Rejection for JsonRejection {
    fn answered_with(&self) -> StatusCode {
        match self {
            Self::UnsupportedMediaType { .. } => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Malformed { .. } | Self::Unfit { .. } => StatusCode::BAD_REQUEST,
        }
    }
}

impl From<serde_json::Error> for JsonRejection {
    #[cold]
    fn from(error: serde_json::Error) -> Self {
        let (message, line, column) = (error.to_string(), error.line(), error.column());
        if error.is_data() {
            Self::Unfit { message, line, column }
        } else {
            Self::Malformed { message, line, column }
        }
    }
}

fn is_json(content_type: &str) -> bool {
    let essence = media_type::essence(content_type);
    let Some((_, subtype)) = essence.split_once('/') else { return false };
    let suffix = subtype.len().checked_sub("+json".len()).and_then(|start| subtype.get(start..));
    essence.eq_ignore_ascii_case("application/json")
        || suffix.is_some_and(|suffix| suffix.eq_ignore_ascii_case("+json"))
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
