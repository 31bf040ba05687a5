//! Answers, both ways, held against what AWS was seen to do.

use chalice_rs_wire::http_v2::{Response, WireError, decode_response, encode_response};
use http::header::{CONTENT_TYPE, LINK, SET_COOKIE, VARY};
use http::{HeaderName, HeaderValue, StatusCode};
use proptest::prelude::*;
use serde_json::{Value, json};

const JSON: HeaderValue = HeaderValue::from_static("application/json");

#[track_caller]
fn payload(response: &Response) -> Value {
    serde_json::from_slice(&encode_response(response)).expect("the payload is JSON")
}

fn header(name: HeaderName, value: &'static str) -> (HeaderName, HeaderValue) {
    (name, HeaderValue::from_static(value))
}

#[test]
fn a_json_answer_is_text_with_its_content_type() {
    let response = Response::new(StatusCode::CREATED).with_body(JSON, *br#"{"hello":"you"}"#);
    assert_eq!(
        payload(&response),
        json!({
            "statusCode": 201,
            "headers": {"content-type": "application/json"},
            "body": "{\"hello\":\"you\"}",
        }),
    );
}

#[test]
fn repeated_headers_are_joined_in_order_and_cookies_are_not() {
    let mut response = Response::new(StatusCode::OK);
    response.headers = vec![
        header(VARY, "a"),
        header(LINK, "</1>"),
        header(SET_COOKIE, "x=1"),
        header(VARY, "b"),
        header(SET_COOKIE, "y=2"),
        header(LINK, "</2>"),
        header(VARY, "c"),
    ];
    response.cookies = vec![HeaderValue::from_static("z=3")];
    let payload = payload(&response);
    assert_eq!(payload["headers"]["vary"], "a, b, c");
    assert_eq!(payload["headers"]["link"], "</1>, </2>");
    assert_eq!(payload["cookies"], json!(["x=1", "y=2", "z=3"]));
    assert_eq!(payload["headers"].get("set-cookie"), None);
}

#[test]
fn the_content_type_is_always_there() {
    let with = |body: &[u8]| payload(&Response { body: body.to_vec(), ..Response::default() });
    assert_eq!(with(b"")["headers"]["content-type"], "text/plain; charset=utf-8");
    assert_eq!(with("é".as_bytes())["headers"]["content-type"], "text/plain; charset=utf-8");
    assert_eq!(with(&[0xff])["headers"]["content-type"], "application/octet-stream");
    let mut two = Response::new(StatusCode::OK);
    two.headers = vec![header(CONTENT_TYPE, "text/html"), header(CONTENT_TYPE, "image/png")];
    assert_eq!(payload(&two)["headers"]["content-type"], "text/html");
}

#[test]
fn bytes_that_are_no_text_go_as_base64_whatever_their_type() {
    let with = |body: &[u8]| payload(&Response::new(StatusCode::OK).with_body(JSON, body));
    for body in [&[0xff, 0xfe, 0, 1][..], &[0], b"a\x01b", &[0xc3]] {
        assert_eq!(with(body)["isBase64Encoded"], true, "{body:?}");
    }
    assert_eq!(with(&[0xff, 0xfe, 0, 1])["body"], "//4AAQ==");
    for body in ["", "a\tb\r\n", "☕", "\u{feff}x"] {
        assert_eq!(with(body.as_bytes())["body"], body);
        assert_eq!(with(body.as_bytes()).get("isBase64Encoded"), None);
    }
}

#[test]
fn a_latin_1_header_survives_as_the_text_it_meant() {
    let value = |bytes: &[u8]| {
        let value = HeaderValue::from_bytes(bytes).expect("a header value");
        payload(&Response::new(StatusCode::OK).with_header(HeaderName::from_static("x-name"), value))
    };
    assert_eq!(value(b"caf\xe9")["headers"]["x-name"], "café");
    assert_eq!(value("café \"q\" \\".as_bytes())["headers"]["x-name"], "café \"q\" \\");
}

#[track_caller]
fn check(payload: &str, status: u16, content_type: &str, body: &str) {
    let response = decode_response(payload.as_bytes()).expect("an answer");
    assert_eq!(response.status.as_u16(), status);
    assert_eq!(response.header(&CONTENT_TYPE).expect("a content type"), content_type);
    assert_eq!(String::from_utf8_lossy(&response.body), body);
}

#[test]
fn an_answer_without_status_code_is_the_body_as_it_stands() {
    check(r#"{"id": 1}"#, 200, "application/json", r#"{"id": 1}"#);
    check(r#"{"name": "John", "age":"#, 200, "application/json", r#"{"name": "John", "age":"#);
    check(r#""test""#, 200, "application/json", "test");
    check(r#""a \"b\" \u00e9""#, 200, "application/json", "a \"b\" é");
    check("42", 200, "application/json", "42");
    check("true", 200, "application/json", "true");
    check("null", 200, "application/json", "null");
    check("[1, 2]", 200, "application/json", "[1, 2]");
    check("Hello", 200, "application/json", "Hello");
    check("", 200, "application/json", "");
}

#[test]
fn an_answer_with_status_code_defaults_to_plain_text() {
    check(r#"{"statusCode":200}"#, 200, "text/plain; charset=utf-8", "");
    check(r#"{"statusCode":404,"body":"gone"}"#, 404, "text/plain; charset=utf-8", "gone");
    check(
        r#"{"statusCode":200,"headers":null,"cookies":null,"body":null}"#,
        200,
        "text/plain; charset=utf-8",
        "",
    );
    check(
        r#"{"statusCode":200,"headers":{"Content-Type":"text/html"},"body":"<p>"}"#,
        200,
        "text/html",
        "<p>",
    );
}

#[test]
fn base64_is_undone_by_the_flag_only() {
    check(
        r#"{"statusCode":200,"body":"aGk=","isBase64Encoded":true}"#,
        200,
        "text/plain; charset=utf-8",
        "hi",
    );
    check(
        r#"{"statusCode":200,"headers":{"content-type":"image/png"},"body":"aGk="}"#,
        200,
        "image/png",
        "aGk=",
    );
}

#[test]
fn multi_value_headers_are_ignored_and_cookies_are_kept() {
    let response = decode_response(
        br#"{"statusCode":200,"multiValueHeaders":{"vary":["a"]},"headers":{"Vary":"b"},"cookies":["x=1","y=2"]}"#,
    )
    .expect("an answer");
    assert_eq!(response.header(&VARY).expect("vary"), "b");
    assert_eq!(response.cookies, [HeaderValue::from_static("x=1"), HeaderValue::from_static("y=2")]);
}

#[test]
fn an_invalid_answer_says_what_is_wrong() {
    for (payload, words) in [
        (r#"{"statusCode":0}"#, "`statusCode` is `0`"),
        (r#"{"statusCode":200.5}"#, "`statusCode` is `200.5`"),
        (r#"{"statusCode":-1}"#, "`statusCode` is `-1`"),
        (r#"{"statusCode":65736}"#, "`statusCode` is `65736`"),
        (r#"{"statusCode":"x"}"#, "`statusCode` is `\"x\"`"),
        (r#"{"statusCode":null}"#, "`statusCode` is `null`"),
        (r#"{"statusCode":200,"headers":[]}"#, "`headers` is `[]`"),
        (r#"{"statusCode":200,"headers":{"a":1}}"#, "the header `a` is `1`"),
        (r#"{"statusCode":200,"headers":{"a b":"c"}}"#, "the header `a b`"),
        (r#"{"statusCode":200,"headers":{"a":"b\r\nc: d"}}"#, "the header `a`"),
        (r#"{"statusCode":200,"cookies":"a=1"}"#, "`cookies`"),
        (r#"{"statusCode":200,"cookies":["a\n"]}"#, "a cookie"),
        (r#"{"statusCode":200,"body":{}}"#, "`body` is no string"),
        (r#"{"statusCode":200,"body":"%","isBase64Encoded":true}"#, "`body` is not base64"),
        (r#"{"statusCode":200,"isBase64Encoded":"yes"}"#, "`isBase64Encoded`"),
    ] {
        let error = decode_response(payload.as_bytes()).expect_err(payload);
        assert!(matches!(error, WireError::InvalidResponse { .. }));
        assert!(error.to_string().contains(words), "{payload}: {error}");
        assert!(error.help().contains("statusCode"));
    }
}

proptest! {
    #[test]
    fn what_is_encoded_decodes_to_the_same_answer(
        status in 100_u16..600,
        names in proptest::collection::btree_set("x-[a-z]{1,8}", 0..4),
        value in "[ -~é☕]{0,20}",
        cookies in proptest::collection::vec("[a-z]=[!-~]{0,9}", 0..3),
        body in proptest::collection::vec(any::<u8>(), 0..300),
    ) {
        let mut response = Response::new(StatusCode::from_u16(status).expect("a status"));
        response.headers = names
            .iter()
            .map(|name| {
                let value = HeaderValue::from_bytes(value.as_bytes()).expect("a value");
                (HeaderName::from_bytes(name.as_bytes()).expect("a name"), value)
            })
            .collect();
        response.headers.push((CONTENT_TYPE, HeaderValue::from_static("x/y")));
        response.headers.sort_by(|a, b| a.0.as_str().cmp(b.0.as_str()));
        response.cookies = cookies.iter().map(|c| HeaderValue::from_str(c).expect("a cookie")).collect();
        response.body = body;
        prop_assert_eq!(decode_response(&encode_response(&response)), Ok(response));
    }

    #[test]
    fn no_payload_makes_the_gateway_panic(payload in ".{0,200}") {
        let _ = decode_response(payload.as_bytes());
    }
}
