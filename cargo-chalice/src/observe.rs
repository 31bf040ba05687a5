//! What AWS has of one stage. Reads only, all kinds side by side.
//!
//! Not here: how one kind is read; see `resource/*::observe`.

use crate::aws::{Aws, AwsError};
use crate::resource::{Foreign, Sight, api, function, log_group, role};
use crate::scope::{Scope, TAG_APP, TAG_STAGE};

/// Everything of ours, by kind, and what stands in our place.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Observed {
    pub roles: Vec<role::Observed>,
    pub log_groups: Vec<log_group::Observed>,
    pub functions: Vec<function::Observed>,
    pub api: api::Observed,
    /// Resources with our names that are not tagged as ours.
    pub foreign: Vec<Foreign>,
}

/// Looks at everything.
pub async fn all(aws: &Aws) -> Result<Observed, AwsError> {
    let (roles, log_groups, functions, api) = futures::try_join!(
        role::observe(aws),
        log_group::observe(aws),
        function::observe(aws),
        api::observe(aws),
    )?;
    let mut foreign = Vec::new();
    Ok(Observed {
        roles: ours(roles, &mut foreign),
        log_groups: ours(log_groups, &mut foreign),
        functions: ours(functions, &mut foreign),
        api,
        foreign,
    })
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
}

fn ours<T>(sight: Sight<Vec<T>>, foreign: &mut Vec<Foreign>) -> Vec<T> {
    match sight {
        Sight::Ours(found) => found,
        Sight::Foreign(found) => {
            foreign.push(found);
            Vec::new()
        }
    }
}
