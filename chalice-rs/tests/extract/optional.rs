//! `Option<E>` and `Result<E, E::Rejection>`: what is absent, what is wrong, and whose business it is.

use chalice_rs::prelude::*;
use chalice_rs::rejection::{MissingExtension, MissingState, QueryRejection};
use serde::Deserialize;

use crate::{check, client};

#[derive(Deserialize)]
struct Page {
    page: u32,
}

#[route("/optional/query")]
fn query(query: Option<Query<Page>>) -> String {
    query.map_or("none".to_owned(), |Query(Page { page })| page.to_string())
}

#[route("/optional/json", methods = ["POST"])]
fn json(body: Option<Json<u8>>) -> String {
    format!("{body:?}")
}

#[route("/optional/text", methods = ["POST"])]
fn text(body: Option<&str>) -> String {
    format!("{body:?}")
}

#[route("/optional/state")]
fn state(known: Option<State<u8>>, unknown: Option<State<u16>>, extension: Option<Extension<u8>>) -> String {
    format!("{:?} {} {}", known.as_deref(), unknown.is_some(), extension.is_some())
}

#[test]
fn what_is_absent_is_none_and_what_is_wrong_is_refused() {
    let client = chalice_rs::test::Client::new(App::new().state(7_u8));
    let post = |path: &str, body: &str| {
        client.post(path).header("content-type", "application/json").body(body).send()
    };
    check(client.get("/optional/query").send(), "200 none");
    check(client.get("/optional/query?page=2").send(), "200 2");
    let invalid = "400 BadRequestError: query parameter `page`: invalid digit found in string";
    check(client.get("/optional/query?page=x").send(), invalid);
    check(client.get("/optional/query?x").send(), "400 BadRequestError: query parameter `page` is missing");
    check(post("/optional/json", ""), "200 None");
    check(post("/optional/json", "7"), "200 Some(Json(7))");
    assert_eq!(post("/optional/json", "x").status(), 400);
    check(post("/optional/text", ""), "200 None");
    check(post("/optional/text", "x"), "200 Some(\"x\")");
    check(client.get("/optional/state").send(), "200 Some(7) false false");
}

#[route("/optional/caught")]
fn caught(query: Result<Query<Page>, QueryRejection>) -> Result<String, Error> {
    match query {
        Ok(Query(Page { page })) => Ok(page.to_string()),
        Err(QueryRejection::Missing { .. }) => Ok("the first".to_owned()),
        // Through `?`, a rejection keeps the answer that it stands for.
        Err(rejection) => Err(rejection)?,
    }
}

#[test]
fn a_rejection_that_goes_on_as_an_error_keeps_its_status() {
    check(client().get("/optional/caught?page=2").send(), "200 2");
    check(client().get("/optional/caught").send(), "200 the first");
    let invalid = "400 BadRequestError: query parameter `page`: invalid digit found in string";
    check(client().get("/optional/caught?page=x").send(), invalid);
}

#[route("/optional/missing")]
fn missing(state: Result<State<u32>, MissingState>, own: Result<Extension<u32>, MissingExtension>) -> String {
    let texts =
        [state.err().map(|missing| missing.to_string()), own.err().map(|missing| missing.to_string())];
    texts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

#[route("/optional/state-that-nobody-gave")]
fn nobody_gave(_state: State<u32>) {}

#[route("/optional/extension-that-nobody-gave")]
fn nobody_put_in(_own: Extension<u32>) {}

#[test]
fn what_nobody_gave_is_a_500_that_names_its_type_to_the_log_alone() {
    check(
        client().get("/optional/missing").send(),
        "200 the app has no state of type `u32`; give it one in `main`: `App::new().state(..)`; \
         the request has no extension of type `u32`; put it in with `Request::insert` before the handler runs",
    );
    for path in ["/optional/state-that-nobody-gave", "/optional/extension-that-nobody-gave"] {
        let internal = "500 InternalServerError: An internal server error occurred.";
        check(client().get(path).send(), internal);
    }
}
