//! Tags: whose a resource is, what the user added, and the difference between two sets.
//!
//! Pure. Each kind's file knows how its service takes tags.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::scope::{Scope, TAG_APP, TAG_STAGE};

/// The tags of one resource.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Tags(pub BTreeMap<String, String>);

/// What brings one set of tags to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Retag {
    /// Tags to add, or to give another value.
    pub set: BTreeMap<String, String>,
    /// Keys to remove.
    pub unset: Vec<String>,
}

impl Tags {
    /// Our own tags and the user's.
    pub fn desired(scope: &Scope, users: &BTreeMap<String, String>) -> Self {
        let mut tags = users.clone();
        tags.insert(TAG_APP.to_owned(), scope.app.to_string());
        tags.insert(TAG_STAGE.to_owned(), scope.stage.to_string());
        Self(tags)
    }

    /// Whether they say that the resource belongs to this app and stage.
    pub fn are_ours(&self, scope: &Scope) -> bool {
        let has = |key: &str, value: &str| self.0.get(key).is_some_and(|found| found == value);
        has(TAG_APP, scope.app.as_str()) && has(TAG_STAGE, scope.stage.as_str())
    }

    /// What brings `have` to these tags; `None` when nothing does. AWS's own tags stay.
    pub fn since(&self, have: &Self) -> Option<Retag> {
        let set: BTreeMap<_, _> = self
            .0
            .iter()
            .filter(|(key, value)| have.0.get(*key) != Some(*value))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        let unset: Vec<_> = have
            .0
            .keys()
            .filter(|key| !self.0.contains_key(*key) && !key.starts_with("aws:"))
            .cloned()
            .collect();
        (!set.is_empty() || !unset.is_empty()).then_some(Retag { set, unset })
    }
}

impl Retag {
    /// In the user's words: `tags + team, - owner`.
    pub fn words(&self) -> String {
        let set = self.set.keys().map(|key| format!("+ {key}"));
        let unset = self.unset.iter().map(|key| format!("- {key}"));
        format!("tags {}", set.chain(unset).collect::<Vec<_>>().join(", "))
    }
}

impl FromIterator<(String, String)> for Tags {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}
