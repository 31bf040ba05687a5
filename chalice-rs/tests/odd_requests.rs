//! Requests that nobody sends on purpose, and events that no gateway makes: each has an answer that is
//! written down here.

use std::collections::BTreeMap;

use chalice_rs::HeaderMap;
use chalice_rs::prelude::*;
use chalice_rs::test::{Answer, Client};
use chalice_rs_wire::http_v2::{Request as Event, RequestContext, decode_response, encode_request};
use serde_json::{Value, json};

#[route("/json", methods = ["POST"])]
fn take_json(Json(value): Json<Value>) -> Json<Value> {
    Json(json!({ "json": value }))
}

#[route("/object", methods = ["POST"])]
fn take_object(Json(value): Json<BTreeMap<String, Value>>) -> String {
    value.len().to_string()
}

#[route("/ignored", methods = ["GET", "POST"])]
fn ignore_the_body() -> &'static str {
    "not looked at"
}

#[route("/echo", methods = ["POST"])]
fn echo(body: Bytes, headers: HeaderMap) -> Response {
    let mut answer = body.into_response();
    answer.headers.clear();
    let media_type = headers.get("content-type").cloned();
    answer.headers.extend(media_type.map(|value| (chalice_rs::header::CONTENT_TYPE, value)));
    answer
}

#[route("/show/<text>")]
fn show(text: &str, request: &Request<'_>) -> Json<Value> {
    Json(json!({ "text": text, "request": request.to_json() }))
}

#[route("/items/<id>", methods = ["GET", "PUT"])]
fn item(id: u32, request: &Request<'_>) -> String {
    format!("{id} {}", request.route_key())
}

#[route("/files/<path..>")]
fn file(path: &str) -> String {
    format!("greedy {path}")
}

#[route("/files/readme")]
fn readme() -> &'static str {
    "exact"
}

#[derive(serde::Deserialize)]
struct Search {
    x: Option<String>,
    #[serde(default)]
    all: Vec<String>,
}

#[route("/search")]
fn search(Query(Search { x, all }): Query<Search>, headers: Headers<'_>) -> String {
    format!("{x:?} {all:?} {:?}", headers.get("x-probe"))
}

#[route("/length", methods = ["POST"])]
fn length(body: &[u8]) -> String {
    body.len().to_string()
}

#[route("/raw-body", methods = ["POST"])]
fn raw_body(body: String) -> Json<Value> {
    Json(json!({ "raw": body }))
}

fn client() -> Client {
    Client::new(App::new())
}

#[track_caller]
fn check(answer: Answer, status: u16, body: &str) {
    assert_eq!((answer.status().as_u16(), answer.text()), (status, body));
}

fn post(path: &str, media_type: &str, body: &[u8]) -> Answer {
    client().post(path).header("content-type", media_type).body(body).send()
}

// --- bodies and media types ---------------------------------------------------------------------

#[test]
fn a_body_that_is_not_json_is_a_400_with_line_and_column() {
    let refused = |body: &[u8], message: &str| {
        let expected = json!({ "Code": "BadRequestError", "Message": message }).to_string();
        check(post("/json", "application/json", body), 400, &expected);
    };
    refused(b"", "the body is not valid JSON: EOF while parsing a value at line 1 column 0");
    refused(b"{\n\"a\":}", "the body is not valid JSON: expected value at line 2 column 5");
    refused(b"{} {}", "the body is not valid JSON: trailing characters at line 1 column 4");
    refused(b"nil", "the body is not valid JSON: expected ident at line 1 column 2");
}

#[test]
fn null_is_json_and_suits_whoever_takes_it() {
    check(post("/json", "application/json", b"null"), 200, r#"{"json":null}"#);
    let answer = post("/object", "application/json", b"null");
    assert_eq!(answer.status(), 400);
    assert!(answer.text().contains("invalid type: null, expected a map at line 1 column 4"), "{answer:?}");
}

#[test]
fn a_body_that_nobody_takes_is_not_looked_at() {
    check(post("/ignored", "application/json", b"{"), 200, "not looked at");
    check(post("/ignored", "text/xml", b"<a/>"), 200, "not looked at");
    // Whatever a GET says of the body that it does not have.
    check(client().get("/ignored").header("content-type", "text/html").send(), 200, "not looked at");
}

#[test]
fn json_is_taken_without_a_media_type_and_with_any_of_its_own() {
    let expected = r#"{"json":{"a":1}}"#;
    check(client().post("/json").body("{\"a\":1}").send(), 200, expected);
    for media_type in [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        "application/json;charset=\"UTF-8\"",
        "application/vnd.api+json",
        "application/problem+JSON ; x=y",
    ] {
        check(post("/json", media_type, b"{\"a\":1}"), 200, expected);
    }
}

#[test]
fn another_media_type_is_a_415_and_so_is_any_that_is_none() {
    for media_type in ["text/xml", "*/*", "application/jsonp", "json", "application/json, text/xml", ";"] {
        let message = format!("Unsupported media type: {media_type}");
        let expected = json!({ "Code": "UnsupportedMediaType", "Message": message }).to_string();
        check(post("/json", media_type, b"{}"), 415, &expected);
    }
}

#[test]
fn binary_comes_and_goes_whatever_it_calls_itself_and_whatever_is_accepted() {
    const BYTES: [u8; 4] = [0xde, 0xad, 0xbe, 0xef];
    for media_type in ["application/octet-stream", "application/binary", "image/png", "text/plain"] {
        for accept in ["*/*", "text/html,application/xhtml+xml;q=0.9,image/webp,*/*;q=0.8", "image/png"] {
            let request = client();
            let request = request.post("/echo").header("content-type", media_type).header("accept", accept);
            let answer = request.body(BYTES).send();
            assert_eq!((answer.status().as_u16(), answer.bytes()), (200, &BYTES[..]), "{media_type}");
            assert_eq!(answer.header("content-type"), Some(media_type));
        }
    }
}

#[test]
fn an_empty_body_is_an_empty_body() {
    check(client().post("/raw-body").send(), 200, r#"{"raw":""}"#);
    check(client().post("/length").send(), 200, "0");
}

#[test]
fn the_largest_body_that_lambda_lets_through_arrives_whole() {
    // The event has the rest of the six megabytes.
    let size = (6 << 20) - 4096;
    let body = vec![b'x'; size];
    check(post("/length", "text/plain", &body), 200, &size.to_string());
    // In base64, three bytes take four.
    let size = size / 4 * 3;
    check(post("/length", "application/octet-stream", &body[..size]), 200, &size.to_string());
    assert_eq!(post("/length", "text/plain", &vec![b'x'; 6 << 20]).status(), 413);
}

// --- paths, queries, headers --------------------------------------------------------------------

#[test]
fn a_path_parameter_is_decoded_once_and_a_plus_is_a_plus() {
    let text = |path: &str| client().get(path).send().json::<Value>()["text"].clone();
    assert_eq!(text("/show/a%20b"), "a b");
    assert_eq!(text("/show/a+b"), "a+b");
    assert_eq!(text("/show/100%2525"), "100%25");
    assert_eq!(text("/show/%E2%98%95"), "☕");
    assert_eq!(text("/show/☕ü"), "☕ü");
}

#[test]
fn a_path_parameter_that_cannot_be_parsed_is_a_400_that_names_it() {
    let expected =
        r#"{"Code":"BadRequestError","Message":"path parameter `id`: invalid digit found in string"}"#;
    check(client().get("/items/seven").send(), 400, expected);
    check(client().get("/items/7").send(), 200, "7 GET /items/{id}");
}

#[test]
fn an_exact_route_comes_before_a_greedy_one() {
    check(client().get("/files/readme").send(), 200, "exact");
    check(client().get("/files/readme/more").send(), 200, "greedy readme/more");
}

#[test]
fn repeated_parameters_and_headers_all_arrive() {
    let client = client();
    let request =
        client.get("/search?all=1&all=2,3&all=").header("x-probe", "first").header("X-Probe", "second");
    check(request.send(), 200, r#"None ["1", "2,3", ""] Some("first,second")"#);
}

#[test]
fn a_parameter_that_takes_one_value_refuses_two() {
    let expected = r#"{"Code":"BadRequestError","Message":"query parameter `x`: expected 1 value, found 2"}"#;
    check(client().get("/search?x=1&x=2").send(), 400, expected);
}

#[test]
fn an_empty_value_is_kept() {
    check(client().get("/search?x=").send(), 200, r#"Some("") [] None"#);
    check(client().get("/search?x").send(), 200, r#"Some("") [] None"#);
    check(client().get("/search").send(), 200, "None [] None");
}

#[test]
fn text_beyond_ascii_arrives_wherever_it_stands() {
    let client = client();
    let request = client.get("/show/é?ключ=☕").header("x-probe", "日本").header("cookie", "c=ü");
    let shown: Value = request.send().json();
    assert_eq!(shown["text"], "é");
    assert_eq!(shown["request"]["path"], "/show/é");
    assert_eq!(shown["request"]["query"], json!({ "ключ": ["☕"] }));
    assert_eq!(shown["request"]["headers"]["x-probe"], "日本");
    assert_eq!(shown["request"]["cookies"], json!({ "c": "ü" }));
    let json = post("/json", "application/json", "{\"k\":\"☕\\u2615\"}".as_bytes());
    check(json, 200, r#"{"json":{"k":"☕☕"}}"#);
}

// --- events that were made by hand --------------------------------------------------------------

fn event<'r>(route_key: &'r str, method: &'r str, path: &'r str) -> Event<'r> {
    let context = RequestContext { method: method.into(), path: path.into(), ..RequestContext::default() };
    Event { route_key: route_key.into(), raw_path: path.into(), context, ..Event::default() }
}

/// The answer to an event as `status body`, with its `allow` if it has one.
#[track_caller]
fn check_event(event: &[u8], expected: &str) {
    let payload = client().invoke(event);
    let answer = decode_response(&payload).expect("the payload is an answer");
    let body = String::from_utf8_lossy(&answer.body);
    let allow = answer.header(&chalice_rs::header::ALLOW).map(|allow| format!(" allow {allow:?}"));
    assert_eq!(
        format!("{} {body}{}", answer.status.as_u16(), allow.unwrap_or_default()),
        expected,
        "{}",
        String::from_utf8_lossy(event)
    );
}

#[test]
fn an_unknown_path_is_a_404() {
    let expected = r#"404 {"Code":"NotFoundError","Message":"Not Found"}"#;
    check_event(&encode_request(&event("$default", "GET", "/nowhere")), expected);
    check_event(&encode_request(&event("GET /nowhere", "GET", "/items/7")), expected);
}

#[test]
fn a_wrong_method_is_a_405_that_names_the_right_ones() {
    let expected =
        r#"405 {"Code":"MethodNotAllowedError","Message":"Unsupported method: DELETE"} allow "GET, PUT""#;
    check_event(&encode_request(&event("$default", "DELETE", "/items/7")), expected);
}

#[test]
fn a_route_that_is_found_by_its_path_knows_its_key() {
    check_event(&encode_request(&event("$default", "PUT", "/items/7")), "200 7 PUT /items/{id}");
}

#[test]
fn an_event_without_the_routes_parameter_is_a_400_that_names_it() {
    let expected = r#"400 {"Code":"BadRequestError","Message":"path parameter `id` is missing"}"#;
    check_event(&encode_request(&event("GET /items/{id}", "GET", "/items/7")), expected);
}

#[test]
fn an_event_of_another_format_says_which_it_is() {
    check_event(
        br#"{"version":"1.0","resource":"/ignored","httpMethod":"GET","requestContext":{"resourcePath":"/ignored"}}"#,
        "500 {\"Code\":\"InternalServerError\",\"Message\":\"the event has format `1.0`; this function reads \
         HTTP requests of format `2.0`\"}",
    );
    let no_request = "500 {\"Code\":\"InternalServerError\",\"Message\":\"the event is not an HTTP request of payload format `2.0`\"}";
    for event in ["{}", "null", r#"{"Records":[]}"#, r#"{"version":"2.0","requestContext":{}}"#] {
        check_event(event.as_bytes(), no_request);
    }
}

#[test]
fn an_event_that_lacks_whatever_it_can_lack_is_answered() {
    check_event(
        br#"{"routeKey":"GET /ignored","requestContext":{"http":{"protocol":"HTTP/1.1"}}}"#,
        "200 not looked at",
    );
    check_event(
        br#"{"requestContext":{"http":{"method":"GET","path":"/ignored"}},"headers":null,"body":null}"#,
        "200 not looked at",
    );
    check_event(
        br#"{"routeKey":"POST /json","requestContext":{"http":{"protocol":"HTTP/1.1"}}}"#,
        "400 {\"Code\":\"BadRequestError\",\"Message\":\"the body is not valid JSON: EOF while parsing a value at line 1 column 0\"}",
    );
    // A request that says nothing at all can still be shown.
    let payload = client().invoke(
        br#"{"routeKey":"GET /show/{text}","pathParameters":{"text":"x"},"requestContext":{"http":{"protocol":"HTTP/1.1"}}}"#,
    );
    let shown = decode_response(&payload).expect("an answer");
    let shown: Value = serde_json::from_slice(&shown.body).expect("JSON");
    assert_eq!(shown["request"]["client_address"], Value::Null);
    assert_eq!(shown["request"]["time"], "1970-01-01T00:00:00.000Z");
}

#[test]
fn an_event_that_is_not_what_it_says_is_a_400() {
    let expected = |message: &str| json!({ "Code": "BadRequestError", "Message": message }).to_string();
    for (event, message) in [
        ("{", "the event cannot be read: expected a name in quotes at line 1 column 2"),
        (r#"{"headers":[]}"#, "the event cannot be read: expected an object at line 1 column 12"),
        (
            r#"{"isBase64Encoded":true,"body":"*","requestContext":{"http":{"protocol":"HTTP/1.1"}}}"#,
            "the request's body is not base64: Invalid symbol 42, offset 0.",
        ),
    ] {
        check_event(event.as_bytes(), &format!("400 {}", expected(message)));
    }
}
