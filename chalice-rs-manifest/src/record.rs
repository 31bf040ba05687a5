//! One record per attribute: exactly what the user wrote, validated.
//!
//! A record is what the macros write into the executable and what everything else reads.
//! A change of these types that an older reader would misread raises [`crate::section::VERSION`].

use serde::{Deserialize, Serialize};

use crate::{Method, PathPattern};

/// What one attribute declares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Record {
    /// `#[chalice_rs::main]`: the app itself.
    App(App),
    /// `#[route(..)]`: a function that answers HTTP requests.
    Route(Route),
}

/// The app, as `#[chalice_rs::main]` declares it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct App {
    /// The name of the package that has `main`.
    pub package: String,
    /// That package's version.
    pub version: String,
    /// The version of `chalice-rs` it was built with.
    pub library: String,
}

/// A function that answers HTTP requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// Which paths it answers.
    pub path: PathPattern,
    /// Which methods, in the order written; never empty, no duplicates.
    pub methods: Vec<Method>,
    /// The function's name.
    pub function: String,
    /// Where it stands.
    pub source: Source,
    /// The function's doc comment, without the leading space of each line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
}

impl Route {
    /// The keys API Gateway knows this route by, one per method: `GET /users/{id}`.
    pub fn keys(&self) -> impl Iterator<Item = String> {
        let path = self.path.api_gateway();
        self.methods.iter().map(move |method| format!("{method} {path}"))
    }
}

/// A place in the user's code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The module's path, crate first: `hello::users`.
    pub module: String,
    /// The file as the compiler was given it.
    pub file: String,
    /// The line of the attribute, counted from 1.
    pub line: u32,
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}
