//! The rules that no single attribute can see.

use std::collections::BTreeSet;
use std::collections::btree_map::{BTreeMap, Entry};
use std::fmt;

use serde::Serialize;

use super::Manifest;
use crate::authorizer::AUTHORIZER_LIMIT;
use crate::{Authorizer, By, FunctionName, Guard, Handler, Method, Route, Source};

/// Routes that one API can have.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html>
pub const ROUTE_LIMIT: usize = 300;

impl Manifest {
    /// Finds what is wrong with the app as a whole. Every problem is found, each with its places.
    ///
    /// ```
    /// use chalice_rs_manifest::{Manifest, Problem};
    ///
    /// assert_eq!(Manifest::default().check(), [Problem::NothingDeclared]);
    /// ```
    pub fn check(&self) -> Vec<Problem> {
        if self.routes.is_empty() {
            return vec![Problem::NothingDeclared];
        }
        let mut problems = Vec::new();
        self.check_count(&mut problems);
        self.check_keys(&mut problems);
        self.check_shapes(&mut problems);
        self.check_blueprints(&mut problems);
        self.check_names(&mut problems);
        self.check_guards(&mut problems);
        self.check_cors(&mut problems);
        for (attribute, handlers) in [("not_found", &self.not_found), ("error_handler", &self.error_handlers)]
        {
            if let [first, second, ..] = &handlers[..] {
                let (first, second) = (first.place(), second.place());
                problems.push(Problem::SeveralHandlers { attribute, first, second });
            }
        }
        problems
    }

    fn check_count(&self, problems: &mut Vec<Problem>) {
        let found = self.api_routes().len();
        if found > ROUTE_LIMIT {
            let heads = self.routes.iter().filter(|route| self.derives_head(route)).count();
            problems.push(Problem::TooManyRoutes { found, heads, preflights: self.preflights().len() });
        }
    }

    fn check_keys(&self, problems: &mut Vec<Problem>) {
        let mut by_key: BTreeMap<String, &Route> = BTreeMap::new();
        for route in &self.routes {
            for key in route.keys() {
                if let Some(first) = by_key.get(&key) {
                    problems.push(Problem::SameRoute { key, first: first.place(), second: route.place() });
                } else {
                    by_key.insert(key, route);
                }
            }
        }
    }

    fn check_shapes(&self, problems: &mut Vec<Problem>) {
        let mut by_shape: BTreeMap<String, &Route> = BTreeMap::new();
        for route in &self.routes {
            match by_shape.get(&route.path.shape()) {
                Some(first) if first.path != route.path => problems.push(Problem::OtherNames {
                    first_path: first.path.to_string(),
                    second_path: route.path.to_string(),
                    first: first.place(),
                    second: route.place(),
                }),
                Some(_) => {}
                None => {
                    by_shape.insert(route.path.shape(), route);
                }
            }
        }
    }

    fn check_blueprints(&self, problems: &mut Vec<Problem>) {
        for pair in self.blueprints.windows(2) {
            let [first, second] = pair else { continue };
            if first.source.module == second.source.module {
                problems.push(Problem::SeveralBlueprints {
                    module: first.source.module.clone(),
                    first: first.source.clone(),
                    second: second.source.clone(),
                });
            }
        }
    }

    fn check_names(&self, problems: &mut Vec<Problem>) {
        let mut same = |name: &FunctionName, first, second| {
            problems.push(Problem::SameName { name: name.clone(), first, second });
        };
        for pair in self.authorizers.windows(2) {
            let [first, second] = pair else { continue };
            if first.name == second.name {
                same(&first.name, first.place(), second.place());
            }
        }
        // Each function has a role of its name, and IAM takes upper and lower case for the same:
        // <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html>
        let of_authorizers = self.authorizers.iter().filter(|found| matches!(found.by, By::Function(_)));
        let of_authorizers = of_authorizers.map(|found| (&found.name, "authorizer", found.place()));
        let of_routes = self.routes.iter();
        let of_routes =
            of_routes.filter_map(|route| Some((route.rules.lambda.as_ref()?, "route", route.place())));
        let (mut seen, mut taken) = (BTreeSet::new(), BTreeMap::<String, Place>::new());
        for (name, kind, place) in of_authorizers.chain(of_routes) {
            if !seen.insert((name, kind)) {
                continue;
            }
            match taken.entry(name.as_str().to_ascii_lowercase()) {
                Entry::Occupied(first) => same(name, first.get().clone(), place),
                Entry::Vacant(free) => {
                    free.insert(place);
                }
            }
        }
    }

    fn check_guards(&self, problems: &mut Vec<Problem>) {
        if self.authorizers.len() > AUTHORIZER_LIMIT {
            problems.push(Problem::TooManyAuthorizers { found: self.authorizers.len() });
        }
        for route in &self.routes {
            let guard = route.rules.authorizer.as_ref().unwrap_or(&Guard::None);
            let by = match guard {
                Guard::Named(name) => match self.authorizer(name) {
                    Some(authorizer) => Some(&authorizer.by),
                    None => {
                        let known = self.authorizers.iter().map(|found| found.name.to_string()).collect();
                        problems.push(Problem::UnknownAuthorizer {
                            name: name.clone(),
                            known,
                            place: route.place(),
                        });
                        continue;
                    }
                },
                Guard::None | Guard::Iam => None,
            };
            if !route.rules.scopes.is_empty() && !matches!(by, Some(By::Jwt(_))) {
                problems.push(Problem::ScopesWithoutJwt { place: route.place() });
            }
        }
    }

    fn check_cors(&self, problems: &mut Vec<Problem>) {
        let mut by_path: BTreeMap<String, &Route> = BTreeMap::new();
        for route in self.routes.iter().filter(|route| route.cors().is_some()) {
            let first = *by_path.entry(route.path.to_string()).or_insert(route);
            if first.cors() != route.cors() {
                problems.push(Problem::SeveralPolicies {
                    path: route.path.to_string(),
                    first: first.place(),
                    second: route.place(),
                });
            }
        }
        for route in self.routes.iter().filter(|route| route.methods.contains(&Method::Options)) {
            if let Some(shared) = by_path.get(&route.path.to_string()) {
                problems.push(Problem::OptionsBesideCors {
                    path: route.path.to_string(),
                    options: route.place(),
                    shared: shared.place(),
                });
            }
        }
    }
}

impl Route {
    fn place(&self) -> Place {
        Place { function: self.function.clone(), source: self.source.clone() }
    }
}

impl Authorizer {
    fn place(&self) -> Place {
        Place { function: self.name.to_string(), source: self.source.clone() }
    }
}

impl Handler {
    fn place(&self) -> Place {
        Place { function: self.function.clone(), source: self.source.clone() }
    }
}

/// A function and where it stands.
///
/// ```
/// use chalice_rs_manifest::Source;
/// use chalice_rs_manifest::manifest::Place;
///
/// let source = Source { module: "shop".to_owned(), file: "src/main.rs".to_owned(), line: 7 };
/// let place = Place { function: "order".to_owned(), source };
/// assert_eq!(place.to_string(), "`order` at src/main.rs:7");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The function's name.
    pub function: String,
    /// Where it stands.
    pub source: Source,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` at {}", self.function, self.source)
    }
}

/// Something wrong with the app as a whole.
///
/// ```
/// use chalice_rs_manifest::Problem;
///
/// let problem = Problem::TooManyAuthorizers { found: 11 };
/// println!("error: {problem}\nhelp: {}", problem.help());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Problem {
    /// There is no route at all.
    NothingDeclared,
    /// More routes than one API can have.
    TooManyRoutes {
        /// How many there are; each method of a route counts.
        found: usize,
        /// How many of them answer HEAD beside a GET.
        heads: usize,
        /// How many of them answer browsers.
        preflights: usize,
    },
    /// The same method and path twice.
    SameRoute {
        /// API Gateway's key of the route: `GET /users/{id}`.
        key: String,
        /// The one that comes first in the manifest.
        first: Place,
        /// The other one.
        second: Place,
    },
    /// Two paths that differ only in a parameter's name.
    OtherNames {
        /// The first path.
        first_path: String,
        /// The second path.
        second_path: String,
        /// The function of the first path.
        first: Place,
        /// The function of the second path.
        second: Place,
    },
    /// Two blueprints in one module.
    SeveralBlueprints {
        /// The module.
        module: String,
        /// The one that comes first.
        first: Source,
        /// The other one.
        second: Source,
    },
    /// An app has one of these at most.
    SeveralHandlers {
        /// The attribute.
        attribute: &'static str,
        /// The one that comes first.
        first: Place,
        /// The other one.
        second: Place,
    },
    /// More authorizers than one API can have.
    TooManyAuthorizers {
        /// How many there are.
        found: usize,
    },
    /// Two authorizers, or an authorizer and a function, of one name.
    SameName {
        /// The name.
        name: FunctionName,
        /// The one that comes first.
        first: Place,
        /// The other one.
        second: Place,
    },
    /// A route names an authorizer that is not there.
    UnknownAuthorizer {
        /// The name.
        name: FunctionName,
        /// Those that are there.
        known: Vec<String>,
        /// The route's function.
        place: Place,
    },
    /// Only tokens have scopes.
    ScopesWithoutJwt {
        /// The route's function.
        place: Place,
    },
    /// Routes of one path with different CORS policies.
    SeveralPolicies {
        /// The path.
        path: String,
        /// The one that comes first.
        first: Place,
        /// The other one.
        second: Place,
    },
    /// OPTIONS by hand, where browsers are answered already.
    OptionsBesideCors {
        /// The path.
        path: String,
        /// The route that answers OPTIONS.
        options: Place,
        /// A route of the same path that has a CORS policy.
        shared: Place,
    },
}

impl Problem {
    /// What to do about it.
    ///
    /// ```
    /// use chalice_rs_manifest::Problem;
    ///
    /// assert!(Problem::NothingDeclared.help().starts_with("put `#[route(\"/\")]` on a function"));
    /// ```
    pub fn help(&self) -> String {
        match self {
            Self::NothingDeclared => {
                "put `#[route(\"/\")]` on a function in a module that `main.rs` declares".to_owned()
            }
            Self::TooManyRoutes { found, heads, .. } if found - heads <= ROUTE_LIMIT => {
                "write `#[chalice_rs::main(head = false)]`, and only the routes that are written answer HEAD"
                    .to_owned()
            }
            Self::TooManyRoutes { found, heads, preflights } if found - heads - preflights <= ROUTE_LIMIT => {
                "give all routes the same `cors`, which needs no route of its own; if that is not enough, write \
                 `#[chalice_rs::main(head = false)]`"
                    .to_owned()
            }
            Self::TooManyRoutes { .. } => {
                "answer several of them with one greedy route `/<path..>`, or split the app in two".to_owned()
            }
            Self::SameRoute { .. } => "remove one of them, or change its path or methods".to_owned(),
            Self::OtherNames { .. } => "give the parameter the same name in both paths".to_owned(),
            Self::SeveralBlueprints { .. } => {
                "put both into one, or one of them into a module inside".to_owned()
            }
            Self::SeveralHandlers { .. } => "keep one of the two".to_owned(),
            Self::TooManyAuthorizers { .. } => {
                "let one Lambda authorizer decide for several routes by their keys".to_owned()
            }
            Self::SameName { .. } => {
                "give one of them another name; upper and lower case are the same to IAM".to_owned()
            }
            Self::UnknownAuthorizer { known, .. } if known.is_empty() => {
                "declare it with `#[authorizer]`, `jwt_authorizer!` or `lambda_authorizer!`".to_owned()
            }
            Self::UnknownAuthorizer { known, .. } => format!("the app has `{}`", known.join("`, `")),
            Self::ScopesWithoutJwt { .. } => {
                "give the route a JWT authorizer, or leave `scopes` out".to_owned()
            }
            Self::SeveralPolicies { .. } => "give both the same `cors`".to_owned(),
            Self::OptionsBesideCors { .. } => {
                "remove OPTIONS from the route, or write `cors = false` on each route of this path".to_owned()
            }
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NothingDeclared => write!(f, "the app declares no routes"),
            Self::TooManyRoutes { found, heads, preflights } => {
                write!(f, "the app has {found} routes")?;
                if heads + preflights > 0 {
                    write!(f, ", {} of them for HEAD and CORS", heads + preflights)?;
                }
                write!(f, "; API Gateway takes {ROUTE_LIMIT} per API")
            }
            Self::SameRoute { key, first, second } => {
                write!(f, "`{key}` is declared twice: {first} and {second}")
            }
            Self::OtherNames { first_path, second_path, first, second } => {
                write!(f, "`{first_path}` and `{second_path}` match the same requests: {first} and {second}")
            }
            Self::SeveralBlueprints { module, first, second } => {
                write!(f, "the module `{module}` has two blueprints: at {first} and at {second}")
            }
            Self::SeveralHandlers { attribute, first, second } => {
                write!(f, "the app has two functions under `#[{attribute}]`: {first} and {second}")
            }
            Self::TooManyAuthorizers { found } => {
                write!(f, "the app has {found} authorizers; API Gateway takes {AUTHORIZER_LIMIT} per API")
            }
            Self::SameName { name, first, second } => {
                write!(f, "the name `{name}` is taken twice: {first} and {second}")
            }
            Self::UnknownAuthorizer { name, place, .. } => {
                write!(f, "the authorizer `{name}` of {place} is not declared")
            }
            Self::ScopesWithoutJwt { place } => {
                write!(f, "{place} asks for scopes, which only the tokens of a JWT authorizer have")
            }
            Self::SeveralPolicies { path, first, second } => {
                write!(f, "`{path}` has two CORS policies: {first} and {second}")
            }
            Self::OptionsBesideCors { path, options, shared } => {
                write!(f, "OPTIONS on `{path}` is answered by CORS and by a route: {shared} and {options}")
            }
        }
    }
}

impl std::error::Error for Problem {}
