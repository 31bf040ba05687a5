//! JSON, bytes, text, and how large a body may be.

use chalice_rs::prelude::*;
use chalice_rs::test::{Answer, Client};
use chalice_rs::{BodyLimit, Bytes};
use serde::{Deserialize, Serialize};

use crate::{check, client};

#[derive(Serialize, Deserialize)]
struct Note {
    text: String,
    count: u32,
}

#[route("/body/json", methods = ["POST"])]
fn json(note: Json<Note>) -> Json<Note> {
    note
}

#[route("/body/bytes", methods = ["POST"])]
fn bytes(body: Bytes) -> Bytes {
    body
}

#[route("/body/text", methods = ["POST"])]
fn text(body: String) -> String {
    format!("[{body}]")
}

#[route("/body/short", methods = ["POST"])]
fn short(BodyLimit(body): BodyLimit<Option<String>, 4>) -> String {
    format!("{body:?}")
}

#[route("/body/long", methods = ["POST"])]
fn long(body: Option<BodyLimit<&[u8], 64>>) -> String {
    body.map_or(0, |BodyLimit(body)| body.len()).to_string()
}

#[route("/body/caught", methods = ["POST"])]
fn caught(body: Result<Json<Note>, chalice_rs::rejection::JsonRejection>) -> String {
    match body {
        Ok(Json(note)) => note.text,
        Err(rejection) => format!("{} {}: {rejection}", rejection.status().as_u16(), rejection.code()),
    }
}

#[route("/body/seen", methods = ["POST"])]
fn seen(request: &Request<'_>) -> String {
    request.body().len().to_string()
}

fn post(path: &str, content_type: &str, body: &[u8]) -> Answer {
    client().post(path).header("content-type", content_type).body(body).send()
}

#[test]
fn json_that_cannot_be_read_is_a_400_with_its_place() {
    let check = |body: &str, message: &str| {
        let answer = post("/body/json", "application/json", body.as_bytes());
        check(answer, &format!("400 BadRequestError: {message}"));
    };
    check("", "the body is not valid JSON: EOF while parsing a value at line 1 column 0");
    check("{", "the body is not valid JSON: EOF while parsing an object at line 1 column 1");
    check("{\"text\":\n  tea}", "the body is not valid JSON: expected ident at line 2 column 4");
    check("{\"text\":\"tea\"}", "the body is not valid: missing field `count` at line 1 column 14");
    check(
        "{\"text\":\"tea\",\n\"count\":\"2\"}",
        "the body is not valid: invalid type: string \"2\", expected u32 at line 2 column 11",
    );
    check("null", "the body is not valid: invalid type: null, expected struct Note at line 1 column 4");
}

#[test]
fn json_is_told_by_its_media_type() {
    let note = br#"{"text":"tea","count":2}"#;
    let echoed = format!("200 {}", String::from_utf8_lossy(note));
    for media_type in ["application/json", "Application/JSON; charset=utf-8", "application/vnd.api+json"] {
        check(post("/body/json", media_type, note), &echoed);
    }
    check(client().post("/body/json").body(&note[..]).send(), &echoed);
    for media_type in ["text/xml", "text/plain; charset=utf-8", "*/*"] {
        let expected = format!("415 UnsupportedMediaType: Unsupported media type: {media_type}");
        check(post("/body/json", media_type, note), &expected);
    }
}

#[test]
fn bytes_come_and_go_as_they_are() {
    for media_type in ["application/octet-stream", "application/binary", "text/plain", "application/json"] {
        let answer = post("/body/bytes", media_type, &[0xde, 0xad, 0xbe, 0xef]);
        assert_eq!(answer.bytes(), [0xde, 0xad, 0xbe, 0xef], "{media_type}");
        assert_eq!(answer.header("content-type"), Some("application/octet-stream"));
    }
    assert_eq!(client().post("/body/bytes").send().bytes(), b"");
}

#[test]
fn text_is_taken_whatever_its_media_type_if_it_is_text() {
    check(post("/body/text", "text/plain; charset=iso-8859-1", "é".as_bytes()), "200 [é]");
    check(client().post("/body/text").send(), "200 []");
    check(
        post("/body/text", "text/plain", b"a\xff"),
        "400 BadRequestError: the body is not text: invalid utf-8 sequence of 1 bytes from index 1",
    );
}

#[test]
fn a_body_over_the_limit_is_a_413_before_anybody_reads_it() {
    let client = Client::new(App::new().body_limit(16));
    let post = |path: &str, size: usize| client.post(path).body("x".repeat(size)).send();
    let refused = |size: usize, limit: usize| {
        format!("413 PayloadTooLargeError: the body has {size} bytes; at most {limit} are taken")
    };
    check(post("/body/text", 16), &format!("200 [{}]", "x".repeat(16)));
    check(post("/body/text", 17), &refused(17, 16));
    check(post("/body/json", 17), &refused(17, 16));
    check(post("/body/caught", 17), &refused(17, 16));
    check(post("/body/short", 4), "200 Some(\"xxxx\")");
    check(post("/body/short", 5), &refused(5, 4));
    check(post("/body/long", 64), "200 64");
    check(post("/body/long", 65), &refused(65, 64));
    check(post("/body/long", 0), "200 0");
    check(post("/body/seen", 17), "200 17");
}

#[test]
fn without_a_limit_whatever_lambda_lets_through_is_taken() {
    let size = 5 << 20;
    let answer =
        client().post("/body/seen").header("content-type", "text/plain").body(vec![b'x'; size]).send();
    check(answer, &format!("200 {size}"));
}

#[test]
fn a_handler_may_see_why_there_is_no_value() {
    check(post("/body/caught", "application/json", br#"{"text":"tea","count":2}"#), "200 tea");
    check(
        post("/body/caught", "text/xml", b"<a/>"),
        "200 415 UnsupportedMediaType: Unsupported media type: text/xml",
    );
    check(
        post("/body/caught", "application/json", b"[]"),
        "200 400 BadRequestError: the body is not valid: invalid length 0, expected struct Note with 2 elements at line 1 column 2",
    );
}
