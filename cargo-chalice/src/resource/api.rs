//! The HTTP API: routes, the one integration they share, the stage, the permission to call.
//!
//! Here: what we want, what AWS has, the difference, and how to close it.
//! The id that AWS gives an API never leaves this kind. An API is found by its tags: names are
//! not unique, so one of somebody else's with our name is in nobody's way.

mod apply;
mod observe;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

pub use apply::apply;
pub use observe::observe;

use super::Inputs;
use super::tags::{Retag, Tags};

/// The stage that needs no path of its own.
const STAGE: &str = "$default";

/// The version of the events, which `chalice_rs_wire::http_v2` reads.
const PAYLOAD: &str = "2.0";

/// The longest an API waits for a function.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html>
const TIMEOUT_MILLIS: i32 = 30_000;

/// What statement ids of ours start with; the API's id follows.
const SID: &str = "chalice-api-";

/// An API as it should be.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Desired {
    pub name: String,
    /// API Gateway's spelling: `GET /users/{id}`.
    pub routes: BTreeSet<String>,
    pub integration: Integration,
    pub tags: Tags,
}

/// How the API calls the function.
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
    pub integrations: BTreeMap<String, Integration>,
    pub routes: BTreeMap<String, Route>,
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

/// A route, by its key.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Route {
    pub id: String,
    /// The integration's id, if it has one.
    pub integration: Option<String>,
    /// `NONE`, unless someone asked for more.
    pub authorization: String,
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

/// A statement of ours on the alias.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Permission {
    pub sid: String,
    pub allows: Allows,
}

/// Whether a statement says what we would say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Allows {
    /// The API of its id may call the alias.
    #[default]
    ItsApi,
    /// Something else.
    Other,
}

/// What is to be done about APIs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Change {
    /// Make an API, or bring one to what is wanted.
    Bring(Box<Bring>),
    /// Delete one, with all in it.
    Delete { id: String, name: String, why: Why },
    /// Take away a permission that is of no use.
    Revoke { sid: String },
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
    pub integration: Part<Integration>,
    /// Integrations that nothing uses any more.
    pub unused: Vec<String>,
    pub permission: Grant,
    pub new_routes: Vec<String>,
    /// Routes that do not lead to the integration, with their ids.
    pub stray_routes: BTreeMap<String, String>,
    /// Routes that are not declared any more, with their ids.
    pub old_routes: BTreeMap<String, String>,
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

/// The permission to call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Grant {
    Add,
    /// Take away what has our id and says something else, then add.
    Replace,
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
    vec![Desired {
        name: inputs.scope.name(),
        routes: inputs.artifact.manifest.routes.iter().flat_map(|route| route.keys()).collect(),
        integration: Integration {
            uri: inputs.scope.live_arn().0,
            kind: "AWS_PROXY".to_owned(),
            payload: PAYLOAD.to_owned(),
            timeout_millis: TIMEOUT_MILLIS,
        },
        tags: inputs.tags(),
    }]
}

/// What brings the APIs that are to the one that should be.
pub fn diff(want: &[Desired], have: &Observed) -> Vec<Change> {
    let mut apis: Vec<&Api> = have.apis.iter().collect();
    // The one that answers stays, the oldest of several.
    apis.sort_by_key(|api| (api.stage.is_none(), api.created, &api.id));
    let mut apis = apis.into_iter();

    let mut changes = Vec::new();
    let mut kept = None;
    let mut why = Why::Unwanted;
    if let Some(want) = want.first() {
        kept = apis.next();
        why = Why::Double;
        let bring = match kept {
            Some(api) => bring(want, api, &have.permissions),
            None => make(want),
        };
        if !bring.is_nothing() {
            changes.push(Change::Bring(Box::new(bring)));
        }
    }
    changes.extend(apis.map(|api| Change::Delete { id: api.id.clone(), name: api.name.clone(), why }));
    let used = kept.map(|api| sid(&api.id));
    changes.extend(
        have.permissions
            .iter()
            .filter(|permission| Some(&permission.sid) != used.as_ref())
            .map(|permission| Change::Revoke { sid: permission.sid.clone() }),
    );
    changes
}

fn make(want: &Desired) -> Bring {
    Bring {
        name: want.name.clone(),
        api: Whole::Create { tags: want.tags.clone() },
        integration: Part::Create(want.integration.clone()),
        unused: Vec::new(),
        permission: Grant::Add,
        new_routes: want.routes.iter().cloned().collect(),
        stray_routes: BTreeMap::new(),
        old_routes: BTreeMap::new(),
        stage: StageStep::Create { tags: want.tags.clone() },
    }
}

fn bring(want: &Desired, have: &Api, permissions: &[Permission]) -> Bring {
    let integration = integration(want, have);
    let kept = match &integration {
        Part::Keep { id } | Part::Alter { id, .. } => Some(id),
        Part::Create(_) => None,
    };
    let strays = |route: &Route| route.integration.as_ref() != kept || route.authorization != "NONE";
    let ids = |wanted: &dyn Fn(&str, &Route) -> bool| {
        have.routes
            .iter()
            .filter(|(key, route)| wanted(key, route))
            .map(|(key, route)| (key.clone(), route.id.clone()))
            .collect()
    };
    let sid = sid(&have.id);
    Bring {
        name: want.name.clone(),
        api: Whole::Keep {
            id: have.id.clone(),
            endpoint: have.endpoint.clone(),
            rename: (have.name != want.name).then(|| have.name.clone()),
            address: (have.address != Address::On).then_some(Address::On),
            tags: want.tags.since(&have.tags),
        },
        unused: have.integrations.keys().filter(|id| Some(*id) != kept).cloned().collect(),
        permission: match permissions.iter().find(|permission| permission.sid == sid) {
            Some(Permission { allows: Allows::ItsApi, .. }) => Grant::Keep,
            Some(Permission { allows: Allows::Other, .. }) => Grant::Replace,
            None => Grant::Add,
        },
        new_routes: want.routes.iter().filter(|key| !have.routes.contains_key(*key)).cloned().collect(),
        stray_routes: ids(&|key, route| want.routes.contains(key) && strays(route)),
        old_routes: ids(&|key, _| !want.routes.contains(key)),
        stage: match &have.stage {
            None => StageStep::Create { tags: want.tags.clone() },
            Some(stage) => {
                let deploy = (stage.deploy != Deploy::Automatic).then_some(Deploy::Automatic);
                let tags = want.tags.since(&stage.tags);
                match (&deploy, &tags) {
                    (None, None) => StageStep::Keep,
                    _ => StageStep::Alter { deploy, tags },
                }
            }
        },
        integration,
    }
}

/// The integration that stays: one that is right, among those the one that most routes lead to.
fn integration(want: &Desired, have: &Api) -> Part<Integration> {
    let routes_to =
        |id: &str| have.routes.values().filter(|route| route.integration.as_deref() == Some(id)).count();
    let best = have
        .integrations
        .iter()
        .min_by_key(|(id, integration)| (**integration != want.integration, usize::MAX - routes_to(id), *id));
    match best {
        None => Part::Create(want.integration.clone()),
        Some((id, integration)) if *integration == want.integration => Part::Keep { id: id.clone() },
        Some((id, _)) => Part::Alter { id: id.clone(), to: want.integration.clone() },
    }
}

fn sid(api: &str) -> String {
    format!("{SID}{api}")
}

impl Bring {
    fn is_nothing(&self) -> bool {
        matches!(&self.api, Whole::Keep { rename: None, address: None, tags: None, .. })
            && matches!(self.integration, Part::Keep { .. })
            && self.unused.is_empty()
            && self.permission == Grant::Keep
            && self.new_routes.is_empty()
            && self.stray_routes.is_empty()
            && self.old_routes.is_empty()
            && self.stage == StageStep::Keep
    }
}

impl Observed {
    /// Where the API answers, if there is one that does.
    pub fn url(&self) -> Option<String> {
        self.apis
            .iter()
            .filter(|api| api.stage.is_some())
            .min_by_key(|api| (api.created, &api.id))
            .map(|api| url(&api.endpoint))
    }
}

/// The `$default` stage has no path of its own.
fn url(endpoint: &str) -> String {
    format!("{}/", endpoint.trim_end_matches('/'))
}
