//! API Gateway's own CORS: one policy for the whole API, answered before any route is looked for.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html>
//!
//! Not here: which headers a policy stands for; see [`crate::cors`].

use chalice_rs_manifest::{Cors, Manifest, Method, Sharing as Declared};
use http::header::{self, HeaderName, HeaderValue};

use super::Request;
use crate::cors;

/// What the gateway says to browsers. Without a policy it says nothing, and lets the function speak.
#[derive(Debug)]
pub(super) struct Sharing(Option<(Cors, Vec<Method>)>);

/// What an answer says to browsers: these headers in the place of whatever the function said.
pub(super) type Said = Option<Vec<(HeaderName, HeaderValue)>>;

impl Sharing {
    pub(super) fn new(manifest: &Manifest) -> Self {
        Self(match manifest.sharing() {
            Declared::Gateway { cors, methods } => Some((cors.clone(), methods)),
            Declared::Nobody | Declared::Function => None,
        })
    }

    /// The headers of the answer to a preflight, if the gateway answers it. One of another site gets the
    /// same answer without headers, and so does an OPTIONS that no route takes.
    pub(super) fn preflight(
        &self,
        request: &Request,
        has_route: bool,
    ) -> Option<Vec<(HeaderName, HeaderValue)>> {
        let (policy, methods) = self.0.as_ref()?;
        if request.method() != http::Method::OPTIONS {
            return None;
        }
        let origin = origin(request);
        let is_asked = request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
        match origin.filter(|_| is_asked) {
            Some(origin) => Some(cors::preflight(policy, methods, origin)),
            None => (!has_route).then(Vec::new),
        }
    }

    /// The headers of any other answer.
    pub(super) fn said(&self, request: &Request) -> Said {
        let (policy, _) = self.0.as_ref()?;
        Some(origin(request).map(|origin| cors::headers(policy, origin)).unwrap_or_default())
    }
}

fn origin(request: &Request) -> Option<&str> {
    request.headers().get(header::ORIGIN)?.to_str().ok()
}
