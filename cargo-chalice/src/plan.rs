//! The difference between what should be and what is: plain data, in the order it will be made.
//!
//! Pure. Two plans made from equal inputs are equal, byte for byte.

#[cfg(test)]
mod holds;
#[cfg(test)]
mod model;
#[cfg(test)]
mod parts;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod told;

use std::collections::BTreeSet;
use std::fmt;

use serde::{Serialize, Serializer, ser::SerializeStruct};

use crate::desired::Desired;
use crate::observe::Observed;
use crate::resource::{Change, Line, api, function, log_group, role};
use crate::scope::Scope;

/// What is to be done.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub scope: Scope,
    /// In the order of [`Change::phase`].
    pub changes: Vec<Change>,
}

impl Plan {
    /// Compares two pictures of one stage.
    pub fn between(scope: &Scope, desired: &Desired, observed: &Observed) -> Self {
        let roles = role::diff(&desired.roles, &observed.roles).into_iter().map(Change::Role);
        let log_groups =
            log_group::diff(&desired.log_groups, &observed.log_groups).into_iter().map(Change::LogGroup);
        let functions =
            function::diff(&desired.functions, &observed.functions).into_iter().map(Change::Function);
        let apis = api::diff(&desired.apis, &observed.api).into_iter().map(Change::Api);
        let mut changes: Vec<_> = log_groups.chain(roles).chain(functions).chain(apis).collect();
        changes.sort_by_key(Change::phase);
        let mut plan = Self { scope: scope.clone(), changes };
        plan.drop_what_goes_anyway();
        plan
    }

    /// Whether AWS is as it should be.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The plan in the user's words.
    pub fn lines(&self) -> Vec<Line> {
        self.changes.iter().flat_map(|change| change.lines(&self.scope)).collect()
    }

    /// The lines that a person should have agreed to.
    pub fn destructive(&self) -> Vec<Line> {
        self.lines().into_iter().filter(|line| line.destructive).collect()
    }

    /// A function that is deleted takes its permissions along.
    fn drop_what_goes_anyway(&mut self) {
        let gone: BTreeSet<String> = self
            .changes
            .iter()
            .filter_map(|change| match change {
                Change::Function(function::Change::Delete { name }) => Some(name.clone()),
                _ => None,
            })
            .collect();
        let goes_anyway = |change: &Change| matches!(change, Change::Api(api::Change::Revoke { function, .. }) if gone.contains(function));
        self.changes.retain(|change| !goes_anyway(change));
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in self.lines() {
            writeln!(f, "{line}")?;
        }
        Ok(())
    }
}

impl Serialize for Plan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut plan = serializer.serialize_struct("Plan", 3)?;
        plan.serialize_field("scope", &self.scope)?;
        plan.serialize_field("lines", &self.lines())?;
        plan.serialize_field("changes", &self.changes)?;
        plan.end()
    }
}
