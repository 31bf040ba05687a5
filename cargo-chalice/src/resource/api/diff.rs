//! The difference between the API that should be and those that are.

use std::collections::{BTreeMap, BTreeSet};

use super::permission::{self, Permission};
use super::{
    Address, Api, Asks, Bring, Change, CorsStep, Deploy, Desired, Grant, Integration, Name, Observed, Part,
    StageStep, Whole, Why, authorizer, route,
};

/// What brings the APIs that are to the one that should be.
pub fn diff(want: &[Desired], have: &Observed) -> Vec<Change> {
    let mut apis: Vec<&Api> = have.apis.iter().collect();
    // The one that answers stays, the oldest of several.
    apis.sort_by_key(|api| (api.stage.is_none(), api.created, &api.id));
    let mut apis = apis.into_iter();

    let mut changes = Vec::new();
    let mut used = BTreeSet::new();
    let mut why = Why::Unwanted;
    if let Some(want) = want.first() {
        why = Why::Double;
        let bring = match apis.next() {
            Some(api) => {
                let bring = bring(want, api, &have.permissions);
                used = permissions(&bring, &api.id);
                bring
            }
            None => make(want),
        };
        if !bring.is_nothing() {
            changes.push(Change::Bring(Box::new(bring)));
        }
    }
    changes.extend(apis.map(|api| Change::Delete { id: api.id.clone(), name: api.name.clone(), why }));
    let of_no_use =
        have.permissions.iter().filter(|found| !used.contains(&(found.function.clone(), found.sid.clone())));
    changes.extend(
        of_no_use.map(|found| Change::Revoke { function: found.function.clone(), sid: found.sid.clone() }),
    );
    changes
}

/// The permissions that an API needs, by function and id.
fn permissions(bring: &Bring, api: &str) -> BTreeSet<(String, String)> {
    let calls = bring.grants.keys().map(|function| (function.clone(), permission::to_call(api)));
    let asks = bring.authorizers.values().filter_map(|step| match &step.asks {
        Asks::Ours { function } => Some((function.clone(), permission::to_ask(api, step.id()?))),
        Asks::Nobody | Asks::Theirs { .. } => None,
    });
    calls.chain(asks).collect()
}

fn make(want: &Desired) -> Bring {
    let functions = || want.integrations.keys().cloned();
    Bring {
        name: want.name.clone(),
        api: Whole::Create { tags: want.tags.clone() },
        browsers: want.browsers.clone(),
        cors: want.browsers.gateway().map_or(CorsStep::Keep, |cors| CorsStep::Put(cors.clone())),
        integrations: functions().zip(want.integrations.values().cloned().map(Part::Create)).collect(),
        grants: functions().map(|function| (function, Grant::Add)).collect(),
        authorizers: authorizer::made(&want.authorizers),
        new_routes: want.routes.clone(),
        rerouted: BTreeMap::new(),
        old_routes: BTreeMap::new(),
        unused: Vec::new(),
        unused_authorizers: BTreeMap::new(),
        stage: StageStep::Create { tags: want.tags.clone() },
    }
}

fn bring(want: &Desired, have: &Api, permissions: &[Permission]) -> Bring {
    let integrations = integrations(want, have);
    let functions: BTreeMap<&String, &String> =
        integrations.iter().filter_map(|(function, part)| Some((part.id()?, function))).collect();
    let authorizers = authorizer::diff(&want.authorizers, have, permissions);
    let names: BTreeMap<&String, &Name> =
        authorizers.iter().filter_map(|(name, step)| Some((step.id()?, name))).collect();
    let sid = permission::to_call(&have.id);
    let grant = |function: &String| permission::grant(permissions, function, &sid);

    Bring {
        name: want.name.clone(),
        api: Whole::Keep {
            id: have.id.clone(),
            endpoint: have.endpoint.clone(),
            rename: (have.name != want.name).then(|| have.name.clone()),
            address: (have.address != Address::On).then_some(Address::On),
            tags: want.tags.since(&have.tags),
        },
        browsers: want.browsers.clone(),
        cors: match (want.browsers.gateway(), &have.cors) {
            (want, found) if want == found.as_ref() => CorsStep::Keep,
            (Some(want), _) => CorsStep::Put(want.clone()),
            (None, _) => CorsStep::Delete,
        },
        grants: want.integrations.keys().map(|function| (function.clone(), grant(function))).collect(),
        new_routes: want
            .routes
            .iter()
            .filter(|(key, _)| !have.routes.contains_key(*key))
            .map(|(key, route)| (key.clone(), route.clone()))
            .collect(),
        rerouted: want
            .routes
            .iter()
            .filter_map(|(key, route)| {
                let rerouted = route::diff(route, have.routes.get(key)?, &functions, &names, have)?;
                Some((key.clone(), rerouted))
            })
            .collect(),
        old_routes: have
            .routes
            .iter()
            .filter(|(key, _)| !want.routes.contains_key(*key))
            .map(|(key, found)| (key.clone(), found.id.clone()))
            .collect(),
        unused: have.integrations.keys().filter(|id| !functions.contains_key(id)).cloned().collect(),
        unused_authorizers: have
            .authorizers
            .iter()
            .filter(|(id, _)| !names.contains_key(id))
            .map(|(id, (name, _))| (id.clone(), name.clone()))
            .collect(),
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
        integrations,
        authorizers,
    }
}

/// The integration of each function that stays: one that is right, among those the one that most of
/// the function's routes lead to. One that is wrong is mended where no route of another function
/// leads through it.
fn integrations(want: &Desired, have: &Api) -> BTreeMap<String, Part<Integration>> {
    let mut left: BTreeMap<&String, &Integration> = have.integrations.iter().collect();
    // The functions of the wanted routes that lead through an integration now.
    let mut through: BTreeMap<&String, Vec<&String>> = BTreeMap::new();
    for (key, found) in &have.routes {
        if let (Some(id), Some(route)) = (&found.integration, want.routes.get(key)) {
            through.entry(id).or_default().push(&route.function);
        }
    }
    let through = |id: &String| through.get(id).map(Vec::as_slice).unwrap_or_default();
    let routes_to =
        |function: &String, id: &String| through(id).iter().filter(|led| **led == function).count();
    let mut parts = BTreeMap::new();
    for (function, wanted) in &want.integrations {
        let right = left.iter().filter(|(_, found)| *found == &wanted);
        let best = right.max_by_key(|(id, _)| (routes_to(function, id), std::cmp::Reverse(**id)));
        if let Some(id) = best.map(|(id, _)| (*id).clone()) {
            left.remove(&id);
            parts.insert(function.clone(), Part::Keep { id });
        }
    }
    for (function, wanted) in &want.integrations {
        if parts.contains_key(function) {
            continue;
        }
        let free = left
            .iter()
            .filter(|(id, found)| found.uri == wanted.uri || through(id).iter().all(|led| *led == function));
        let best = free.max_by_key(|(id, found)| {
            (found.uri == wanted.uri, routes_to(function, id), std::cmp::Reverse(**id))
        });
        let part = match best.map(|(id, _)| (*id).clone()) {
            None => Part::Create(wanted.clone()),
            Some(id) => {
                left.remove(&id);
                Part::Alter { id, to: wanted.clone() }
            }
        };
        parts.insert(function.clone(), part);
    }
    parts
}

impl<T> Part<T> {
    /// Its id, when it has one.
    pub(super) fn id(&self) -> Option<&String> {
        match self {
            Self::Keep { id } | Self::Alter { id, .. } => Some(id),
            Self::Create(_) => None,
        }
    }

    /// Whether it is as it should be.
    pub(super) fn is_kept(&self) -> bool {
        matches!(self, Self::Keep { .. })
    }
}

impl Bring {
    fn is_nothing(&self) -> bool {
        matches!(&self.api, Whole::Keep { rename: None, address: None, tags: None, .. })
            && self.cors == CorsStep::Keep
            && self.integrations.values().all(Part::is_kept)
            && self.grants.values().all(|grant| *grant == Grant::Keep)
            && self.authorizers.values().all(authorizer::Step::is_nothing)
            && self.new_routes.is_empty()
            && self.rerouted.is_empty()
            && self.old_routes.is_empty()
            && self.unused.is_empty()
            && self.unused_authorizers.is_empty()
            && self.stage == StageStep::Keep
    }
}
