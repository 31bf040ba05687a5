//! The app under test. The tests start this very executable again, with this one test of it, which
//! is an app rather than a test.

use std::time::Duration;

use chalice_rs::authorizer::{AllowList, AuthorizerRequest, Verdict};
use chalice_rs::prelude::*;
use chalice_rs::{HeaderValue, log};
use serde::{Deserialize, Serialize};

#[test]
#[ignore = "the app that the other tests start"]
fn app() {
    let start = std::env::var("START").unwrap_or_default();
    let code = chalice_rs::__private::run(async || match start.as_str() {
        "error" => Err("no database".to_owned()),
        "panic" => panic!("no luck"),
        "observed" => Ok(App::new()
            .state(Shop { name: "Tea & Co" })
            .middleware(chalice_rs::middleware::log_requests)
            .middleware(chalice_rs::middleware::metrics("Shop"))),
        _ => Ok(App::new().state(Shop { name: "Tea & Co" })),
    });
    // A test's own exit code says nothing; this one says what the app's `main` would.
    std::process::exit(if code == std::process::ExitCode::SUCCESS {
        0
    } else if code == std::process::ExitCode::from(2) {
        2
    } else {
        1
    });
}

struct Shop {
    name: &'static str,
}

struct Missing;

#[derive(Serialize, Deserialize)]
struct Note<'r> {
    text: std::borrow::Cow<'r, str>,
    count: u32,
}

#[route("/hello/<name>")]
async fn hello(name: String) -> Json<serde_json::Value> {
    Json(serde_json::json!({ "hello": name }))
}

#[route("/")]
fn index(shop: State<Shop>) -> &'static str {
    shop.name
}

#[route("/missing-state")]
fn missing_state(_state: State<Missing>) {}

#[route("/items/<id>", methods = ["GET", "PUT"])]
fn item(id: u32) -> String {
    id.to_string()
}

#[route("/items/me")]
fn own_item() -> &'static str {
    "mine"
}

#[route("/text/<text>")]
fn text(text: &str) -> String {
    format!("[{text}]")
}

#[route("/files/<path..>", methods = ["ANY"])]
fn file(path: String) -> String {
    path
}

#[route("/notes", methods = ["POST"])]
async fn note(Json(note): Json<Note<'_>>) -> (StatusCode, Json<Note<'_>>) {
    (StatusCode::CREATED, Json(note))
}

#[route("/bytes", methods = ["POST"])]
fn bytes(body: &[u8]) -> Vec<u8> {
    body.iter().rev().copied().collect()
}

#[route("/words", methods = ["POST"])]
fn words(body: &str) -> String {
    body.to_uppercase()
}

#[route("/request", methods = ["GET", "POST"])]
fn request(request: &Request<'_>) -> Json<serde_json::Value> {
    let pairs: Vec<_> = request.query_pairs().collect();
    Json(serde_json::json!({
        "method": request.method(),
        "path": request.path(),
        "query": request.query(),
        "pairs": pairs,
        "probe": request.header("X-Probe"),
        "cookie": request.cookie("a"),
        "host": request.host(),
        "stage": request.stage(),
        "body": request.body().len(),
    }))
}

#[route("/context")]
async fn context(context: Context) -> Json<serde_json::Value> {
    Json(serde_json::json!({
        "request": context.request_id,
        "arn": context.function_arn,
        "trace": context.trace_id,
        "has_time": context.remaining_time().is_some_and(|left| left > Duration::from_secs(1)),
        "name": context.function().name,
        "memory": context.function().memory,
    }))
}

#[route("/panic-at-once")]
fn panics_at_once() -> &'static str {
    panic!("this handler does not wait")
}

#[route("/panic")]
async fn panics() -> &'static str {
    panic!("the handler has had enough")
}

#[route("/fails")]
fn fails() -> Result<(), Error> {
    let cause = std::io::Error::other("the password is hunter2");
    Err(cause)?;
    Ok(())
}

#[route("/not-found")]
fn not_found() -> Result<String, Error> {
    Err(Error::not_found("no such thing"))
}

#[route("/unserialisable")]
fn unserialisable() -> Json<std::collections::BTreeMap<(u8, u8), u8>> {
    Json([((1, 2), 3)].into())
}

#[route("/large/<size>")]
fn large(size: usize) -> String {
    "x".repeat(size)
}

#[route("/headers")]
fn headers() -> Response {
    Response::new(StatusCode::OK)
        .with_header(chalice_rs::header::VARY, HeaderValue::from_static("a"))
        .with_header(chalice_rs::header::VARY, HeaderValue::from_static("b"))
        .with_header(chalice_rs::header::SET_COOKIE, HeaderValue::from_static("x=1"))
        .with_header(chalice_rs::header::SET_COOKIE, HeaderValue::from_static("y=2"))
}

#[route("/latin-1")]
fn latin_1() -> Response {
    let value = HeaderValue::from_bytes(b"caf\xe9").expect("a header value");
    Response::new(StatusCode::OK).with_header(chalice_rs::HeaderName::from_static("x-name"), value)
}

#[route("/binary")]
fn binary() -> Response {
    Response { body: vec![0xff, 0xfe, 0x00, 0x01], ..Response::default() }
}

#[route("/log/<text>")]
async fn logs(text: String) {
    log::debug!("this is not shown");
    log::warn!("before {text}");
    tokio::task::yield_now().await;
    log::info!("after \"{text}\"");
}

#[route("/block")]
fn block() -> &'static str {
    // Blocks its thread until the test closes the connection.
    let gate = std::env::var("GATE").expect("a gate");
    let mut gate = std::net::TcpStream::connect(gate).expect("the test listens");
    std::io::Read::read(&mut gate, &mut [0]).expect("the gate opens");
    "unblocked"
}

#[derive(Serialize)]
struct Member<'r> {
    name: &'r str,
    team: &'r str,
    shop: &'static str,
    arn: &'r str,
    sources: usize,
    key: &'r str,
    invocation: bool,
}

#[authorizer(ttl = 300)]
async fn members<'r>(
    asked: &'r AuthorizerRequest<'r>,
    context: &Context,
    shop: State<Shop>,
    request: &'r Request<'r>,
) -> Verdict<Member<'r>> {
    tokio::task::yield_now().await;
    if asked.token() == "bob" {
        return Verdict::Deny;
    }
    Verdict::Allow(Member {
        name: asked.token(),
        team: request.header("X-Team").unwrap_or_default(),
        shop: shop.name,
        arn: asked.route_arn(),
        sources: asked.identity().count(),
        key: asked.route_key(),
        invocation: context.request_id.starts_with("id-"),
    })
}

#[authorizer]
fn careful(request: &AuthorizerRequest<'_>) -> Result<Option<serde_json::Value>, Error> {
    match request.token() {
        "io" => Err(std::io::Error::other("the database is gone"))?,
        "panic" => panic!("the authorizer has had enough"),
        "text" => Ok(Some("just text".into())),
        "500" => Err(Error::internal("not today")),
        "401" => Err(Error::unauthorized("who are you?")),
        "404" => Err(Error::not_found("no such user")),
        _ => Ok(Some(serde_json::json!({ "a": 1 }))),
    }
}

/// Refuses whoever is not there.
struct Nobody;

impl<'r> FromRequest<'r> for Nobody {
    type Rejection = StatusCode;

    async fn from_request(_: &'r Request<'r>) -> Result<Self, StatusCode> {
        Err(StatusCode::BAD_REQUEST)
    }
}

#[authorizer]
async fn refusing(_: Nobody) -> bool {
    true
}

#[authorizer(identity = ["$request.header.X-Key"], ttl = 60, reuse = "per-route")]
fn listed(request: &AuthorizerRequest<'_>) -> AllowList {
    match request.token() {
        "some" => AllowList::new((), ["GET /a", "/b", "/users/<user>", "/files/<rest..>"]),
        "all" => AllowList::everything(()),
        "mistaken" => AllowList::new((), ["a/*"]),
        _ => AllowList::nothing(),
    }
}

#[authorizer]
fn stateless(_state: State<Missing>) -> bool {
    true
}

#[route("/heavy", function = "heavy")]
fn heavy() -> &'static str {
    "heavy"
}

#[mount("/mounted")]
async fn mounted() -> Result<axum::Router, Error> {
    if std::env::var("START").is_ok_and(|start| start == "mount") {
        Err(std::io::Error::other("no database for the mount"))?;
    }
    Ok(axum::Router::new().fallback(async |uri: axum::http::Uri| uri.to_string()))
}

mod nested {
    use super::*;

    blueprint! { prefix = "/nested/v1", function = "apart" }

    #[get("/")]
    fn index() -> &'static str {
        "nested"
    }

    #[get("/names/<name>")]
    async fn name(name: String) -> String {
        name
    }
}
