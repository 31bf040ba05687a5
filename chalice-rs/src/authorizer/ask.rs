//! From an authorizer's event to its answer, around the user's function.
//!
//! Not here: what the function takes and returns; see `request.rs`, `verdict.rs` and `allow_list.rs`.

use std::pin::Pin;

use chalice_rs_wire::authorizer::{Answer, decode_event, encode_answer};
use serde_json::Value;

use super::request::Asked;
use super::{AuthorizerRequest, FromAuthorizerRequest, IntoVerdict, Verdict};
use crate::function::Returned;
use crate::log::{self, Level};
use crate::settle::guarded;
use crate::{App, Context, Error};

/// An authorizer as its expansion gives it.
pub type AuthorizerCall = for<'r> fn(&'r AuthorizerRequest<'r>) -> Deciding<'r>;

/// An authorizer at work.
pub type Deciding<'r> = Pin<Box<dyn Future<Output = Result<Verdict<Value>, Error>> + 'r>>;

/// Answers an authorizer's event.
pub fn authorize<'r>(
    app: &'r App,
    context: &'r Context,
    event: &'r [u8],
    call: AuthorizerCall,
) -> Returned<'r> {
    Box::pin(async move {
        let asked: Asked<'_> = decode_event(event)?;
        let request = AuthorizerRequest::new(asked, app, context, event);
        let verdict = match guarded(|| call(&request)).await {
            Ok(verdict) => verdict,
            Err(error) if error.status().is_server_error() => return Err(error),
            Err(error) => {
                error.log(&[]);
                log::write(Level::Debug, format_args!("denied: {error}"), &[]);
                Verdict::Deny
            }
        };
        Ok(encode_answer(answer(verdict)?))
    })
}

/// The value of an argument, or what its rejection stands for.
pub async fn extract_for_authorizer<'r, T: FromAuthorizerRequest<'r>>(
    request: &'r AuthorizerRequest<'r>,
) -> Result<T, Error> {
    T::from_authorizer_request(request).await
}

/// What an authorizer's value stands for.
pub fn decide(value: impl IntoVerdict, request: &AuthorizerRequest<'_>) -> Result<Verdict<Value>, Error> {
    value.into_verdict(request)
}

fn answer(verdict: Verdict<Value>) -> Result<Answer, Error> {
    let context = match verdict {
        Verdict::Deny => return Ok(Answer::default()),
        Verdict::Allow(Value::Null) => None,
        Verdict::Allow(Value::Object(context)) => Some(context),
        Verdict::Allow(other) => return Err(Error::from(NoObject(other))),
    };
    Ok(Answer { is_authorized: true, context })
}

/// API Gateway takes objects alone.
#[derive(Debug)]
struct NoObject(Value);

impl std::fmt::Display for NoObject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = match &self.0 {
            Value::Array(_) => "a list",
            Value::String(_) => "a text",
            Value::Number(_) => "a number",
            Value::Bool(_) => "a boolean",
            Value::Null | Value::Object(_) => "nothing",
        };
        write!(f, "the authorizer's context is {kind}; API Gateway takes an object, such as a struct makes")
    }
}

impl std::error::Error for NoObject {}
