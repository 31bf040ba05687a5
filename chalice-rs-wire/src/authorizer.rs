//! What API Gateway asks a Lambda authorizer in payload format 2.0, and the simple answer, each both
//! ways.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html>
//!
//! Not here: when an authorizer is asked, and what becomes of its answer; see [`crate::gateway`].

use std::borrow::Cow;
use std::fmt;

use serde_json::{Map, Value};

use crate::http_v2::{self, Request, WireError, encode_request};
use crate::json::read::{Reader, Unexpected};
use crate::json::write as json;

/// What an authorizer is asked: the request without its body, and who it says it is from.
///
/// ```
/// use chalice_rs_wire::authorizer::Event;
///
/// let event = Event { identity: vec!["let me in".into()], ..Event::default() };
/// assert_eq!(event.identity[0], "let me in");
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Event<'r> {
    /// The request.
    pub request: Request<'r>,
    /// The ARN of the request: `arn:aws:execute-api:<region>:<account>:<api>/<stage>/GET/users/7`.
    pub route_arn: Cow<'r, str>,
    /// The values of the authorizer's identity sources, in their order.
    pub identity: Vec<Cow<'r, str>>,
}

/// What an authorizer says.
///
/// ```
/// use chalice_rs_wire::authorizer::Answer;
///
/// assert!(!Answer::default().is_authorized);
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answer {
    /// Whether the request goes on to its route.
    pub is_authorized: bool,
    /// What the route's event has at `requestContext.authorizer.lambda`.
    pub context: Option<Map<String, Value>>,
}

/// Reads an authorizer's event: the function's half.
///
/// ```
/// use chalice_rs_wire::authorizer::decode_event;
///
/// let event = br#"{
///     "version": "2.0", "type": "REQUEST", "routeKey": "GET /me", "identitySource": ["let me in"],
///     "routeArn": "arn:aws:execute-api:eu-west-1:123456789012:abc/$default/GET/me",
///     "requestContext": {"http": {"method": "GET", "path": "/me"}}
/// }"#;
/// assert_eq!(decode_event(event).unwrap().identity, ["let me in"]);
/// ```
pub fn decode_event(event: &[u8]) -> Result<Event<'_>, WireError> {
    let request = http_v2::decode_request(event)?;
    let mut decoded = Event { request, ..Event::default() };
    let malformed = |message| WireError::Malformed { message };
    let text = std::str::from_utf8(event).map_err(|error| malformed(error.to_string()))?;
    read(&mut decoded, &mut Reader::new(text)).map_err(|error| malformed(error.describe(text)))?;
    Ok(decoded)
}

/// Writes an authorizer's event as an HTTP API does: the gateway's half. The body stays out.
///
/// ```
/// use chalice_rs_wire::authorizer::{Event, decode_event, encode_event};
///
/// let event = Event { identity: vec!["let me in".into()], ..Event::default() };
/// assert_eq!(decode_event(&encode_event(&event)).unwrap().identity, event.identity);
/// ```
pub fn encode_event(event: &Event<'_>) -> Vec<u8> {
    const VERSION: &[u8] = br#"{"version":"2.0","#;
    const NO_BODY: &[u8] = br#","isBase64Encoded":false}"#;
    let request = encode_request(&Request { body: Cow::Borrowed(&[]), ..event.request.clone() });
    let inner = request.strip_prefix(VERSION).unwrap_or(&request);
    let inner = inner.strip_suffix(NO_BODY).unwrap_or(inner);

    let mut out = Vec::with_capacity(request.len() + 256);
    out.extend_from_slice(br#"{"version":"2.0","type":"REQUEST","routeArn":"#);
    json::push_str(&mut out, &event.route_arn);
    out.extend_from_slice(br#","identitySource":["#);
    for (index, value) in event.identity.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        json::push_str(&mut out, value);
    }
    out.extend_from_slice(b"],");
    out.extend_from_slice(inner);
    out.push(b'}');
    out
}

/// Reads an authorizer's answer: the gateway's half. Whatever is no simple answer is an error, and lets
/// nobody in.
///
/// ```
/// use chalice_rs_wire::authorizer::decode_answer;
///
/// assert!(decode_answer(br#"{"isAuthorized": true, "context": {"name": "ann"}}"#).unwrap().is_authorized);
/// assert!(decode_answer(b"true").is_err());
/// ```
pub fn decode_answer(payload: &[u8]) -> Result<Answer, AnswerError> {
    let mut answer: Map<String, Value> =
        serde_json::from_slice(payload).map_err(|error| AnswerError(error.to_string()))?;
    let is_authorized = match answer.get(IS_AUTHORIZED) {
        Some(Value::Bool(is_authorized)) => *is_authorized,
        Some(_) => return Err(AnswerError(format!("`{IS_AUTHORIZED}` is neither `true` nor `false`"))),
        None => return Err(AnswerError(format!("it has no `{IS_AUTHORIZED}`"))),
    };
    let context = match answer.remove(CONTEXT) {
        Some(Value::Object(context)) => Some(context),
        Some(Value::Null) | None => None,
        Some(_) => return Err(AnswerError(format!("`{CONTEXT}` is not an object"))),
    };
    Ok(Answer { is_authorized, context })
}

/// Writes an authorizer's answer: the function's half.
///
/// ```
/// use chalice_rs_wire::authorizer::{Answer, encode_answer};
///
/// assert_eq!(encode_answer(Answer::default()), br#"{"isAuthorized":false}"#);
/// ```
pub fn encode_answer(answer: Answer) -> Vec<u8> {
    let mut object = Map::from_iter([(IS_AUTHORIZED.to_owned(), Value::Bool(answer.is_authorized))]);
    if let Some(context) = answer.context {
        object.insert(CONTEXT.to_owned(), Value::Object(context));
    }
    Value::Object(object).to_string().into_bytes()
}

const IS_AUTHORIZED: &str = "isAuthorized";
const CONTEXT: &str = "context";

/// Why an authorizer's answer lets nobody in and API Gateway answers 500.
///
/// ```
/// use chalice_rs_wire::authorizer::decode_answer;
///
/// let error = decode_answer(b"{}").unwrap_err();
/// assert_eq!(error.to_string(), "the authorizer's answer is not valid: it has no `isAuthorized`");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerError(String);

impl AnswerError {
    /// What to do about it.
    ///
    /// ```
    /// use chalice_rs_wire::authorizer::decode_answer;
    ///
    /// assert!(decode_answer(b"{}").unwrap_err().help().starts_with("answer `{\"isAuthorized\": true}`"));
    /// ```
    pub fn help(&self) -> &'static str {
        "answer `{\"isAuthorized\": true}` or `false`, and with it at most a `context` that is an object"
    }
}

impl fmt::Display for AnswerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the authorizer's answer is not valid: {}", self.0)
    }
}

impl std::error::Error for AnswerError {}

fn read<'r>(event: &mut Event<'r>, reader: &mut Reader<'r>) -> Result<(), Unexpected> {
    reader.object(|reader, name| {
        match name.as_ref() {
            "routeArn" => event.route_arn = reader.string()?,
            "identitySource" => reader.array(|reader| {
                event.identity.push(reader.string()?);
                Ok(())
            })?,
            _ => reader.skip()?,
        }
        Ok(())
    })
}
