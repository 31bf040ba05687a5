//! What the function itself tells browsers, where API Gateway's one policy for a whole API does not do.
//!
//! A program without a policy links none of this: whoever declares one submits the functions.
//! Not here: the headers of a policy; see [`chalice_rs_wire::cors`]. Nor who tells browsers; see
//! [`chalice_rs_manifest::Manifest::sharing`].

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use chalice_rs_manifest::{Cors, CorsRule, Manifest, Method, Sharing};
use chalice_rs_wire::cors;
use http::header::{self, HeaderValue};
use http::{HeaderName, StatusCode};

use crate::router::routed_path;
use crate::{Request, Response, declaration};

/// What each declared policy submits at link time.
#[derive(Debug)]
pub struct CorsHook {
    preflight: for<'r> fn(&'r Request<'r>) -> Option<Response>,
    share: for<'r> fn(&'r Request<'r>, Response) -> Response,
}

inventory::collect!(CorsHook);

impl CorsHook {
    /// The functions that tell browsers who may call.
    #[expect(clippy::new_without_default, reason = "an expansion names it in a constant")]
    pub const fn new() -> Self {
        Self { preflight, share }
    }

    /// The answer to a browser's question whether a page of another site may call.
    pub(crate) fn preflight<'r>(&self, request: &'r Request<'r>) -> Option<Response> {
        (self.preflight)(request)
    }

    /// The answer with what it tells browsers.
    pub(crate) fn share<'r>(&self, request: &'r Request<'r>, response: Response) -> Response {
        (self.share)(request, response)
    }
}

/// The functions, if the program has a policy.
pub(crate) fn hook() -> Option<&'static CorsHook> {
    inventory::iter::<CorsHook>.into_iter().next()
}

/// The policies of all paths, where it is the function that answers browsers.
struct Policies {
    /// By API Gateway's spelling of the path: the policy, and the methods that it is for.
    by_path: HashMap<String, (Cors, Vec<Method>)>,
    /// What goes for a path that no route has.
    elsewhere: Option<Cors>,
    manifest: Manifest,
}

/// Read once, by the first request: who only declares routes need not wait for it at the start.
fn policies() -> Option<&'static Policies> {
    static POLICIES: OnceLock<Option<Policies>> = OnceLock::new();
    POLICIES
        .get_or_init(|| {
            let manifest = declaration::manifest().ok()?;
            if manifest.sharing() != Sharing::Function {
                return None;
            }
            let paths = manifest.routes.iter().map(|route| route.path.api_gateway());
            let by_path = paths.filter_map(|path| {
                let (cors, methods) = manifest.policy(&path)?;
                Some((path, (cors.clone(), methods)))
            });
            let by_path = by_path.collect();
            let elsewhere = manifest.app.as_ref().and_then(|app| match &app.rules.cors {
                Some(CorsRule::Allow(cors)) => Some(cors.clone()),
                Some(CorsRule::Off) | None => None,
            });
            Some(Policies { by_path, elsewhere, manifest })
        })
        .as_ref()
}

impl Policies {
    /// The path of the route that a request goes to, if one has it. API Gateway says which path it is; where
    /// it chose none, as with a function URL, the request's own decides.
    fn path_of<'r>(&self, request: &'r Request<'r>) -> Option<Cow<'r, str>> {
        if let Some((_, path)) = request.route_key().split_once(' ') {
            return Some(Cow::Borrowed(path));
        }
        let path = routed_path(&request.wire.context, &request.wire.raw_path);
        let routes = self.manifest.routes.iter().filter(|route| route.path.captures(path).is_some());
        let route = routes.min_by_key(|route| route.path.rank())?;
        Some(Cow::Owned(route.path.api_gateway()))
    }

    /// The policy of an answer. What a path does not answer at all, its policy explains all the same: a
    /// page shall read that it is a 405.
    fn of_answer(&self, request: &Request<'_>) -> Option<&Cors> {
        let Some(path) = self.path_of(request) else { return self.elsewhere.as_ref() };
        let (cors, methods) = self.by_path.get(&*path)?;
        let is_for = |method: &str| methods.iter().any(|one| one.as_str() == method);
        let is_declared = request.route_key().contains(' ');
        let method = request.method();
        let shares = is_for(method) || (method == "HEAD" && is_for("GET"));
        (shares || !is_declared).then_some(cors)
    }
}

/// No authorizer stands before a preflight, so that whatever else OPTIONS of such a path may want, it gets
/// nothing but this.
fn preflight<'r>(request: &'r Request<'r>) -> Option<Response> {
    if request.method() != "OPTIONS" {
        return None;
    }
    let policies = policies()?;
    let (cors, methods) = policies.by_path.get(&*policies.path_of(request)?)?;
    let asks = request.header(header::ACCESS_CONTROL_REQUEST_METHOD.as_str()).is_some();
    let headers = match request.header(header::ORIGIN.as_str()).filter(|_| asks) {
        Some(origin) => cors::preflight(cors, methods, origin),
        None => Vec::new(),
    };
    let mut response = Response::new(StatusCode::NO_CONTENT);
    response.headers = headers;
    vary(&mut response, cors);
    Some(response)
}

fn share<'r>(request: &'r Request<'r>, mut response: Response) -> Response {
    let Some(cors) = policies().and_then(|policies| policies.of_answer(request)) else { return response };
    let ours = request.header(header::ORIGIN.as_str()).map(|origin| cors::headers(cors, origin));
    // What the handler says about it, it says altogether.
    if response.header(&header::ACCESS_CONTROL_ALLOW_ORIGIN).is_none() {
        for (name, value) in ours.unwrap_or_default() {
            if response.header(&name).is_none() {
                response.headers.push((name, value));
            }
        }
    }
    vary(&mut response, cors);
    response
}

/// A cache has to know that another site gets another answer, also from one that was for no site.
fn vary(response: &mut Response, cors: &Cors) {
    const VARY: HeaderName = header::VARY;
    let has_it = |value: &HeaderValue| {
        let value = value.to_str().unwrap_or_default();
        value.split(',').any(|name| name.trim() == "*" || name.trim().eq_ignore_ascii_case("origin"))
    };
    let is_said = response.headers.iter().any(|(name, value)| *name == VARY && has_it(value));
    if cors::varies(cors) && !is_said {
        response.headers.push((VARY, HeaderValue::from_static("Origin")));
    }
}
