//! Allowed for some routes.

use std::fmt;

use chalice_rs_manifest::path::Segment;
use chalice_rs_manifest::{Method, PathPattern};
use serde::Serialize;
use serde_json::Value;

use super::{AuthorizerRequest, IntoVerdict, Verdict};
use crate::Error;

/// The routes that a caller may use.
///
/// A route stands there as in its attribute, with a method before it or for all methods, and with the
/// prefixes of its blueprints. `/admin/<rest..>` is every route below `/admin`.
///
/// ```standalone_crate
/// use chalice_rs::authorizer::{AllowList, AuthorizerRequest};
/// use chalice_rs::prelude::*;
///
/// #[authorizer(ttl = 300)]
/// fn callers(request: &AuthorizerRequest<'_>) -> AllowList {
///     match request.token() {
///         "admin" => AllowList::everything(()),
///         "guest" => AllowList::new((), ["GET /articles/<id>", "/public/<page..>"]),
///         _ => AllowList::nothing(),
///     }
/// }
///
/// #[route("/articles/<id>", methods = ["GET", "PUT"], authorizer = callers)]
/// fn article(id: u32) -> String {
///     id.to_string()
/// }
/// # fn main() {}
/// ```
///
/// # What is compared
///
/// The list is held against the *route* that API Gateway chose, not against the path of one request:
/// `/articles/7` is no route, and allows nothing. That way the answer is the same for all requests that
/// API Gateway gives a remembered answer to, which it does per identity and route. Where an answer goes
/// for all routes (`reuse = "all-routes"`) and for a time, a list cannot work, and does not compile.
///
/// A route with `methods = ["ANY"]` is allowed by an entry without a method. An entry for GET is one for
/// HEAD as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowList<T = ()> {
    context: Option<T>,
    /// `None` is everything.
    routes: Option<Vec<String>>,
}

impl<T> AllowList<T> {
    /// These routes, which get the context.
    ///
    /// ```
    /// use chalice_rs::authorizer::AllowList;
    ///
    /// /// What a reader of one magazine may use.
    /// fn reader(magazine: &str) -> AllowList {
    ///     AllowList::new((), [format!("GET /{magazine}/<page>"), "GET /account".to_owned()])
    /// }
    /// # reader("tea");
    /// ```
    pub fn new<R: Into<String>>(context: T, routes: impl IntoIterator<Item = R>) -> Self {
        Self { context: Some(context), routes: Some(routes.into_iter().map(Into::into).collect()) }
    }

    /// Every route that asks this authorizer.
    ///
    /// ```
    /// use chalice_rs::authorizer::AllowList;
    ///
    /// #[derive(serde::Serialize)]
    /// struct User {
    ///     name: &'static str,
    /// }
    ///
    /// fn owner() -> AllowList<User> {
    ///     AllowList::everything(User { name: "ann" })
    /// }
    /// # owner();
    /// ```
    pub fn everything(context: T) -> Self {
        Self { context: Some(context), routes: None }
    }

    /// No route.
    ///
    /// ```
    /// use chalice_rs::authorizer::AllowList;
    ///
    /// fn allowed(is_paid: bool) -> AllowList {
    ///     if is_paid { AllowList::everything(()) } else { AllowList::nothing() }
    /// }
    /// assert_eq!(allowed(false), AllowList::nothing());
    /// ```
    pub fn nothing() -> Self {
        Self { context: None, routes: None }
    }
}

impl<T: Serialize> IntoVerdict for AllowList<T> {
    const LISTS_ROUTES: bool = true;

    fn into_verdict(self, request: &AuthorizerRequest<'_>) -> Result<Verdict<Value>, Error> {
        let Some(context) = self.context else { return Ok(Verdict::Deny) };
        let entries: Vec<Entry> =
            self.routes.iter().flatten().map(|text| Entry::parse(text)).collect::<Result<_, _>>()?;
        let is_allowed =
            self.routes.is_none() || entries.iter().any(|entry| entry.covers(request.route_key()));
        if is_allowed { Verdict::Allow(context).into_verdict(request) } else { Ok(Verdict::Deny) }
    }
}

/// One entry of a list.
#[derive(Debug)]
struct Entry {
    method: Option<Method>,
    path: PathPattern,
}

impl Entry {
    fn parse(text: &str) -> Result<Self, EntryError> {
        let error = |reason: String| EntryError { entry: text.to_owned(), reason };
        let (method, path) = match text.split_once(' ') {
            Some((method, path)) => {
                let method: Method = method.parse().map_err(|unknown| error(format!("{unknown}")))?;
                (Some(method), path)
            }
            None => (None, text),
        };
        let path = PathPattern::parse(path).map_err(|errors| {
            let reasons: Vec<String> =
                errors.iter().map(|error| format!("{error}: {}", error.help())).collect();
            error(reasons.join("; "))
        })?;
        Ok(Self { method: method.filter(|method| *method != Method::Any), path })
    }

    /// Whether each request that takes the route of this key is one of the entry's.
    fn covers(&self, route_key: &str) -> bool {
        let Some((method, path)) = route_key.split_once(' ') else { return false };
        // HEAD is what GET answers without its body.
        let asked =
            if method == Method::Head.as_str() { [method, Method::Get.as_str()] } else { [method; 2] };
        if self.method.is_some_and(|allowed| !asked.contains(&allowed.as_str())) {
            return false;
        }
        let is_greedy = |segment: &str| segment.starts_with('{') && segment.ends_with("+}");
        let mut segments = path.split('/').filter(|segment| !segment.is_empty());
        for allowed in self.path.segments() {
            let segment = segments.next();
            match (allowed, segment) {
                (Segment::Greedy(_), found) => return found.is_some(),
                (Segment::Parameter(_), Some(found)) if !is_greedy(found) => {}
                (Segment::Literal(text), Some(found)) if text == found => {}
                _ => return false,
            }
        }
        segments.next().is_none()
    }
}

/// A text in a list that names no route.
#[derive(Debug)]
struct EntryError {
    entry: String,
    reason: String,
}

impl fmt::Display for EntryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { entry, reason } = self;
        write!(f, "`{entry}` in an allow-list is no route such as `GET /users/<id>`: {reason}")
    }
}

impl std::error::Error for EntryError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(entry: &str, covered: &[&str], others: &[&str]) {
        let parsed = Entry::parse(entry).expect(entry);
        for key in covered {
            assert!(parsed.covers(key), "`{entry}` covers `{key}`");
        }
        for key in others {
            assert!(!parsed.covers(key), "`{entry}` does not cover `{key}`");
        }
    }

    #[test]
    fn an_entry_covers_the_routes_whose_requests_it_matches_all() {
        check("/", &["GET /", "ANY /"], &["GET /a", "GET /{a}", "$default"]);
        check("GET /a", &["GET /a", "HEAD /a"], &["POST /a", "ANY /a", "GET /a/b", "GET /A", "GET /{a}"]);
        check("ANY /a", &["GET /a", "ANY /a"], &["GET /b"]);
        check("HEAD /a", &["HEAD /a"], &["GET /a", "ANY /a"]);
        check(
            "/a/<id>",
            &["GET /a/{id}", "PUT /a/{other}", "GET /a/me"],
            &["GET /a", "GET /a/{x+}", "GET /a/{x}/b"],
        );
        check("/a/7", &[], &["GET /a/{id}"]);
        check(
            "/a/<rest..>",
            &["GET /a/{id}", "GET /a/{x+}", "GET /a/b/c"],
            &["GET /a", "GET /b/c", "$default"],
        );
        check("/<rest..>", &["GET /a", "ANY /{x+}"], &["GET /", "$default"]);
    }

    #[test]
    fn an_entry_that_is_no_route_says_what_is_wrong() {
        for (entry, words) in [
            ("", "the path is empty"),
            ("articles", "the path does not start with `/`"),
            ("get /a", "get"),
            ("GET  /a", "does not start with"),
            ("/a/*", "`*` cannot stand in a path"),
            ("/{a}", "write `<a>`"),
        ] {
            let error = Entry::parse(entry).expect_err(entry).to_string();
            assert!(error.contains(words) && error.contains(&format!("`{entry}`")), "{error}");
        }
    }
}
