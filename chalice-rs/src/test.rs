//! A client for tests: requests go through the gateway's rules and the real event format into the
//! app, in this process. There is no server, no port and no network.
//!
//! ```standalone_crate
//! use chalice_rs::prelude::*;
//! use chalice_rs::test::Client;
//!
//! #[route("/hello/<name>")]
//! async fn hello(name: String) -> String {
//!     format!("hello, {name}")
//! }
//!
//! // In an app of yours: #[test]
//! fn it_greets() {
//!     let client = Client::new(App::new());
//!     let answer = client.get("/hello/you").send();
//!     assert_eq!(answer.status(), 200);
//!     assert_eq!(answer.text(), "hello, you");
//!     assert_eq!(client.post("/hello/you").send().status(), 404);
//! }
//! # it_greets();
//! ```
//!
//! [`send`](RequestBuilder::send) blocks, and can be called anywhere, in a `#[tokio::test]` as well.
//! There, a request can also be awaited, which leaves the test's other tasks running: a mock server,
//! say, that the handler calls.
//!
//! The limits on sizes are those of API Gateway and Lambda; time is not limited, and a handler that
//! never answers never returns.
//!
//! Whoever misuses the client, or reads an answer as what it is not, gets a panic that says so.

use std::future::{Future, IntoFuture};
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use chalice_rs_wire::Moment;
use chalice_rs_wire::gateway::{self, Arrival, Gateway, Step, limit};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::declaration;
use crate::error::Causes;
use crate::invoke::invoke;
use crate::{App, Context};

/// Sends requests to an app as API Gateway would.
#[derive(Debug)]
pub struct Client {
    app: App,
    gateway: Gateway,
    /// How many requests there were: it makes their ids different, and the same in every run.
    count: AtomicU64,
}

impl Client {
    /// A client of this app and of the routes that are linked into the test.
    ///
    /// # Panics
    ///
    /// If the routes together are not an API, with what `cargo chalice deploy` would say.
    #[track_caller]
    pub fn new(app: App) -> Self {
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
        Self { app, gateway: Gateway::new(&manifest), count: AtomicU64::new(0) }
    }

    /// The same client of the app as a stage with `debug = true` has it: errors are answered with their
    /// causes.
    #[must_use]
    pub fn debug(mut self) -> Self {
        self.app.causes = Causes::Shown;
        self
    }

    /// A GET request; the path may have a query.
    pub fn get(&self, path: &str) -> RequestBuilder<'_> {
        self.request(Method::GET, path)
    }

    /// A POST request.
    pub fn post(&self, path: &str) -> RequestBuilder<'_> {
        self.request(Method::POST, path)
    }

    /// A PUT request.
    pub fn put(&self, path: &str) -> RequestBuilder<'_> {
        self.request(Method::PUT, path)
    }

    /// A PATCH request.
    pub fn patch(&self, path: &str) -> RequestBuilder<'_> {
        self.request(Method::PATCH, path)
    }

    /// A DELETE request.
    pub fn delete(&self, path: &str) -> RequestBuilder<'_> {
        self.request(Method::DELETE, path)
    }

    /// A HEAD request.
    pub fn head(&self, path: &str) -> RequestBuilder<'_> {
        self.request(Method::HEAD, path)
    }

    /// An OPTIONS request.
    pub fn options(&self, path: &str) -> RequestBuilder<'_> {
        self.request(Method::OPTIONS, path)
    }

    /// A request with any method. What a path cannot have is escaped, as a browser does: `/☕` may be
    /// written as it is.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder<'_> {
        RequestBuilder {
            client: self,
            method,
            target: utf8_percent_encode(path, NOT_IN_A_TARGET).to_string(),
            headers: HeaderMap::new(),
            body: Vec::new(),
        }
    }

    async fn answer(&self, mut request: gateway::Request) -> Answer {
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
        let response = match self.gateway.accept(request, &arrival) {
            Step::Answer(response) => response,
            Step::Authorize { held, .. } => panic!("nobody says who calls `{}`", held.route_key()),
            Step::Invoke { event, exchange, .. } => {
                let context = Context {
                    request_id: format!("00000000-0000-4000-8000-{count:012}"),
                    deadline: now.checked_add(limit::WAIT),
                    function_arn: Some("arn:aws:lambda:us-east-1:123456789012:function:test".to_owned()),
                    trace_id: Some(exchange.trace_id().to_owned()),
                };
                let payload = invoke(&self.app, &context, &event).await;
                self.gateway.reply(&exchange, &payload)
            }
        };
        Answer(response)
    }
}

/// A request that is being put together. [`send`](Self::send) it, or `.await` it.
#[derive(Debug)]
#[must_use = "a request does nothing until it is sent or awaited"]
pub struct RequestBuilder<'c> {
    client: &'c Client,
    method: Method,
    target: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl<'c> RequestBuilder<'c> {
    /// The same request with one header more. Those of the same name stay.
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
    /// # Panics
    ///
    /// If the value cannot be JSON.
    #[track_caller]
    pub fn json(mut self, value: &(impl Serialize + ?Sized)) -> Self {
        if !self.headers.contains_key(header::CONTENT_TYPE) {
            self.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        match serde_json::to_vec(value) {
            Ok(body) => self.body(body),
            Err(error) => panic!("the body cannot be JSON: {error}"),
        }
    }

    /// The same request with this body. Without a content type the app gets it as bytes.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Sends the request and waits for the answer.
    ///
    /// The handler runs on a runtime of its own, as on Lambda. In a `#[tokio::test]` the test's own
    /// tasks wait meanwhile; if the handler needs one of them, `.await` the request instead.
    ///
    /// # Panics
    ///
    /// If the path does not start with `/`.
    #[track_caller]
    pub fn send(self) -> Answer {
        let (client, request) = self.build();
        let run = || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("the system has threads and files left").block_on(client.answer(request))
        };
        if tokio::runtime::Handle::try_current().is_err() {
            return run();
        }
        // A runtime refuses to be blocked from inside: the second one needs a thread of its own.
        std::thread::scope(|scope| match scope.spawn(run).join() {
            Ok(answer) => answer,
            Err(panic) => std::panic::resume_unwind(panic),
        })
    }

    #[track_caller]
    fn build(self) -> (&'c Client, gateway::Request) {
        assert!(self.target.starts_with('/'), "the path `{}` does not start with `/`", self.target);
        let mut request = match http::Request::builder().method(self.method).uri(&self.target).body(self.body)
        {
            Ok(request) => request,
            Err(error) => panic!("`{}` cannot be requested: {error}", self.target),
        };
        *request.headers_mut() = self.headers;
        (self.client, request)
    }
}

impl<'c> IntoFuture for RequestBuilder<'c> {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer> + 'c>>;

    /// Sends the request on the runtime that awaits it.
    #[track_caller]
    fn into_future(self) -> Self::IntoFuture {
        let (client, request) = self.build();
        Box::pin(client.answer(request))
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

/// What the client of the API gets.
#[derive(Debug)]
pub struct Answer(gateway::Response);

impl Answer {
    /// The status.
    pub fn status(&self) -> StatusCode {
        self.0.status()
    }

    /// The value of a header, the first if there are several.
    ///
    /// # Panics
    ///
    /// If the value is not UTF-8; [`headers`](Self::headers) has it.
    #[track_caller]
    pub fn header(&self, name: &str) -> Option<&str> {
        let value = self.0.headers().get(name)?;
        match std::str::from_utf8(value.as_bytes()) {
            Ok(text) => Some(text),
            Err(_) => panic!("the header `{name}` is not UTF-8: {value:?}"),
        }
    }

    /// All headers.
    pub fn headers(&self) -> &HeaderMap {
        self.0.headers()
    }

    /// The body.
    pub fn bytes(&self) -> &[u8] {
        self.0.body()
    }

    /// The body as text.
    ///
    /// # Panics
    ///
    /// If it is not UTF-8.
    #[track_caller]
    pub fn text(&self) -> &str {
        match std::str::from_utf8(self.bytes()) {
            Ok(text) => text,
            Err(error) => panic!("the body is not text: {error}"),
        }
    }

    /// The body as a value.
    ///
    /// # Panics
    ///
    /// If it is not the JSON of one.
    #[track_caller]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        match serde_json::from_slice(self.bytes()) {
            Ok(value) => value,
            Err(error) => {
                let body = String::from_utf8_lossy(self.bytes());
                panic!(
                    "the body is not the JSON of a `{}`: {error}\n  status: {}\n  body: {body}",
                    std::any::type_name::<T>(),
                    self.status()
                )
            }
        }
    }
}
