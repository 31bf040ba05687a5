//! A request of a test, from its path to the moment it is sent.

use std::future::{Future, IntoFuture};
use std::pin::Pin;

use chalice_rs_wire::gateway;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::Value;

use super::caller::Caller;
use super::part::{self, Part};
use super::{Answer, Client};

/// A request that is being put together. [`send`](Self::send) it, or `.await` it.
///
/// ```standalone_crate
/// use chalice_rs::prelude::*;
/// use chalice_rs::test::Client;
/// use serde_json::{Value, json};
///
/// #[post("/echo")]
/// fn echo(request: &Request<'_>, Json(body): Json<Value>) -> String {
///     format!("{} {}", request.query(), body)
/// }
///
/// # fn main() {
/// let client = Client::new(App::new());
/// let answer = client.post("/echo").query("a", "1 2").header("x-a", "b").json(&json!([1])).send();
/// assert_eq!(answer.text(), "a=1%202 [1]");
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a request does nothing until it is sent or awaited"]
pub struct RequestBuilder<'c> {
    client: &'c Client,
    method: Method,
    target: String,
    headers: HeaderMap,
    body: Vec<u8>,
    caller: Option<Caller>,
}

impl<'c> RequestBuilder<'c> {
    pub(super) fn new(client: &'c Client, method: Method, path: &str) -> Self {
        Self {
            client,
            method,
            target: utf8_percent_encode(path, NOT_IN_A_TARGET).to_string(),
            headers: HeaderMap::new(),
            body: Vec::new(),
            caller: None,
        }
    }

    /// The same request with one header more. Those of the same name stay.
    ///
    /// ```
    /// use chalice_rs::test::Client;
    ///
    /// fn check(client: &Client) {
    ///     client.get("/").header("accept-language", "de").send().assert_text("Hallo");
    /// }
    /// # let _ = check;
    /// ```
    ///
    /// # Panics
    ///
    /// If HTTP does not allow the name or the value.
    #[track_caller]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name: HeaderName = match name.parse() {
            Ok(name) => name,
            Err(error) => panic!("`{name}` cannot be a header's name: {error}"),
        };
        match HeaderValue::from_bytes(value.as_bytes()) {
            Ok(value) => self.headers.append(name, value),
            Err(error) => {
                panic!("`{}` cannot be the value of the header `{name}`: {error}", value.escape_debug())
            }
        };
        self
    }

    /// The same request with `name=value` at the end of the query, escaped.
    ///
    /// ```
    /// use chalice_rs::test::Client;
    ///
    /// fn check(client: &Client) {
    ///     let answer = client.get("/search").query("tag", "green tea").query("tag", "cake").send();
    ///     answer.assert_status(200);
    /// }
    /// # let _ = check;
    /// ```
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.target.push(if self.target.contains('?') { '&' } else { '?' });
        self.target.extend(utf8_percent_encode(name, NON_ALPHANUMERIC));
        self.target.push('=');
        self.target.extend(utf8_percent_encode(value, NON_ALPHANUMERIC));
        self
    }

    /// The same request with this value as its body, as JSON, and with the content type of JSON unless
    /// it has one.
    ///
    /// ```
    /// use chalice_rs::test::Client;
    /// use serde_json::json;
    ///
    /// fn check(client: &Client) {
    ///     let answer = client.post("/orders").json(&json!({"article": "tea", "count": 2})).send();
    ///     answer.assert_status(201);
    /// }
    /// # let _ = check;
    /// ```
    ///
    /// # Panics
    ///
    /// If the value cannot be JSON.
    #[track_caller]
    pub fn json(mut self, value: &(impl Serialize + ?Sized)) -> Self {
        self.default_type(HeaderValue::from_static("application/json"));
        match serde_json::to_vec(value) {
            Ok(body) => self.body(body),
            Err(error) => panic!("the body cannot be JSON: {error}"),
        }
    }

    /// The same request with this body. Without a content type the app gets it as bytes.
    ///
    /// ```
    /// use chalice_rs::test::Client;
    ///
    /// fn check(client: &Client) {
    ///     let request = client.post("/orders").header("content-type", "application/json");
    ///     request.body("{\"article\":").send().assert_status(400);
    /// }
    /// # let _ = check;
    /// ```
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// The same request with these bytes as its body, and with the content type of any bytes unless it
    /// has one.
    ///
    /// ```
    /// use chalice_rs::test::Client;
    ///
    /// fn check(client: &Client) {
    ///     client.put("/logo").bytes(*b"\x89PNG").send().assert_status(204);
    /// }
    /// # let _ = check;
    /// ```
    pub fn bytes(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.default_type(HeaderValue::from_static("application/octet-stream"));
        self.body(body)
    }

    /// The same request with a form of these names and values as its body, as a browser sends one.
    ///
    /// ```standalone_crate
    /// use chalice_rs::prelude::*;
    /// use chalice_rs::test::Client;
    ///
    /// #[route("/login", methods = ["POST"])]
    /// fn login(Form(fields): Form<Vec<(String, String)>>) -> String {
    ///     format!("{fields:?}")
    /// }
    ///
    /// # fn main() {
    /// let answer = Client::new(App::new()).post("/login").form([("user", "ann & bob")]).send();
    /// assert_eq!(answer.text(), r#"[("user", "ann & bob")]"#);
    /// # }
    /// ```
    pub fn form<N: AsRef<str>, V: AsRef<str>>(mut self, pairs: impl IntoIterator<Item = (N, V)>) -> Self {
        self.default_type(HeaderValue::from_static("application/x-www-form-urlencoded"));
        let escaped = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let pairs = pairs.into_iter();
        let pairs =
            pairs.map(|(name, value)| format!("{}={}", escaped(name.as_ref()), escaped(value.as_ref())));
        let body = pairs.collect::<Vec<_>>().join("&");
        self.body(body)
    }

    /// The same request with a form of these parts as its body, files among them.
    ///
    /// ```
    /// use chalice_rs::test::{Client, Part};
    ///
    /// fn check(client: &Client) {
    ///     let parts = [Part::text("title", "my cats"), Part::file("photo", "cat.png", "image/png", b"\x89PNG")];
    ///     client.post("/upload").multipart(parts).send().assert_status(200);
    /// }
    /// # let _ = check;
    /// ```
    ///
    /// # Panics
    ///
    /// If the request has a content type already: it would not know where one part ends.
    #[track_caller]
    pub fn multipart(mut self, parts: impl IntoIterator<Item = Part>) -> Self {
        assert!(
            !self.headers.contains_key(header::CONTENT_TYPE),
            "a form with parts has a content type of its own; leave out the one that was given"
        );
        let parts: Vec<Part> = parts.into_iter().collect();
        let boundary = part::boundary(&parts);
        match HeaderValue::try_from(format!("multipart/form-data; boundary={boundary}")) {
            Ok(content_type) => self.default_type(content_type),
            Err(error) => panic!("the boundary `{boundary}` cannot be in a header: {error}"),
        }
        self.body(part::encode(&parts, &boundary))
    }

    /// The same request with one cookie more.
    ///
    /// ```
    /// use chalice_rs::test::Client;
    ///
    /// fn check(client: &Client) {
    ///     client.get("/theme").cookie("theme", "dark").send().assert_text("dark");
    /// }
    /// # let _ = check;
    /// ```
    ///
    /// # Panics
    ///
    /// If HTTP does not allow the name or the value.
    #[track_caller]
    pub fn cookie(self, name: &str, value: &str) -> Self {
        self.header("cookie", &format!("{name}={value}"))
    }

    /// The same request from whoever has a token with these claims, on a route with a JWT authorizer.
    ///
    /// It stands for a token that API Gateway has checked, so that `iss`, `aud` and `exp` may be left
    /// out; the route's scopes are asked for all the same, in `scope` or `scp`. The request has no token
    /// unless a header says one. On a route that is open nobody asks who calls.
    ///
    /// ```
    /// use chalice_rs::test::Client;
    /// use serde_json::json;
    ///
    /// fn check(client: &Client) {
    ///     let answer = client.get("/me").claims(json!({"sub": "ann", "scope": "profile email"})).send();
    ///     answer.assert_status(200).assert_text("ann");
    /// }
    /// # let _ = check;
    /// ```
    ///
    /// # Panics
    ///
    /// If the claims are not a JSON object.
    #[track_caller]
    pub fn claims(mut self, claims: impl Serialize) -> Self {
        match serde_json::to_value(claims) {
            Ok(Value::Object(claims)) => self.caller = Some(Caller::Claims(claims)),
            Ok(other) => panic!("the claims of a token are an object, not `{other}`"),
            Err(error) => panic!("the claims cannot be JSON: {error}"),
        }
        self
    }

    /// The same request from whoever a Lambda authorizer lets in with this context; the authorizer is
    /// not asked. Without this, one of the program is, and one that is there already has the answer of
    /// [`Client::authorizer`].
    ///
    /// ```
    /// use chalice_rs::test::Client;
    /// use serde_json::json;
    ///
    /// fn check(client: &Client) {
    ///     client.get("/me").authorized(json!({"name": "ann"})).send().assert_text("ann");
    ///     client.get("/open-to-all").authorized(()).send().assert_status(200);
    /// }
    /// # let _ = check;
    /// ```
    ///
    /// # Panics
    ///
    /// If the context is neither a JSON object nor `()`.
    #[track_caller]
    pub fn authorized(mut self, context: impl Serialize) -> Self {
        match serde_json::to_value(context) {
            Ok(context @ (Value::Object(_) | Value::Null)) => self.caller = Some(Caller::Context(context)),
            Ok(other) => panic!("an authorizer's context is an object, not `{other}`"),
            Err(error) => panic!("the context cannot be JSON: {error}"),
        }
        self
    }

    /// The same request signed by the AWS identity of this ARN, on a route with `authorizer = iam`.
    ///
    /// ```
    /// use chalice_rs::test::Client;
    ///
    /// fn check(client: &Client) {
    ///     client.get("/whoami").iam("arn:aws:iam::123456789012:user/ann").send().assert_status(200);
    /// }
    /// # let _ = check;
    /// ```
    pub fn iam(mut self, user_arn: &str) -> Self {
        self.caller = Some(Caller::Iam(user_arn.to_owned()));
        self
    }

    /// Sends the request and waits for the answer.
    ///
    /// The handler runs on the client's runtime, where `main` ran too. In a `#[tokio::test]` the test's own
    /// tasks wait meanwhile; if the handler needs one of them, `.await` the request instead.
    ///
    /// ```
    /// use chalice_rs::test::Client;
    ///
    /// fn check(client: &Client) {
    ///     let answer = client.get("/hello/ann").send();
    ///     assert_eq!(answer.text(), "hello, ann");
    /// }
    /// # let _ = check;
    /// ```
    ///
    /// # Panics
    ///
    /// If the path does not start with `/`.
    #[track_caller]
    pub fn send(self) -> Answer {
        let (client, request, caller) = self.build();
        client.runtime.block_on(|| client.answer(request, caller.as_ref()))
    }

    fn default_type(&mut self, content_type: HeaderValue) {
        self.headers.entry(header::CONTENT_TYPE).or_insert(content_type);
    }

    #[track_caller]
    fn build(self) -> (&'c Client, gateway::Request, Option<Caller>) {
        assert!(self.target.starts_with('/'), "the path `{}` does not start with `/`", self.target);
        let mut request = match http::Request::builder().method(self.method).uri(&self.target).body(self.body)
        {
            Ok(request) => request,
            Err(error) => panic!("`{}` cannot be requested: {error}", self.target),
        };
        *request.headers_mut() = self.headers;
        (self.client, request, self.caller)
    }
}

impl<'c> IntoFuture for RequestBuilder<'c> {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer> + 'c>>;

    /// Sends the request on the runtime that awaits it.
    #[track_caller]
    fn into_future(self) -> Self::IntoFuture {
        let (client, request, caller) = self.build();
        Box::pin(async move { client.answer(request, caller.as_ref()).await })
    }
}

/// What a URL's parser of a browser escapes, in a path or a query.
const NOT_IN_A_TARGET: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'|')
    .add(b'\\')
    .add(b'^');
