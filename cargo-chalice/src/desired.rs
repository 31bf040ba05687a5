//! What should be on AWS, from the settings, the artifact and the scope alone.
//!
//! Pure, and it cannot fail: what AWS would refuse was refused before, where the user wrote it
//! (`settings.rs` for values, `artifact.rs` for code and routes, the types of the names for lengths).
//! Not here: what one kind of resource looks like; see `resource/`.

use serde::Serialize;

use crate::artifact::Artifact;
use crate::resource::{Inputs, api, function, log_group, role};
use crate::scope::Scope;
use crate::settings::Settings;

/// Everything that should be, by kind.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Desired {
    pub roles: Vec<role::Desired>,
    pub log_groups: Vec<log_group::Desired>,
    pub functions: Vec<function::Desired>,
    pub apis: Vec<api::Desired>,
}

impl Desired {
    /// What the project wants.
    pub fn from(settings: &Settings, artifact: &Artifact, scope: &Scope) -> Self {
        let inputs = Inputs { scope, settings, artifact };
        Self {
            roles: role::desired(&inputs),
            log_groups: log_group::desired(&inputs),
            functions: function::desired(&inputs),
            apis: api::desired(&inputs),
        }
    }

    /// Nothing at all: what `delete` wants.
    pub fn nothing() -> Self {
        Self::default()
    }

    /// Whether this is [`Desired::nothing`].
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}
