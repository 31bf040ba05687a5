//! The HTTP API: routes, one integration per function, authorizers, CORS, the stage, and the
//! permissions to call.
//!
//! Here: what we want, what AWS has, the difference, and how to close it.
//! The ids that AWS gives never leave this kind. An API is found by its tags: names are
//! not unique, so one of somebody else's with our name is in nobody's way.

mod apply;
mod authorizer;
mod browsers;
mod diff;
mod observe;
mod permission;
mod route;
mod words;

use std::collections::BTreeMap;

use serde::Serialize;

pub use apply::apply;
pub use authorizer::{Asks, Authorizer, Name};
pub use browsers::{Browsers, Cors};
pub use diff::diff;
pub use observe::{observe, permissions};
#[cfg(test)]
pub use permission::Allows;
pub use permission::{Grant, Permission};
pub use route::{Access, Found, Rerouted, Route};

use super::Inputs;
use super::tags::{Retag, Tags};

/// The stage that needs no path of its own.
const STAGE: &str = "$default";

/// The version of the events, which `chalice_rs_wire::http_v2` reads.
const PAYLOAD: &str = "2.0";

/// The longest an API waits for a function.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html>
const TIMEOUT_MILLIS: i32 = 30_000;

/// An API as it should be.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Desired {
    pub name: String,
    pub browsers: Browsers,
    /// One for each function that routes lead to, by its name: an API has 300 at most.
    pub integrations: BTreeMap<String, Integration>,
    pub authorizers: BTreeMap<Name, authorizer::Desired>,
    /// By API Gateway's key: `GET /users/{id}`.
    pub routes: BTreeMap<String, Route>,
    pub tags: Tags,
}

/// How the API calls a function.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Integration {
    /// What is called: the alias.
    pub uri: String,
    pub kind: String,
    pub payload: String,
    pub timeout_millis: i32,
}

/// What there is: APIs of ours, more than one after an answer was lost, and permissions to call.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Observed {
    pub apis: Vec<Api>,
    pub permissions: Vec<Permission>,
}

/// One API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Api {
    pub id: String,
    pub name: String,
    /// Without a slash at the end.
    pub endpoint: String,
    /// Seconds since 1970.
    pub created: i64,
    /// Whether the address works; someone can switch it off.
    pub address: Address,
    /// What API Gateway itself tells browsers.
    pub cors: Option<Cors>,
    pub integrations: BTreeMap<String, Integration>,
    /// By their ids.
    pub authorizers: BTreeMap<String, (Name, Authorizer)>,
    pub routes: BTreeMap<String, Found>,
    pub stage: Option<Stage>,
    pub tags: Tags,
}

/// Whether AWS's own address of an API answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub enum Address {
    #[default]
    On,
    Off,
}

/// The stage.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Stage {
    pub deploy: Deploy,
    pub tags: Tags,
}

/// When changes of the API reach the stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub enum Deploy {
    #[default]
    Automatic,
    ByHand,
}

/// What is to be done about APIs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Change {
    /// Make an API, or bring one to what is wanted.
    Bring(Box<Bring>),
    /// Delete one, with all in it.
    Delete { id: String, name: String, why: Why },
    /// Take away a permission that is of no use.
    Revoke { function: String, sid: String },
}

/// Why an API goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Why {
    /// There shall be none.
    Unwanted,
    /// There is another one that stays.
    Double,
}

/// What is to be done about the one API that stays; all parts empty means nothing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bring {
    pub name: String,
    pub api: Whole,
    pub browsers: Browsers,
    pub cors: CorsStep,
    /// By the function's name.
    pub integrations: BTreeMap<String, Part<Integration>>,
    /// What becomes of the permission to call each of these functions.
    pub grants: BTreeMap<String, Grant>,
    pub authorizers: BTreeMap<Name, authorizer::Step>,
    pub new_routes: BTreeMap<String, Route>,
    /// Routes that lead elsewhere, or let others in.
    pub rerouted: BTreeMap<String, Rerouted>,
    /// Routes that are not declared any more, with their ids.
    pub old_routes: BTreeMap<String, String>,
    /// Integrations that nothing uses any more.
    pub unused: Vec<String>,
    /// Authorizers that nothing uses any more, by their ids.
    pub unused_authorizers: BTreeMap<String, Name>,
    pub stage: StageStep,
}

/// The API itself.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Whole {
    Create {
        tags: Tags,
    },
    Keep {
        id: String,
        endpoint: String,
        rename: Option<String>,
        address: Option<Address>,
        tags: Option<Retag>,
    },
}

/// Something inside the API that has an id.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Part<T> {
    Create(T),
    Alter { id: String, to: T },
    Keep { id: String },
}

/// What API Gateway itself tells browsers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum CorsStep {
    Put(Cors),
    Delete,
    Keep,
}

/// The stage.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum StageStep {
    Create { tags: Tags },
    Alter { deploy: Option<Deploy>, tags: Option<Retag> },
    Keep,
}

/// The one API.
pub fn desired(inputs: &Inputs<'_>) -> Vec<Desired> {
    let routes = route::desired(inputs);
    let integration = |function: &String| Integration {
        uri: inputs.scope.live_arn(function).0,
        kind: "AWS_PROXY".to_owned(),
        payload: PAYLOAD.to_owned(),
        timeout_millis: TIMEOUT_MILLIS,
    };
    vec![Desired {
        name: inputs.scope.name(),
        browsers: Browsers::of(&inputs.artifact.manifest),
        integrations: routes
            .values()
            .map(|route| (route.function.clone(), integration(&route.function)))
            .collect(),
        authorizers: authorizer::desired(inputs),
        routes,
        tags: inputs.tags(),
    }]
}

/// Where the API answers, if there is one that does.
pub fn url(apis: &[Api]) -> Option<String> {
    apis.iter()
        .filter(|api| api.stage.is_some())
        .min_by_key(|api| (api.created, &api.id))
        .map(|api| address(&api.endpoint))
}

/// The `$default` stage has no path of its own.
fn address(endpoint: &str) -> String {
    format!("{}/", endpoint.trim_end_matches('/'))
}

impl Observed {
    /// Where the API answers, if there is one that does.
    pub fn url(&self) -> Option<String> {
        url(&self.apis)
    }
}
