//! Who calls, in a test: as somebody the test says, or as the program's own authorizers find out.
//!
//! Not here: what a route asks of a caller; see [`chalice_rs_wire::gateway`].

use std::collections::BTreeMap;

use chalice_rs_manifest::{Authorizer, By, FunctionName};
use chalice_rs_wire::gateway::token::Claims;
use chalice_rs_wire::gateway::{Guarded, IamIdentity, Question, Verdict};
use serde_json::{Value, json};

use crate::settle::log_failure;
use crate::{App, Context, function};

/// Somebody the test says.
#[derive(Debug, Clone)]
pub(super) enum Caller {
    /// Who has these claims.
    Claims(Claims),
    /// Who a Lambda authorizer lets in with this context.
    Context(Value),
    /// The AWS identity of this ARN.
    Iam(String),
}

/// What Lambda functions answer that are not of the program.
pub(super) type Elsewhere = BTreeMap<String, Box<dyn Fn(&Value) -> Value + Send + Sync>>;

impl Caller {
    /// What the gateway is told, if the route is for callers of this kind. On an open route nobody asks.
    pub(super) fn verdict(&self, route: &str, guard: Guarded<'_>) -> Verdict {
        let is_of_kind = match (self, guard) {
            (_, Guarded::Open) => true,
            (Self::Claims(_), Guarded::By(Authorizer { by: By::Jwt(_), .. })) => true,
            (Self::Context(_), Guarded::By(Authorizer { by, .. })) => !matches!(by, By::Jwt(_)),
            (Self::Iam(_), Guarded::Iam) => true,
            _ => false,
        };
        if !is_of_kind {
            panic!("{self} cannot call `{route}`: {}", help(guard));
        }
        match self {
            Self::Claims(claims) => Verdict::Claims(claims.clone()),
            Self::Context(context) => Verdict::Returned(
                json!({ "isAuthorized": true, "context": context }).to_string().into_bytes(),
            ),
            Self::Iam(user_arn) => Verdict::Identity(IamIdentity {
                access_key: "AKIAIOSFODNN7EXAMPLE".to_owned(),
                account_id: user_arn.split(':').nth(4).unwrap_or_default().to_owned(),
                caller_id: "AIDAEXAMPLE".to_owned(),
                user_id: "AIDAEXAMPLE".to_owned(),
                user_arn: user_arn.clone(),
                principal_org_id: None,
            }),
        }
    }
}

impl std::fmt::Display for Caller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Claims(_) => "who has `.claims(..)`",
            Self::Context(_) => "who is `.authorized(..)`",
            Self::Iam(_) => "an `.iam(..)` identity",
        })
    }
}

/// How a test calls a route.
fn help(guard: Guarded<'_>) -> String {
    match guard {
        Guarded::Open => "everybody may".to_owned(),
        Guarded::Iam => {
            "it asks for a signature; say whose: `.iam(\"arn:aws:iam::123456789012:user/ann\")`".to_owned()
        }
        Guarded::By(Authorizer { name, by: By::Jwt(_), .. }) => {
            format!(
                "the authorizer `{name}` asks for a token; say what it says: `.claims(json!({{\"sub\": \"ann\"}}))`"
            )
        }
        Guarded::By(Authorizer { name, .. }) => format!(
            "the authorizer `{name}` is a Lambda function; say what it allows with: `.authorized(json!({{..}}))`"
        ),
        Guarded::Unknown(name) => format!("its authorizer `{name}` is not declared"),
    }
}

/// The answer to a question of the gateway.
///
/// # Panics
///
/// Where only AWS could answer, with what to say in a test instead. Nobody is let in by chance.
pub(super) async fn ask(
    question: Question,
    route: &str,
    guard: Guarded<'_>,
    elsewhere: &Elsewhere,
    app: &App,
    context: &Context,
) -> Verdict {
    match question {
        Question::Token { .. } | Question::Signature => {
            panic!("nobody can check here who calls `{route}`: {}", help(guard))
        }
        Question::Function { authorizer, event } => function(&authorizer, &event, app, context).await,
        Question::Lambda { authorizer, arn, event } => {
            let Some(answer) = elsewhere.get(authorizer.as_str()) else {
                panic!(
                    "nobody can ask `{arn}` here, who may call `{route}`; say what it answers: \
                     `Client::new(app).authorizer(\"{authorizer}\", |event| json!({{\"isAuthorized\": true}}))`"
                )
            };
            let event: Value = serde_json::from_slice(&event).unwrap_or_default();
            Verdict::Returned(answer(&event).to_string().into_bytes())
        }
    }
}

async fn function(name: &FunctionName, event: &[u8], app: &App, context: &Context) -> Verdict {
    let Some(function) = function::find(name.as_str()) else {
        panic!("the program has no function `{name}`")
    };
    match function.invoke(app, context, event).await {
        Ok(payload) => Verdict::Returned(payload),
        Err(error) => {
            log_failure(&error);
            Verdict::Failed
        }
    }
}
