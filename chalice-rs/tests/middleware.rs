//! Functions around all requests, and what they see of errors.

use std::sync::{Arc, Mutex};

use chalice_rs::middleware::Next;
use chalice_rs::prelude::*;
use chalice_rs::test::{Answer, Client};
use chalice_rs::{HeaderName, HeaderValue};

#[route("/hello/<name>")]
async fn hello(name: String) -> String {
    format!("hello, {name}")
}

#[route("/number/<number>")]
fn number(number: u8) -> String {
    number.to_string()
}

#[route("/fails")]
fn fails() -> Result<(), Error> {
    Err(std::io::Error::other("the password is hunter2"))?
}

#[route("/chain")]
async fn chain() -> Result<(), Error> {
    Err(Error::new(StatusCode::BAD_GATEWAY, "the bank does not answer").because(Outer(Inner)))
}

#[route("/panics")]
async fn panics() -> &'static str {
    panic!("enough of {}", "this")
}

#[derive(Debug)]
struct Outer(Inner);

#[derive(Debug)]
struct Inner;

impl std::fmt::Display for Outer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("cannot pay")
    }
}

impl std::fmt::Display for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("connection refused")
    }
}

impl std::error::Error for Inner {}

impl std::error::Error for Outer {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

const INTERNAL: &str = r#"{"Code":"InternalServerError","Message":"An internal server error occurred."}"#;

#[track_caller]
fn check(answer: &Answer, status: u16, body: &str) {
    assert_eq!((answer.status().as_u16(), answer.text()), (status, body));
}

/// Adds a header that tells that the answer came by.
async fn marked(request: &Request<'_>, next: Next<'_>) -> Response {
    let answer = next.run(request).await;
    let status = HeaderValue::from(answer.status.as_u16());
    answer.with_header(HeaderName::from_static("x-seen"), status)
}

#[test]
fn the_first_one_is_the_outermost() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let noting = |name: &'static str| {
        let seen = Arc::clone(&seen);
        async move |request: &Request<'_>, next: Next<'_>| {
            seen.lock().expect("no panic").push(format!("{name} in {}", request.route_key()));
            let answer = next.run(request).await;
            seen.lock().expect("no panic").push(format!("{name} out"));
            answer
        }
    };
    let client = Client::new(App::new().middleware(noting("a")).middleware(noting("b")));
    check(&client.get("/hello/you").send(), 200, "hello, you");
    let seen = seen.lock().expect("no panic");
    let expected = ["a in GET /hello/{name}", "b in GET /hello/{name}", "b out", "a out"];
    assert_eq!(*seen, expected);
}

#[test]
fn whatever_went_wrong_is_an_answer_by_then() {
    let client = Client::new(App::new().middleware(marked));
    for (path, status) in [("/hello/you", "200"), ("/number/x", "400"), ("/fails", "500"), ("/panics", "500")]
    {
        assert_eq!(client.get(path).send().header("x-seen"), Some(status), "{path}");
    }
    check(&client.get("/fails").send(), 500, INTERNAL);
    check(&client.get("/panics").send(), 500, INTERNAL);
}

#[test]
fn one_may_answer_early() {
    let client = Client::new(App::new().middleware(marked).middleware(
        async |request: &Request<'_>, next: Next<'_>| {
            if request.header("x-key").is_none() {
                return Err(Error::unauthorized("no key"));
            }
            Ok(next.run(request).await)
        },
    ));
    let answer = client.get("/hello/you").send();
    check(&answer, 401, r#"{"Code":"UnauthorizedError","Message":"no key"}"#);
    assert_eq!(answer.header("x-seen"), Some("401"));
    check(&client.get("/hello/you").header("x-key", "1").send(), 200, "hello, you");
}

#[test]
fn one_that_panics_is_a_500_that_the_outer_one_sees() {
    let client = Client::new(
        App::new()
            .middleware(marked)
            .middleware(async |_: &Request<'_>, _: Next<'_>| -> Response { panic!("oh") }),
    );
    let answer = client.get("/hello/you").send();
    check(&answer, 500, INTERNAL);
    assert_eq!(answer.header("x-seen"), Some("500"));
}

#[test]
fn the_causes_are_sent_only_where_the_stage_says_so() {
    let client = Client::new(App::new());
    check(
        &client.get("/chain").send(),
        502,
        r#"{"Code":"BadGatewayError","Message":"the bank does not answer"}"#,
    );
    let client = client.debug();
    check(
        &client.get("/chain").send(),
        502,
        r#"{"Code":"BadGatewayError","Message":"the bank does not answer","Causes":["cannot pay","connection refused"]}"#,
    );
    let internal = INTERNAL.trim_end_matches('}');
    check(
        &client.get("/fails").send(),
        500,
        &format!(r#"{internal},"Causes":["the password is hunter2"]}}"#),
    );
    check(
        &client.get("/panics").send(),
        500,
        &format!(r#"{internal},"Causes":["panicked: enough of this"]}}"#),
    );
    check(
        &client.get("/number/x").send(),
        400,
        r#"{"Code":"BadRequestError","Message":"path parameter `number`: invalid digit found in string"}"#,
    );
}
