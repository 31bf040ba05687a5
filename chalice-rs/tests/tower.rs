//! Layers of `tower` around an app, and services of `tower` below its paths.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context as Task, Poll};

use chalice_rs::middleware::Next;
use chalice_rs::prelude::*;
use chalice_rs::test::Client;
use chalice_rs::tower::Event;
use chalice_rs::{HeaderName, HeaderValue};
use tower::{Layer, Service, ServiceBuilder};

/// Puts a word into the request's header and extensions, and into the answer's headers.
#[derive(Clone)]
struct Marks(&'static str);

#[derive(Clone)]
struct Marked<S> {
    inner: S,
    word: &'static str,
}

#[derive(Clone, PartialEq, Debug)]
struct Word(&'static str);

impl<S> Layer<S> for Marks {
    type Service = Marked<S>;

    fn layer(&self, inner: S) -> Marked<S> {
        Marked { inner, word: self.0 }
    }
}

const MARK: HeaderName = HeaderName::from_static("x-mark");

impl<S, B, C> Service<http::Request<B>> for Marked<S>
where
    S: Service<http::Request<B>, Response = http::Response<C>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Marking<S::Future>;

    fn poll_ready(&mut self, task: &mut Task<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(task)
    }

    fn call(&mut self, mut request: http::Request<B>) -> Self::Future {
        request.headers_mut().append(MARK, HeaderValue::from_static(self.word));
        request.extensions_mut().insert(Word(self.word));
        Marking { inner: Box::pin(self.inner.call(request)), word: self.word }
    }
}

struct Marking<F> {
    inner: Pin<Box<F>>,
    word: &'static str,
}

impl<F, B, E> Future for Marking<F>
where
    F: Future<Output = Result<http::Response<B>, E>>,
{
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, task: &mut Task<'_>) -> Poll<F::Output> {
        let word = self.word;
        self.inner.as_mut().poll(task).map_ok(|mut response| {
            response.headers_mut().append(MARK, HeaderValue::from_static(word));
            response
        })
    }
}

#[route("/marks/<name>", methods = ["GET", "POST"])]
async fn marks(name: String, request: &Request<'_>, body: &str) -> String {
    let (header, word) = (request.header("x-mark"), request.extension::<Word>());
    let cookies: Vec<_> = request.cookies().collect();
    let query = request.query_value("q");
    format!("{name} {header:?} {word:?} {cookies:?} {query:?} {body}")
}

#[route("/fails")]
fn fails() -> Result<(), Error> {
    Err(Error::conflict("taken"))
}

async fn noted(request: &Request<'_>, next: Next<'_>) -> Response {
    request.insert(7_u8);
    next.run(request).await.with_header(MARK, HeaderValue::from_static("noted"))
}

#[route("/seven")]
fn seven(Extension(seven): Extension<u8>, Extension(word): Extension<Word>) -> String {
    format!("{seven} {}", word.0)
}

fn marks_of(answer: &chalice_rs::test::Answer) -> &str {
    answer.header("x-mark").expect("a mark")
}

/// An unchanged router of axum.
fn router() -> axum::Router {
    use axum::extract::{Path, Query};
    use axum::http::{HeaderMap, Method, Uri};
    use axum::response::AppendHeaders;
    use axum::routing::{any, get, post};

    async fn echo(method: Method, uri: Uri, headers: HeaderMap, body: axum::body::Bytes) -> String {
        let header = |name| headers.get(name).map(|value| value.to_str().expect("text"));
        format!("{method} {uri} {:?} {:?} {}", header("cookie"), header("x-a"), body.len())
    }

    axum::Router::new()
        .route("/", get(async || "root"))
        .route("/users/{name}", get(async |Path(name): Path<String>| format!("this is {name}")))
        .route("/query", get(async |Query(pairs): Query<Vec<(String, String)>>| format!("{pairs:?}")))
        .route("/binary", post(async |body: axum::body::Bytes| ([("content-type", "image/png")], body)))
        .route(
            "/cookies",
            get(async || {
                (AppendHeaders([("set-cookie", "a=1"), ("set-cookie", "b=2"), ("vary", "x")]), "ok")
            }),
        )
        .route("/panics", get(async || -> &'static str { panic!("the router has had enough") }))
        .route(
            "/extensions",
            get(async |context: axum::Extension<Context>, event: axum::Extension<Event>| {
                let event: serde_json::Value = serde_json::from_slice(&event.0.0).expect("JSON");
                format!("{} {}", context.request_id.len(), event["routeKey"])
            }),
        )
        .route("/echo/{*rest}", any(echo))
        .fallback(async || (axum::http::StatusCode::NOT_FOUND, "nothing of the router's"))
}

#[mount("/legacy")]
fn legacy() -> axum::Router {
    router()
}

#[route("/legacy/ours")]
fn ours() -> &'static str {
    "ours"
}

struct Greeting(String);

mod inside {
    use super::*;

    async fn noted(request: &Request<'_>, next: Next<'_>) -> Response {
        next.run(request).await.with_header(MARK, HeaderValue::from_static("inside"))
    }

    blueprint! { prefix = "/inside", middleware = [noted] }

    #[mount("/")]
    async fn everything(greeting: State<Greeting>) -> Result<axum::Router, std::io::Error> {
        tokio::task::yield_now().await;
        let text = greeting.0.clone();
        Ok(axum::Router::new().route("/hi", axum::routing::get(async move || text)).merge(router()))
    }
}

#[mount("/broken", cors = "https://a.test")]
async fn broken(
    switch: State<Switch>,
) -> Result<
    impl Service<
        http::Request<http_body_util::Full<bytes::Bytes>>,
        Response = http::Response<String>,
        Error = Infallible,
        Future = std::future::Ready<Result<http::Response<String>, Infallible>>,
    > + Clone
    + Send,
    Error,
> {
    if switch.0 {
        return Err(std::io::Error::other("no database for the mount"))?;
    }
    Ok(tower::service_fn(|request: http::Request<http_body_util::Full<bytes::Bytes>>| {
        std::future::ready(Ok(http::Response::new(request.uri().to_string())))
    }))
}

struct Switch(bool);

fn mounted() -> Client {
    Client::new(App::new().state(Greeting("hello".to_owned())).state(Switch(false)))
}

#[track_caller]
fn check(client: &Client, path: &str, status: u16, text: &str) {
    let answer = client.get(path).send();
    assert_eq!((answer.status().as_u16(), answer.text()), (status, text), "{path}");
}

#[test]
fn a_service_gets_everything_below_its_path_and_does_not_know_the_path() {
    let client = mounted();
    check(&client, "/legacy", 200, "root");
    check(&client, "/legacy/users/ann", 200, "this is ann");
    check(&client, "/legacy/users/a%20b%3Fc", 200, "this is a b?c");
    check(&client, "/legacy/users/☕", 200, "this is ☕");
    check(&client, "/legacy/query?a=1&a=2&b=x%20y", 200, r#"[("a", "1"), ("a", "2"), ("b", "x y")]"#);
    check(&client, "/legacy/nothing/here", 404, "nothing of the router's");
    check(&client, "/legacy/ours", 200, "ours");
    check(&client, "/legacy/extensions", 200, r#"36 "ANY /legacy/{path+}""#);
}

#[test]
fn all_of_a_request_and_of_an_answer_goes_through() {
    let client = mounted();
    let answer = client
        .request(http::Method::PATCH, "/legacy/echo/a//b?x=%C3%A9")
        .header("cookie", "a=1; b=2")
        .header("x-a", "1")
        .header("x-a", "2")
        .body(vec![0xff, 0])
        .send();
    assert_eq!(answer.text(), r#"PATCH /echo/a//b?x=%C3%A9 Some("a=1; b=2") Some("1,2") 2"#);
    let answer = client.post("/legacy/binary").body(vec![0xff, 0xfe, 0]).send();
    assert_eq!((answer.header("content-type"), answer.bytes()), (Some("image/png"), &[0xff, 0xfe, 0][..]));
    let answer = client.get("/legacy/cookies").send();
    let cookies: Vec<_> =
        answer.headers().get_all("set-cookie").iter().map(|cookie| cookie.to_str().expect("text")).collect();
    assert_eq!((cookies, answer.header("vary")), (vec!["a=1", "b=2"], Some("x")));
}

#[test]
fn a_mount_is_in_its_blueprint() {
    let client = mounted();
    check(&client, "/inside", 200, "root");
    check(&client, "/inside/hi", 200, "hello");
    check(&client, "/inside/users/ann", 200, "this is ann");
    assert_eq!(client.get("/inside/hi").send().header("x-mark"), Some("inside"));
}

#[test]
fn a_service_that_panics_is_a_500_and_answers_the_next_request() {
    let client = mounted();
    assert_eq!(client.get("/legacy/panics").send().status(), 500);
    check(&client, "/legacy", 200, "root");
}

#[test]
fn a_mount_that_does_not_start_is_a_500_with_a_private_cause() {
    check(&mounted(), "/broken/a/b?c", 200, "/a/b?c");
    let client = Client::new(App::new().state(Switch(true)));
    let answer = client.get("/broken").send();
    assert_eq!(answer.status(), 500);
    assert!(!answer.text().contains("no database"), "{}", answer.text());
    let client = Client::new(App::new());
    assert_eq!(client.get("/broken").send().status(), 500, "without its state");
}

#[test]
fn layers_are_among_the_middleware_and_the_first_is_the_outermost() {
    let app = App::new().layer(Marks("a")).middleware(noted).layer(Marks("b"));
    let client = Client::new(app);
    let answer = client.get("/marks/me?q=x%20y").header("cookie", "c=1; d=2").send();
    assert_eq!(answer.text(), r#"me Some("a,b") Some(Word("b")) [("c", "1"), ("d", "2")] Some("x y") "#);
    assert_eq!(marks_of(&answer), "b, noted, a");
    let answer = client.get("/fails").send();
    assert_eq!((answer.status().as_u16(), marks_of(&answer)), (409, "b, noted, a"));
    let answer = client.get("/nowhere").send();
    assert_eq!(answer.status(), 404);
    let answer = client.get("/seven").send();
    assert_eq!(answer.text(), "7 b");
}

#[test]
fn a_stack_of_layers_is_one() {
    let layers = ServiceBuilder::new().layer(Marks("a")).layer(Marks("b")).map_request(
        |mut request: http::Request<http_body_util::Full<bytes::Bytes>>| {
            *request.body_mut() = "changed".into();
            request
        },
    );
    let client = Client::new(App::new().layer(layers));
    let answer = client.post("/marks/é").body("sent").header("content-type", "text/plain").send();
    assert_eq!(answer.text(), r#"é Some("a,b") Some(Word("b")) [] None changed"#);
}

#[route("/where/<_name>")]
fn place(_name: &str, request: &Request<'_>) -> String {
    format!("{} {}", request.path(), request.query())
}

#[test]
fn what_a_layer_makes_of_the_address_is_the_requests() {
    let rewrite = ServiceBuilder::new().map_request(
        |mut request: http::Request<http_body_util::Full<bytes::Bytes>>| {
            *request.uri_mut() = "/else%20where?q=2".parse().expect("an address");
            request
        },
    );
    let client = Client::new(App::new().layer(rewrite));
    client.get("/where/x?q=1").send().assert_text("/else where q=2");
}

#[test]
fn a_layer_that_fails_is_a_500_with_a_private_cause() {
    let fail =
        ServiceBuilder::new().map_result(|answer: Result<http::Response<_>, Infallible>| match answer {
            Ok(answer) if answer.status() == 200 => Ok(answer),
            Ok(_) => Err(tower::BoxError::from("the password is hunter2")),
            Err(never) => match never {},
        });
    let client = Client::new(App::new().layer(fail));
    let answer = client.get("/fails").send();
    assert_eq!(answer.status(), 500);
    assert!(!answer.text().contains("hunter2"), "{}", answer.text());
    assert_eq!(client.get("/marks/me").send().status(), 200);
}

#[test]
fn a_mount_tells_browsers_what_its_policy_says() {
    let client = mounted();
    let ask = client.options("/broken/a").header("origin", "https://a.test");
    let asked = ask.header("access-control-request-method", "PUT").send();
    asked.assert_status(204).assert_header("access-control-allow-origin", "https://a.test");
    let answer = client.get("/broken/a").header("origin", "https://a.test").send();
    answer.assert_status(200).assert_header("access-control-allow-origin", "https://a.test");
    client
        .get("/legacy")
        .header("origin", "https://a.test")
        .send()
        .assert_no_header("access-control-allow-origin");
}
