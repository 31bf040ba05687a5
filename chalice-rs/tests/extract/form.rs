//! `Form<T>`: what a browser sends from a form without files.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chalice_rs::prelude::*;
use chalice_rs::test::Answer;
use serde::Deserialize;

use crate::{check, client};

const FORM: &str = "application/x-www-form-urlencoded";

#[derive(Deserialize)]
struct Order<'r> {
    #[serde(borrow)]
    article: Cow<'r, str>,
    count: u32,
    #[serde(default)]
    extra: Vec<String>,
}

#[route("/form", methods = ["POST"])]
fn order(Form(order): Form<Order<'_>>) -> String {
    format!("{} × {} {:?}", order.count, order.article, order.extra)
}

/// The form as Python's `parse_qs` shows one.
#[route("/form/parsed", methods = ["POST"])]
fn parsed(Form(form): Form<BTreeMap<String, Vec<String>>>) -> Json<serde_json::Value> {
    Json(serde_json::json!({ "parsed": form }))
}

#[route("/form/optional", methods = ["POST"])]
fn optional(form: Option<Form<Order<'_>>>) -> String {
    form.map_or("none".to_owned(), |Form(order)| order.article.into_owned())
}

fn post(path: &str, content_type: &str, body: &[u8]) -> Answer {
    client().post(path).header("content-type", content_type).body(body).send()
}

#[test]
fn fields_are_parsed_by_their_types() {
    let check = |content_type: &str, body: &str, expected: &str| {
        check(post("/form", content_type, body.as_bytes()), expected);
    };
    check(FORM, "article=green+tea&count=2&extra=milk&extra=a%26b", r#"200 2 × green tea ["milk", "a&b"]"#);
    check("Application/X-WWW-Form-URLEncoded ; charset=UTF-8", "article=x&count=1", "200 1 × x []");
    check(FORM, "article=☕&count=1", "200 1 × ☕ []");
    check(FORM, "article=tea", "400 BadRequestError: form field `count` is missing");
    check(FORM, "", "400 BadRequestError: form field `article` is missing");
    check(
        FORM,
        "article=tea&count=two",
        "400 BadRequestError: form field `count`: invalid digit found in string",
    );
}

#[test]
fn any_form_can_be_looked_at() {
    check(post("/form/parsed", FORM, b"foo=bar"), r#"200 {"parsed":{"foo":["bar"]}}"#);
}

#[test]
fn another_media_type_is_a_415() {
    let json = post("/form", "application/json", b"{}");
    check(json, "415 UnsupportedMediaType: Unsupported media type: application/json");
    check(
        client().post("/form").body("article=tea&count=2").send(),
        "415 UnsupportedMediaType: the body has no media type; expected application/x-www-form-urlencoded",
    );
}

#[test]
fn a_form_that_is_not_text_is_a_400() {
    check(
        post("/form", FORM, b"article=\xff&count=1"),
        "400 BadRequestError: the form is not valid: invalid utf-8 sequence of 1 bytes from index 8",
    );
}

#[test]
fn an_absent_form_is_none_and_a_wrong_one_is_refused() {
    check(client().post("/form/optional").send(), "200 none");
    check(post("/form/optional", FORM, b"article=tea&count=1"), "200 tea");
    check(post("/form/optional", FORM, b"article=tea"), "400 BadRequestError: form field `count` is missing");
    check(
        post("/form/optional", "text/xml", b"<a/>"),
        "415 UnsupportedMediaType: Unsupported media type: text/xml",
    );
}

/// So many names would take minutes if each were compared with each.
#[test]
fn a_form_of_many_names_is_read_at_once() {
    let body: String = (0..100_000).map(|number| format!("{number}=&")).collect();
    let answer = post("/form/parsed", FORM, body.as_bytes());
    assert_eq!(answer.status(), 200);
    let parsed: serde_json::Value = answer.json();
    assert_eq!(parsed["parsed"].as_object().map(serde_json::Map::len), Some(100_000));
}
