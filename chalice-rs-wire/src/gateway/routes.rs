//! Which route a request takes.
//!
//! Not here: whether one path matches one pattern; see [`PathPattern::captures`].

use std::borrow::Cow;

use chalice_rs_manifest::{Manifest, Method, PathPattern};

use crate::http_v2::Pairs;

/// The routes of an API, in the order in which they are tried.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html>
#[derive(Debug, Clone)]
pub(super) struct Routes(Vec<Entry>);

#[derive(Debug, Clone)]
struct Entry {
    method: Method,
    path: PathPattern,
    key: String,
}

impl Routes {
    pub(super) fn new(manifest: &Manifest) -> Self {
        let mut entries = Vec::new();
        for route in &manifest.routes {
            for (method, key) in route.methods.iter().zip(route.keys()) {
                entries.push(Entry { method: *method, path: route.path.clone(), key });
            }
        }
        entries.sort_by_cached_key(Entry::rank);
        Self(entries)
    }

    /// Finds the route of a method and a percent-decoded path: its key, and the values the path has
    /// for its parameters.
    pub(super) fn find<'g: 'p, 'p>(
        &'g self,
        method: &http::Method,
        path: &'p str,
    ) -> Option<(&'g str, Pairs<'p>)> {
        self.0.iter().filter(|entry| entry.takes(method)).find_map(|entry| {
            let captures = entry.path.captures(path)?;
            let parameters =
                captures.into_iter().map(|(name, value)| (Cow::Borrowed(name), Cow::Borrowed(value)));
            Some((entry.key.as_str(), parameters.collect()))
        })
    }
}

impl Entry {
    fn takes(&self, method: &http::Method) -> bool {
        self.method == Method::Any || self.method.as_str() == method.as_str()
    }

    /// Smaller wins: the more specific path, then a method before `ANY`.
    fn rank(&self) -> impl Ord + use<> {
        (self.path.rank(), self.method == Method::Any)
    }
}
