//! All records of one app, put together: what each route inherits, and what API Gateway is told.
//!
//! Not here: the rules that no single attribute can see; see [`crate::Problem`].

mod check;
mod sharing;
#[cfg(test)]
mod tests;

use serde::Serialize;

use crate::{
    App, Authorizer, Blueprint, By, FunctionName, Guard, Handler, Head, Method, PathPattern, Record, Route,
};

pub use check::{Place, Problem, ROUTE_LIMIT};
pub use sharing::Sharing;

/// What one app declares: the records of all its crates, in a stable order.
///
/// ```
/// use chalice_rs_manifest::{Manifest, Method, PathPattern, Record, Route};
///
/// let route = |path, method| {
///     Record::Route(Route {
///         path: PathPattern::parse(path).unwrap(),
///         methods: vec![method],
///         ..Route::default()
///     })
/// };
/// let manifest = Manifest::from_records([route("/users", Method::Post), route("/", Method::Get)]);
/// assert_eq!(manifest.check(), []);
/// assert_eq!(manifest.routes[0].path.to_string(), "/");
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Manifest {
    /// What `#[chalice_rs::main]` says; `None` in an executable without it.
    pub app: Option<App>,
    /// The routes, ordered by path, then by first method. Each has its blueprints' prefixes in its
    /// path, and the rules of its blueprints and of the app where it has none of its own.
    pub routes: Vec<Route>,
    /// The blueprints, ordered by module.
    pub blueprints: Vec<Blueprint>,
    /// The authorizers, ordered by name.
    pub authorizers: Vec<Authorizer>,
    /// What answers requests that no route takes; more than one is a [`Problem`].
    pub not_found: Vec<Handler>,
    /// What makes the answers of errors; more than one is a [`Problem`].
    pub error_handlers: Vec<Handler>,
}

/// A route as API Gateway knows it. An app's routes give more of them than it declares.
///
/// ```
/// use chalice_rs_manifest::{Guard, Manifest, Method, PathPattern, Record, Route};
///
/// let put = Route { methods: vec![Method::Put], ..Route::default() };
/// let manifest = Manifest::from_records([Record::Route(put)]);
/// let routes = manifest.api_routes();
/// assert_eq!(routes[0].takes, Some((Method::Put, &PathPattern::default())));
/// assert_eq!(routes[0].guard, &Guard::None);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ApiRoute<'m> {
    /// Which requests; `None` for `$default`, which takes what no other route takes.
    pub takes: Option<(Method, &'m PathPattern)>,
    /// Who may call.
    pub guard: &'m Guard,
    /// The scopes of which a token must have at least one.
    pub scopes: &'m [String],
    /// The Lambda function beside the one of all routes, if it runs in one.
    pub lambda: Option<&'m FunctionName>,
}

impl Manifest {
    /// Sorts records into a manifest. The order they come in does not matter.
    ///
    /// ```
    /// use chalice_rs_manifest::{Handler, Manifest, Record};
    ///
    /// let lost = Handler { function: "lost".to_owned(), ..Handler::default() };
    /// let manifest = Manifest::from_records([Record::NotFound(lost)]);
    /// assert_eq!(manifest.not_found[0].function, "lost");
    /// ```
    pub fn from_records(records: impl IntoIterator<Item = Record>) -> Self {
        let mut manifest = Self::default();
        for record in records {
            match record {
                Record::App(app) => manifest.app = Some(app),
                Record::Route(route) => manifest.routes.push(route),
                Record::Blueprint(blueprint) => manifest.blueprints.push(blueprint),
                Record::Authorizer(authorizer) => manifest.authorizers.push(authorizer),
                Record::NotFound(handler) => manifest.not_found.push(handler),
                Record::ErrorHandler(handler) => manifest.error_handlers.push(handler),
            }
        }
        manifest.blueprints.sort_by(|a, b| {
            (&a.source.module, &a.source.file, a.source.line).cmp(&(
                &b.source.module,
                &b.source.file,
                b.source.line,
            ))
        });
        manifest.authorizers.sort_by(|a, b| {
            (&a.name, &a.source.file, a.source.line).cmp(&(&b.name, &b.source.file, b.source.line))
        });
        for handlers in [&mut manifest.not_found, &mut manifest.error_handlers] {
            handlers.sort_by(|a, b| (&a.source.file, a.source.line).cmp(&(&b.source.file, b.source.line)));
        }
        let declared = std::mem::take(&mut manifest.routes);
        manifest.routes = declared.into_iter().map(|route| manifest.resolved(route)).collect();
        manifest.routes.sort_by(|a, b| {
            (&a.path, &a.methods, &a.source.file, a.source.line).cmp(&(
                &b.path,
                &b.methods,
                &b.source.file,
                b.source.line,
            ))
        });
        manifest
    }

    /// Every route that API Gateway is told of, in a stable order: those of the app, HEAD beside GET,
    /// OPTIONS where the function answers browsers, `$default`.
    ///
    /// ```
    /// use chalice_rs_manifest::{Handler, Manifest, Method, Record, Route};
    ///
    /// let get = Route { methods: vec![Method::Get], ..Route::default() };
    /// let manifest = Manifest::from_records([Record::Route(get), Record::NotFound(Handler::default())]);
    /// let keys: Vec<String> = manifest.api_routes().into_iter().map(|route| route.key()).collect();
    /// assert_eq!(keys, ["GET /", "HEAD /", "$default"]);
    /// ```
    pub fn api_routes(&self) -> Vec<ApiRoute<'_>> {
        let mut all = Vec::new();
        for route in &self.routes {
            all.extend(route.methods.iter().map(|method| ApiRoute::of(route, *method)));
            if self.derives_head(route) {
                all.push(ApiRoute::of(route, Method::Head));
            }
        }
        let open = |takes| ApiRoute { takes, guard: &Guard::None, scopes: &[], lambda: None };
        all.extend(self.preflights().into_iter().map(|path| open(Some((Method::Options, path)))));
        all.extend(self.not_found.first().map(|_| open(None)));
        all
    }

    /// The Lambda functions beside the one of all routes, each name once, in order: those that routes
    /// run in, then the authorizers'.
    ///
    /// ```
    /// use chalice_rs_manifest::{Manifest, Record, Route, Rules};
    ///
    /// let rules = Rules { lambda: Some("thumbnails".parse().unwrap()), ..Rules::default() };
    /// let manifest = Manifest::from_records([Record::Route(Route { rules, ..Route::default() })]);
    /// assert_eq!(manifest.functions()[0].as_str(), "thumbnails");
    /// ```
    pub fn functions(&self) -> Vec<&FunctionName> {
        let mut names: Vec<&FunctionName> =
            self.routes.iter().filter_map(|route| route.rules.lambda.as_ref()).collect();
        names.sort();
        names.dedup();
        names.extend(
            self.authorizers
                .iter()
                .filter(|authorizer| matches!(authorizer.by, By::Function(_)))
                .map(|authorizer| &authorizer.name),
        );
        names
    }

    /// The authorizer of this name.
    ///
    /// ```
    /// use chalice_rs_manifest::Manifest;
    ///
    /// assert_eq!(Manifest::default().authorizer(&"users".parse().unwrap()), None);
    /// ```
    pub fn authorizer(&self, name: &FunctionName) -> Option<&Authorizer> {
        self.authorizers.iter().find(|authorizer| authorizer.name == *name)
    }

    /// The blueprints that a module is in, the innermost first.
    ///
    /// ```
    /// use chalice_rs_manifest::{Blueprint, Manifest, Record, Source};
    ///
    /// let blueprint = |module: &str| {
    ///     let source = Source { module: module.to_owned(), ..Source::default() };
    ///     Record::Blueprint(Blueprint { source, ..Blueprint::default() })
    /// };
    /// let manifest = Manifest::from_records([blueprint("shop::users"), blueprint("shop::orders")]);
    /// assert_eq!(manifest.blueprints_of("shop::users::admin").count(), 1);
    /// ```
    pub fn blueprints_of(&self, module: &str) -> impl Iterator<Item = &Blueprint> {
        // Sorted by module, an inner one stands behind those around it.
        self.blueprints.iter().rev().filter(move |blueprint| {
            module
                .strip_prefix(blueprint.source.module.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
        })
    }

    fn resolved(&self, mut route: Route) -> Route {
        let mut rules = std::mem::take(&mut route.rules);
        for blueprint in self.blueprints_of(&route.source.module) {
            route.path = route.path.under(&blueprint.prefix);
            rules = rules.within(&blueprint.rules);
        }
        if let Some(app) = &self.app {
            rules = rules.within(&app.rules);
        }
        Route { rules, ..route }
    }

    /// Whether HEAD on the path of this route is answered by its GET.
    fn derives_head(&self, route: &Route) -> bool {
        let head = self.app.as_ref().map(|app| app.head).unwrap_or_default();
        head == Head::Derived
            && route.methods.contains(&Method::Get)
            && !self.routes.iter().any(|other| {
                other.path == route.path
                    && other.methods.iter().any(|method| matches!(method, Method::Head | Method::Any))
            })
    }
}

impl<'m> ApiRoute<'m> {
    /// API Gateway's key: `GET /users/{id}`, or `$default`.
    ///
    /// ```
    /// use chalice_rs_manifest::{Handler, Manifest, Record};
    ///
    /// let manifest = Manifest::from_records([Record::NotFound(Handler::default())]);
    /// assert_eq!(manifest.api_routes()[0].key(), "$default");
    /// ```
    pub fn key(&self) -> String {
        match self.takes {
            Some((method, path)) => format!("{method} {}", path.api_gateway()),
            None => "$default".to_owned(),
        }
    }

    fn of(route: &'m Route, method: Method) -> Self {
        let rules = &route.rules;
        Self {
            takes: Some((method, &route.path)),
            guard: rules.authorizer.as_ref().unwrap_or(&Guard::None),
            scopes: &rules.scopes,
            lambda: rules.lambda.as_ref(),
        }
    }
}
