//! The closed list of resource kinds, in the order they are made.
//!
//! Adding a kind is one new file, one variant here, and the arms the compiler asks for.
//! Not here: anything about one kind; each has a file with
//! `Desired · Observed · Change · desired · observe · diff · apply`.

pub mod api;
pub mod function;
pub mod log_group;
pub mod role;
pub mod tags;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chalice_rs_manifest::FunctionName;
use serde::Serialize;

use crate::artifact::Artifact;
use crate::aws::{Aws, AwsError};
use crate::scope::{Arn, Scope};
use crate::settings::Settings;
use tags::Tags;

/// All that a deployment follows from.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    pub scope: &'a Scope,
    pub settings: &'a Settings,
    pub artifact: &'a Artifact,
}

/// One Lambda function of the app.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    scope: &'a Scope,
    /// What it is called in the code; nothing for the function of all routes.
    pub name: Option<&'a FunctionName>,
}

impl<'a> Inputs<'a> {
    /// The tags of every resource.
    pub fn tags(&self) -> Tags {
        Tags::desired(self.scope, &self.settings.tags)
    }

    /// The app's Lambda functions, that of all routes first.
    pub fn parts(&self) -> impl Iterator<Item = Part<'a>> {
        let scope = self.scope;
        let others = self.artifact.manifest.functions().into_iter().map(Some);
        std::iter::once(None).chain(others).map(move |name| Part { scope, name })
    }

    /// The part that a route runs in.
    pub fn part(&self, name: Option<&'a FunctionName>) -> Part<'a> {
        Part { scope: self.scope, name }
    }
}

impl Part<'_> {
    /// The function's name on AWS, and its role's.
    pub fn function(&self) -> String {
        self.name.map_or_else(|| self.scope.name(), |name| self.scope.part(name))
    }
}

/// A kind of resource, or a part of one that a user thinks of as a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    LogGroup,
    Role,
    Function,
    Api,
    Authorizer,
    Route,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::LogGroup => "log group",
            Self::Role => "role",
            Self::Function => "function",
            Self::Api => "api",
            Self::Authorizer => "authorizer",
            Self::Route => "route",
        })
    }
}

/// What is to be done about one resource.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    Role(role::Change),
    LogGroup(log_group::Change),
    Function(function::Change),
    Api(api::Change),
}

/// When a change is made, beside all others of the same phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// A function's log group. It is the first to come and the last to go, so that it leads to the
    /// rest of a function that is half made and of which the code does not speak any more.
    Ledger,
    /// What else a function needs: its role.
    Ground,
    /// The function; its new code is live at the end.
    Code,
    /// The API: routes appear and disappear after the code that they call is live.
    Front,
    /// Deletions, in the opposite order.
    FrontGone,
    CodeGone,
    GroundGone,
    LedgerGone,
}

impl Change {
    /// Makes the change. Safe to run again after failing at any line.
    pub async fn apply(&self, aws: &Aws) -> Result<Outputs, AwsError> {
        let nothing = |()| Outputs::default();
        match self {
            Self::Role(change) => role::apply(aws, change).await.map(nothing),
            Self::LogGroup(change) => log_group::apply(aws, change).await.map(nothing),
            Self::Function(change) => function::apply(aws, change).await.map(nothing),
            Self::Api(change) => api::apply(aws, change).await,
        }
    }

    /// Whether an API comes into being; of two made at once, each has an id of its own.
    pub fn makes_an_api(&self) -> bool {
        matches!(self, Self::Api(api::Change::Bring(bring)) if matches!(bring.api, api::Whole::Create { .. }))
    }

    /// When it is made.
    pub fn phase(&self) -> Phase {
        match self {
            Self::LogGroup(log_group::Change::Delete { .. }) => Phase::LedgerGone,
            Self::LogGroup(_) => Phase::Ledger,
            Self::Role(role::Change::Delete { .. }) => Phase::GroundGone,
            Self::Role(_) => Phase::Ground,
            Self::Function(function::Change::Delete { .. }) => Phase::CodeGone,
            Self::Function(_) => Phase::Code,
            Self::Api(api::Change::Delete { .. } | api::Change::Revoke { .. }) => Phase::FrontGone,
            Self::Api(api::Change::Bring(_)) => Phase::Front,
        }
    }

    /// In the user's words, one line or more.
    pub fn lines(&self, scope: &Scope) -> Vec<Line> {
        match self {
            Self::Role(change) => change.lines(scope),
            Self::LogGroup(change) => change.lines(scope),
            Self::Function(change) => change.lines(scope),
            Self::Api(change) => change.lines(scope),
        }
    }
}

/// What only AWS could tell us.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Outputs {
    /// Where the API answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What is left to a person to do.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// One line of a plan.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Line {
    pub action: Action,
    pub kind: Kind,
    pub text: String,
    /// Whether something is lost that a further deploy cannot bring back.
    pub destructive: bool,
    /// The single things, when it is about several of its kind.
    #[serde(skip)]
    pub parts: Vec<String>,
}

/// What a line does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    Add,
    Alter,
    Remove,
}

impl Line {
    /// `+`
    pub fn add(kind: Kind, text: impl Into<String>) -> Self {
        Self { action: Action::Add, kind, text: text.into(), destructive: false, parts: Vec::new() }
    }

    /// `~`
    pub fn alter(kind: Kind, text: impl Into<String>) -> Self {
        Self { action: Action::Alter, kind, text: text.into(), destructive: false, parts: Vec::new() }
    }

    /// `-`
    pub fn remove(kind: Kind, text: impl Into<String>) -> Self {
        Self { action: Action::Remove, kind, text: text.into(), destructive: false, parts: Vec::new() }
    }

    /// The name of what it is about, without the details.
    pub fn subject(&self) -> &str {
        self.text.split("   ").next().unwrap_or_default()
    }

    /// The same, about these things.
    pub fn about(self, parts: Vec<String>) -> Self {
        Self { parts, ..self }
    }

    /// Whether all that it does is said in these lines, in one or in several of them.
    pub fn is_said_in(&self, lines: &[Self]) -> bool {
        let is_said = |part: &String| {
            lines.iter().any(|line| {
                (line.action, line.kind, line.destructive) == (self.action, self.kind, self.destructive)
                    && line.parts.contains(part)
            })
        };
        match self.parts.as_slice() {
            [] => lines.contains(self),
            parts => parts.iter().all(is_said),
        }
    }

    /// The same, to be confirmed first.
    pub fn destructive(self) -> Self {
        Self { destructive: true, ..self }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.action {
            Action::Add => '+',
            Action::Alter => '~',
            Action::Remove => '-',
        };
        write!(f, "{sign} {:<10}  {}", self.kind, self.text)
    }
}

/// What looking for a resource by its name found.
#[derive(Debug, Clone, PartialEq)]
pub enum Sight<T> {
    Nothing,
    Ours(T),
    Foreign(Foreign),
}

/// A resource that has the name we need and does not carry our tags. It is never touched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreign {
    pub kind: Kind,
    pub name: String,
    pub arn: Arn,
}

/// One name, as wanted and as found.
#[derive(Debug, PartialEq)]
pub enum Joined<'a, W, H> {
    Missing(&'a W),
    Extra(&'a H),
    Both(&'a W, &'a H),
}

/// Brings together by name what should be and what is, in the order of the names.
pub fn join<'a, W, H>(
    want: &'a [W],
    have: &'a [H],
    want_name: impl Fn(&'a W) -> &'a String,
    have_name: impl Fn(&'a H) -> &'a String,
) -> Vec<Joined<'a, W, H>> {
    let want: BTreeMap<_, _> = want.iter().map(|item| (want_name(item), item)).collect();
    let have: BTreeMap<_, _> = have.iter().map(|item| (have_name(item), item)).collect();
    let names: BTreeSet<_> = want.keys().chain(have.keys()).copied().collect();
    names
        .into_iter()
        .filter_map(|name| match (want.get(name).copied(), have.get(name).copied()) {
            (Some(want), Some(have)) => Some(Joined::Both(want, have)),
            (Some(want), None) => Some(Joined::Missing(want)),
            (None, Some(have)) => Some(Joined::Extra(have)),
            (None, None) => None,
        })
        .collect()
}
