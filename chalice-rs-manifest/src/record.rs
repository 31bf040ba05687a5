//! One record per attribute: exactly what the user wrote, validated.
//!
//! A record is what the macros write into the executable and what everything else reads.
//! A change of these types that an older reader would misread raises [`crate::section::VERSION`].

use serde::{Deserialize, Serialize};

use crate::{Authorizer, CorsRule, FunctionName, Guard, Method, PathPattern};

/// What one attribute declares.
///
/// ```
/// use chalice_rs_manifest::Record;
///
/// let record = r#"{
///     "kind": "not_found", "function": "lost", "source": {"module": "shop", "file": "src/main.rs", "line": 7}
/// }"#;
/// let record: Record = serde_json::from_str(record).unwrap();
/// assert!(matches!(record, Record::NotFound(handler) if handler.function == "lost"));
/// ```
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
///
/// ```
/// use chalice_rs_manifest::{App, Manifest, Record};
///
/// let app = App { package: "shop".to_owned(), version: "1.0.0".to_owned(), ..App::default() };
/// assert_eq!(Manifest::from_records([Record::App(app.clone())]).app, Some(app));
/// ```
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
///
/// ```
/// use chalice_rs_manifest::{App, Head, Manifest, Method, Record, Route};
///
/// let route = Route { methods: vec![Method::Get], ..Route::default() };
/// let keys = |head| {
///     let records = [Record::App(App { head, ..App::default() }), Record::Route(route.clone())];
///     let manifest = Manifest::from_records(records);
///     manifest.api_routes().into_iter().map(|route| route.key()).collect::<Vec<_>>()
/// };
/// assert_eq!(keys(Head::Derived), ["GET /", "HEAD /"]);
/// assert_eq!(keys(Head::Declared), ["GET /"]);
/// ```
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
///
/// ```
/// use chalice_rs_manifest::{Method, PathPattern, Route};
///
/// let route = Route {
///     path: PathPattern::parse("/users/<id>").unwrap(),
///     methods: vec![Method::Get, Method::Put],
///     function: "user".to_owned(),
///     ..Route::default()
/// };
/// assert_eq!(route.keys().next().as_deref(), Some("GET /users/{id}"));
/// ```
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
    ///
    /// ```
    /// use chalice_rs_manifest::{Method, PathPattern, Route};
    ///
    /// let path = PathPattern::parse("/users/<id>").unwrap();
    /// let route = Route { path, methods: vec![Method::Get, Method::Put], ..Route::default() };
    /// assert!(route.keys().eq(["GET /users/{id}", "PUT /users/{id}"]));
    /// ```
    pub fn keys(&self) -> impl Iterator<Item = String> {
        let path = self.path.api_gateway();
        self.methods.iter().map(move |method| format!("{method} {path}"))
    }
}

/// What the routes of a module and of those inside it have in common.
///
/// ```
/// use chalice_rs_manifest::{Blueprint, Manifest, PathPattern, Record, Route, Source};
///
/// let source = |module: &str| Source { module: module.to_owned(), ..Source::default() };
/// let path = |text| PathPattern::parse(text).unwrap();
/// let users =
///     Blueprint { prefix: path("/users"), source: source("shop::users"), ..Blueprint::default() };
/// let show = Route { path: path("/<id>"), source: source("shop::users"), ..Route::default() };
/// let manifest = Manifest::from_records([Record::Blueprint(users), Record::Route(show)]);
/// assert_eq!(manifest.routes[0].path, path("/users/<id>"));
/// ```
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
///
/// ```
/// use chalice_rs_manifest::{Guard, Rules};
///
/// let rules: Rules = serde_json::from_str(r#"{"authorizer": "iam", "tags": ["orders"]}"#).unwrap();
/// assert_eq!(rules.authorizer, Some(Guard::Iam));
/// assert_eq!(rules.cors, None);
/// ```
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
    ///
    /// ```
    /// use chalice_rs_manifest::{Guard, Rules};
    ///
    /// let tagged = |tag: &str| Rules { tags: vec![tag.to_owned()], ..Rules::default() };
    /// let blueprint = Rules { authorizer: Some(Guard::Iam), ..tagged("shop") };
    /// let route = tagged("orders").within(&blueprint);
    /// assert_eq!(route.authorizer, Some(Guard::Iam));
    /// assert_eq!(route.tags, ["shop", "orders"]);
    /// ```
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
///
/// ```
/// use chalice_rs_manifest::{Handler, Manifest, Record};
///
/// let lost = Handler { function: "lost".to_owned(), ..Handler::default() };
/// assert_eq!(Manifest::from_records([Record::NotFound(lost.clone())]).not_found, [lost]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Handler {
    /// The function's name.
    pub function: String,
    /// Where it stands.
    pub source: Source,
}

/// A place in the user's code.
///
/// ```
/// use chalice_rs_manifest::Source;
///
/// let source = Source { module: "shop".to_owned(), file: "src/main.rs".to_owned(), line: 7 };
/// assert_eq!(source.to_string(), "src/main.rs:7");
/// ```
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
