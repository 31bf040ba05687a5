//! Authorizers: what is declared, as API Gateway has them, and the difference.
//!
//! On AWS an authorizer's name says its kind as well. Names are unique within an API, and what was
//! a token's becomes a function's as another authorizer, never the same one: its routes are led
//! over one by one and none of them is open in between.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chalice_rs_manifest::{By, FunctionName, Question};
use serde::Serialize;

use super::permission::{self, Grant, Permission};
use super::{Api, PAYLOAD, Part};
use crate::resource::Inputs;
use crate::scope::Scope;

/// An authorizer's name on AWS.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Name(pub String);

/// An authorizer as it should be.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Desired {
    pub authorizer: Authorizer,
    pub asks: Asks,
}

/// Whose function is asked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Asks {
    /// None: a token speaks for itself.
    Nobody,
    /// One of this app, by its name.
    Ours { function: String },
    /// One that is there already, by its ARN. Its resource policy is its owner's.
    Theirs { arn: String },
}

/// What API Gateway knows of an authorizer. The order of the identity sources is that of their
/// values in the question.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Authorizer {
    Jwt { issuer: String, audiences: BTreeSet<String>, identity: Vec<String> },
    Lambda { uri: String, identity: Vec<String>, ttl: u32, payload: String, answers: Answers },
}

/// What a Lambda authorizer answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Answers {
    /// `isAuthorized` and a context.
    Simple,
    /// An IAM policy.
    Policy,
}

/// What is to be done about an authorizer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    pub part: Part<Authorizer>,
    pub asks: Asks,
    /// What becomes of API Gateway's permission to ask; only ours to give where the function is.
    pub grant: Grant,
}

impl Name {
    const JWT: &str = "jwt-";
    const LAMBDA: &str = "lambda-";

    /// The name of a declared authorizer.
    pub fn of(name: &FunctionName, by: &By) -> Self {
        let kind = match by {
            By::Jwt(_) => Self::JWT,
            By::Function(_) | By::Lambda { .. } => Self::LAMBDA,
        };
        Self(format!("{kind}{name}"))
    }
}

/// As the user wrote it.
impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.0.strip_prefix(Self::JWT).or_else(|| self.0.strip_prefix(Self::LAMBDA));
        f.write_str(name.unwrap_or(&self.0))
    }
}

/// The declared authorizers.
pub(super) fn desired(inputs: &Inputs<'_>) -> BTreeMap<Name, Desired> {
    let one = |declared: &chalice_rs_manifest::Authorizer| {
        let (authorizer, asks) = match &declared.by {
            By::Jwt(jwt) => (
                Authorizer::Jwt {
                    issuer: jwt.issuer.clone(),
                    audiences: jwt.audiences.iter().cloned().collect(),
                    identity: vec![jwt.identity.to_string()],
                },
                Asks::Nobody,
            ),
            By::Function(question) => {
                let function = inputs.scope.part(&declared.name);
                let live = inputs.scope.live_arn(&function).0;
                (asking(inputs.scope, &live, question), Asks::Ours { function })
            }
            By::Lambda { arn, question } => {
                (asking(inputs.scope, arn, question), Asks::Theirs { arn: arn.clone() })
            }
        };
        (Name::of(&declared.name, &declared.by), Desired { authorizer, asks })
    };
    inputs.artifact.manifest.authorizers.iter().map(one).collect()
}

fn asking(scope: &Scope, function: &str, question: &Question) -> Authorizer {
    // <https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-authorizers.html>
    let uri = format!(
        "arn:{}:apigateway:{}:lambda:path/2015-03-31/functions/{function}/invocations",
        scope.partition, scope.region
    );
    Authorizer::Lambda {
        uri,
        identity: question.sources().iter().map(ToString::to_string).collect(),
        ttl: question.ttl,
        payload: PAYLOAD.to_owned(),
        answers: Answers::Simple,
    }
}

/// What is to be done about each wanted authorizer; nothing of an API exists yet.
pub(super) fn made(want: &BTreeMap<Name, Desired>) -> BTreeMap<Name, Step> {
    let step = |want: &Desired| Step {
        part: Part::Create(want.authorizer.clone()),
        asks: want.asks.clone(),
        grant: want.asks.grant(),
    };
    want.iter().map(|(name, want)| (name.clone(), step(want))).collect()
}

/// What is to be done about each wanted authorizer of an API. Of several with one name the one that
/// is right stays.
pub(super) fn diff(
    want: &BTreeMap<Name, Desired>,
    have: &Api,
    permissions: &[Permission],
) -> BTreeMap<Name, Step> {
    let step = |name: &Name, want: &Desired| {
        let same_name = have.authorizers.iter().filter(|(_, (found, _))| found == name);
        let best = same_name.min_by_key(|(id, (_, found))| (*found != want.authorizer, *id));
        let (part, grant) = match best {
            None => (Part::Create(want.authorizer.clone()), want.asks.grant()),
            Some((id, (_, found))) => {
                let grant = match &want.asks {
                    Asks::Ours { function } => {
                        permission::grant(permissions, function, &permission::to_ask(&have.id, id))
                    }
                    Asks::Nobody | Asks::Theirs { .. } => Grant::Keep,
                };
                let id = id.clone();
                match *found == want.authorizer {
                    true => (Part::Keep { id }, grant),
                    false => (Part::Alter { id, to: want.authorizer.clone() }, grant),
                }
            }
        };
        Step { part, asks: want.asks.clone(), grant }
    };
    want.iter().map(|(name, want)| (name.clone(), step(name, want))).collect()
}

impl Asks {
    fn grant(&self) -> Grant {
        match self {
            Self::Ours { .. } => Grant::Add,
            Self::Nobody | Self::Theirs { .. } => Grant::Keep,
        }
    }
}

impl Step {
    pub(super) fn is_nothing(&self) -> bool {
        matches!(self.part, Part::Keep { .. }) && self.grant == Grant::Keep
    }

    /// Its id, when it has one.
    pub(super) fn id(&self) -> Option<&String> {
        match &self.part {
            Part::Keep { id } | Part::Alter { id, .. } => Some(id),
            Part::Create(_) => None,
        }
    }
}

impl Authorizer {
    /// In the user's words.
    pub(super) fn words(&self, asks: &Asks) -> String {
        match (self, asks) {
            (Self::Jwt { issuer, audiences, .. }, _) => {
                let audiences: Vec<_> = audiences.iter().map(String::as_str).collect();
                format!("tokens of {issuer} for {}", audiences.join(", "))
            }
            (Self::Lambda { .. }, Asks::Theirs { arn }) => format!("asks {arn}"),
            (Self::Lambda { ttl, .. }, Asks::Ours { function }) => match ttl {
                0 => format!("asks {function} each time"),
                seconds => format!("asks {function} every {seconds} s"),
            },
            (Self::Lambda { .. }, Asks::Nobody) => "asks nobody".to_owned(),
        }
    }
}
