//! One record per attribute: exactly what the user wrote, validated.
//!
//! A record is what the macros write into the executable and what everything else reads.
//! A change of these types that an older reader would misread raises [`crate::section::VERSION`].

use serde::{Deserialize, Serialize};

use crate::{Authorizer, CorsRule, FunctionName, Guard, Method, PathPattern};

/// What one attribute declares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Record {
    /// `#[chalice_rs::main]`: the app itself.
    App(App),
    /// `#[route(..)]`: a function that answers HTTP requests.
    Route(Route),
    /// `blueprint! { .. }`: what the routes of a module have in common.
    Blueprint(Blueprint),
    /// `#[authorizer]`, `jwt_authorizer! { .. }`, `lambda_authorizer! { .. }`: who may call.
    Authorizer(Authorizer),
    /// `#[not_found]`: a function that answers what no route takes.
    NotFound(Handler),
    /// `#[error_handler]`: a function that makes the answer of an error.
    ErrorHandler(Handler),
}

/// The app, as `#[chalice_rs::main]` declares it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct App {
    /// The name of the package that has `main`.
    pub package: String,
    /// That package's version.
    pub version: String,
    /// The version of `chalice-rs` it was built with.
    pub library: String,
    /// What goes for each route that does not say otherwise.
    #[serde(flatten)]
    pub rules: Rules,
    /// Which routes answer HEAD.
    #[serde(default, skip_serializing_if = "Head::is_derived")]
    pub head: Head,
}

/// Which routes answer HEAD.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Head {
    /// Each path that answers GET.
    #[default]
    Derived,
    /// Only routes that name the method.
    Declared,
}

impl Head {
    fn is_derived(&self) -> bool {
        *self == Self::Derived
    }
}

/// A function that answers HTTP requests.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
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
    /// Who may call it, from which sites, and where it runs.
    #[serde(flatten)]
    pub rules: Rules,
}

impl Route {
    /// The keys API Gateway knows this route by, one per method: `GET /users/{id}`.
    pub fn keys(&self) -> impl Iterator<Item = String> {
        let path = self.path.api_gateway();
        self.methods.iter().map(move |method| format!("{method} {path}"))
    }
}

/// What the routes of a module and of those inside it have in common.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Blueprint {
    /// What stands before each path; `/` for nothing. It has no parameters.
    pub prefix: PathPattern,
    /// The module and where the blueprint stands in it.
    pub source: Source,
    /// What goes for each route that does not say otherwise.
    #[serde(flatten)]
    pub rules: Rules,
}

/// What can be said for one route, for a blueprint, or for the whole app.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Rules {
    /// Who may call; `None` leaves it to the blueprint and the app, and then to everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorizer: Option<Guard>,
    /// The scopes of which a token must have at least one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// Which sites' pages may call; `None` leaves it to the blueprint and the app, and then to none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cors: Option<CorsRule>,
    /// The Lambda function that it runs in, if that is not the one of all routes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lambda: Option<FunctionName>,
    /// Words that group routes in the API's documentation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

impl Rules {
    /// These rules, with those of `outer` where they say nothing. Tags add up, the outer ones first.
    #[must_use]
    pub fn within(self, outer: &Self) -> Self {
        let mut tags = outer.tags.clone();
        tags.extend(self.tags.into_iter().filter(|tag| !outer.tags.contains(tag)));
        // Scopes belong to the authorizer that they were written for.
        let scopes = if self.scopes.is_empty() && self.authorizer.is_none() {
            outer.scopes.clone()
        } else {
            self.scopes
        };
        Self {
            authorizer: self.authorizer.or_else(|| outer.authorizer.clone()),
            scopes,
            cors: self.cors.or_else(|| outer.cors.clone()),
            lambda: self.lambda.or_else(|| outer.lambda.clone()),
            tags,
        }
    }
}

/// A function that the app has at most once.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Handler {
    /// The function's name.
    pub function: String,
    /// Where it stands.
    pub source: Source,
}

/// A place in the user's code.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
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
