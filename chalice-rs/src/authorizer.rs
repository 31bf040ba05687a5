//! Who may call: what a function under [`#[authorizer]`](macro@crate::authorizer) takes and returns.
//!
//! API Gateway asks an authorizer before it calls a route, and sends the request without its body. The
//! arguments are extractors, as those of a route, and `&`[`AuthorizerRequest`] is one more:
//!
//! ```
//! use chalice_rs::authorizer::{AuthorizerRequest, Verdict};
//! use chalice_rs::prelude::*;
//! use serde::{Deserialize, Serialize};
//!
//! struct Keys(Vec<(String, User)>);
//!
//! #[derive(Clone, Serialize, Deserialize)]
//! struct User {
//!     name: String,
//! }
//!
//! /// Callers with one of our keys.
//! #[authorizer(ttl = 300)]
//! async fn users(request: &AuthorizerRequest<'_>, keys: State<Keys>) -> Verdict<User> {
//!     match keys.0.iter().find(|(key, _)| key == request.token()) {
//!         Some((_, user)) => Verdict::Allow(user.clone()),
//!         None => Verdict::Deny,
//!     }
//! }
//!
//! #[route("/me", authorizer = users)]
//! fn me() -> &'static str {
//!     "you may"
//! }
//! # fn main() {}
//! ```
//!
//! # What it returns
//!
//! | value | |
//! |---|---|
//! | [`Verdict<T>`] | allowed with a context that the route gets, or denied |
//! | [`AllowList<T>`] | allowed for some of the routes |
//! | `Option<T>` | `Some` is allowed with that context, `None` denied |
//! | `bool` | allowed or denied |
//! | `Result<V, E>` | what `V` is, or an error |
//!
//! The context is anything that serializes to a JSON object, or `()`.
//!
//! # What the caller gets
//!
//! | | answer |
//! |---|---|
//! | an identity source is missing | 401, and the authorizer is not asked |
//! | allowed | the route's |
//! | denied | 403 |
//! | an [`Error`] below 500, a rejection of an argument | denied |
//! | any other error, a panic | 500, and the log has the cause |
//!
//! An HTTP API has no way for an authorizer to answer 401: [`Error::unauthorized`] is a denial like any
//! other. Nothing that goes wrong lets anybody in.

mod allow_list;
mod request;
mod verdict;

use chalice_rs_wire::authorizer::{Answer, decode_event, encode_answer};
use serde_json::Value;

use crate::authorizer::request::Asked;
use crate::function::Returned;
use crate::log::{self, Level};
use crate::settle::guarded;
use crate::{App, Context, Error};

pub use allow_list::AllowList;
pub use request::{AuthorizerRequest, FromAuthorizerRequest};
pub use verdict::{IntoVerdict, Verdict};

/// An authorizer as its expansion gives it.
pub type AuthorizerCall = for<'r> fn(&'r AuthorizerRequest<'r>) -> Deciding<'r>;

/// An authorizer at work.
pub type Deciding<'r> = std::pin::Pin<Box<dyn Future<Output = Result<Verdict<Value>, Error>> + 'r>>;

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
