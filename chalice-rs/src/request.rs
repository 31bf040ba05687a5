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
    ///
    /// ```
    /// use chalice_rs::Request;
    ///
    /// fn is_read(request: &Request<'_>) -> bool {
    ///     matches!(request.method(), "GET" | "HEAD")
    /// }
    /// # let _ = is_read;
    /// ```
    pub fn method(&self) -> &str {
        &self.wire.context.method
    }

    /// The path, percent-decoded, without the stage that API Gateway puts before it on its own hosts.
    ///
    /// Take path parameters as arguments rather than out of this: API Gateway chose the route
    /// before it decoded the path.
    ///
    /// ```
    /// use chalice_rs::middleware::Next;
    /// use chalice_rs::{Request, Response, log};
    ///
    /// async fn seen(request: &Request<'_>, next: Next<'_>) -> Response {
    ///     log::debug!("somebody asks for {}", request.path());
    ///     next.run(request).await
    /// }
    /// # let _ = chalice_rs::App::new().middleware(seen);
    /// ```
    pub fn path(&self) -> &str {
        let (context, raw_path) = (&self.wire.context, &self.wire.raw_path);
        routed_path(context, if context.path.is_empty() { raw_path } else { &context.path })
    }

    /// The path as it came: percent-decoded by an HTTP API, still encoded from a function URL.
    /// A stage that has a name is its first segment, unless the API has a domain of its own.
    ///
    /// ```
    /// use chalice_rs::Request;
    ///
    /// /// The stage, where clients see it in the path.
    /// fn visible_stage<'r>(request: &'r Request<'_>) -> Option<&'r str> {
    ///     request.raw_path().strip_suffix(request.path()).filter(|stage| !stage.is_empty())
    /// }
    /// # let _ = visible_stage;
    /// ```
    pub fn raw_path(&self) -> &str {
        &self.wire.raw_path
    }

    /// The key of the route that answers, as API Gateway writes it: `GET /users/{id}`. Of a route that was
    /// found by its path, as with a function URL, it is the route's; where there is none, `$default`.
    ///
    /// ```
    /// use chalice_rs::Request;
    ///
    /// /// A name under which requests can be counted: there are as many as routes.
    /// fn counter(request: &Request<'_>) -> String {
    ///     format!("requests.{}", request.route_key().replace(' ', "."))
    /// }
    /// # let _ = counter;
    /// ```
    pub fn route_key(&self) -> &str {
        &self.wire.route_key
    }

    /// The text of a path parameter.
    ///
    /// ```
    /// use chalice_rs::Request;
    ///
    /// /// In a middleware of all routes below `/tenants/<tenant>`.
    /// fn tenant<'r>(request: &'r Request<'_>) -> Option<&'r str> {
    ///     request.path_parameter("tenant")
    /// }
    /// # let _ = tenant;
    /// ```
    pub fn path_parameter(&self, name: &str) -> Option<&str> {
        self.wire.path_parameter(name)
    }

    /// The query as the client sent it, without the `?`.
    ///
    /// ```
    /// use chalice_rs::{Redirect, Request, route};
    ///
    /// #[route("/old")]
    /// fn old(request: &Request<'_>) -> Redirect {
    ///     Redirect::permanent(format!("/new?{}", request.query()))
    /// }
    /// # fn main() {}
    /// ```
    pub fn query(&self) -> &str {
        &self.wire.raw_query
    }

    /// The names and values of the query, decoded, in order, repeats included.
    ///
    /// ```
    /// use chalice_rs::{Request, route};
    ///
    /// #[route("/filters")]
    /// fn filters(request: &Request<'_>) -> String {
    ///     let filters = request.query_pairs().map(|(name, value)| format!("{name} is {value}"));
    ///     filters.collect::<Vec<_>>().join(" and ")
    /// }
    /// # fn main() {}
    /// ```
    pub fn query_pairs(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        self.wire.query_pairs()
    }

    /// The first value of a name in the query, decoded.
    ///
    /// ```
    /// use chalice_rs::{Request, route};
    ///
    /// #[route("/search")]
    /// fn search(request: &Request<'_>) -> String {
    ///     format!("nothing found for {:?}", request.query_value("q").unwrap_or_default())
    /// }
    /// # fn main() {}
    /// ```
    pub fn query_value(&self, name: &str) -> Option<Cow<'_, str>> {
        self.query_pairs().find(|(found, _)| found == name).map(|(_, value)| value)
    }

    /// The value of a header, whatever the case of its name. Repeated headers have been joined with
    /// `,` by API Gateway.
    ///
    /// ```
    /// use chalice_rs::Request;
    ///
    /// fn wants_html(request: &Request<'_>) -> bool {
    ///     request.header("accept").is_some_and(|accept| accept.contains("text/html"))
    /// }
    /// # let _ = wants_html;
    /// ```
    pub fn header(&self, name: &str) -> Option<&str> {
        self.wire.headers.get(name)
    }

    /// All headers, names in lower case. Cookies are apart: [`cookies`](Self::cookies).
    ///
    /// ```
    /// use chalice_rs::Request;
    ///
    /// /// What a proxy in front of the API has added.
    /// fn forwarded<'r>(request: &'r Request<'_>) -> Vec<(&'r str, &'r str)> {
    ///     request.headers().filter(|(name, _)| name.starts_with("x-forwarded-")).collect()
    /// }
    /// # let _ = forwarded;
    /// ```
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.wire.headers.iter()
    }

    /// The names and values of the cookies; a value in quotes comes without them.
    ///
    /// ```
    /// use chalice_rs::Request;
    ///
    /// fn has_cookies(request: &Request<'_>) -> bool {
    ///     request.cookies().next().is_some()
    /// }
    /// # let _ = has_cookies;
    /// ```
    pub fn cookies(&self) -> impl Iterator<Item = (&str, &str)> {
        // API Gateway takes them out of the headers. The sandbox leaves them there.
        let header = if self.wire.cookies.is_empty() { self.header("cookie") } else { None };
        let listed = self.wire.cookies.iter().map(AsRef::as_ref);
        listed.chain(header).flat_map(cookie_pairs)
    }

    /// The value of a cookie.
    ///
    /// ```
    /// use chalice_rs::{Request, route};
    ///
    /// #[route("/theme")]
    /// fn theme(request: &Request<'_>) -> String {
    ///     request.cookie("theme").unwrap_or("light").to_owned()
    /// }
    /// # fn main() {}
    /// ```
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies().find(|(found, _)| *found == name).map(|(_, value)| value)
    }

    /// The body, base64 undone.
    ///
    /// ```
    /// use chalice_rs::{Request, route};
    ///
    /// #[route("/size", methods = ["POST"])]
    /// fn size(request: &Request<'_>) -> String {
    ///     format!("{} bytes", request.body().len())
    /// }
    /// # fn main() {}
    /// ```
    pub fn body(&self) -> &[u8] {
        &self.wire.body
    }

    /// The client's address. In an event that was made by hand there may be none.
    ///
    /// ```
    /// use chalice_rs::Request;
    ///
    /// fn is_from_here(request: &Request<'_>) -> bool {
    ///     request.client_address().is_some_and(|address| address.is_loopback())
    /// }
    /// # let _ = is_from_here;
    /// ```
    pub fn client_address(&self) -> Option<IpAddr> {
        self.wire.context.source_ip.parse().ok()
    }

    /// When API Gateway received the request.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use chalice_rs::Request;
    ///
    /// /// How long the request was on its way to the handler.
    /// fn age(request: &Request<'_>) -> Duration {
    ///     request.time().elapsed().unwrap_or_default()
    /// }
    /// # let _ = age;
    /// ```
    pub fn time(&self) -> SystemTime {
        let since_epoch = Duration::from_millis(self.wire.context.time.epoch_millis);
        UNIX_EPOCH.checked_add(since_epoch).unwrap_or(UNIX_EPOCH)
    }

    /// The host the client called.
    ///
    /// ```
    /// use chalice_rs::{Request, route};
    ///
    /// #[route("/link")]
    /// fn link(request: &Request<'_>) -> String {
    ///     format!("https://{}/notes", request.host())
    /// }
    /// # fn main() {}
    /// ```
    pub fn host(&self) -> &str {
        &self.wire.context.domain_name
    }

    /// The stage, `$default` where it has no name.
    ///
    /// ```
    /// use chalice_rs::{Request, route};
    ///
    /// #[route("/stage")]
    /// fn stage(request: &Request<'_>) -> String {
    ///     match request.stage() {
    ///         "$default" => "the only one".to_owned(),
    ///         name => name.to_owned(),
    ///     }
    /// }
    /// # fn main() {}
    /// ```
    pub fn stage(&self) -> &str {
        &self.wire.context.stage
    }

    /// The value of one of the stage's variables.
    ///
    /// ```
    /// use chalice_rs::{Request, route};
    ///
    /// #[route("/color")]
    /// fn color(request: &Request<'_>) -> String {
    ///     request.stage_variable("color").unwrap_or("blue").to_owned()
    /// }
    /// # fn main() {}
    /// ```
    pub fn stage_variable(&self, name: &str) -> Option<&str> {
        self.stage_variables().find(|(found, _)| *found == name).map(|(_, value)| value)
    }

    /// The stage's variables.
    ///
    /// ```
    /// use chalice_rs::{Request, route};
    ///
    /// #[route("/variables")]
    /// fn variables(request: &Request<'_>) -> String {
    ///     request.stage_variables().map(|(name, _)| name).collect::<Vec<_>>().join(", ")
    /// }
    /// # fn main() {}
    /// ```
    pub fn stage_variables(&self) -> impl Iterator<Item = (&str, &str)> {
        texts(&self.wire.stage_variables)
    }

    /// API Gateway's id of the request, which its access log and the answer's `apigw-requestid` have.
    /// Lambda's own is the [`Context`]'s.
    ///
    /// ```
    /// use chalice_rs::{Request, log, route};
    ///
    /// #[route("/orders", methods = ["POST"])]
    /// fn order(request: &Request<'_>) {
    ///     log::info!("in the API's access log this is {}", request.api_request_id());
    /// }
    /// # fn main() {}
    /// ```
    pub fn api_request_id(&self) -> &str {
        &self.wire.context.request_id
    }

    /// The API's id.
    ///
    /// ```
    /// use chalice_rs::Request;
    ///
    /// fn is_internal(request: &Request<'_>, internal_api: &str) -> bool {
    ///     request.api_id() == internal_api
    /// }
    /// # let _ = is_internal;
    /// ```
    pub fn api_id(&self) -> &str {
        &self.wire.context.api_id
    }

    /// The account that owns the API; `anonymous` from a function URL.
    ///
    /// ```
    /// use chalice_rs::Request;
    ///
    /// fn bucket(request: &Request<'_>) -> String {
    ///     format!("uploads-{}", request.account_id())
    /// }
    /// # let _ = bucket;
    /// ```
    pub fn account_id(&self) -> &str {
        &self.wire.context.account_id
    }

    /// What Lambda says about this invocation.
    ///
    /// ```
    /// use chalice_rs::{Request, route};
    ///
    /// #[route("/id")]
    /// fn id(request: &Request<'_>) -> String {
    ///     request.context().request_id.clone()
    /// }
    /// # fn main() {}
    /// ```
    pub fn context(&self) -> &Context {
        self.context
    }

    /// The event as Lambda delivered it: JSON of payload format 2.0, with what has no accessor here.
    /// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>
    ///
    /// ```
    /// use chalice_rs::{Bytes, Request, route};
    ///
    /// #[route("/event")]
    /// fn event(request: &Request<'_>) -> Bytes {
    ///     Bytes::copy_from_slice(request.event())
    /// }
    /// # fn main() {}
    /// ```
    pub fn event(&self) -> &[u8] {
        self.event
    }

    /// The event, parsed once more, as a whole.
    ///
    /// ```
    /// use chalice_rs::{Error, Request, route};
    ///
    /// #[route("/protocol")]
    /// fn protocol(request: &Request<'_>) -> Result<String, Error> {
    ///     let event = request.event_json()?;
    ///     Ok(event["requestContext"]["http"]["protocol"].as_str().unwrap_or("unknown").to_owned())
    /// }
    /// # fn main() {}
    /// ```
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
    ///
    /// ```
    /// use chalice_rs::Request;
    ///
    /// /// Whom a middleware found out; it need not clone.
    /// struct User {
    ///     name: String,
    /// }
    ///
    /// fn name<'r>(request: &'r Request<'_>) -> &'r str {
    ///     request.extension::<User>().map_or("nobody", |user| &user.name)
    /// }
    /// # let _ = (name, |name| User { name });
    /// ```
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
