//! Who answers browsers: API Gateway by its own configuration, or the function.
//!
//! API Gateway has one policy for a whole API, and throws away what the function says about CORS
//! once it has one. So either all routes share one policy that it can have, or the function answers.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html>

use std::collections::BTreeSet;

use super::Manifest;
use crate::{Cors, CorsRule, Method, Origin, PathPattern, Route};

/// Who tells browsers which pages may call.
///
/// ```
/// use chalice_rs_manifest::{Manifest, Sharing};
///
/// let words = match Manifest::default().sharing() {
///     Sharing::Nobody => "no page of another site may call",
///     Sharing::Gateway { .. } => "API Gateway tells browsers",
///     Sharing::Function => "the function tells browsers",
/// };
/// assert_eq!(words, "no page of another site may call");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Sharing<'m> {
    /// No route has a policy.
    Nobody,
    /// API Gateway, for the whole API.
    Gateway {
        /// The policy of all routes.
        cors: &'m Cors,
        /// Every method that a route has, and OPTIONS.
        methods: Vec<Method>,
    },
    /// The function, route by route.
    Function,
}

impl Manifest {
    /// Who answers browsers.
    ///
    /// ```
    /// use chalice_rs_manifest::{Cors, CorsRule, Manifest, Record, Route, Rules, Sharing};
    ///
    /// let cors = Some(CorsRule::Allow(Cors { origins: vec!["*".parse().unwrap()], ..Cors::default() }));
    /// let route = Route { rules: Rules { cors, ..Rules::default() }, ..Route::default() };
    /// let manifest = Manifest::from_records([Record::Route(route)]);
    /// assert!(matches!(manifest.sharing(), Sharing::Gateway { .. }));
    /// ```
    pub fn sharing(&self) -> Sharing<'_> {
        let rules: Vec<Option<&CorsRule>> =
            self.routes.iter().map(|route| route.rules.cors.as_ref()).collect();
        let Some(CorsRule::Allow(cors)) =
            rules.iter().flatten().find(|rule| matches!(rule, CorsRule::Allow(_)))
        else {
            return Sharing::Nobody;
        };
        let is_of_all =
            rules.iter().all(|rule| matches!(rule, Some(CorsRule::Allow(other)) if other == cors));
        if is_of_all && cors.origins.iter().all(Origin::is_of_api_gateway) {
            Sharing::Gateway { cors, methods: methods(self.routes.iter()) }
        } else {
            Sharing::Function
        }
    }

    /// The policy that answers a preflight of a path, with the methods that it is for; by the path's
    /// spelling of API Gateway: `/users/{id}`.
    ///
    /// ```
    /// use chalice_rs_manifest::{Cors, CorsRule, Manifest, Method, PathPattern, Record, Route, Rules};
    ///
    /// let cors = Some(CorsRule::Allow(Cors { origins: vec!["*".parse().unwrap()], ..Cors::default() }));
    /// let route = Route {
    ///     path: PathPattern::parse("/users/<id>").unwrap(),
    ///     methods: vec![Method::Put],
    ///     rules: Rules { cors, ..Rules::default() },
    ///     ..Route::default()
    /// };
    /// let manifest = Manifest::from_records([Record::Route(route)]);
    /// let (_, methods) = manifest.policy("/users/{id}").unwrap();
    /// assert_eq!(methods, [Method::Put, Method::Options]);
    /// assert!(manifest.policy("/users").is_none());
    /// ```
    pub fn policy(&self, path: &str) -> Option<(&Cors, Vec<Method>)> {
        let sharing: Vec<(&Route, &Cors)> = self
            .routes
            .iter()
            .filter(|route| route.path.api_gateway() == path)
            .filter_map(|route| Some((route, route.cors()?)))
            .collect();
        let (_, cors) = sharing.first()?;
        Some((cors, methods(sharing.iter().map(|(route, _)| *route))))
    }

    /// The paths on which the function answers browsers.
    pub(super) fn preflights(&self) -> BTreeSet<&PathPattern> {
        if self.sharing() != Sharing::Function {
            return BTreeSet::new();
        }
        self.routes.iter().filter(|route| route.cors().is_some()).map(|route| &route.path).collect()
    }
}

impl Route {
    /// The policy it has, if it has one.
    ///
    /// ```
    /// use chalice_rs_manifest::{Cors, CorsRule, Route, Rules};
    ///
    /// let allowed = |cors| Route { rules: Rules { cors, ..Rules::default() }, ..Route::default() }.cors().cloned();
    /// assert_eq!(allowed(Some(CorsRule::Off)), None);
    /// assert_eq!(allowed(Some(CorsRule::Allow(Cors::default()))), Some(Cors::default()));
    /// ```
    pub fn cors(&self) -> Option<&Cors> {
        match &self.rules.cors {
            Some(CorsRule::Allow(cors)) => Some(cors),
            Some(CorsRule::Off) | None => None,
        }
    }
}

/// Every method of the routes, and OPTIONS; each once, in order. HEAD beside GET is not among them, for
/// a browser does not ask whether it may send it. <https://fetch.spec.whatwg.org/#cors-safelisted-method>
fn methods<'m>(routes: impl Iterator<Item = &'m Route>) -> Vec<Method> {
    let all = [Method::Get, Method::Post, Method::Put, Method::Patch, Method::Delete, Method::Head];
    let mut methods: BTreeSet<Method> = routes.flat_map(|route| route.methods.iter().copied()).collect();
    if methods.remove(&Method::Any) {
        methods.extend(all);
    }
    methods.insert(Method::Options);
    methods.into_iter().collect()
}
