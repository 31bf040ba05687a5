//! AWS as far as a plan can see it: what each change does to what is observed. Only for tests.
//!
//! A model keeps what AWS keeps and `Observed` does not show, the content of every version.

use std::collections::{BTreeMap, BTreeSet};

use crate::observe::Observed;
use crate::plan::Plan;
use crate::resource::api::{
    self, Access, Address, Allows, CorsStep, Deploy, Found, Grant, Part, StageStep, Whole,
};
use crate::resource::function::{self, GoLive, Live, Revision, Split, Version};
use crate::resource::tags::{Retag, Tags};
use crate::resource::{Change, log_group, role};

/// One account and region.
#[derive(Debug, Clone, Default)]
pub struct Model {
    pub observed: Observed,
    /// By function and version.
    pub revisions: BTreeMap<(String, u64), Revision>,
    /// For the ids that AWS makes up.
    pub next: u32,
}

impl Model {
    /// Does what the plan says.
    pub fn apply(&mut self, plan: &Plan) {
        for change in &plan.changes {
            self.change(change);
        }
    }

    /// Does one change.
    pub fn change(&mut self, change: &Change) {
        match change {
            Change::Role(change) => self.role(change),
            Change::LogGroup(change) => self.log_group(change),
            Change::Function(change) => self.function(change),
            Change::Api(change) => self.api(change),
        }
    }

    fn role(&mut self, change: &role::Change) {
        let roles = &mut self.observed.roles;
        match change {
            role::Change::Create(new) => roles.push(role::Observed {
                name: new.name.clone(),
                trust: new.trust.clone(),
                policy: Some(new.policy.clone()),
                tags: new.tags.clone(),
            }),
            role::Change::Alter { name, trust, policy, tags } => {
                let role = roles.iter_mut().find(|role| role.name == *name).unwrap();
                role.trust = trust.clone().unwrap_or(role.trust.take());
                role.policy = policy.as_ref().map(|policy| policy.to.clone()).or(role.policy.take());
                retag(&mut role.tags, tags.as_ref());
            }
            role::Change::Delete { name } => roles.retain(|role| role.name != *name),
        }
    }

    fn log_group(&mut self, change: &log_group::Change) {
        let groups = &mut self.observed.log_groups;
        match change {
            log_group::Change::Create(new) => groups.push(log_group::Observed {
                name: new.name.clone(),
                retention: Some(new.retention),
                tags: new.tags.clone(),
            }),
            log_group::Change::Alter { name, retention, tags } => {
                let group = groups.iter_mut().find(|group| group.name == *name).unwrap();
                group.retention = retention.as_ref().map(|change| change.to).or(group.retention);
                retag(&mut group.tags, tags.as_ref());
            }
            log_group::Change::Delete { name } => groups.retain(|group| group.name != *name),
        }
    }

    fn function(&mut self, change: &function::Change) {
        match change {
            function::Change::Create(new) => {
                self.observed.functions.push(function::Observed {
                    name: new.name.clone(),
                    latest: new.revision.clone(),
                    tags: new.tags.clone(),
                    ..function::Observed::default()
                });
                let version = Version::Next { sha256: new.revision.code.sha256.clone() };
                self.go_live(&new.name, &GoLive { version, alias: function::Alias::Create });
            }
            function::Change::Alter(alter) => {
                let function = self.called(&alter.name);
                if let Some(settings) = &alter.settings {
                    assert_eq!(settings.from, function.latest.settings);
                    function.latest.settings = settings.to.clone();
                }
                if let Some(code) = &alter.code {
                    assert_eq!(code.from, function.latest.code);
                    function.latest.code = code.to.clone();
                }
                retag(&mut function.tags, alter.tags.as_ref());
                if let Some(live) = &alter.live {
                    self.go_live(&alter.name, live);
                }
                for version in &alter.prune {
                    let function = self.called(&alter.name);
                    assert_ne!(function.live.as_ref().map(|live| live.version), Some(*version));
                    assert!(!function.held.contains(version), "AWS keeps what an alias points at");
                    function.versions.retain(|kept| kept != version);
                    self.revisions.remove(&(alter.name.clone(), *version));
                }
                self.look_at_versions();
            }
            function::Change::Delete { name } => {
                self.observed.functions.retain(|function| function.name != *name);
                self.observed.api.permissions.retain(|permission| permission.function != *name);
                self.revisions.retain(|(function, _), _| function != name);
            }
        }
    }

    fn called(&mut self, name: &str) -> &mut function::Observed {
        self.observed.functions.iter_mut().find(|function| function.name == name).unwrap()
    }

    fn go_live(&mut self, name: &str, live: &GoLive) {
        let function = self.observed.functions.iter_mut().find(|function| function.name == name).unwrap();
        assert_eq!(live.alias == function::Alias::Create, function.live.is_none());
        let version = match &live.version {
            Version::Published(version) => *version,
            Version::Next { sha256 } => {
                assert_eq!(*sha256, function.latest.code.sha256, "published is what was planned");
                let newest = function.versions.last().copied().unwrap_or_default();
                // AWS publishes nothing when nothing changed since the last time.
                if self.revisions.get(&(name.to_owned(), newest)) == Some(&function.latest) {
                    newest
                } else {
                    function.versions.push(newest + 1);
                    self.revisions.insert((name.to_owned(), newest + 1), function.latest.clone());
                    newest + 1
                }
            }
        };
        let revision = self.revisions[&(name.to_owned(), version)].clone();
        function.live = Some(Live { version, revision, split: Split::None });
        self.look_at_versions();
    }

    /// What `observe` would find of the versions.
    pub fn look_at_versions(&mut self) {
        for function in &mut self.observed.functions {
            let behind = function.live.as_ref().map_or(0, |live| live.version);
            function.waiting = function
                .versions
                .last()
                .filter(|newest| **newest > behind)
                .map(|newest| (*newest, self.revisions[&(function.name.clone(), *newest)].clone()));
        }
    }

    fn api(&mut self, change: &api::Change) {
        let observed = &mut self.observed.api;
        match change {
            api::Change::Delete { id, .. } => observed.apis.retain(|api| api.id != *id),
            api::Change::Revoke { function, sid } => {
                observed
                    .permissions
                    .retain(|permission| permission.function != *function || permission.sid != *sid);
            }
            api::Change::Bring(bring) => self.bring(bring),
        }
    }

    fn bring(&mut self, bring: &api::Bring) {
        let id = match &bring.api {
            Whole::Create { tags } => {
                let id = self.id();
                self.observed.api.apis.push(api::Api {
                    id: id.clone(),
                    name: bring.name.clone(),
                    endpoint: format!("https://{id}.example"),
                    created: i64::from(self.next),
                    tags: tags.clone(),
                    ..api::Api::default()
                });
                id
            }
            Whole::Keep { id, .. } => id.clone(),
        };
        let mut new_ids: Vec<String> = (0..9 + bring.new_routes.len()).map(|_| self.id()).collect();
        let live: Vec<String> = self
            .observed
            .functions
            .iter()
            .filter(|function| function.live.is_some())
            .map(|function| function.name.clone())
            .collect();
        let observed = &mut self.observed.api;
        let api = observed.apis.iter_mut().find(|api| api.id == id).unwrap();
        if let Whole::Keep { address, tags, .. } = &bring.api {
            api.name.clone_from(&bring.name);
            api.address = address.unwrap_or(Address::On);
            retag(&mut api.tags, tags.as_ref());
        }
        if let CorsStep::Put(cors) = &bring.cors {
            api.cors = Some(cors.clone());
        }
        let mut allow = |function: &String, sid: String, grant: Grant| {
            let function = function.clone();
            assert!(live.contains(&function), "AWS has no alias of {function}");
            let there =
                observed.permissions.iter().any(|found| found.function == function && found.sid == sid);
            assert_eq!(there, grant != Grant::Add, "AWS refuses a statement that is there");
            observed.permissions.retain(|found| found.function != function || found.sid != sid);
            observed.permissions.push(api::Permission { function, sid, allows: Allows::ItsCaller });
        };
        let mut integrations = BTreeMap::new();
        for (function, part) in &bring.integrations {
            let integration = place(&mut api.integrations, part, &mut new_ids, Clone::clone);
            integrations.insert(function.clone(), integration);
        }
        for (function, grant) in bring.grants.iter().filter(|(_, grant)| **grant != Grant::Keep) {
            allow(function, format!("chalice-api-{id}"), *grant);
        }
        let mut authorizers = BTreeMap::new();
        for (name, step) in &bring.authorizers {
            let authorizer =
                place(&mut api.authorizers, &step.part, &mut new_ids, |to| (name.clone(), to.clone()));
            if let (api::Asks::Ours { function }, true) = (&step.asks, step.grant != Grant::Keep) {
                allow(function, format!("chalice-authorizer-{id}-{authorizer}"), step.grant);
            }
            authorizers.insert(name.clone(), authorizer);
        }
        let route = |id: String, to: &api::Route| Found {
            id,
            integration: Some(integrations[&to.function].clone()),
            authorization: match &to.access {
                Access::Open => "NONE",
                Access::Iam => "AWS_IAM",
                Access::Token { .. } => "JWT",
                Access::Asked { .. } => "CUSTOM",
            }
            .to_owned(),
            authorizer: match &to.access {
                Access::Open | Access::Iam => None,
                Access::Token { authorizer, .. } | Access::Asked { authorizer } => {
                    Some(authorizers[authorizer].clone())
                }
            },
            scopes: match &to.access {
                Access::Token { scopes, .. } => scopes.clone(),
                _ => BTreeSet::new(),
            },
        };
        for (key, to) in &bring.new_routes {
            let before = api.routes.insert(key.clone(), route(new_ids.pop().unwrap(), to));
            assert_eq!(before, None, "AWS refuses a route that is there");
        }
        for (key, rerouted) in &bring.rerouted {
            let before = api.routes.insert(key.clone(), route(rerouted.was.id.clone(), &rerouted.to));
            assert_eq!(before.as_ref(), Some(&rerouted.was));
        }
        for key in bring.old_routes.keys() {
            api.routes.remove(key).unwrap();
        }
        if bring.cors == CorsStep::Delete {
            api.cors.take().unwrap();
        }
        match &bring.stage {
            StageStep::Create { tags } => {
                assert_eq!(api.stage, None);
                api.stage = Some(api::Stage { deploy: Deploy::Automatic, tags: tags.clone() });
            }
            StageStep::Alter { deploy, tags } => {
                let stage = api.stage.as_mut().unwrap();
                stage.deploy = deploy.unwrap_or(stage.deploy);
                retag(&mut stage.tags, tags.as_ref());
            }
            StageStep::Keep => {}
        }
        for unused in &bring.unused {
            let used = api.routes.values().any(|route| route.integration.as_ref() == Some(unused));
            assert!(!used, "AWS keeps an integration that a route leads to");
            api.integrations.remove(unused).unwrap();
        }
        for unused in bring.unused_authorizers.keys() {
            let used = api.routes.values().any(|route| route.authorizer.as_ref() == Some(unused));
            assert!(!used, "AWS keeps an authorizer that a route names");
            api.authorizers.remove(unused).unwrap();
        }
    }

    /// An id as AWS would make it up.
    pub fn id(&mut self) -> String {
        self.next += 1;
        format!("id{:03}", self.next)
    }
}

/// Makes or changes something inside an API; gives its id.
fn place<T, P>(
    there: &mut BTreeMap<String, T>,
    part: &Part<P>,
    new_ids: &mut Vec<String>,
    made: impl Fn(&P) -> T,
) -> String {
    match part {
        Part::Create(to) => {
            let id = new_ids.pop().unwrap();
            there.insert(id.clone(), made(to));
            id
        }
        Part::Alter { id, to } => {
            there.insert(id.clone(), made(to)).unwrap();
            id.clone()
        }
        Part::Keep { id } => {
            assert!(there.contains_key(id));
            id.clone()
        }
    }
}

fn retag(tags: &mut Tags, change: Option<&Retag>) {
    let Some(change) = change else { return };
    for key in &change.unset {
        tags.0.remove(key).unwrap();
    }
    tags.0.extend(change.set.clone());
}
