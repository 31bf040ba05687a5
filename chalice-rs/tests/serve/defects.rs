//! Defects that a widely used runtime for the same job was found to have. Each test shows that this
//! one does not have it.

use chalice_rs_wire::http_v2::Request;
use serde_json::Value;

use crate::host::{Lambda, Slot, request, url_request};

fn lambda() -> (Lambda, Slot) {
    let lambda = Lambda::start_with(&[("AWS_LAMBDA_LOG_FORMAT", "JSON")]);
    let slot = lambda.slot();
    (lambda, slot)
}

fn with_header<'r>(mut request: Request<'r>, name: &'static str, value: &'static str) -> Request<'r> {
    request.headers.extend([(name.into(), value.into())]);
    request
}

#[test]
fn repeated_response_headers_all_arrive() {
    let (_lambda, mut slot) = lambda();
    let payload = slot.ask(&request("GET /headers", "/headers", &[])).payload;
    assert_eq!(payload["headers"]["vary"], "a, b");
    assert_eq!(payload["cookies"], serde_json::json!(["x=1", "y=2"]));
}

#[test]
fn a_binary_body_without_content_type_is_not_taken_for_text() {
    let (_lambda, mut slot) = lambda();
    let answer = slot.ask(&request("GET /binary", "/binary", &[]));
    assert_eq!(answer.payload["isBase64Encoded"], true);
    assert_eq!(answer.bytes, [0xff, 0xfe, 0x00, 0x01]);
}

#[test]
fn a_header_value_that_is_not_utf_8_does_not_end_the_process() {
    let (_lambda, mut slot) = lambda();
    let payload = slot.ask(&request("GET /latin-1", "/latin-1", &[])).payload;
    assert_eq!(payload["headers"]["x-name"], "café");
    slot.still_serves();
}

#[test]
fn a_malformed_host_is_no_reason_to_panic() {
    let (_lambda, mut slot) = lambda();
    for host in ["a b^", "h:99999", "", "[", "\u{0}"] {
        let mut asked = with_header(request("GET /request", "/request", &[]), "host", host);
        asked.context.domain_name = host.into();
        let answer = slot.ask(&asked);
        assert_eq!(answer.status, 200, "{host:?}");
        assert_eq!(serde_json::from_str::<Value>(&answer.body).expect("JSON")["host"], host);
    }
}

#[test]
fn a_body_that_is_not_base64_is_a_400() {
    let (_lambda, mut slot) = lambda();
    let event = r#"{"routeKey":"POST /bytes","isBase64Encoded":true,"body":"***",
        "requestContext":{"http":{"method":"POST","path":"/bytes"}}}"#;
    let error = slot.invoke(event).error();
    assert_eq!((error.0, error.1.as_str()), (400, "BadRequestError"));
    slot.still_serves();
}

#[test]
fn a_raw_space_in_the_query_is_taken_as_it_is() {
    let (_lambda, mut slot) = lambda();
    let mut asked = request("GET /request", "/request", &[]);
    asked.raw_query = "q=a b&r=[1]&s=%zz".into();
    let seen: Value = serde_json::from_str(&slot.ask(&asked).body).expect("JSON");
    assert_eq!(seen["pairs"], serde_json::json!([["q", "a b"], ["r", "[1]"], ["s", "%zz"]]));
}

#[test]
fn a_decoded_path_is_never_read_as_a_url_again() {
    let (_lambda, mut slot) = lambda();
    // The key and the parameters decide, whatever the decoded path looks like.
    for value in ["me?admin=true", "a#x", "..", "a/../b", "a\\b", "100%25", "//x"] {
        let path = format!("/text/{value}");
        let mut asked = request("GET /text/{text}", &path, &[("text", value)]);
        asked.raw_query = "q=1".into();
        assert_eq!(slot.ask(&asked).body, format!("[{value}]"));
    }
    // The query is the query, and the path is the path, also when one could be the other.
    let mut asked = request("GET /request", "/request?admin=true#x", &[]);
    asked.raw_query = "a=1".into();
    let seen: Value = serde_json::from_str(&slot.ask(&asked).body).expect("JSON");
    assert_eq!((&seen["path"], &seen["query"]), (&"/request?admin=true#x".into(), &"a=1".into()));
    // Where the path decides, nothing in it is folded away.
    assert_eq!(slot.ask(&url_request("GET", "/files/a/../../items/me")).body, "a/../../items/me");
    assert_eq!(slot.ask(&url_request("GET", "/text/%2e%2e")).body, "[..]");
}

#[test]
fn the_stage_is_neither_put_into_the_path_nor_left_in_it() {
    let (_lambda, mut slot) = lambda();
    let mut custom = request("GET /items/{id}", "/items/7", &[("id", "7")]);
    custom.context.domain_name = "api.example.com".into();
    custom.context.stage = "prod".into();
    assert_eq!(slot.ask(&custom).body, "7");
    let mut own = request("$default", "/prod/items/me", &[]);
    own.context.method = "GET".into();
    own.context.stage = "prod".into();
    assert_eq!(slot.ask(&own).body, "mine");
}

#[test]
fn log_records_have_their_fields_at_the_top() {
    let (lambda, mut slot) = lambda();
    slot.ask(&request("GET /log/{text}", "/log/x", &[("text", "x")]));
    let record: Value = serde_json::from_str(&lambda.log_line("before")).expect("JSON");
    for field in ["timestamp", "level", "message", "requestId"] {
        assert!(record[field].is_string(), "{field}: {record}");
    }
}

#[test]
fn the_log_level_is_lambdas_and_the_request_id_stays_at_every_level() {
    let lambda = Lambda::start_with(&[
        ("AWS_LAMBDA_LOG_FORMAT", "JSON"),
        ("AWS_LAMBDA_LOG_LEVEL", "ERROR"),
        ("RUST_LOG", "trace"),
    ]);
    lambda.slot().ask(&request("GET /fails", "/fails", &[]));
    assert!(lambda.log_line("hunter2").contains(r#""requestId":"id-1""#));
    assert!(
        lambda.log_text().lines().all(|line| line.contains(r#""level":"ERROR""#)),
        "{}",
        lambda.log_text()
    );
}

#[test]
fn a_body_that_cannot_be_made_is_a_500() {
    let (_lambda, mut slot) = lambda();
    assert_eq!(slot.ask(&request("GET /unserialisable", "/unserialisable", &[])).error().0, 500);
    slot.still_serves();
}

#[test]
fn an_event_is_decoded_once_and_a_bad_field_is_named() {
    let (_lambda, mut slot) = lambda();
    let event = r#"{"version":"2.0","rawPath":7,"requestContext":{"http":{"method":"GET"}}}"#;
    let (status, _, message) = slot.invoke(event).error();
    assert_eq!(status, 400);
    assert!(message.contains("expected a string at line 1 column 28"), "{message}");
}

#[test]
fn an_error_is_json_with_a_name_that_can_be_read() {
    let (_lambda, mut slot) = lambda();
    let error = slot.ask(&request("GET /fails", "/fails", &[])).error();
    assert_eq!((error.0, error.1.as_str()), (500, "InternalServerError"));
    let error = slot.ask(&request("GET /not-found", "/not-found", &[])).error();
    assert_eq!(error, (404, "NotFoundError".to_owned(), "no such thing".to_owned()));
}
