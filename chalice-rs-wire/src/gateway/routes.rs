//! Which route a request takes.
//!
//! Not here: whether one path matches one pattern; see [`PathPattern::captures`].

use std::borrow::Cow;
use std::sync::Arc;

use chalice_rs_manifest::{ApiRoute, Authorizer, FunctionName, Guard, Manifest, Method, PathPattern};

use super::{Arrival, Request, inbound};
use crate::http_v2::{self, Pairs};

/// The routes of an API, in the order in which they are tried.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html>
#[derive(Debug)]
pub(super) struct Routes {
    entries: Vec<Arc<Entry>>,
    /// What takes all that no other route takes.
    default: Option<Arc<Entry>>,
}

/// One route, with all that the gateway has to know of it.
#[derive(Debug)]
pub(super) struct Entry {
    /// API Gateway's key.
    pub(super) key: String,
    /// Which requests it takes; `None` for `$default`, which takes any.
    takes: Option<(Method, PathPattern)>,
    /// Who may call.
    pub(super) guard: Guard,
    /// The authorizer that the guard names, if there is one of this name.
    pub(super) authorizer: Option<Authorizer>,
    /// The scopes of which a token must have at least one.
    pub(super) scopes: Vec<String>,
    /// The Lambda function beside the one of all routes, if it runs in one.
    pub(super) lambda: Option<FunctionName>,
}

impl Routes {
    pub(super) fn new(manifest: &Manifest) -> Self {
        let all = manifest.api_routes();
        let entries = all.into_iter().map(|route| Entry::new(manifest, route));
        let (mut entries, default): (Vec<Entry>, Vec<Entry>) =
            entries.partition(|entry| entry.takes.is_some());
        entries.sort_by_cached_key(Entry::rank);
        Self {
            entries: entries.into_iter().map(Arc::new).collect(),
            default: default.into_iter().next().map(Arc::new),
        }
    }

    /// Finds the route of a request.
    pub(super) fn find(&self, request: &Request) -> Option<&Arc<Entry>> {
        let path = inbound::decoded_path(request.uri());
        let found = self.entries.iter().find(|entry| entry.captures(request.method(), &path).is_some());
        found.or(self.default.as_ref())
    }
}

impl Entry {
    fn new(manifest: &Manifest, route: ApiRoute<'_>) -> Self {
        let authorizer = match route.guard {
            Guard::Named(name) => manifest.authorizer(name).cloned(),
            Guard::None | Guard::Iam => None,
        };
        Self {
            key: route.key(),
            takes: route.takes.map(|(method, path)| (method, path.clone())),
            guard: route.guard.clone(),
            authorizer,
            scopes: route.scopes.to_vec(),
            lambda: route.lambda.cloned(),
        }
    }

    /// What a function sees of a request that takes this route.
    pub(super) fn event<'r>(
        &'r self,
        request: &'r Request,
        path: &'r str,
        arrival: &Arrival,
    ) -> http_v2::Request<'r> {
        http_v2::Request {
            route_key: Cow::Borrowed(&self.key),
            path_parameters: self.captures(request.method(), path).unwrap_or_default(),
            ..inbound::request(request, path, arrival)
        }
    }

    fn captures<'p>(&'p self, method: &http::Method, path: &'p str) -> Option<Pairs<'p>> {
        let (own, pattern) = self.takes.as_ref()?;
        if *own != Method::Any && own.as_str() != method.as_str() {
            return None;
        }
        let captures = pattern.captures(path)?;
        Some(captures.into_iter().map(|(name, value)| (Cow::Borrowed(name), Cow::Borrowed(value))).collect())
    }

    /// Smaller wins: the more specific path, then a method before `ANY`.
    fn rank(&self) -> impl Ord + use<> {
        self.takes.as_ref().map(|(method, path)| (path.rank(), *method == Method::Any))
    }
}
