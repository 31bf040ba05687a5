//! What AWS has of one stage. Reads only, all kinds side by side.
//!
//! Not here: how one kind is read; see `resource/*::observe`.

use std::collections::BTreeSet;

use crate::aws::{Aws, AwsError};
use crate::desired::Desired;
use crate::resource::{Foreign, Sight, api, function, log_group, role};
use crate::scope::{Scope, TAG_APP, TAG_STAGE};

/// Everything of ours, by kind, and what stands in our place.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Observed {
    pub roles: Vec<role::Observed>,
    pub log_groups: Vec<log_group::Observed>,
    pub functions: Vec<function::Observed>,
    pub api: api::Observed,
    /// Resources with the names that we need, that are not tagged as ours.
    pub foreign: Vec<Foreign>,
}

/// Looks at everything: what has the names that are wanted, and what is ours by its tags under the
/// name of a function that nobody wants any more.
pub async fn all(aws: &Aws, desired: &Desired) -> Result<Observed, AwsError> {
    let wanted = wanted(&aws.scope, desired);
    let (named, log_groups, listed, apis) = futures::try_join!(
        named(aws, &wanted),
        log_group::observe(aws),
        function::listed(aws),
        api::observe(aws)
    )?;
    let mut foreign = Vec::new();
    let is_wanted = |name: &str| wanted.iter().any(|function| aws.scope.log_group(function) == name);
    let log_groups = ours(log_groups, &mut foreign);
    foreign.retain(|found| is_wanted(&found.name));

    let grouped = log_groups.iter().filter_map(|group| group.name.strip_prefix("/aws/lambda/"));
    let mut others: BTreeSet<String> = grouped.map(ToOwned::to_owned).collect();
    others.extend(listed);
    let others: BTreeSet<String> = others.difference(&wanted).cloned().collect();
    let others = self::named(aws, &others).await?;

    let mut found = Observed {
        log_groups,
        api: api::Observed { apis, ..Default::default() },
        foreign,
        ..Default::default()
    };
    for named in named {
        found.take(named);
    }
    // What begins like ours and is not tagged so is in nobody's way.
    let obstacles = std::mem::take(&mut found.foreign);
    for named in others {
        found.take(named);
    }
    found.foreign = obstacles;
    found.foreign.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
    Ok(found)
}

impl Observed {
    /// Refuses to go on when something of somebody else's has a name that we need.
    pub fn unobstructed(self, scope: &Scope) -> Result<Self, AwsError> {
        match self.foreign.into_iter().next() {
            Some(Foreign { kind, name, arn }) => Err(AwsError::NotOurs {
                what: format!("{kind} `{name}`"),
                arn,
                tags: format!("`{TAG_APP}={}` and `{TAG_STAGE}={}`", scope.app, scope.stage),
            }),
            None => Ok(Self { foreign: Vec::new(), ..self }),
        }
    }

    fn take(&mut self, named: Named) {
        let Named { role, function, permissions } = named;
        self.roles.extend(ours([role], &mut self.foreign));
        let functions = ours([function], &mut self.foreign);
        // Statements on a function of somebody else's are none of ours.
        if !functions.is_empty() {
            self.api.permissions.extend(permissions);
        }
        self.functions.extend(functions);
    }
}

/// The names of the functions that are wanted; that of all routes also when nothing is.
fn wanted(scope: &Scope, desired: &Desired) -> BTreeSet<String> {
    let names = desired.functions.iter().map(|function| function.name.clone());
    names.chain([scope.name()]).collect()
}

/// What has one name.
struct Named {
    role: Sight<role::Observed>,
    function: Sight<function::Observed>,
    permissions: Vec<api::Permission>,
}

async fn named(aws: &Aws, names: &BTreeSet<String>) -> Result<Vec<Named>, AwsError> {
    let one = async |name: &String| {
        let (role, function, permissions) = futures::try_join!(
            role::observe(aws, name),
            function::observe(aws, name),
            api::permissions(aws, name)
        )?;
        Ok(Named { role, function, permissions })
    };
    futures::future::try_join_all(names.iter().map(one)).await
}

fn ours<T>(found: impl IntoIterator<Item = Sight<T>>, foreign: &mut Vec<Foreign>) -> Vec<T> {
    let mut ours = Vec::new();
    for sight in found {
        match sight {
            Sight::Nothing => {}
            Sight::Ours(found) => ours.push(found),
            Sight::Foreign(found) => foreign.push(found),
        }
    }
    ours
}
