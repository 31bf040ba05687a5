//! What a test can send, and what it can say about the answer.

use std::panic::{AssertUnwindSafe, catch_unwind};

use chalice_rs::prelude::*;
use chalice_rs::test::{Answer, Client, Part};
use serde_json::{Value, json};

#[post("/form")]
fn form(Form(fields): Form<Vec<(String, String)>>) -> Json<Vec<(String, String)>> {
    Json(fields)
}

#[post("/parts")]
async fn parts(mut form: Multipart<'_>) -> Result<Json<Value>, Error> {
    let mut found = Vec::new();
    while let Some(field) = form.next_field().await? {
        found.push(json!([field.name(), field.file_name(), field.content_type(), field.bytes().len()]));
    }
    Ok(Json(Value::Array(found)))
}

#[post("/type")]
fn content_type(request: &Request<'_>) -> String {
    format!("{} {:?}", request.header("content-type").unwrap_or("none"), request.body())
}

#[get("/cookies")]
fn cookies(request: &Request<'_>) -> Json<Vec<(String, String)>> {
    Json(request.cookies().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}

#[get("/set")]
fn set() -> (StatusCode, [(&'static str, &'static str); 3], &'static str) {
    (
        StatusCode::CREATED,
        [("set-cookie", "a=1; Path=/"), ("set-cookie", "b=x=y"), ("x-a", "1")],
        r#"{"a":1,"b":2}"#,
    )
}

#[test]
fn a_form_is_sent_as_a_browser_does() {
    let pairs = [("a", "1 & 2"), ("☕", "=")];
    client().post("/form").form(pairs).send().assert_json(pairs);
}

#[test]
fn parts_are_sent_as_a_browser_does() {
    let form = [
        Part::text("title", "tea"),
        Part::file("photo", "t\"ea.png", "image/png", [0x89, b'\r', b'\n', b'-', b'-']),
        Part::file("boundary", "x", "text/plain", "--chalice-test-0\r\n--chalice-test-1--"),
    ];
    client().post("/parts").multipart(form).send().assert_json(json!([
        ["title", null, null, 3],
        ["photo", "t\"ea.png", "image/png", 5],
        ["boundary", "x", "text/plain", 36],
    ]));
}

#[test]
fn bytes_have_the_type_of_any_bytes_unless_another_is_given() {
    let sent = |request: chalice_rs::test::RequestBuilder<'_>| request.bytes([1, 2]).send().text().to_owned();
    assert_eq!(sent(client().post("/type")), "application/octet-stream [1, 2]");
    assert_eq!(sent(client().post("/type").header("content-type", "image/png")), "image/png [1, 2]");
}

#[test]
fn cookies_go_both_ways() {
    client().get("/cookies").cookie("a", "1").cookie("b", "2").send().assert_json([("a", "1"), ("b", "2")]);
    let answer = client().get("/set").send();
    assert_eq!(answer.cookies().collect::<Vec<_>>(), [("a", "1"), ("b", "x=y")]);
    assert_eq!((answer.cookie("b"), answer.cookie("c")), (Some("x=y"), None));
}

#[test]
fn what_holds_can_be_said_in_a_row() {
    let answer = client().get("/set").send();
    answer
        .assert_status(201)
        .assert_header("x-a", "1")
        .assert_no_header("x-b")
        .assert_json(json!({"b": 2, "a": 1}));
    answer.assert_text(r#"{"a":1,"b":2}"#).assert_header("set-cookie", "b=x=y");
}

#[test]
fn what_does_not_hold_shows_the_whole_answer() {
    check_failure(|answer| _ = answer.assert_status(200), "the status is not 200");
    check_failure(|answer| _ = answer.assert_header("x-a", "2"), "the header `x-a` is not `2`");
    check_failure(|answer| _ = answer.assert_header("x-b", "2"), "the header `x-b` is not `2`");
    check_failure(|answer| _ = answer.assert_no_header("x-a"), "the header `x-a` is there");
    check_failure(|answer| _ = answer.assert_text("x"), "the body is not `x`");
    check_failure(|answer| _ = answer.assert_json(json!({"a": 2})), r#"the body is not the JSON `{"a":2}`"#);
}

#[tokio::test]
async fn all_of_it_goes_in_an_async_test() {
    let client = client();
    client.post("/form").form([("a", "b")]).await.assert_status(200);
    client.post("/form").form([("a", "b")]).send().assert_status(200);
}

fn client() -> Client {
    Client::new(App::new())
}

#[track_caller]
fn check_failure(says: impl FnOnce(&Answer), first_line: &str) {
    let answer = client().get("/set").send();
    let panic = catch_unwind(AssertUnwindSafe(|| says(&answer))).expect_err("a failure");
    let text = panic.downcast_ref::<String>().expect("a text");
    let (first, rest) = text.split_once('\n').expect("two lines");
    assert_eq!(first, first_line);
    for line in ["  status: 201 Created", "\n  x-a: 1", "\n  body: {\"a\":1,\"b\":2}"] {
        assert!(rest.contains(line), "{text}");
    }
}
