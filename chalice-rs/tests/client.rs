//! The test client: what a test sends is what a handler gets, and the other way round.

use std::panic::{AssertUnwindSafe, catch_unwind};

use chalice_rs::prelude::*;
use chalice_rs::test::{Answer, Client};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Note {
    text: String,
}

/// Tells what came in.
#[route("/echo/<rest..>", methods = ["ANY"])]
fn echo(request: &Request<'_>, rest: String, context: Context) -> Json<Value> {
    Json(json!({
        "event": serde_json::from_slice::<Value>(request.event()).expect("an event is JSON"),
        "rest": rest,
        "request_id": context.request_id,
        "has_deadline": context.remaining_time().is_some_and(|left| left.as_secs() > 20),
    }))
}

#[route("/notes", methods = ["POST"])]
fn note(note: Json<Note>) -> (StatusCode, Json<Note>) {
    (StatusCode::CREATED, note)
}

#[route("/binary")]
fn binary() -> Vec<u8> {
    vec![0, 159, 146, 150]
}

#[route("/panics")]
fn panics() -> String {
    panic!("on purpose")
}

#[route("/state")]
async fn state(state: State<u32>) -> String {
    tokio::task::yield_now().await;
    state.to_string()
}

#[route("/spawns")]
async fn spawns() -> String {
    tokio::spawn(async { "done".to_owned() }).await.expect("it does not panic")
}

#[route("/headers")]
fn headers() -> (StatusCode, [(&'static str, &'static str); 2], &'static str) {
    (StatusCode::OK, [("set-cookie", "a=1"), ("set-cookie", "b=2")], "hi")
}

#[route("/only-head", methods = ["HEAD"])]
fn only_head() -> &'static str {
    "four"
}

fn client() -> Client {
    Client::new(App::new().state(7_u32))
}

#[test]
fn each_method_arrives_as_itself() {
    let client = client();
    let method = |answer: Answer| answer.json::<Value>()["event"]["requestContext"]["http"]["method"].clone();
    assert_eq!(method(client.get("/echo/x").send()), "GET");
    assert_eq!(method(client.post("/echo/x").send()), "POST");
    assert_eq!(method(client.put("/echo/x").send()), "PUT");
    assert_eq!(method(client.patch("/echo/x").send()), "PATCH");
    assert_eq!(method(client.delete("/echo/x").send()), "DELETE");
    assert_eq!(method(client.options("/echo/x").send()), "OPTIONS");
    let purge = "PURGE".parse().expect("HTTP allows it");
    assert_eq!(method(client.request(purge, "/echo/x").send()), "PURGE");
}

#[test]
fn head_has_a_length_and_no_body() {
    let answer = client().head("/only-head").send();
    assert_eq!(answer.header("content-length"), Some("4"));
    assert_eq!(answer.bytes(), b"");
}

#[test]
fn the_request_goes_through_the_real_event() {
    let answer = client()
        .get("/echo/a%20b/☕?x=1")
        .query("y", "a&b=c d")
        .header("X-Probe", "first")
        .header("x-probe", "second")
        .header("cookie", "a=1; b=2")
        .send();
    let echoed: Value = answer.json();
    let event = &echoed["event"];
    assert_eq!(event["version"], "2.0");
    assert_eq!(event["routeKey"], "ANY /echo/{rest+}");
    assert_eq!(event["rawPath"], "/echo/a b/☕");
    assert_eq!(event["rawQueryString"], "x=1&y=a%26b%3Dc%20d");
    assert_eq!(event["queryStringParameters"], json!({"x": "1", "y": "a&b=c d"}));
    assert_eq!(event["headers"]["x-probe"], "first,second");
    assert_eq!(event["cookies"], json!(["a=1", "b=2"]));
    assert_eq!(event["headers"]["host"], "localhost");
    assert_eq!(echoed["rest"], "a b/☕");
    assert_eq!(echoed["has_deadline"], true);
}

#[test]
fn requests_have_ids_of_their_own() {
    let client = client();
    let (first, second) = (client.get("/echo/x").send(), client.get("/echo/x").send());
    assert_ne!(first.json::<Value>()["request_id"], second.json::<Value>()["request_id"]);
    assert_ne!(first.header("apigw-requestid"), second.header("apigw-requestid"));
}

#[test]
fn json_goes_in_and_comes_out() {
    let note = Note { text: "hello".to_owned() };
    let answer = client().post("/notes").json(&note).send();
    assert_eq!(answer.status(), 201);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.json::<Note>(), note);
}

#[test]
fn a_body_that_the_handler_refuses_is_a_400() {
    let answer = client().post("/notes").header("content-type", "application/json").body("{").send();
    assert_eq!(answer.status(), 400);
    assert_eq!(answer.json::<Value>()["Code"], "BadRequestError");
}

#[test]
fn bytes_come_back_as_they_are() {
    assert_eq!(client().get("/binary").send().bytes(), [0, 159, 146, 150]);
}

#[test]
fn cookies_come_back_one_by_one() {
    let answer = client().get("/headers").send();
    let cookies: Vec<_> = answer.headers().get_all("set-cookie").iter().collect();
    assert_eq!(cookies, ["a=1", "b=2"]);
    assert_eq!(answer.text(), "hi");
}

#[test]
fn what_no_route_takes_is_the_gateways_404() {
    let answer = client().get("/notes").send();
    assert_eq!((answer.status().as_u16(), answer.text()), (404, r#"{"message":"Not Found"}"#));
}

#[test]
fn a_body_that_lambda_does_not_take_is_a_413() {
    assert_eq!(client().post("/notes").body(vec![0; 7 << 20]).send().status(), 413);
}

#[test]
fn a_panic_is_a_500_and_the_client_goes_on() {
    let client = client();
    assert_eq!(client.get("/panics").send().status(), 500);
    assert_eq!(client.get("/state").send().text(), "7");
}

#[tokio::test]
async fn a_request_can_be_sent_inside_a_runtime() {
    assert_eq!(client().get("/state").send().text(), "7");
    assert_eq!(client().get("/spawns").send().text(), "done");
}

#[tokio::test]
async fn a_request_can_be_awaited() {
    assert_eq!(client().get("/state").await.text(), "7");
    assert_eq!(client().get("/spawns").await.text(), "done");
}

#[test]
fn misuse_says_what_is_wrong() {
    check_panic(
        || drop(Client::from_main()),
        "there is no `#[chalice_rs::main]` in what this test was compiled with",
    );
    check_panic(|| drop(client().get("hello").send()), "the path `hello` does not start with `/`");
    check_panic(|| drop(client().get("/x").header("a b", "1")), "`a b` cannot be a header's name");
    check_panic(
        || drop(client().get("/x").header("a", "1\n2")),
        r"`1\n2` cannot be the value of the header `a`",
    );
    check_panic(|| drop(client().get("/binary").send().text().to_owned()), "the body is not text");
    check_panic(
        || drop(client().get("/state").send().json::<Note>()),
        "the body is not the JSON of a `client::Note`: invalid type: integer `7`, expected struct Note \
         at line 1 column 1\n  status: 200 OK\n  body: 7",
    );
}

#[track_caller]
fn check_panic(misuse: impl FnOnce(), expected: &str) {
    let panic = catch_unwind(AssertUnwindSafe(misuse)).expect_err("a panic");
    let message = panic.downcast_ref::<String>().map(String::as_str);
    let message = message.or_else(|| panic.downcast_ref::<&str>().copied()).expect("a message");
    assert!(message.starts_with(expected), "{message}");
}
