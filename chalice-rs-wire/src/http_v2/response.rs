//! The answer: written straight into the payload, and read back as API Gateway reads it.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{CONTENT_TYPE, SET_COOKIE};
use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::{Map, Value};

use super::WireError;
use crate::json::write as json;

const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");
const BINARY: HeaderValue = HeaderValue::from_static("application/octet-stream");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// One HTTP answer.
///
/// ```
/// use chalice_rs_wire::http_v2::Response;
/// use http::{HeaderValue, StatusCode, header};
///
/// let created = Response::new(StatusCode::CREATED)
///     .with_header(header::LOCATION, HeaderValue::from_static("/notes/7"))
///     .with_body(HeaderValue::from_static("text/plain"), "kept");
/// assert_eq!(created.body, b"kept");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// The headers in order. A name may stand more than once.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// One value of `set-cookie` each.
    pub cookies: Vec<HeaderValue>,
    /// The body, as the client shall receive it.
    pub body: Vec<u8>,
}

impl Response {
    /// An answer without headers and body.
    ///
    /// ```
    /// use chalice_rs_wire::http_v2::Response;
    /// use http::StatusCode;
    ///
    /// assert_eq!(Response::new(StatusCode::ACCEPTED).status, 202);
    /// ```
    pub fn new(status: StatusCode) -> Self {
        Self { status, ..Self::default() }
    }

    /// The same answer with one header more. Those of the same name stay.
    ///
    /// ```
    /// use chalice_rs_wire::http_v2::Response;
    /// use http::{HeaderValue, header};
    ///
    /// let vary = |name| move |response: Response| response.with_header(header::VARY, HeaderValue::from_static(name));
    /// let response = vary("accept")(vary("origin")(Response::default()));
    /// assert_eq!(response.headers.len(), 2);
    /// ```
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The same answer with this body and its content type, in the place of those it had.
    ///
    /// ```
    /// use chalice_rs_wire::http_v2::Response;
    /// use http::{HeaderValue, header};
    ///
    /// let response = Response::default().with_body(HeaderValue::from_static("text/css"), "p {}");
    /// assert_eq!(response.header(&header::CONTENT_TYPE).unwrap(), "text/css");
    /// ```
    #[must_use]
    pub fn with_body(mut self, content_type: HeaderValue, body: impl Into<Vec<u8>>) -> Self {
        self.headers.retain(|(name, _)| *name != CONTENT_TYPE);
        self.headers.push((CONTENT_TYPE, content_type));
        self.body = body.into();
        self
    }

    /// The first value of a header.
    ///
    /// ```
    /// use chalice_rs_wire::http_v2::Response;
    /// use http::{HeaderValue, header};
    ///
    /// let response = Response::default().with_header(header::ETAG, HeaderValue::from_static("\"7\""));
    /// assert_eq!(response.header(&header::ETAG).unwrap(), "\"7\"");
    /// assert!(response.header(&header::VARY).is_none());
    /// ```
    pub fn header(&self, name: &HeaderName) -> Option<&HeaderValue> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value)
    }
}

/// Writes the payload: the function's half.
///
/// * Repeated headers are joined with `, `, for the format has one value per name; `set-cookie`
///   headers go to `cookies`.
/// * A header value that is not UTF-8 is taken as Latin-1, as HTTP's older clients meant it.
/// * The content type is always there, for API Gateway's own default is `text/plain`.
/// * A body of UTF-8 text goes as it is, any other as base64.
///
/// ```
/// use chalice_rs_wire::http_v2::{Response, decode_response, encode_response};
/// use http::HeaderValue;
///
/// let response = Response::default().with_body(HeaderValue::from_static("image/png"), *b"\x89PNG");
/// let payload = encode_response(&response);
/// assert!(payload.ends_with(br#""isBase64Encoded":true,"body":"iVBORw=="}"#));
/// assert_eq!(decode_response(&payload).unwrap(), response);
/// ```
pub fn encode_response(response: &Response) -> Vec<u8> {
    let text = text_of(&response.body);
    let body_len = response.body.len();
    let mut out = Vec::with_capacity(
        256 + if text.is_some() { body_len + body_len / 8 } else { body_len.div_ceil(3) * 4 },
    );
    let status = response.status.as_str();
    out.extend_from_slice(br#"{"statusCode":"#);
    out.extend_from_slice(status.as_bytes());

    out.extend_from_slice(br#","headers":{"#);
    let mut has_content_type = false;
    let mut has_cookies = !response.cookies.is_empty();
    for (index, (name, value)) in response.headers.iter().enumerate() {
        if *name == SET_COOKIE {
            has_cookies = true;
            continue;
        }
        if response.headers[..index].iter().any(|(earlier, _)| earlier == name) {
            continue;
        }
        has_content_type |= *name == CONTENT_TYPE;
        // The names of `http` are lower-case tokens: there is nothing to escape.
        out.push(b'"');
        out.extend_from_slice(name.as_str().as_bytes());
        out.extend_from_slice(br#"":""#);
        json::push_escaped(&mut out, &header_text(value));
        // A second content type would make both useless; the first one counts.
        if *name != CONTENT_TYPE {
            for (_, repeated) in response.headers[index + 1..].iter().filter(|(later, _)| later == name) {
                out.extend_from_slice(b", ");
                json::push_escaped(&mut out, &header_text(repeated));
            }
        }
        out.extend_from_slice(br#"","#);
    }
    if has_content_type {
        out.pop();
    } else {
        out.extend_from_slice(br#""content-type":""#);
        out.extend_from_slice(if text.is_some() { TEXT } else { BINARY }.as_bytes());
        out.push(b'"');
    }
    out.push(b'}');

    if has_cookies {
        out.extend_from_slice(br#","cookies":["#);
        let of_headers = response.headers.iter().filter(|(name, _)| *name == SET_COOKIE);
        for cookie in of_headers.map(|(_, value)| value).chain(&response.cookies) {
            json::push_str(&mut out, &header_text(cookie));
            out.push(b',');
        }
        out.pop();
        out.push(b']');
    }

    match text {
        Some(text) => {
            out.extend_from_slice(br#","body":"#);
            json::push_str(&mut out, text);
            out.push(b'}');
        }
        None => {
            out.extend_from_slice(br#","isBase64Encoded":true,"body":""#);
            let start = out.len();
            out.resize(start + response.body.len().div_ceil(3) * 4, 0);
            let written = STANDARD.encode_slice(&response.body, &mut out[start..]);
            debug_assert_eq!(written.ok(), Some(out.len() - start));
            out.extend_from_slice(br#""}"#);
        }
    }
    out
}

/// The body as text, if it is text. A control character that no text has makes it binary, so that
/// such bytes do not depend on how anything on the way treats them.
fn text_of(body: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(body).ok()?;
    // No early end and no branch: the compiler makes it many bytes at a time.
    let is_binary = body.iter().fold(false, |found, byte| {
        let is_control = *byte < 0x20;
        let is_of_text =
            (*byte == b'\t') | (*byte == b'\n') | (*byte == b'\r') | (*byte == 0x0c) | (*byte == 0x1b);
        found | (is_control & !is_of_text)
    });
    (!is_binary).then_some(text)
}

fn header_text(value: &HeaderValue) -> Cow<'_, str> {
    match std::str::from_utf8(value.as_bytes()) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(value.as_bytes().iter().map(|byte| char::from(*byte)).collect()),
    }
}

/// Reads a function's payload as API Gateway does: the gateway's half.
///
/// An object with a `statusCode` is taken apart. Anything else is the body of a 200 with content type
/// `application/json`: not checked, a JSON string without its quotes.
///
/// ```
/// use chalice_rs_wire::http_v2::decode_response;
///
/// let response = decode_response(br#"{"statusCode":201,"body":"made"}"#).unwrap();
/// assert_eq!((response.status.as_u16(), &response.body[..]), (201, &b"made"[..]));
/// assert_eq!(decode_response(br#"{"id":1}"#).unwrap().body, br#"{"id":1}"#);
/// ```
pub fn decode_response(payload: &[u8]) -> Result<Response, WireError> {
    let inferred = |body: Vec<u8>| Response::new(StatusCode::OK).with_body(JSON, body);
    match serde_json::from_slice(payload) {
        Ok(Value::Object(object)) if object.contains_key("statusCode") => structured(&object),
        Ok(Value::String(text)) => Ok(inferred(text.into_bytes())),
        Ok(_) | Err(_) => Ok(inferred(payload.to_vec())),
    }
}

fn structured(object: &Map<String, Value>) -> Result<Response, WireError> {
    let invalid = |message: String| Err(WireError::InvalidResponse { message });
    let status = &object["statusCode"];
    let code =
        status.as_u64().and_then(|code| u16::try_from(code).ok()).filter(|code| (100..600).contains(code));
    let Some(status) = code.and_then(|code| StatusCode::from_u16(code).ok()) else {
        return invalid(format!("`statusCode` is `{status}`"));
    };

    let mut response = Response::new(status);
    match object.get("headers") {
        None | Some(Value::Null) => {}
        Some(Value::Object(headers)) => {
            for (name, value) in headers {
                let (Ok(parsed), Some(text)) = (HeaderName::from_bytes(name.as_bytes()), header_value(value))
                else {
                    return invalid(format!("the header `{name}` is `{value}`"));
                };
                response.headers.push((parsed, text));
            }
        }
        Some(other) => return invalid(format!("`headers` is `{other}`")),
    }
    if response.header(&CONTENT_TYPE).is_none() {
        response.headers.push((CONTENT_TYPE, TEXT));
    }

    match object.get("cookies") {
        None | Some(Value::Null) => {}
        Some(Value::Array(cookies)) => {
            for cookie in cookies {
                let Some(cookie) = header_value(cookie) else {
                    return invalid(format!("a cookie is `{cookie}`"));
                };
                response.cookies.push(cookie);
            }
        }
        Some(other) => return invalid(format!("`cookies` is `{other}`")),
    }

    let is_base64 = match object.get("isBase64Encoded") {
        None | Some(Value::Null) => false,
        Some(Value::Bool(is_base64)) => *is_base64,
        Some(other) => return invalid(format!("`isBase64Encoded` is `{other}`")),
    };
    response.body = match object.get("body") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::String(text)) if is_base64 => match STANDARD.decode(text) {
            Ok(body) => body,
            Err(error) => return invalid(format!("`body` is not base64: {error}")),
        },
        Some(Value::String(text)) => text.clone().into_bytes(),
        Some(other) => return invalid(format!("`body` is no string but `{other}`")),
    };
    Ok(response)
}

fn header_value(value: &Value) -> Option<HeaderValue> {
    HeaderValue::from_bytes(value.as_str()?.as_bytes()).ok()
}
