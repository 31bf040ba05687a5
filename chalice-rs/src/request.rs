//! The request a handler sees.
//!
//! Not here: how the event is decoded; see [`chalice_rs_wire::http_v2`].

use std::borrow::Cow;
use std::convert::Infallible;
use std::net::IpAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chalice_rs_wire::http_v2;
use serde_json::{Map, Value, json};

use crate::extract::{Extensions, cookie_pairs};
use crate::router::routed_path;
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
    pub(crate) extensions: Extensions,
}

impl Request<'_> {
    /// The method, upper-case.
    pub fn method(&self) -> &str {
        &self.wire.context.method
    }

    /// The path, percent-decoded, without the stage that API Gateway puts before it on its own hosts.
    ///
    /// Take path parameters as arguments rather than out of this: API Gateway chose the route
    /// before it decoded the path.
    pub fn path(&self) -> &str {
        let (context, raw_path) = (&self.wire.context, &self.wire.raw_path);
        routed_path(context, if context.path.is_empty() { raw_path } else { &context.path })
    }

    /// The path as it came: percent-decoded by an HTTP API, still encoded from a function URL.
    /// A stage that has a name is its first segment, unless the API has a domain of its own.
    pub fn raw_path(&self) -> &str {
        &self.wire.raw_path
    }

    /// The key of the route that answers, as API Gateway writes it: `GET /users/{id}`. Of a route that was
    /// found by its path, as with a function URL, it is the route's; where there is none, `$default`.
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
        self.wire.headers.get(name)
    }

    /// All headers, names in lower case. Cookies are apart: [`cookies`](Self::cookies).
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.wire.headers.iter()
    }

    /// The names and values of the cookies; a value in quotes comes without them.
    pub fn cookies(&self) -> impl Iterator<Item = (&str, &str)> {
        // API Gateway takes them out of the headers. The sandbox leaves them there.
        let header = if self.wire.cookies.is_empty() { self.header("cookie") } else { None };
        let listed = self.wire.cookies.iter().map(AsRef::as_ref);
        listed.chain(header).flat_map(cookie_pairs)
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies().find(|(found, _)| *found == name).map(|(_, value)| value)
    }

    /// The body, base64 undone.
    pub fn body(&self) -> &[u8] {
        &self.wire.body
    }

    /// The client's address. In an event that was made by hand there may be none.
    pub fn client_address(&self) -> Option<IpAddr> {
        self.wire.context.source_ip.parse().ok()
    }

    /// When API Gateway received the request.
    pub fn time(&self) -> SystemTime {
        let since_epoch = Duration::from_millis(self.wire.context.time.epoch_millis);
        UNIX_EPOCH.checked_add(since_epoch).unwrap_or(UNIX_EPOCH)
    }

    /// The host the client called.
    pub fn host(&self) -> &str {
        &self.wire.context.domain_name
    }

    /// The stage, `$default` where it has no name.
    pub fn stage(&self) -> &str {
        &self.wire.context.stage
    }

    /// The value of one of the stage's variables.
    pub fn stage_variable(&self, name: &str) -> Option<&str> {
        self.stage_variables().find(|(found, _)| *found == name).map(|(_, value)| value)
    }

    /// The stage's variables.
    pub fn stage_variables(&self) -> impl Iterator<Item = (&str, &str)> {
        texts(&self.wire.stage_variables)
    }

    /// API Gateway's id of the request, which its access log and the answer's `apigw-requestid` have.
    /// Lambda's own is the [`Context`]'s.
    pub fn api_request_id(&self) -> &str {
        &self.wire.context.request_id
    }

    /// The API's id.
    pub fn api_id(&self) -> &str {
        &self.wire.context.api_id
    }

    /// The account that owns the API; `anonymous` from a function URL.
    pub fn account_id(&self) -> &str {
        &self.wire.context.account_id
    }

    /// What Lambda says about this invocation.
    pub fn context(&self) -> &Context {
        self.context
    }

    /// The event as Lambda delivered it: JSON of payload format 2.0, with what has no accessor here.
    /// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>
    pub fn event(&self) -> &[u8] {
        self.event
    }

    /// The event, parsed once more, as a whole.
    pub fn event_json(&self) -> Result<Value, serde_json::Error> {
        serde_json::from_slice(self.event)
    }

    /// The request but for its body, as JSON for a log or an echo. It has what the client sent, its
    /// credentials included.
    ///
    /// ```standalone_crate
    /// use chalice_rs::prelude::*;
    /// use chalice_rs::test::Client;
    ///
    /// #[route("/echo/<text>")]
    /// fn echo(text: &str, request: &Request<'_>) -> Json<serde_json::Value> {
    ///     assert_eq!(request.path_parameter("text"), Some(text));
    ///     Json(request.to_json())
    /// }
    ///
    /// # fn main() {
    /// let echoed: serde_json::Value = Client::new(App::new()).get("/echo/hi?a=1&a=2").send().json();
    /// assert_eq!(echoed["path"], "/echo/hi");
    /// assert_eq!(echoed["route_key"], "GET /echo/{text}");
    /// assert_eq!(echoed["query"]["a"], serde_json::json!(["1", "2"]));
    /// # }
    /// ```
    pub fn to_json(&self) -> Value {
        let object = |pairs: &mut dyn Iterator<Item = (&str, &str)>| {
            Value::Object(pairs.map(|(name, value)| (name.to_owned(), value.into())).collect())
        };
        let mut query: Map<String, Value> = Map::new();
        for (name, value) in self.query_pairs() {
            let values = query.entry(name).or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(values) = values {
                values.push(value.into());
            }
        }
        json!({
            "method": self.method(),
            "path": self.path(),
            "raw_path": self.raw_path(),
            "route_key": self.route_key(),
            "path_parameters": object(&mut texts(&self.wire.path_parameters)),
            "query": query,
            "headers": object(&mut self.headers()),
            "cookies": object(&mut self.cookies()),
            "host": self.host(),
            "client_address": self.client_address(),
            "time": self.wire.context.time.rfc3339().to_string(),
            "stage": self.stage(),
            "stage_variables": object(&mut self.stage_variables()),
            "api_request_id": self.api_request_id(),
            "request_id": self.context.request_id,
        })
    }

    /// Puts a value into the request, for what comes after: a handler takes it as
    /// [`Extension<T>`](crate::Extension). Of two values of a type, the later one counts.
    ///
    /// ```standalone_crate
    /// use chalice_rs::middleware::Next;
    /// use chalice_rs::prelude::*;
    /// use chalice_rs::test::Client;
    ///
    /// #[derive(Clone)]
    /// struct User(String);
    ///
    /// async fn known(request: &Request<'_>, next: Next<'_>) -> Response {
    ///     request.insert(User(request.header("x-user").unwrap_or("nobody").to_owned()));
    ///     next.run(request).await
    /// }
    ///
    /// #[route("/me")]
    /// fn me(Extension(user): Extension<User>) -> String {
    ///     user.0
    /// }
    ///
    /// # fn main() {
    /// let client = Client::new(App::new().middleware(known));
    /// assert_eq!(client.get("/me").header("x-user", "ann").send().text(), "ann");
    /// # }
    /// ```
    pub fn insert<T: Send + Sync + 'static>(&self, value: T) {
        self.extensions.insert(value);
    }

    /// A value that was put in.
    pub fn extension<T: Send + Sync + 'static>(&self) -> Option<&T> {
        let found = self.extensions.find();
        #[cfg(feature = "tower")]
        let found = found.or_else(|| self.extensions.find_http());
        found
    }
}

fn texts<'q>(pairs: &'q http_v2::Pairs<'_>) -> impl Iterator<Item = (&'q str, &'q str)> {
    pairs.iter().map(|(name, value)| (name.as_ref(), value.as_ref()))
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
