//! The functions that answer what no route answers.

use chalice_rs::prelude::*;
use chalice_rs::test::Client;
use serde::Deserialize;

#[error_handler]
async fn problem(error: &Error, request: &Request<'_>) -> Result<Response, Error> {
    match request.header("x-wish") {
        Some("teapot") => Ok((StatusCode::IM_A_TEAPOT, "tea").into_response()),
        Some("error") => Err(Error::not_found("the handler's own").because(std::io::Error::other("why"))),
        Some("panic") => panic!("not that as well"),
        _ => {
            let causes = error.cause().map(ToString::to_string).unwrap_or_default();
            Ok(format!("{} / {} / {causes}", error.code(), error.message()).into_response())
        }
    }
}

#[derive(Deserialize)]
struct Note {
    text: String,
}

#[route("/notes", methods = ["POST"])]
fn note(Json(note): Json<Note>) -> String {
    note.text
}

#[route("/fails")]
fn fails() -> Result<(), Error> {
    Err(std::io::Error::other("disk full"))?
}

#[route("/large")]
fn large() -> String {
    "x".repeat(7 << 20)
}

#[not_found]
async fn nowhere(request: &Request<'_>) -> Result<String, Error> {
    match request.header("x-wish") {
        Some("forbidden") => Err(Error::forbidden("not even that")),
        _ => Ok(format!("there is no {}", request.path())),
    }
}

#[route("/conflict")]
fn conflict() -> Error {
    let vary = |name| (chalice_rs::header::VARY, chalice_rs::HeaderValue::from_static(name));
    let headers = [(chalice_rs::header::RETRY_AFTER, 7.into()), vary("accept"), vary("origin")];
    headers.into_iter().fold(Error::conflict("taken"), |error, (name, value)| error.with_header(name, value))
}

#[route("/panics")]
fn panics() -> &'static str {
    panic!("enough")
}

#[get("/secret", authorizer = iam)]
fn secret() -> &'static str {
    "42"
}

mod program {
    use chalice_rs::prelude::*;

    #[chalice_rs::main(head = false)]
    fn main() -> App {
        App::new()
    }
}

#[track_caller]
fn check(client: &Client, path: &str, wish: &str, status: u16, text: &str) {
    let answer = client.get(path).header("x-wish", wish).send();
    assert_eq!((answer.status().as_u16(), answer.text()), (status, text));
}

const INTERNAL: &str = "An internal server error occurred.";

#[test]
fn each_error_goes_through_the_handler_and_keeps_its_status() {
    let client = Client::new(App::new());
    check(&client, "/fails", "", 500, &format!("InternalServerError / {INTERNAL} / disk full"));
    check(&client, "/conflict", "", 409, "ConflictError / taken / ");
    check(&client, "/panics", "", 500, &format!("InternalServerError / {INTERNAL} / panicked: enough"));
    let answer = client.post("/notes").body("{").header("content-type", "application/json").send();
    assert_eq!(answer.status(), 400);
    assert!(answer.text().starts_with("BadRequestError / "), "{}", answer.text());
}

#[test]
fn the_handler_chooses_another_status_and_the_headers_of_the_error_stay() {
    let client = Client::new(App::new());
    check(&client, "/fails", "teapot", 418, "tea");
    client.get("/conflict").send().assert_header("retry-after", "7").assert_header("vary", "accept, origin");
}

#[test]
fn what_no_route_takes_has_an_answer_and_what_a_path_does_not_take_is_a_405() {
    let client = Client::new(App::new());
    check(&client, "/nowhere/to/be/seen", "", 404, "there is no /nowhere/to/be/seen");
    check(&client, "/nowhere", "forbidden", 403, "ForbiddenError / not even that / ");
    let answer = client.delete("/conflict").send();
    assert_eq!((answer.status().as_u16(), answer.header("allow")), (405, Some("GET")));
}

#[test]
fn an_answer_that_lambda_does_not_take_is_an_error_as_well() {
    let answer = Client::new(App::new()).get("/large").send();
    assert_eq!(answer.status(), 500);
    assert!(answer.text().contains("Lambda takes at most"), "{}", answer.text());
}

#[test]
fn a_handler_that_fails_itself_leaves_the_plain_500() {
    let client = Client::new(App::new());
    let plain = format!(r#"{{"Code":"InternalServerError","Message":"{INTERNAL}"}}"#);
    check(&client, "/conflict", "error", 500, &plain);
    check(&client, "/conflict", "panic", 500, &plain);
}

#[test]
fn what_api_gateway_has_no_route_for_gets_past_no_authorizer() {
    let client = Client::new(App::new());
    client.get("/secret").send().assert_status(403);
    // Nobody is asked about this one, so that it must not be the route's.
    client.head("/secret").send().assert_status(404);
}
