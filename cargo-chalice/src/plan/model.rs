//! AWS as far as a plan can see it: what each change does to what is observed. Only for tests.
//!
//! A model keeps what AWS keeps and `Observed` does not show, the content of every version.

use std::collections::BTreeMap;

use crate::observe::Observed;
use crate::plan::Plan;
use crate::resource::api::{self, Address, Allows, Deploy, Grant, Part, StageStep, Whole};
use crate::resource::function::{self, GoLive, Live, Revision, Split, Version};
use crate::resource::tags::{Retag, Tags};
use crate::resource::{Change, log_group, role};

/// One account and region.
#[derive(Debug, Clone, Default)]
pub struct Model {
    pub observed: Observed,
    pub revisions: BTreeMap<u64, Revision>,
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
                role.policy = policy.clone().or(role.policy.take());
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
                self.go_live(&GoLive { version, alias: function::Alias::Create });
            }
            function::Change::Alter(alter) => {
                let function = &mut self.observed.functions[0];
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
                    self.go_live(live);
                }
                for version in &alter.prune {
                    let function = &mut self.observed.functions[0];
                    assert_ne!(function.live.as_ref().map(|live| live.version), Some(*version));
                    assert!(!function.held.contains(version), "AWS keeps what an alias points at");
                    function.versions.retain(|kept| kept != version);
                    self.revisions.remove(version);
                }
                self.look_at_versions();
            }
            function::Change::Delete { .. } => {
                self.observed.functions.clear();
                self.observed.api.permissions.clear();
                self.revisions.clear();
            }
        }
    }

    fn go_live(&mut self, live: &GoLive) {
        let function = &mut self.observed.functions[0];
        assert_eq!(live.alias == function::Alias::Create, function.live.is_none());
        let version = match &live.version {
            Version::Published(version) => *version,
            Version::Next { sha256 } => {
                assert_eq!(*sha256, function.latest.code.sha256, "published is what was planned");
                let newest = function.versions.last().copied().unwrap_or_default();
                // AWS publishes nothing when nothing changed since the last time.
                if self.revisions.get(&newest) == Some(&function.latest) {
                    newest
                } else {
                    function.versions.push(newest + 1);
                    self.revisions.insert(newest + 1, function.latest.clone());
                    newest + 1
                }
            }
        };
        let revision = self.revisions[&version].clone();
        function.live = Some(Live { version, revision, split: Split::None });
        self.look_at_versions();
    }

    /// What `observe` would find of the versions.
    pub fn look_at_versions(&mut self) {
        let Some(function) = self.observed.functions.first_mut() else { return };
        let behind = function.live.as_ref().map_or(0, |live| live.version);
        function.waiting = function
            .versions
            .last()
            .filter(|newest| **newest > behind)
            .map(|newest| (*newest, self.revisions[newest].clone()));
    }

    fn api(&mut self, change: &api::Change) {
        let observed = &mut self.observed.api;
        match change {
            api::Change::Delete { id, .. } => observed.apis.retain(|api| api.id != *id),
            api::Change::Revoke { sid } => {
                observed.permissions.retain(|permission| permission.sid != *sid);
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
        let new_id = self.id();
        let new_routes: Vec<_> = bring.new_routes.iter().map(|key| (key.clone(), self.id())).collect();
        let observed = &mut self.observed.api;
        let api = observed.apis.iter_mut().find(|api| api.id == id).unwrap();
        if let Whole::Keep { address, tags, .. } = &bring.api {
            api.name.clone_from(&bring.name);
            api.address = address.unwrap_or(Address::On);
            retag(&mut api.tags, tags.as_ref());
        }
        let integration = match &bring.integration {
            Part::Create(to) => {
                api.integrations.insert(new_id.clone(), to.clone());
                new_id
            }
            Part::Alter { id, to } => {
                api.integrations.insert(id.clone(), to.clone());
                id.clone()
            }
            Part::Keep { id } => id.clone(),
        };
        let sid = format!("chalice-api-{id}");
        if bring.permission != Grant::Keep {
            observed.permissions.retain(|permission| permission.sid != sid);
            observed.permissions.push(api::Permission { sid, allows: Allows::ItsApi });
        }
        let route =
            |id| api::Route { id, integration: Some(integration.clone()), authorization: "NONE".to_owned() };
        for (key, id) in new_routes {
            let before = api.routes.insert(key, route(id));
            assert_eq!(before, None, "AWS refuses a route that is there");
        }
        for (key, id) in &bring.stray_routes {
            api.routes.insert(key.clone(), route(id.clone()));
        }
        for key in bring.old_routes.keys() {
            api.routes.remove(key).unwrap();
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
    }

    /// An id as AWS would make it up.
    pub fn id(&mut self) -> String {
        self.next += 1;
        format!("id{:03}", self.next)
    }
}

fn retag(tags: &mut Tags, change: Option<&Retag>) {
    let Some(change) = change else { return };
    for key in &change.unset {
        tags.0.remove(key).unwrap();
    }
    tags.0.extend(change.set.clone());
}
