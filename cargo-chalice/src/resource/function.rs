//! A function: its settings, its code, the version that is live.
//!
//! Here: what we want, what AWS has, the difference, and how to close it.
//! Not here: who may call it; that permission lives with the caller (`api.rs`).
//!
//! `$LATEST` is only a workbench: callers see the alias `live`, which moves to a published version
//! once settings and code are both in place.

mod apply;
mod observe;
mod words;

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use serde::{Serialize, Serializer};

pub use apply::apply;
pub use observe::{listed, observe};

use super::tags::{Retag, Tags};
use super::{Inputs, Joined, Part, join};

/// The runtime for executables.
/// <https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html>
const RUNTIME: &str = "provided.al2023";

/// What the executable is told to run; the function of all routes.
const HANDLER: &str = "bootstrap";

/// How many versions stay, the live one included, so that going back needs no upload.
const KEPT_VERSIONS: usize = 5;

/// A function as it should be.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Desired {
    pub name: String,
    pub revision: Revision,
    /// Where the code lies; read, and held against the digest, when it is sent.
    pub zip: Utf8PathBuf,
    /// The zip's size in bytes.
    pub size: u64,
    pub tags: Tags,
}

/// All that a version freezes.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Revision {
    pub settings: Settings,
    pub code: Code,
}

/// What `UpdateFunctionConfiguration` takes.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Settings {
    pub runtime: String,
    pub handler: String,
    pub role: String,
    pub memory: u32,
    pub timeout: u32,
    pub environment: Environment,
    pub logging: Logging,
    pub description: String,
}

/// What `UpdateFunctionCode` takes.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Code {
    /// SHA-256 of the zip, base64.
    pub sha256: String,
    /// `arm64` or `x86_64`.
    pub architecture: String,
}

/// Environment variables. Their values are secrets: a printed plan has only the names.
#[derive(Clone, PartialEq, Default)]
pub struct Environment(pub BTreeMap<String, String>);

/// Where logs go, and how they look.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Logging {
    pub format: String,
    pub group: String,
    pub application_level: String,
    pub system_level: String,
}

/// A function as it is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Observed {
    pub name: String,
    /// `$LATEST`.
    pub latest: Revision,
    /// Where the alias `live` points.
    pub live: Option<Live>,
    /// The last published version that is not live, if it came after the live one.
    pub waiting: Option<(u64, Revision)>,
    /// All published versions, in order.
    pub versions: Vec<u64>,
    /// Those that an alias of somebody else points at.
    pub held: Vec<u64>,
    pub tags: Tags,
}

/// The alias `live`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Live {
    pub version: u64,
    pub revision: Revision,
    /// Whether it sends a part of the calls to another version.
    pub split: Split,
}

/// How the alias spreads calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Split {
    /// All to its version.
    #[default]
    None,
    /// Some to another one.
    Weighted,
}

/// What is to be done about one function.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Change {
    Create(Box<Desired>),
    Alter(Box<Alter>),
    Delete { name: String },
}

/// What is to be done about a function that exists. `None` is left alone.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Alter {
    pub name: String,
    pub settings: Option<NewSettings>,
    pub code: Option<NewCode>,
    pub live: Option<GoLive>,
    pub tags: Option<Retag>,
    /// Versions to delete, after the alias has moved.
    pub prune: Vec<u64>,
}

/// Other settings.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NewSettings {
    pub from: Settings,
    pub to: Settings,
}

/// Other code.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NewCode {
    pub zip: Utf8PathBuf,
    pub size: u64,
    pub from: Code,
    pub to: Code,
}

/// How what is wanted becomes what callers see: the alias points at a version that has it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GoLive {
    pub version: Version,
    pub alias: Alias,
}

/// Which version goes live.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Version {
    /// The one that publishing `$LATEST`, which then has this code, gives.
    Next { sha256: String },
    /// One that is published already.
    Published(u64),
}

/// Whether there is an alias to move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Alias {
    Create,
    Move,
}

/// The function of all routes, and those beside it. All have the same code; the handler says what
/// it is to run.
pub fn desired(inputs: &Inputs<'_>) -> Vec<Desired> {
    inputs.parts().map(|part| function(inputs, part)).collect()
}

fn function(inputs: &Inputs<'_>, part: Part<'_>) -> Desired {
    let Inputs { scope, artifact, .. } = inputs;
    let name = part.function();
    let settings = inputs.settings.of(part.name);
    let settings = Settings {
        runtime: RUNTIME.to_owned(),
        handler: part.name.map_or(HANDLER, |name| name.as_str()).to_owned(),
        role: scope.role_arn(&name).0,
        memory: settings.memory,
        timeout: settings.timeout,
        environment: Environment(settings.variables()),
        logging: Logging {
            format: "JSON".to_owned(),
            group: scope.log_group(&name),
            application_level: "INFO".to_owned(),
            system_level: "INFO".to_owned(),
        },
        description: match part.name {
            None => format!("All routes of {}, stage {}.", scope.app, scope.stage),
            Some(part) => format!("{part} of {}, stage {}.", scope.app, scope.stage),
        },
    };
    let code = Code { sha256: artifact.sha256.clone(), architecture: artifact.architecture.to_string() };
    Desired {
        name,
        revision: Revision { settings, code },
        zip: artifact.zip.clone(),
        size: artifact.size,
        tags: inputs.tags(),
    }
}

/// What brings the functions that are to those that should be.
pub fn diff(want: &[Desired], have: &[Observed]) -> Vec<Change> {
    join(want, have, |want| &want.name, |have| &have.name)
        .into_iter()
        .filter_map(|pair| match pair {
            Joined::Missing(want) => Some(Change::Create(Box::new(want.clone()))),
            Joined::Extra(have) => Some(Change::Delete { name: have.name.clone() }),
            Joined::Both(want, have) => alter(want, have).map(Box::new).map(Change::Alter),
        })
        .collect()
}

fn alter(want: &Desired, have: &Observed) -> Option<Alter> {
    let Revision { settings, code } = &want.revision;
    let live = go_live(want, have);
    // A version that is published already needs nothing from the workbench, yet the workbench is
    // brought along: the next publication starts from it.
    let alter = Alter {
        name: want.name.clone(),
        settings: (*settings != have.latest.settings)
            .then(|| NewSettings { from: have.latest.settings.clone(), to: settings.clone() }),
        code: (*code != have.latest.code).then(|| NewCode {
            zip: want.zip.clone(),
            size: want.size,
            from: have.latest.code.clone(),
            to: code.clone(),
        }),
        tags: want.tags.since(&have.tags),
        prune: prune(have, live.as_ref()),
        live,
    };
    let idle = alter.settings.is_none()
        && alter.code.is_none()
        && alter.live.is_none()
        && alter.tags.is_none()
        && alter.prune.is_empty();
    (!idle).then_some(alter)
}

fn go_live(want: &Desired, have: &Observed) -> Option<GoLive> {
    let version = match (&have.live, &have.waiting) {
        (Some(live), _) if live.revision == want.revision => match live.split {
            Split::None => return None,
            Split::Weighted => Version::Published(live.version),
        },
        // Published, and then interrupted.
        (_, Some((version, revision))) if *revision == want.revision && have.latest == want.revision => {
            Version::Published(*version)
        }
        _ => Version::Next { sha256: want.revision.code.sha256.clone() },
    };
    let alias = if have.live.is_some() { Alias::Move } else { Alias::Create };
    Some(GoLive { version, alias })
}

/// The versions that are too many once the change is made.
fn prune(have: &Observed, live: Option<&GoLive>) -> Vec<u64> {
    let (coming, stays) = match live.map(|live| &live.version) {
        Some(Version::Next { .. }) => (1, None),
        Some(Version::Published(version)) => (0, Some(*version)),
        None => (0, have.live.as_ref().map(|live| live.version)),
    };
    let newest_first = have.versions.iter().rev().copied();
    newest_first
        .skip(KEPT_VERSIONS - coming)
        .filter(|version| Some(*version) != stays && !have.held.contains(version))
        .collect()
}

impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Serialize for Environment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.keys())
    }
}
