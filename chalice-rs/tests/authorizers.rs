//! Authorizers of the program's own, asked as API Gateway asks them.

use std::sync::atomic::{AtomicU32, Ordering};

use chalice_rs::Bearer;
use chalice_rs::authorizer::{AllowList, AuthorizerRequest, Verdict};
use chalice_rs::prelude::*;
use chalice_rs::test::{Answer, Client};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Serialize, Deserialize)]
struct Caller {
    foo: String,
}

fn bar() -> Caller {
    Caller { foo: "bar".to_owned() }
}

#[authorizer(ttl = 300)]
fn demo(request: &AuthorizerRequest<'_>) -> AllowList<Caller> {
    match request.token() {
        "yes" => AllowList::new(bar(), ["GET /builtin-auth", "POST /fake-profile"]),
        _ => AllowList::nothing(),
    }
}

#[get("/builtin-auth", authorizer = demo)]
fn builtin_auth(caller: Authorized<Caller>) -> Json<Caller> {
    Json(caller.0)
}

#[get("/fake-profile")]
fn fake_profile() -> &'static str {
    "open"
}

#[post("/fake-profile", authorizer = demo)]
fn change_fake_profile(caller: Authorized<Caller>) -> Json<Caller> {
    Json(caller.0)
}

#[get("/not-listed", authorizer = demo)]
fn not_listed() {}

#[authorizer]
async fn moody(request: &AuthorizerRequest<'_>) -> Result<bool, Error> {
    match request.token() {
        "panic" => panic!("the authorizer has had enough"),
        "error" => Err(std::io::Error::other("the database is gone"))?,
        "unauthorized" => Err(Error::unauthorized("who are you?")),
        token => Ok(token == "yes"),
    }
}

#[get("/moody", authorizer = moody)]
fn guarded_by_moods() -> &'static str {
    "in"
}

#[derive(Default)]
struct Asked(AtomicU32);

#[authorizer(ttl = 60)]
async fn kept(_: Header<Bearer<'_>>, asked: State<Asked>) -> Verdict {
    asked.0.fetch_add(1, Ordering::Relaxed);
    Verdict::Allow(())
}

#[authorizer(ttl = 60, reuse = "all-routes")]
fn shared(asked: State<Asked>) -> bool {
    asked.0.fetch_add(1, Ordering::Relaxed);
    true
}

#[authorizer(identity = ["$request.header.X-Tenant", "$request.querystring.key"])]
fn tenants(request: &AuthorizerRequest<'_>) -> Option<Caller> {
    let identity: Vec<&str> = request.identity().collect();
    (identity == ["red", "7"] && request.path() == "/tenants/red").then(bar)
}

mod inside {
    use super::*;

    blueprint! { prefix = "/inside", authorizer = kept }

    #[get("/kept/<id>")]
    fn kept_one(id: u32) -> String {
        id.to_string()
    }

    #[get("/other")]
    fn kept_two() {}

    #[get("/shared/1", authorizer = shared)]
    fn shared_one() {}

    #[get("/shared/2", authorizer = shared)]
    fn shared_two() {}

    #[get("/open", authorizer = none)]
    fn open() {}
}

#[get("/tenants/<name>", authorizer = tenants)]
fn tenant(name: String, Authorized(caller): Authorized<Caller>) -> String {
    format!("{name} {}", caller.foo)
}

fn client() -> Client {
    Client::new(App::new().state(Asked::default()))
}

/// What comes of an event for which API Gateway chose no route: of a function URL, say.
#[track_caller]
fn check_unrouted(path: &str, answer: &str) {
    let event = json!({
        "routeKey": "$default",
        "rawPath": path,
        "requestContext": { "http": { "method": "GET", "path": path } },
    });
    let payload: Value =
        serde_json::from_slice(&client().invoke(event.to_string().as_bytes())).expect("JSON");
    assert_eq!(format!("{} {}", payload["statusCode"], payload["body"].as_str().unwrap_or_default()), answer);
}

/// What the caller with this `Authorization` gets.
fn call(client: &Client, path: &str, token: &str) -> Answer {
    client.get(path).header("authorization", token).send()
}

#[track_caller]
fn check(answer: &Answer, status: u16, text: &str) {
    assert_eq!((answer.status().as_u16(), answer.text()), (status, text));
}

const UNAUTHORIZED: &str = r#"{"message":"Unauthorized"}"#;
const FORBIDDEN: &str = r#"{"message":"Forbidden"}"#;
const INTERNAL: &str = r#"{"message":"Internal Server Error"}"#;

#[test]
fn without_an_identity_nobody_is_asked() {
    let client = client();
    check(&client.get("/builtin-auth").send(), 401, UNAUTHORIZED);
    check(&client.post("/fake-profile").send(), 401, UNAUTHORIZED);
    check(&client.get("/tenants/red").header("x-tenant", "red").send(), 401, UNAUTHORIZED);
}

#[test]
fn the_context_of_an_authorizer_reaches_the_route() {
    let client = client();
    check(&call(&client, "/builtin-auth", "yes"), 200, r#"{"foo":"bar"}"#);
    assert_eq!(client.head("/builtin-auth").header("authorization", "yes").send().status(), 200);
    let answer = client.get("/tenants/red?key=7").header("x-tenant", "red").send();
    check(&answer, 200, "red bar");
}

#[test]
fn one_path_may_be_open_by_one_method_and_guarded_by_another() {
    let client = client();
    check(&client.get("/fake-profile").send(), 200, "open");
    let answer = client.post("/fake-profile").header("authorization", "yes").send();
    check(&answer, 200, r#"{"foo":"bar"}"#);
}

#[test]
fn a_route_that_is_not_on_the_list_is_denied_whatever_was_asked_before() {
    let client = client();
    for _ in 0..2 {
        check(&call(&client, "/builtin-auth", "yes"), 200, r#"{"foo":"bar"}"#);
        check(&call(&client, "/not-listed", "yes"), 403, FORBIDDEN);
        check(&call(&client, "/builtin-auth", "no"), 403, FORBIDDEN);
    }
}

#[test]
fn denied_is_403_and_a_failing_authorizer_500() {
    let client = client();
    check(&call(&client, "/moody", "yes"), 200, "in");
    check(&call(&client, "/moody", "no"), 403, FORBIDDEN);
    check(&call(&client, "/moody", "unauthorized"), 403, FORBIDDEN);
    check(&call(&client, "/moody", "error"), 500, INTERNAL);
    check(&call(&client, "/moody", "panic"), 500, INTERNAL);
    check(&call(&client, "/moody", "yes"), 200, "in");
}

#[test]
fn an_answer_goes_for_an_identity_and_a_route() {
    let app = App::new().state(Asked::default());
    let client = Client::new(app);
    let asked = |token: &str, path: &str| {
        let answer = call(&client, path, token);
        assert_eq!(answer.status(), 200, "{path}: {}", answer.text());
    };
    // Each question is one more; a remembered answer is none.
    for (token, path) in [
        ("Bearer a", "/inside/kept/1"),
        ("Bearer a", "/inside/kept/2"),
        ("Bearer b", "/inside/kept/1"),
        ("Bearer a", "/inside/other"),
        ("Bearer a", "/inside/other"),
        ("x", "/inside/shared/1"),
        ("x", "/inside/shared/2"),
    ] {
        asked(token, path);
    }
    assert_eq!(client.get("/inside/open").send().status(), 200);
    check(&call(&client, "/asked", "-"), 200, "4");
}

#[get("/asked")]
fn how_often(asked: State<Asked>) -> String {
    asked.0.load(Ordering::Relaxed).to_string()
}

#[test]
fn an_argument_that_refuses_the_request_denies_it() {
    check(&call(&client(), "/inside/other", "Basic x"), 403, FORBIDDEN);
}

#[test]
fn a_route_with_an_authorizer_is_not_found_by_its_path() {
    let nothing = r#"404 {"Code":"NotFoundError","Message":"Not Found"}"#;
    check_unrouted("/moody", nothing);
    check_unrouted("/inside/kept/7", nothing);
    check_unrouted("/inside/open", "200 ");
    check_unrouted("/fake-profile", "200 open");
}
