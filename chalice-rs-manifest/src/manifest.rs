//! All records of one app, and the rules that no single attribute can see.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use crate::{App, Record, Route, Source};

/// Routes that one API can have.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html>
pub const ROUTE_LIMIT: usize = 300;

/// What one app declares: the records of all its crates, in a stable order.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Manifest {
    /// What `#[chalice_rs::main]` says; `None` in an executable without it.
    pub app: Option<App>,
    /// The routes, ordered by path, then by first method.
    pub routes: Vec<Route>,
}

impl Manifest {
    /// Sorts records into a manifest. The order they come in does not matter.
    pub fn from_records(records: impl IntoIterator<Item = Record>) -> Self {
        let mut manifest = Self::default();
        for record in records {
            match record {
                Record::App(app) => manifest.app = Some(app),
                Record::Route(route) => manifest.routes.push(route),
            }
        }
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

    /// Finds what is wrong with the app as a whole. Every problem is found, each with its places.
    pub fn check(&self) -> Vec<Problem> {
        if self.routes.is_empty() {
            return vec![Problem::NothingDeclared];
        }
        let mut problems = Vec::new();
        let keys: usize = self.routes.iter().map(|route| route.methods.len()).sum();
        if keys > ROUTE_LIMIT {
            problems.push(Problem::TooManyRoutes { found: keys });
        }

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
        problems
    }
}

impl Route {
    fn place(&self) -> Place {
        Place { function: self.function.clone(), source: self.source.clone() }
    }
}

/// A function and where it stands.
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Problem {
    /// There is no route at all.
    NothingDeclared,
    /// More routes than one API can have.
    TooManyRoutes {
        /// How many there are; each method of a route counts.
        found: usize,
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
}

impl Problem {
    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Self::NothingDeclared => {
                "put `#[route(\"/\")]` on a function in a module that `main.rs` declares".to_owned()
            }
            Self::TooManyRoutes { .. } => {
                "answer several of them with one greedy route `/<path..>`, or split the app in two".to_owned()
            }
            Self::SameRoute { .. } => "remove one of them, or change its path or methods".to_owned(),
            Self::OtherNames { .. } => "give the parameter the same name in both paths".to_owned(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NothingDeclared => write!(f, "the app declares no routes"),
            Self::TooManyRoutes { found } => {
                write!(f, "the app has {found} routes; API Gateway takes {ROUTE_LIMIT} per API")
            }
            Self::SameRoute { key, first, second } => {
                write!(f, "`{key}` is declared twice: {first} and {second}")
            }
            Self::OtherNames { first_path, second_path, first, second } => {
                write!(f, "`{first_path}` and `{second_path}` match the same requests: {first} and {second}")
            }
        }
    }
}

impl std::error::Error for Problem {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Method, PathPattern};

    fn route(function: &str, methods: &[Method], path: &str, line: u32) -> Record {
        Record::Route(Route {
            path: PathPattern::parse(path).expect(path),
            methods: methods.to_vec(),
            function: function.to_owned(),
            source: Source { module: "app".to_owned(), file: "src/main.rs".to_owned(), line },
            doc: None,
        })
    }

    #[track_caller]
    fn check(records: Vec<Record>, expected: &[&str]) {
        let problems = Manifest::from_records(records).check();
        assert_eq!(problems.iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
        assert!(problems.iter().all(|problem| !problem.help().is_empty()));
    }

    #[test]
    fn a_good_app_has_no_problems() {
        check(
            vec![
                route("list", &[Method::Get], "/users", 1),
                route("show", &[Method::Get], "/users/<id>", 2),
                route("change", &[Method::Put], "/users/<id>", 3),
                route("me", &[Method::Get], "/users/me", 4),
                route("rest", &[Method::Any], "/users/<id..>", 5),
            ],
            &[],
        );
    }

    #[test]
    fn an_app_without_routes_is_refused() {
        check(vec![], &["the app declares no routes"]);
    }

    #[test]
    fn the_same_route_twice_names_both_places() {
        check(
            vec![route("b", &[Method::Get, Method::Post], "/x", 9), route("a", &[Method::Post], "/x", 3)],
            &["`POST /x` is declared twice: `b` at src/main.rs:9 and `a` at src/main.rs:3"],
        );
    }

    #[test]
    fn paths_that_differ_in_a_name_only_name_both_places() {
        check(
            vec![route("a", &[Method::Get], "/x/<a>", 3), route("b", &[Method::Post], "/x/<b>", 9)],
            &["`/x/<a>` and `/x/<b>` match the same requests: `a` at src/main.rs:3 and `b` at src/main.rs:9"],
        );
    }

    #[test]
    fn one_route_more_than_the_limit_is_refused() {
        let routes = |count: usize| {
            (0..count).map(|index| route("f", &[Method::Get], &format!("/r{index}"), 1)).collect::<Vec<_>>()
        };
        check(routes(ROUTE_LIMIT), &[]);
        check(routes(ROUTE_LIMIT + 1), &["the app has 301 routes; API Gateway takes 300 per API"]);
    }
}
