//! A function's changes in the user's words.

use super::{Alter, Change, Environment, NewCode, NewSettings, Settings, Version};
use crate::artifact::Bytes;
use crate::resource::tags::Retag;
use crate::resource::{Kind, Line};
use crate::scope::Scope;

impl Change {
    /// In the user's words.
    pub fn lines(&self, scope: &Scope) -> Vec<Line> {
        match self {
            Self::Create(desired) => {
                let Settings { memory, timeout, .. } = &desired.revision.settings;
                let architecture = &desired.revision.code.architecture;
                let text = format!(
                    "{}   {architecture}, {memory} MB, {timeout} s, code {}",
                    desired.name,
                    Bytes(desired.size)
                );
                vec![Line::add(Kind::Function, text)]
            }
            Self::Alter(alter) => {
                let words = alter.words().join(", ");
                // One function needs no name.
                let text = match scope.short(&alter.name) {
                    None => words,
                    Some(_) => format!("{}   {words}", alter.name),
                };
                vec![Line::alter(Kind::Function, text)]
            }
            Self::Delete { name } => vec![Line::remove(Kind::Function, name).destructive()],
        }
    }
}

impl Alter {
    fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        if let Some(settings) = &self.settings {
            words.extend(settings.words());
        }
        if let Some(code) = &self.code {
            words.extend(code.words());
        }
        match self.live.as_ref().map(|live| &live.version) {
            Some(Version::Next { .. }) if words.is_empty() => {
                words.push("what is there goes live".to_owned())
            }
            Some(Version::Published(version)) => words.push(format!("version {version} goes live")),
            Some(Version::Next { .. }) | None => {}
        }
        words.extend(self.tags.as_ref().map(Retag::words));
        if !self.prune.is_empty() && words.is_empty() {
            let versions: Vec<_> = self.prune.iter().map(ToString::to_string).collect();
            words.push(format!("delete old versions {}", versions.join(", ")));
        }
        words
    }
}

impl NewCode {
    fn words(&self) -> Vec<String> {
        let architecture = (self.from.architecture != self.to.architecture)
            .then(|| format!("{} → {}", self.from.architecture, self.to.architecture));
        let code = (self.from.sha256 != self.to.sha256).then(|| format!("new code ({})", Bytes(self.size)));
        architecture.into_iter().chain(code).collect()
    }
}

impl NewSettings {
    fn words(&self) -> Vec<String> {
        let Self { from, to } = self;
        let mut words = Vec::new();
        if from.memory != to.memory {
            words.push(format!("memory {} → {} MB", from.memory, to.memory));
        }
        if from.timeout != to.timeout {
            words.push(format!("timeout {} → {} s", from.timeout, to.timeout));
        }
        if from.environment != to.environment {
            words.push(format!("environment {}", to.environment.since(&from.environment)));
        }
        let mut plain = |what: &str, from: &str, to: &str| {
            if from != to {
                words.push(match from {
                    "" => format!("{what} {to}"),
                    _ => format!("{what} {from} → {to}"),
                });
            }
        };
        plain("runtime", &from.runtime, &to.runtime);
        plain("handler", &from.handler, &to.handler);
        plain("role", &from.role, &to.role);
        if from.logging != to.logging {
            words.push("logging".to_owned());
        }
        if from.description != to.description {
            words.push("description".to_owned());
        }
        words
    }
}

impl Environment {
    /// The names only; values may be secrets.
    fn since(&self, have: &Self) -> String {
        let set = self.0.iter().filter_map(|(key, value)| match have.0.get(key) {
            None => Some(format!("+ {key}")),
            Some(found) if found != value => Some(format!("~ {key}")),
            Some(_) => None,
        });
        let unset = have.0.keys().filter(|key| !self.0.contains_key(*key)).map(|key| format!("- {key}"));
        set.chain(unset).collect::<Vec<_>>().join(", ")
    }
}
