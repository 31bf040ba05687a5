//! What the app writes for CloudWatch.

use serde_json::Value;

use crate::host::{Lambda, request};

fn record(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}"))
}

#[test]
fn a_json_record_has_time_level_message_and_request_at_its_top() {
    let lambda = Lambda::start_with(&[("AWS_LAMBDA_LOG_FORMAT", "JSON")]);
    let mut slot = lambda.slot();
    slot.ask(&request("GET /log/{text}", "/log/x", &[("text", "a \"b\"\n")]));
    let record = record(&lambda.log_line("before"));
    assert_eq!(record["level"], "WARN");
    assert_eq!(record["message"], "before a \"b\"\n");
    assert_eq!(record["requestId"], "id-1");
    let timestamp = record["timestamp"].as_str().expect("a timestamp");
    assert_eq!((timestamp.len(), &timestamp[10..11], &timestamp[23..]), (24, "T", "Z"));
    // Also after the handler has waited.
    assert!(lambda.log_line("after").contains(r#""requestId":"id-1""#));
    slot.still_serves();
    assert!(!lambda.log_text().contains("not shown"));
}

#[test]
fn text_is_written_when_json_is_not_asked_for() {
    let lambda = Lambda::start_with(&[("AWS_LAMBDA_LOG_FORMAT", "Text")]);
    lambda.slot().ask(&request("GET /log/{text}", "/log/x", &[("text", "x")]));
    assert!(lambda.log_line("before").ends_with("Z WARN  id-1 before x"));
}

#[test]
fn the_level_is_the_one_lambda_says() {
    let lambda = Lambda::start_with(&[("AWS_LAMBDA_LOG_LEVEL", "DEBUG"), ("RUST_LOG", "error")]);
    lambda.slot().ask(&request("GET /log/{text}", "/log/x", &[("text", "x")]));
    lambda.log_line("not shown");

    let lambda = Lambda::start_with(&[("AWS_LAMBDA_LOG_LEVEL", "ERROR"), ("RUST_LOG", "trace")]);
    let mut slot = lambda.slot();
    slot.ask(&request("GET /log/{text}", "/log/x", &[("text", "x")]));
    slot.ask(&request("GET /fails", "/fails", &[]));
    lambda.log_line("hunter2");
    assert!(!lambda.log_text().contains("before"));
}

#[test]
fn a_panic_is_logged_with_its_place_and_request() {
    let lambda = Lambda::start_with(&[("AWS_LAMBDA_LOG_FORMAT", "JSON")]);
    lambda.slot().ask(&request("GET /panic", "/panic", &[]));
    let record = record(&lambda.log_line("the handler has had enough"));
    assert_eq!(record["level"], "ERROR");
    assert_eq!(record["requestId"], "id-1");
    assert!(record["location"].as_str().expect("a place").contains("tests/serve/app.rs:"));
}

#[test]
fn a_private_cause_is_logged_and_never_sent() {
    let lambda = Lambda::start_with(&[("AWS_LAMBDA_LOG_FORMAT", "JSON")]);
    let answer = lambda.slot().ask(&request("GET /fails", "/fails", &[]));
    let message = "An internal server error occurred.";
    assert_eq!(answer.error(), (500, "InternalServerError".to_owned(), message.to_owned()));
    let record = record(&lambda.log_line("hunter2"));
    assert_eq!((&record["level"], &record["requestId"]), (&"ERROR".into(), &"id-1".into()));
    assert_eq!(record["route"], "GET /fails");
}

#[test]
fn debug_mode_sends_the_causes_and_a_panic_with_its_place() {
    let lambda = Lambda::start_with(&[("CHALICE_DEBUG", "1")]);
    let mut slot = lambda.slot();
    let causes = |body: &str| {
        let body: Value = serde_json::from_str(body).expect("JSON");
        body["Causes"][0].as_str().expect("a cause").to_owned()
    };
    let answer = slot.ask(&request("GET /fails", "/fails", &[]));
    assert_eq!(causes(&answer.body), "the password is hunter2");
    let answer = slot.ask(&request("GET /panic", "/panic", &[]));
    let cause = causes(&answer.body);
    assert!(cause.starts_with("panicked at "), "{cause}");
    assert!(cause.contains("tests/serve/app.rs:"), "{cause}");
    assert!(cause.ends_with(": the handler has had enough"), "{cause}");
    // One panic is one record.
    slot.still_serves();
    lambda.log_line("the handler has had enough");
    assert_eq!(lambda.log_text().matches("the handler has had enough").count(), 1);

    let lambda = Lambda::start_with(&[("CHALICE_DEBUG", "0")]);
    assert!(!lambda.slot().ask(&request("GET /fails", "/fails", &[])).body.contains("Causes"));
}

#[test]
fn each_request_is_a_record_where_the_app_asks_for_it() {
    let lambda = Lambda::start_with(&[("START", "observed"), ("AWS_LAMBDA_LOG_FORMAT", "JSON")]);
    let mut slot = lambda.slot();
    slot.ask(&request("GET /items/{id}", "/items/x", &[("id", "x")]));
    let record = record(&lambda.log_line("GET /items/x 400"));
    assert_eq!((&record["level"], &record["requestId"]), (&"INFO".into(), &"id-1".into()));
    assert_eq!((&record["route"], &record["status"]), (&"GET /items/{id}".into(), &400.into()));
    assert!(record["latencyMs"].is_number(), "{record}");
    // A panic is a request like any other.
    slot.ask(&request("GET /panic", "/panic", &[]));
    lambda.log_line("GET /panic 500");

    let lambda = Lambda::start_with(&[("START", "observed"), ("AWS_LAMBDA_LOG_LEVEL", "WARN")]);
    let mut slot = lambda.slot();
    slot.ask(&request("GET /", "/", &[]));
    slot.still_serves();
    assert!(!lambda.log_text().contains("GET /"), "{}", lambda.log_text());
}

#[test]
fn metrics_are_lines_in_cloudwatchs_own_format() {
    let lambda = Lambda::start_with(&[("START", "observed"), ("AWS_LAMBDA_LOG_FORMAT", "JSON")]);
    let mut slot = lambda.slot();
    slot.ask(&request("GET /items/{id}", "/items/x", &[("id", "x")]));
    let line = record(&lambda.log_line("_aws"));
    assert!(line["_aws"]["Timestamp"].as_u64().expect("a time") > 1_700_000_000_000);
    let directive = &line["_aws"]["CloudWatchMetrics"][0];
    assert_eq!(directive["Namespace"], "Shop");
    assert_eq!(directive["Dimensions"], serde_json::json!([["Route"], []]));
    // Each name that is promised is there.
    let metrics = directive["Metrics"].as_array().expect("a list");
    for name in metrics.iter().map(|metric| metric["Name"].as_str().expect("a name")) {
        assert!(line[name].is_number(), "{name}: {line}");
    }
    assert_eq!(metrics.len(), 4);
    assert_eq!((&line["Route"], &line["Count"]), (&"GET /items/{id}".into(), &1.into()));
    assert_eq!((&line["ClientErrors"], &line["ServerErrors"]), (&1.into(), &0.into()));

    let lambda = Lambda::start_with(&[("START", "observed"), ("AWS_LAMBDA_LOG_FORMAT", "Text")]);
    let mut slot = lambda.slot();
    slot.ask(&request("GET /", "/", &[]));
    lambda.log_line("GET / 200");
    assert!(!lambda.log_text().contains("_aws"));
}
