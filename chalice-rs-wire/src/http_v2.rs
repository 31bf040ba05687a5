//! API Gateway's payload format 2.0: what an HTTP API and a function URL send to a function, and
//! what it answers.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>
//!
//! Here: both directions of both messages; each encoder is the test of its decoder.
//! Not here: which route a request takes; see [`crate::gateway`].

mod caller;
mod headers;
pub mod request;
pub mod response;

use std::fmt;

pub use caller::{Caller, Cognito, Iam, decode_caller, list_of};
pub use headers::Headers;
pub use request::{Pairs, Request, RequestContext, decode_request, encode_request, form_pairs};
pub use response::{Response, decode_response, encode_response};

/// Why a message of payload format 2.0 could not be read.
///
/// ```
/// use chalice_rs_wire::http_v2::{WireError, decode_request};
///
/// let error = decode_request(br#"{"version":"1.0"}"#).unwrap_err();
/// assert_eq!(error, WireError::OtherFormat { version: Some("1.0".to_owned()) });
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WireError {
    /// The event is not JSON, or a field has another type than the format gives it.
    Malformed {
        /// The JSON reader's words, with line and column.
        message: String,
    },
    /// The event is JSON and no HTTP request of this format.
    OtherFormat {
        /// What its `version` says, where it has one.
        version: Option<String>,
    },
    /// `isBase64Encoded` is true and `body` is not base64.
    Base64 {
        /// The decoder's words.
        message: String,
    },
    /// The function's answer is an object with a `statusCode` that API Gateway would refuse.
    InvalidResponse {
        /// What is wrong with it.
        message: String,
    },
}

impl WireError {
    /// What to do about it.
    ///
    /// ```
    /// use chalice_rs_wire::http_v2::decode_request;
    ///
    /// let error = decode_request(br#"{"version":"1.0"}"#).unwrap_err();
    /// assert!(error.help().ends_with("`payloadFormatVersion` to `2.0`"));
    /// ```
    pub fn help(&self) -> &'static str {
        match self {
            Self::Malformed { .. } | Self::OtherFormat { .. } => {
                "send an event of API Gateway's payload format 2.0: set the integration's \
                 `payloadFormatVersion` to `2.0`"
            }
            Self::Base64 { .. } => "encode the body with the standard base64 alphabet, padded",
            Self::InvalidResponse { .. } => {
                "answer an object with an integer `statusCode` from 100 to 599, and with `headers`, \
                 `cookies` and `body` of strings"
            }
        }
    }
}

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed { message } => write!(f, "the event cannot be read: {message}"),
            Self::OtherFormat { version: Some(version) } => {
                write!(
                    f,
                    "the event has format `{version}`; this function reads HTTP requests of format `2.0`"
                )
            }
            Self::OtherFormat { version: None } => {
                write!(f, "the event is not an HTTP request of payload format `2.0`")
            }
            Self::Base64 { message } => write!(f, "the request's body is not base64: {message}"),
            Self::InvalidResponse { message } => write!(f, "the function's answer is not valid: {message}"),
        }
    }
}

impl std::error::Error for WireError {}
