//! The request a handler sees.
//!
//! Not here: how the event is decoded; see [`chalice_rs_wire::http_v2`].

use std::borrow::Cow;
use std::convert::Infallible;

use chalice_rs_wire::http_v2;

use crate::{App, Context, FromRequest};

/// One HTTP request, borrowed from the event it came in.
///
/// A handler that takes `&Request<'_>` may look at everything, the body included.
///
/// ```
/// use chalice_rs::{Request, route};
///
/// #[route("/agent")]
/// fn agent(request: &Request<'_>) -> String {
///     request.header("User-Agent").unwrap_or("unknown").to_owned()
/// }
/// # fn main() {}
/// ```
pub struct Request<'r> {
    pub(crate) wire: http_v2::Request<'r>,
    pub(crate) event: &'r [u8],
    pub(crate) context: &'r Context,
    pub(crate) app: &'r App,
}

impl Request<'_> {
    /// The method, upper-case.
    pub fn method(&self) -> &str {
        &self.wire.context.method
    }

    /// The path as it came: percent-decoded by an HTTP API, still encoded from a function URL.
    /// A stage that has a name is its first segment, unless the API has a domain of its own.
    ///
    /// Take path parameters as arguments rather than out of this: API Gateway chose the route
    /// before it decoded the path.
    pub fn path(&self) -> &str {
        &self.wire.raw_path
    }

    /// The key of the route that API Gateway chose: `GET /users/{id}`.
    pub fn route_key(&self) -> &str {
        &self.wire.route_key
    }

    /// The text of a path parameter.
    pub fn path_parameter(&self, name: &str) -> Option<&str> {
        self.wire.path_parameter(name)
    }

    /// The query as the client sent it, without the `?`.
    pub fn query(&self) -> &str {
        &self.wire.raw_query
    }

    /// The names and values of the query, decoded, in order, repeats included.
    pub fn query_pairs(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        self.wire.query_pairs()
    }

    /// The first value of a name in the query, decoded.
    pub fn query_value(&self, name: &str) -> Option<Cow<'_, str>> {
        self.query_pairs().find(|(found, _)| found == name).map(|(_, value)| value)
    }

    /// The value of a header, whatever the case of its name. Repeated headers have been joined with
    /// `,` by API Gateway.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// All headers, names in lower case. Cookies are apart: [`cookies`](Self::cookies).
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.wire.headers.iter().map(|(name, value)| (name.as_ref(), value.as_ref()))
    }

    /// The names and values of the cookies, as the client sent them.
    pub fn cookies(&self) -> impl Iterator<Item = (&str, &str)> {
        self.wire.cookies.iter().map(|cookie| cookie.split_once('=').unwrap_or((cookie, "")))
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies().find(|(found, _)| *found == name).map(|(_, value)| value)
    }

    /// The body, base64 undone.
    pub fn body(&self) -> &[u8] {
        &self.wire.body
    }

    /// The client's address.
    pub fn source_ip(&self) -> &str {
        &self.wire.context.source_ip
    }

    /// The host the client called.
    pub fn host(&self) -> &str {
        &self.wire.context.domain_name
    }

    /// The stage, `$default` where it has no name.
    pub fn stage(&self) -> &str {
        &self.wire.context.stage
    }

    /// What Lambda says about this invocation.
    pub fn context(&self) -> &Context {
        self.context
    }

    /// The event as Lambda delivered it: JSON of payload format 2.0.
    pub fn event(&self) -> &[u8] {
        self.event
    }
}

impl<'r> FromRequest<'r> for &'r Request<'r> {
    type Rejection = Infallible;

    async fn from_request(request: &'r Request<'r>) -> Result<Self, Infallible> {
        Ok(request)
    }
}

impl std::fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request").field("http", &self.wire).field("context", &self.context).finish()
    }
}
