//! What a request is answered with, whatever it is.

use std::borrow::Cow;

use chalice_rs_wire::http_v2::{Request, encode_request};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::host::{Lambda, Slot, request, url_request};

#[test]
fn arguments_are_bound_by_name_and_type() {
    let lambda = Lambda::start();
    let mut slot = lambda.slot();
    let mut check = |request: Request<'_>, status: u16, body: &str| {
        let answer = slot.ask(&request);
        assert_eq!((answer.status, answer.body.as_str()), (status, body), "{}", request.route_key);
    };
    check(request("GET /hello/{name}", "/hello/x", &[("name", "☕ \"x\"")]), 200, r#"{"hello":"☕ \"x\""}"#);
    check(request("GET /", "/", &[]), 200, "Tea & Co");
    check(request("PUT /items/{id}", "/items/7", &[("id", "7")]), 200, "7");
    check(request("GET /text/{text}", "/text/x", &[("text", "a/b")]), 200, "[a/b]");
    check(request("ANY /files/{path+}", "/files/a/b", &[("path", "a/b")]), 200, "a/b");
    check(
        request("GET /items/{id}", "/items/x", &[("id", "x")]),
        400,
        r#"{"Code":"BadRequestError","Message":"path parameter `id`: invalid digit found in string"}"#,
    );
    check(
        request("GET /items/{id}", "/items/7", &[]),
        400,
        r#"{"Code":"BadRequestError","Message":"path parameter `id` is missing"}"#,
    );
    check(
        request("GET /not-found", "/not-found", &[]),
        404,
        r#"{"Code":"NotFoundError","Message":"no such thing"}"#,
    );
}

fn post<'r>(path: &'r str, content_type: Option<&'r str>, body: &'r [u8]) -> Request<'r> {
    let key: &'r str = match path {
        "/notes" => "POST /notes",
        "/bytes" => "POST /bytes",
        _ => "POST /words",
    };
    let mut request = request(key, path, &[]);
    request.headers = content_type.into_iter().map(|value| ("content-type".into(), value.into())).collect();
    request.body = Cow::Borrowed(body);
    request
}

#[test]
fn json_is_taken_by_its_type_and_refused_with_the_place_of_the_mistake() {
    let lambda = Lambda::start();
    let mut slot = lambda.slot();
    let note = br#"{"text":"tea","count":2}"#;
    for content_type in [
        Some("application/json"),
        Some("Application/JSON; charset=utf-8"),
        Some("application/vnd.api+json"),
        None,
    ] {
        let answer = slot.ask(&post("/notes", content_type, note));
        assert_eq!((answer.status, answer.body.as_bytes()), (201, &note[..]), "{content_type:?}");
    }
    let mut check = |content_type: Option<&str>, body: &[u8], status: u16, code: &str, words: &str| {
        let error = slot.ask(&post("/notes", content_type, body)).error();
        assert_eq!((error.0, error.1.as_str()), (status, code));
        assert!(error.2.contains(words), "{}", error.2);
    };
    let json = Some("application/json");
    check(Some("text/xml"), note, 415, "UnsupportedMediaType", "Unsupported media type: text/xml");
    check(json, b"", 400, "BadRequestError", "EOF while parsing a value at line 1 column 0");
    check(json, b"{\"text\":\n\"tea\"}", 400, "BadRequestError", "missing field `count` at line 2 column 6");
    check(json, b"{\"text\":\"\xff\"}", 400, "BadRequestError", "at line 1 column");
    check(json, b"{\"text\":\"tea\",\"count\":2} x", 400, "BadRequestError", "trailing characters");
    check(json, b"\xff\xfe", 400, "BadRequestError", "the body is not valid");
}

#[test]
fn bytes_and_text_come_as_they_are() {
    let lambda = Lambda::start();
    let mut slot = lambda.slot();
    assert_eq!(slot.ask(&post("/bytes", None, &[1, 0xff, 3])).bytes, [3, 0xff, 1]);
    assert_eq!(slot.ask(&post("/words", Some("text/plain"), "tea\n".as_bytes())).body, "TEA\n");
    let error = slot.ask(&post("/words", None, b"\xffx")).error();
    assert_eq!((error.0, error.1.as_str()), (400, "BadRequestError"));
    slot.still_serves();
}

#[test]
fn the_request_and_the_context_can_be_looked_at() {
    let lambda = Lambda::start_with(&[
        ("AWS_LAMBDA_FUNCTION_NAME", "shop-dev"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
    ]);
    let mut slot = lambda.slot();
    let mut asked = request("GET /request", "/request", &[]);
    asked.raw_query = "a=1&a=2%2C3&b=x+y".into();
    asked.headers = vec![("X-Probe".into(), "p".into()), ("Cookie".into(), "a=1=2; b=3".into())].into();
    let seen: Value = serde_json::from_str(&slot.ask(&asked).body).expect("JSON");
    assert_eq!(
        seen,
        json!({
            "method": "GET", "path": "/request", "query": "a=1&a=2%2C3&b=x+y",
            "pairs": [["a", "1"], ["a", "2,3"], ["b", "x y"]], "probe": "p", "cookie": "1=2",
            "host": "a1b2c3.execute-api.eu-west-1.amazonaws.com", "stage": "$default", "body": 0,
        }),
    );

    slot.give(
        "LAMBDA-RUNTIME-DEADLINE-MS: 4102444800000\r\nLambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:x\r\n\
         Lambda-Runtime-Trace-Id: Root=1-2\r\n",
        &encode_request(&request("GET /context", "/context", &[])),
    );
    let seen: Value = serde_json::from_str(&slot.take().body).expect("JSON");
    assert_eq!(
        seen,
        json!({
            "request": "id-2", "arn": "arn:aws:lambda:x", "trace": "Root=1-2", "has_time": true,
            "name": "shop-dev", "memory": 256,
        }),
    );
}

#[test]
fn what_goes_wrong_in_a_handler_is_a_500_and_the_next_request_is_served() {
    let lambda = Lambda::start();
    let mut slot = lambda.slot();
    for key in ["GET /panic", "GET /panic-at-once", "GET /fails", "GET /unserialisable", "GET /missing-state"]
    {
        let error = slot.ask(&request(key, &key[4..], &[])).error();
        let message = "An internal server error occurred.";
        assert_eq!(error, (500, "InternalServerError".to_owned(), message.to_owned()), "{key}");
        slot.still_serves();
    }
    lambda.log_line("the app has no state of type");
    lambda.log_line("key must be a string");
}

#[test]
fn an_answer_over_six_megabytes_is_a_500_and_one_below_is_sent() {
    let lambda = Lambda::start();
    let mut slot = lambda.slot();
    let answer = slot.ask(&request("GET /large/{size}", "/large/x", &[("size", "6291000")]));
    assert_eq!((answer.status, answer.body.len()), (200, 6_291_000));
    let error = slot.ask(&request("GET /large/{size}", "/large/x", &[("size", "6291556")])).error();
    assert_eq!((error.0, error.1.as_str()), (500, "InternalServerError"));
    lambda.log_line("Lambda takes at most 6291556");
    slot.still_serves();
}

#[test]
fn an_event_that_is_none_is_answered() {
    let lambda = Lambda::start();
    let mut slot = lambda.slot();
    for (event, status, words) in [
        ("", 400, "cannot be read"),
        ("{", 400, "cannot be read"),
        ("nonsense", 400, "cannot be read"),
        ("{}", 500, "not an HTTP request"),
        (r#"{"Records":[{"eventSource":"aws:sqs","body":"x"}]}"#, 500, "not an HTTP request"),
        (r#"{"version":"1.0","httpMethod":"GET","path":"/","requestContext":{}}"#, 500, "format `1.0`"),
        (
            r#"{"isBase64Encoded":true,"body":"%","requestContext":{"http":{"method":"GET"}}}"#,
            400,
            "not base64",
        ),
    ] {
        let error = slot.invoke(event).error();
        assert_eq!(error.0, status, "{event}");
        assert!(error.2.contains(words), "{event}: {}", error.2);
        slot.still_serves();
    }
    assert_eq!(slot.invoke(b"\xff\xfe").error().0, 400);
    slot.still_serves();
}

#[track_caller]
fn check_found(slot: &mut Slot, request: &Request<'_>, expected: &str) {
    let answer = slot.ask(request);
    let found = format!("{} {}", answer.status, answer.body);
    assert!(found.starts_with(expected), "{} {}: {found}", request.context.method, request.raw_path);
}

#[test]
fn the_routes_of_a_blueprint_are_found_by_key_and_by_path() {
    let lambda = Lambda::start();
    let mut slot = lambda.slot();
    assert_eq!(slot.ask(&request("GET /nested/v1", "/nested/v1", &[])).body, "nested");
    let by_key = request("GET /nested/v1/names/{name}", "/nested/v1/names/x", &[("name", "x")]);
    assert_eq!(slot.ask(&by_key).body, "x");
    assert_eq!(slot.ask(&url_request("GET", "/nested/v1")).body, "nested");
    assert_eq!(slot.ask(&url_request("GET", "/nested/v1/names/a%20b")).body, "a b");
    for (status, method, path) in
        [(404, "GET", "/names/x"), (405, "PUT", "/nested/v1"), (404, "GET", "/nested")]
    {
        assert_eq!(slot.ask(&url_request(method, path)).status, status, "{method} {path}");
    }
}

#[test]
fn a_mounted_service_sees_the_path_as_the_client_sent_it_where_that_is_known() {
    let lambda = Lambda::start();
    let mut slot = lambda.slot();
    for (sent, seen) in [
        ("/mounted", "/"),
        ("/mounted/a/b", "/a/b"),
        ("/mounted/a%2Fb%20c", "/a%2Fb%20c"),
        ("/mounted/mounted/x", "/mounted/x"),
    ] {
        assert_eq!(slot.ask(&url_request("GET", sent)).body, seen, "{sent}");
    }
    let decoded = request("ANY /mounted/{path+}", "/mounted/a b/c", &[("path", "a b/c?d")]);
    assert_eq!(slot.ask(&decoded).body, "/a%20b/c%3Fd");
}

#[test]
fn a_function_url_finds_its_route_by_path() {
    let lambda = Lambda::start();
    let mut slot = lambda.slot();
    let mut check = |method, path, expected| check_found(&mut slot, &url_request(method, path), expected);
    check("GET", "/", "200 Tea & Co");
    check("GET", "/hello/%E2%98%95%20x", r#"200 {"hello":"☕ x"}"#);
    check("GET", "/items/7", "200 7");
    check("GET", "/items/me", "200 mine");
    check("PUT", "/items/me", "400 "); // `PUT /items/{id}` takes it, and `me` is no number.
    check("GET", "/text/a%2Fb", "200 [a/b]");
    check("GET", "/text/a%3Fb%23c", "200 [a?b#c]");
    check("DELETE", "/files/a/b%20c/", "200 a/b c/");
    check("HEAD", "/items/me", "200 mine");
    check("HEAD", "/files/a", "200 a");
    check("GET", "/nowhere", r#"404 {"Code":"NotFoundError","Message":"Not Found"}"#);
    check("GET", "/items/7/", "404 ");
    check("POST", "/items/7", r#"405 {"Code":"MethodNotAllowedError","Message":"Unsupported method: POST"}"#);
    let answer = slot.ask(&url_request("POST", "/items/7"));
    assert_eq!(answer.payload["headers"]["allow"], "GET, PUT");
}

#[test]
fn get_answers_head_where_no_route_names_it() {
    let lambda = Lambda::start();
    let mut slot = lambda.slot();
    check_found(&mut slot, &request("HEAD /items/{id}", "/items/7", &[("id", "7")]), "200 7");
    check_found(&mut slot, &request("HEAD /notes", "/notes", &[]), "404 ");
    check_found(&mut slot, &request("OPTIONS /items/{id}", "/items/7", &[("id", "7")]), "404 ");
}

#[test]
fn the_stage_is_taken_off_the_path_where_api_gateway_puts_it() {
    let lambda = Lambda::start();
    let mut slot = lambda.slot();
    let mut check = |domain: &'static str, stage: &'static str, path: &'static str, expected: &str| {
        let mut request = request("$default", path, &[]);
        request.context.method = "GET".into();
        request.context.stage = stage.into();
        request.context.domain_name = domain.into();
        check_found(&mut slot, &request, expected);
    };
    let own = "a1b2c3.execute-api.eu-west-1.amazonaws.com";
    check(own, "dev", "/dev/items/me", "200 mine");
    check(own, "dev", "/dev", "200 Tea & Co");
    check(own, "items", "/items/me", "404 ");
    check(own, "dev", "/items/me", "200 mine");
    check(own, "dev", "/device", "404 ");
    check(own, "$default", "/items/me", "200 mine");
    check("api.example.com", "items", "/items/me", "200 mine");
    // An HTTP API has decoded the path already: a second time would be once too often.
    check(own, "$default", "/text/100%25", "200 [100%25]");
}

#[test]
fn a_route_that_this_version_does_not_have_is_not_found() {
    let lambda = Lambda::start();
    let mut slot = lambda.slot();
    // API Gateway matched and authorised `/gone/{x}`; the path alone would be another route's.
    check_found(&mut slot, &request("GET /gone/{x}", "/hello/you", &[("x", "you")]), "404 ");
    check_found(&mut slot, &request("get /", "/", &[]), "404 ");
}

/// Any bytes, and good events with some bytes changed: each gets an answer, and the process lives.
#[test]
fn no_event_goes_without_an_answer() {
    let lambda = Lambda::start_with(&[("AWS_LAMBDA_LOG_LEVEL", "FATAL")]);
    let slot = std::cell::RefCell::new(lambda.slot());
    let good = encode_request(&{
        let mut request = post("/notes", Some("application/json"), br#"{"text":"t\u00e9a","count":2}"#);
        request.raw_query = "a=1&b=%zz".into();
        request.headers.extend([("cookie".into(), "a=1; b".into())]);
        request
    });
    let any_bytes = proptest::collection::vec(any::<u8>(), 0..200);
    let changes = proptest::collection::vec((0..good.len(), any::<u8>()), 1..4);
    let mut runner = TestRunner::new(Config::with_cases(500));
    runner
        .run(&(any_bytes, changes, 0..=good.len()), |(bytes, changes, cut)| {
            let mut slot = slot.borrow_mut();
            slot.invoke(&bytes);
            let mut event = good.clone();
            for (at, byte) in changes {
                event[at] = byte;
            }
            slot.invoke(&event);
            event.truncate(cut);
            slot.invoke(&event);
            Ok(())
        })
        .expect("each has an answer");
    slot.borrow_mut().still_serves();
}
