//! `Multipart`: fields and files, and forms that are broken off or made wrongly.

use chalice_rs::prelude::*;
use chalice_rs::test::Answer;

use crate::{check, client};

#[route("/multipart", methods = ["POST"])]
async fn upload(mut form: Multipart<'_>) -> Result<String, Error> {
    let mut seen = Vec::new();
    while let Some(field) = form.next_field().await? {
        let (file, kind) = (field.file_name().unwrap_or("-"), field.content_type().unwrap_or("-"));
        seen.push(format!("{}|{file}|{kind}|{}", field.name(), field.bytes().escape_ascii()));
    }
    assert!(form.next_field().await?.is_none(), "after the end there is nothing");
    Ok(seen.join(" "))
}

#[route("/multipart/texts", methods = ["POST"])]
fn texts(form: Multipart<'_>) -> Result<String, chalice_rs::rejection::MultipartRejection> {
    form.map(|field| field?.text().map(str::to_owned)).collect()
}

fn post(path: &str, boundary: &str, body: &[u8]) -> Answer {
    let content_type = format!("multipart/form-data; boundary={boundary}");
    client().post(path).header("content-type", &content_type).body(body).send()
}

#[track_caller]
fn check_fields(body: &[u8], expected: &str) {
    check(post("/multipart", "x", body), &format!("200 {expected}"));
}

#[test]
fn fields_come_in_order_with_names_files_and_types() {
    check_fields(
        b"--x\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nMy cats\r\n\
          --x\r\ncontent-type: image/png\r\ncontent-disposition: form-data; name=a; filename=\"c;d.png\"\r\n\r\n\
          \x89PNG\r\n\0\xff\r\n--x--\r\n",
        r"title|-|-|My cats a|c;d.png|image/png|\x89PNG\r\n\x00\xff",
    );
}

#[test]
fn what_surrounds_the_fields_is_left_alone() {
    const FIELD: &str = "--x \t\r\ncontent-disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x--";
    for body in [format!("a preamble\r\n{FIELD} an epilogue\r\n--x\r\n"), format!("\r\n{FIELD}\r\n")] {
        check_fields(body.as_bytes(), "a|-|-|1");
    }
    check_fields(b"--x--", "");
}

#[test]
fn content_that_looks_like_a_boundary_is_content() {
    check_fields(
        b"--x\r\ncontent-disposition: form-data; name=\"a\"\r\n\r\n\r\n--xy\r\n--x1--\r\n-\r\n--x\r\n\
          content-disposition: form-data; name=\"empty\"\r\n\r\n\r\n--x--",
        r"a|-|-|\r\n--xy\r\n--x1--\r\n- empty|-|-|",
    );
}

#[test]
fn names_are_unescaped_as_browsers_and_others_escape_them() {
    let named = |parameters: &str| {
        let body = format!("--x\r\ncontent-disposition: form-data; {parameters}\r\n\r\n\r\n--x--");
        post("/multipart", "x", body.as_bytes()).text().to_owned()
    };
    assert_eq!(named("name=\"a%22b\"; filename=\"c:\\d%25.txt\""), "a\"b|c:\\d%25.txt|-|");
    assert_eq!(named(r#"NAME = "a\"b" ; x; FileName = "☕""#), "a\"b|☕|-|");
    assert_eq!(named(r#"filename="name=z"; name="é""#), "é|name=z|-|");
    assert_eq!(named(r#"name="never ends"#), "never ends|-|-|");
}

#[test]
fn a_quoted_boundary_is_a_boundary() {
    let body = b"--a b\r\ncontent-disposition: form-data; name=n\r\n\r\n1\r\n--a b--";
    check(post("/multipart", "\"a b\"; charset=utf-8", body), "200 n|-|-|1");
}

#[test]
fn what_is_wrong_is_said_with_its_field() {
    let check = |body: &str, message: &str| {
        let answer = post("/multipart", "x", body.as_bytes());
        check(answer, &format!("400 BadRequestError: the form cannot be read: {message}"));
    };
    const HEAD: &str = "--x\r\ncontent-disposition: form-data; name=\"a\"\r\n\r\n";
    check("", "the `boundary` of its content type is not in the body");
    check("--y\r\n", "the `boundary` of its content type is not in the body");
    check("--xx\r\n", "field 1: its boundary does not end its line");
    check("--x\r\n", "field 1: it ends before its content");
    check("--x\r\ncontent-disposition: form-data\r\n", "field 1: it ends before its content");
    check("--x\r\n\r\n1\r\n--x--", "field 1: it has no `content-disposition` header");
    check("--x\r\ncontent-disposition: form-data\r\n\r\n1\r\n--x--", "field 1: it has no name");
    check("--x\r\na b: c\r\n\r\n1\r\n--x--", "field 1: its headers cannot be read: invalid header name");
    check(&format!("{HEAD}1"), "field 1: no boundary follows the field `a`: the body is cut off");
    check(&format!("{HEAD}1\r\n--x"), "field 1: no boundary follows the field `a`: the body is cut off");
    check(&format!("{HEAD}1\r\n{HEAD}2"), "field 2: no boundary follows the field `a`: the body is cut off");
    let many = "a: b\r\n".repeat(17);
    check(&format!("--x\r\n{many}\r\n"), "field 1: its headers cannot be read: too many headers");
}

#[test]
fn a_field_that_is_not_text_is_refused_where_text_is_taken() {
    let body = |content: &[u8]| {
        [b"--x\r\ncontent-disposition: form-data; name=a\r\n\r\n", content, b"\r\n--x--"].concat()
    };
    check(post("/multipart/texts", "x", &body("é".as_bytes())), "200 é");
    check(
        post("/multipart/texts", "x", &body(b"a\xff")),
        "400 BadRequestError: form field `a`: invalid utf-8 sequence of 1 bytes from index 1",
    );
}

#[test]
fn another_media_type_is_a_415() {
    let send = |content_type: &str| {
        client().post("/multipart").header("content-type", content_type).body("--x--").send()
    };
    check(send("text/plain"), "415 UnsupportedMediaType: Unsupported media type: text/plain");
    check(
        send("multipart/mixed; boundary=x"),
        "415 UnsupportedMediaType: Unsupported media type: multipart/mixed; boundary=x",
    );
    check(
        client().post("/multipart").body("--x--").send(),
        "415 UnsupportedMediaType: the body has no media type; expected multipart/form-data",
    );
    let none = "400 BadRequestError: the form cannot be read: its content type names no `boundary`";
    check(send("multipart/form-data"), none);
    check(send("Multipart/Form-Data; boundary=\"\""), none);
}
