//! Pages of other sites, where routes differ so that the function itself tells browsers.

use chalice_rs::middleware::Next;
use chalice_rs::prelude::*;
use chalice_rs::test::{Answer, Client};

#[route("/any", methods = ["GET", "PUT"], cors = true)]
fn any() -> &'static str {
    "any"
}

#[post("/any", cors = true)]
fn more() -> StatusCode {
    StatusCode::CREATED
}

#[delete("/any")]
fn not_for_pages() {}

#[get(
    "/custom/<id>",
    cors(
        origins = ["https://a.test", "https://*.b.test"],
        headers = ["X-Special"],
        expose = ["X-Total"],
        credentials = true,
        max_age = 600
    )
)]
fn custom(id: u32) -> Result<Response, Error> {
    match id {
        0 => Err(Error::conflict("zero")),
        1 => panic!("on purpose"),
        _ => {
            let answer = (StatusCode::OK, [("x-total", "1")], "custom").into_response();
            Ok(answer.with_header(chalice_rs::header::VARY, "Accept".parse()?))
        }
    }
}

#[get("/own", cors = "https://a.test")]
fn own() -> (StatusCode, [(&'static str, &'static str); 2], ()) {
    (StatusCode::OK, [("access-control-allow-origin", "https://own.test"), ("vary", "Accept, origin")], ())
}

#[route("/every", methods = ["ANY"], cors = "https://a.test")]
fn every(request: &Request<'_>) -> String {
    request.method().to_owned()
}

#[post("/json", cors = "https://a.test")]
fn typed(Json(_): Json<u8>) {}

#[get("/plain")]
fn plain() {}

async fn refuses(request: &Request<'_>, next: Next<'_>) -> Result<Response, Error> {
    if request.header("x-refuse").is_some() {
        return Err(Error::unauthorized("no"));
    }
    Ok(next.run(request).await)
}

#[test]
fn a_preflight_says_what_a_page_may_send() {
    let answer = preflight("/any", "https://any.test");
    check(
        &answer,
        204,
        "access-control-allow-headers: Authorization,Content-Type,X-Amz-Date,X-Amz-Security-Token,X-Api-Key
         access-control-allow-methods: GET,POST,PUT,OPTIONS
         access-control-allow-origin: *",
    );
    assert_eq!(answer.bytes(), b"");
    check(
        &preflight("/custom/7", "https://x.b.test"),
        204,
        "access-control-allow-credentials: true
         access-control-allow-headers: Authorization,Content-Type,X-Amz-Date,X-Amz-Security-Token,X-Api-Key,X-Special
         access-control-allow-methods: GET,OPTIONS
         access-control-allow-origin: https://x.b.test
         access-control-expose-headers: X-Total
         access-control-max-age: 600
         vary: Origin",
    );
}

#[test]
fn a_preflight_of_another_site_gets_no_headers() {
    check(&preflight("/custom/7", "https://evil.test"), 204, "vary: Origin");
    check(&client().options("/custom/7").send(), 204, "vary: Origin");
    preflight("/plain", "https://a.test").assert_status(404);
}

#[test]
fn options_that_is_no_preflight_gets_past_no_authorizer() {
    let answer = client().options("/every").header("origin", "https://a.test").send();
    check(&answer, 204, "access-control-allow-origin: https://a.test\nvary: Origin");
    assert_eq!(answer.text(), "");
    preflight("/every", "https://a.test").assert_status(204);
    assert_eq!(client().put("/every").send().text(), "PUT");
}

#[test]
fn an_answer_says_whether_the_page_may_read_it() {
    check(&get("/any", "https://any.test"), 200, "access-control-allow-origin: *");
    let custom = "access-control-allow-credentials: true
         access-control-allow-origin: https://a.test
         access-control-expose-headers: X-Total";
    check(&get("/custom/7", "https://a.test"), 200, &format!("{custom}\nvary: Accept, Origin"));
    check(&get("/custom/7", "https://evil.test"), 200, "vary: Accept, Origin");
    check(&client().get("/custom/7").send(), 200, "vary: Accept, Origin");
    check(&client().get("/any").send(), 200, "");
    let head = client().head("/any").header("origin", "https://any.test").send();
    check(&head, 200, "access-control-allow-origin: *");
}

#[test]
fn what_goes_wrong_says_it_too() {
    let custom = "access-control-allow-credentials: true
         access-control-allow-origin: https://a.test
         access-control-expose-headers: X-Total
         vary: Origin";
    for (path, status) in [("/custom/0", 409), ("/custom/1", 500), ("/custom/x", 400)] {
        check(&get(path, "https://a.test"), status, custom);
    }
    let refused =
        client().post("/json").header("origin", "https://a.test").header("content-type", "text/xml").send();
    check(&refused, 415, "access-control-allow-origin: https://a.test\nvary: Origin");
    let refused = client().get("/any").header("origin", "https://a.test").header("x-refuse", "1").send();
    check(&refused, 401, "access-control-allow-origin: *");
}

#[test]
fn a_middleware_does_not_stand_before_a_preflight() {
    let client = client();
    let asked = client.options("/any").header("origin", "https://a.test");
    asked.header("access-control-request-method", "GET").header("x-refuse", "1").send().assert_status(204);
}

#[test]
fn what_the_handler_says_itself_counts() {
    check(
        &get("/own", "https://a.test"),
        200,
        "access-control-allow-origin: https://own.test\nvary: Accept, origin",
    );
}

#[test]
fn a_route_without_a_policy_says_nothing() {
    check(&get("/plain", "https://a.test"), 200, "");
    let answer = client().delete("/any").header("origin", "https://a.test").send();
    check(&answer, 200, "");
}

// --- the one place that touches the API ---------------------------------------------------------

fn client() -> Client {
    Client::new(App::new().middleware(refuses))
}

fn get(path: &str, origin: &str) -> Answer {
    client().get(path).header("origin", origin).send()
}

fn preflight(path: &str, origin: &str) -> Answer {
    let client = client();
    let request = client.options(path).header("origin", origin);
    request.header("access-control-request-method", "GET").send()
}

/// The status, and all headers that are about other sites, in order of their names.
#[track_caller]
fn check(answer: &Answer, status: u16, headers: &str) {
    answer.assert_status(status);
    let about = |name: &str| name.starts_with("access-control-") || name == "vary";
    let mut found: Vec<String> = answer
        .headers()
        .iter()
        .filter(|(name, _)| about(name.as_str()))
        .map(|(name, value)| format!("{name}: {}", value.to_str().expect("text")))
        .collect();
    found.sort();
    assert_eq!(found, headers.lines().map(str::trim).collect::<Vec<_>>());
}
