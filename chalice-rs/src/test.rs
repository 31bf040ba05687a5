//! A client for tests: requests go through the gateway's rules and the real event format into the
//! app, in this process. There is no server, no port and no network.
//!
//! ```standalone_crate,no_run
//! use chalice_rs::prelude::*;
//! use chalice_rs::test::Client;
//!
//! #[route("/hello/<name>")]
//! async fn hello(name: String) -> String {
//!     format!("hello, {name}")
//! }
//!
//! # mod program {
//! # use super::*;
//! #[chalice_rs::main]
//! async fn main() -> App {
//!     App::new()
//! }
//! # }
//! # fn main() {}
//!
//! // In an app of yours: #[test]
//! fn it_greets() {
//!     let client = Client::from_main();
//!     client.get("/hello/you").send().assert_status(200).assert_text("hello, you");
//!     client.post("/hello/you").send().assert_status(404);
//! }
//! ```
//!
//! [`Client::from_main`] is for tests of the program: those in `src/main.rs` and its modules. It calls `main`,
//! so that the app has the state, the middleware and the limits that it has on AWS; [`Client::state`] puts
//! something else in the place of a state. A library and the files in `tests/` have no `main`: there it is
//! [`Client::new`], with the app that the test needs.
//!
//! [`send`](RequestBuilder::send) blocks, and can be called anywhere, in a `#[tokio::test]` as well.
//! There, a request can also be awaited, which leaves the test's other tasks running: a mock server,
//! say, that the handler calls.
//!
//! # Who calls
//!
//! Authorizers are enforced, and nobody is let in by chance:
//!
//! | the route's authorizer | how a test calls |
//! |---|---|
//! | [`jwt_authorizer!`](crate::jwt_authorizer) | [`.claims(json!({"sub": "ann"}))`](RequestBuilder::claims) in the place of a token; the route's scopes count |
//! | [`#[authorizer]`](macro@crate::authorizer) | with what the function looks at: it runs, and its answers are kept as on AWS. [`.authorized(..)`](RequestBuilder::authorized) does without it |
//! | [`lambda_authorizer!`](crate::lambda_authorizer) | the same, after [`Client::authorizer`] has said what it answers |
//! | `iam` | [`.iam("arn:aws:iam::123456789012:user/ann")`](RequestBuilder::iam) |
//!
//! Without any of it the answer is API Gateway's own: 401, or 403 where a signature is missing.
//!
//! # Limits
//!
//! The limits on sizes are those of API Gateway and Lambda; time is not limited, and a handler that
//! never answers never returns.
//!
//! Whoever misuses the client, or reads an answer as what it is not, gets a panic that says so.

mod answer;
mod caller;
pub(crate) mod main;
mod part;
mod request;
mod runtime;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use chalice_rs_wire::Moment;
use chalice_rs_wire::gateway::{self, Arrival, Gateway, Step, limit};
use http::{HeaderValue, Method, header};
use serde_json::Value;

use crate::declaration;
use crate::error::Causes;
use crate::invoke::invoke;
use crate::{App, Context};
use caller::{Caller, Elsewhere, ask};
use runtime::Runtime;

pub use answer::Answer;
pub use part::Part;
pub use request::RequestBuilder;

/// Sends requests to an app as API Gateway would.
///
/// ```standalone_crate
/// use chalice_rs::prelude::*;
/// use chalice_rs::test::Client;
///
/// #[route("/notes", methods = ["GET", "PUT"])]
/// fn notes(request: &Request<'_>) -> String {
///     format!("you said {}", request.method())
/// }
///
/// # fn main() {
/// let client = Client::new(App::new());
/// assert_eq!(client.get("/notes").send().text(), "you said GET");
/// assert_eq!(client.put("/notes").send().text(), "you said PUT");
/// assert_eq!(client.head("/notes").send().status(), 200);
/// client.delete("/notes").send().assert_status(404);
/// # }
/// ```
pub struct Client {
    app: App,
    gateway: Gateway,
    runtime: Runtime,
    /// What Lambda functions answer that are not of the program.
    elsewhere: Elsewhere,
    /// How many requests there were: it makes their ids different, and the same in every run.
    count: AtomicU64,
}

impl Client {
    /// A client of the app that the program's own `main` makes; [`#[chalice_rs::main]`](macro@crate::main) stands
    /// over it. It is called for each client, in the test's environment: the variables of `Chalice.toml` are
    /// not there.
    ///
    /// ```no_run
    /// use chalice_rs::test::Client;
    ///
    /// // In an app of yours: #[test]
    /// fn it_is_there() {
    ///     Client::from_main().get("/").send().assert_status(200);
    /// }
    /// ```
    ///
    /// # Panics
    ///
    /// If there is no `main` in what the test was compiled with, as in a library and in `tests/`; if it makes
    /// no app, with what it failed with; and as [`new`](Self::new) does.
    #[track_caller]
    pub fn from_main() -> Self {
        let runtime = Runtime::new();
        Self::of(main::app(&runtime), runtime)
    }

    /// A client of this app and of the routes that are linked into the test.
    ///
    /// ```
    /// use chalice_rs::App;
    /// use chalice_rs::test::Client;
    ///
    /// struct Prices(u32);
    ///
    /// /// In the tests of an app of yours.
    /// fn client() -> Client {
    ///     Client::new(App::new().state(Prices(250)))
    /// }
    /// # let _ = client;
    /// ```
    ///
    /// # Panics
    ///
    /// If the routes together are not an API, with what `cargo chalice deploy` would say.
    #[track_caller]
    pub fn new(app: App) -> Self {
        Self::of(app, Runtime::new())
    }

    #[track_caller]
    fn of(app: App, runtime: Runtime) -> Self {
        let manifest = match declaration::manifest() {
            Ok(manifest) => manifest,
            Err(error) => panic!("{error}\n  help: {}", error.help()),
        };
        let problems: Vec<String> = manifest
            .check()
            .iter()
            .map(|problem| format!("\n  {problem}\n    help: {}", problem.help()))
            .collect();
        assert!(problems.is_empty(), "the app cannot be served:{}", problems.concat());
        Self {
            app,
            gateway: Gateway::new(&manifest),
            runtime,
            elsewhere: Elsewhere::new(),
            count: AtomicU64::new(0),
        }
    }

    /// The same client of the app with this [state](App::state), in the place of the one of its type that
    /// `main` has made.
    ///
    /// ```standalone_crate
    /// use chalice_rs::prelude::*;
    /// use chalice_rs::test::Client;
    ///
    /// struct Keys(Vec<&'static str>);
    ///
    /// #[get("/keys")]
    /// fn keys(keys: State<Keys>) -> String {
    ///     keys.0.join(" ")
    /// }
    ///
    /// # fn main() {
    /// # let from_main = Client::new(App::new().state(Keys(vec!["a", "secret"])));
    /// let client = from_main.state(Keys(vec!["sesame"]));
    /// client.get("/keys").send().assert_text("sesame");
    /// # }
    /// ```
    #[must_use]
    pub fn state<T: Send + Sync + 'static>(mut self, value: T) -> Self {
        self.app = self.app.state(value);
        self
    }

    /// The same client of the app as a stage with `debug = true` has it: errors are answered with their
    /// causes.
    ///
    /// ```
    /// use chalice_rs::test::Client;
    ///
    /// /// For a test that wants to know why.
    /// fn cause(client: Client, path: &str) -> String {
    ///     let answer: serde_json::Value = client.debug().get(path).send().json();
    ///     answer["Causes"][0].as_str().unwrap_or_default().to_owned()
    /// }
    /// # let _ = cause;
    /// ```
    #[must_use]
    pub fn debug(mut self) -> Self {
        self.app.causes = Causes::Shown;
        self
    }

    /// The same client, where the Lambda function behind a [`lambda_authorizer!`](crate::lambda_authorizer)
    /// answers this. It gets API Gateway's event, and returns one of the two formats of an answer:
    /// `{"isAuthorized": true, "context": {..}}`, or an IAM policy.
    ///
    /// ```standalone_crate
    /// use chalice_rs::lambda_authorizer;
    /// use chalice_rs::prelude::*;
    /// use chalice_rs::test::Client;
    /// use serde_json::json;
    ///
    /// lambda_authorizer!(staff, arn = "arn:aws:lambda:eu-west-1:123456789012:function:sign-on");
    ///
    /// #[get("/payroll", authorizer = staff)]
    /// fn payroll() -> &'static str {
    ///     "42"
    /// }
    ///
    /// # fn main() {
    /// let client = Client::new(App::new()).authorizer("staff", |event| {
    ///     json!({"isAuthorized": event["headers"]["authorization"] == "boss"})
    /// });
    /// assert_eq!(client.get("/payroll").header("authorization", "boss").send().text(), "42");
    /// assert_eq!(client.get("/payroll").header("authorization", "me").send().status(), 403);
    /// assert_eq!(client.get("/payroll").send().status(), 401);
    /// # }
    /// ```
    #[must_use]
    pub fn authorizer(
        mut self,
        name: &str,
        answer: impl Fn(&Value) -> Value + Send + Sync + 'static,
    ) -> Self {
        self.elsewhere.insert(name.to_owned(), Box::new(answer));
        self
    }

    /// A GET request; the path may have a query.
    ///
    /// ```
    /// use chalice_rs::test::Client;
    ///
    /// fn check(client: &Client) {
    ///     client.get("/notes?page=2").send().assert_status(200);
    /// }
    /// # let _ = check;
    /// ```
    pub fn get(&self, path: &str) -> RequestBuilder<'_> {
        self.request(Method::GET, path)
    }

    /// A POST request.
    ///
    /// ```
    /// use chalice_rs::test::Client;
    /// use serde_json::json;
    ///
    /// fn check(client: &Client) {
    ///     client.post("/notes").json(&json!({"text": "tea"})).send().assert_status(201);
    /// }
    /// # let _ = check;
    /// ```
    pub fn post(&self, path: &str) -> RequestBuilder<'_> {
        self.request(Method::POST, path)
    }

    /// A PUT request.
    ///
    /// ```
    /// use chalice_rs::test::Client;
    ///
    /// fn check(client: &Client) {
    ///     client.put("/notes/7").body("more tea").send().assert_status(200);
    /// }
    /// # let _ = check;
    /// ```
    pub fn put(&self, path: &str) -> RequestBuilder<'_> {
        self.request(Method::PUT, path)
    }

    /// A PATCH request.
    ///
    /// ```
    /// use chalice_rs::test::Client;
    /// use serde_json::json;
    ///
    /// fn check(client: &Client) {
    ///     client.patch("/notes/7").json(&json!({"done": true})).send().assert_status(200);
    /// }
    /// # let _ = check;
    /// ```
    pub fn patch(&self, path: &str) -> RequestBuilder<'_> {
        self.request(Method::PATCH, path)
    }

    /// A DELETE request.
    ///
    /// ```
    /// use chalice_rs::test::Client;
    ///
    /// fn check(client: &Client) {
    ///     client.delete("/notes/7").send().assert_status(204);
    ///     client.get("/notes/7").send().assert_status(404);
    /// }
    /// # let _ = check;
    /// ```
    pub fn delete(&self, path: &str) -> RequestBuilder<'_> {
        self.request(Method::DELETE, path)
    }

    /// A HEAD request.
    ///
    /// ```
    /// use chalice_rs::test::Client;
    ///
    /// fn check(client: &Client) {
    ///     client.head("/notes").send().assert_status(200).assert_text("");
    /// }
    /// # let _ = check;
    /// ```
    pub fn head(&self, path: &str) -> RequestBuilder<'_> {
        self.request(Method::HEAD, path)
    }

    /// An OPTIONS request.
    ///
    /// ```
    /// use chalice_rs::test::Client;
    ///
    /// fn check(client: &Client) {
    ///     let preflight = client
    ///         .options("/notes")
    ///         .header("origin", "https://example.com")
    ///         .header("access-control-request-method", "PUT");
    ///     preflight.send().assert_header("access-control-allow-origin", "https://example.com");
    /// }
    /// # let _ = check;
    /// ```
    pub fn options(&self, path: &str) -> RequestBuilder<'_> {
        self.request(Method::OPTIONS, path)
    }

    /// A request with any method. What a path cannot have is escaped, as a browser does: `/☕` may be
    /// written as it is.
    ///
    /// ```
    /// use chalice_rs::test::Client;
    ///
    /// fn check(client: &Client) {
    ///     for method in [http::Method::GET, http::Method::DELETE] {
    ///         client.request(method, "/notes/7").send().assert_status(401);
    ///     }
    /// }
    /// # let _ = check;
    /// ```
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder<'_> {
        RequestBuilder::new(self, method, path)
    }

    /// Hands the app an event as it is, past the gateway, and gives the payload that it answers: for events
    /// that no request would become.
    ///
    /// ```standalone_crate
    /// use chalice_rs::prelude::*;
    /// use chalice_rs::test::Client;
    ///
    /// #[get("/users/<id>")]
    /// fn user(id: u32) -> String {
    ///     id.to_string()
    /// }
    ///
    /// # fn main() {
    /// let event = br#"{"routeKey":"GET /users/{id}","requestContext":{"http":{"method":"GET"}}}"#;
    /// let payload = Client::new(App::new()).invoke(event);
    /// assert!(payload.starts_with(br#"{"statusCode":400,"#), "the parameter is missing");
    /// # }
    /// ```
    pub fn invoke(&self, event: &[u8]) -> Vec<u8> {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        let context = Context { request_id: request_id(count), ..Context::default() };
        self.runtime.block_on(|| invoke(&self.app, &context, event))
    }

    async fn answer(&self, mut request: gateway::Request, caller: Option<&Caller>) -> Answer {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        if !request.headers().contains_key(header::HOST) {
            request.headers_mut().insert(header::HOST, HeaderValue::from_static("localhost"));
        }
        let now = SystemTime::now();
        let millis = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        let arrival = Arrival {
            time: Moment::from_epoch_millis(u64::try_from(millis).unwrap_or(u64::MAX)),
            client: SocketAddr::from((Ipv4Addr::LOCALHOST, 50_000)),
            entropy: count.into(),
        };
        let context = |trace_id: &str| Context {
            request_id: request_id(count),
            deadline: now.checked_add(limit::WAIT),
            function_arn: Some("arn:aws:lambda:us-east-1:123456789012:function:test".to_owned()),
            trace_id: Some(trace_id.to_owned()),
        };
        let route = format!("{} {}", request.method(), request.uri().path());
        let found = self.gateway.find(request, &arrival);
        let guard = found.guard();
        let mut step = match caller {
            None => found.accept(),
            Some(caller) => found.accept_as(&caller.verdict(&route, guard)),
        };
        if let Step::Authorize { question, held } = step {
            let context = context(held.trace_id());
            let verdict = ask(question, &route, guard, &self.elsewhere, &self.app, &context).await;
            step = self.gateway.resume(held, &verdict);
        }
        Answer(match step {
            Step::Answer(response) => response,
            Step::Invoke { event, exchange, .. } => {
                let payload = invoke(&self.app, &context(exchange.trace_id()), &event).await;
                self.gateway.reply(&exchange, &payload)
            }
            // Whoever calls is asked for once.
            Step::Authorize { held, .. } => panic!("nobody says who calls `{}`", held.route_key()),
        })
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let elsewhere: Vec<&String> = self.elsewhere.keys().collect();
        let mut client = f.debug_struct("Client");
        client
            .field("app", &self.app)
            .field("gateway", &self.gateway)
            .field("authorizers", &elsewhere)
            .finish_non_exhaustive()
    }
}

/// Lambda's id of a request: another one each time, and the same in each run.
fn request_id(count: u64) -> String {
    format!("00000000-0000-4000-8000-{count:012}")
}
