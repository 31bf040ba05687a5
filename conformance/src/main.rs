//! An app that has a bit of everything, for tests of the whole: see `table.rs` for what it answers.
//!
//! Not for learners: those find apps in `examples/`.

use std::collections::BTreeMap;

use chalice_rs::prelude::*;
use chalice_rs::{Cookies, Form, HeaderValue, Headers, Multipart, Query, header};
use serde::Deserialize;
use serde_json::{Value, json};

#[cfg(test)]
mod table;
#[cfg(test)]
mod tests;

mod annex;
mod guarded;
mod kinds;
mod shared;

#[get("/")]
fn root() -> Json<Value> {
    Json(json!({ "hello": "world" }))
}

#[get("/deep/down/where/no/parameter/is")]
fn deep() -> Json<Value> {
    Json(json!({ "nested": true }))
}

/// Says a name back.
#[get("/names/<name>")]
fn name(name: String) -> Json<Value> {
    Json(json!({ "name": name }))
}

/// Is not any name.
///
/// And here is another line.
#[get("/names/exactly")]
fn exact_name() -> &'static str {
    "the exact one"
}

#[get("/files/<path..>")]
fn file(path: String) -> Json<Value> {
    Json(json!({ "path": path }))
}

#[get("/files/index/<page>")]
fn page(page: u8) -> Json<Value> {
    Json(json!({ "page": page }))
}

#[post("/only/post")]
fn only_post() -> Json<Value> {
    Json(json!({ "success": true }))
}

#[put("/only/put")]
fn only_put() -> Json<Value> {
    Json(json!({ "success": true }))
}

#[get("/shared")]
fn shared_get() -> Json<Value> {
    Json(json!({ "function": "shared_get" }))
}

#[post("/shared")]
fn shared_post() -> Json<Value> {
    Json(json!({ "function": "shared_post" }))
}

#[route("/methods", methods = ["GET", "POST"])]
fn methods(request: &Request<'_>) -> Json<Value> {
    Json(json!({ "method": request.method() }))
}

#[route("/methods/any", methods = ["ANY"])]
fn any_method(request: &Request<'_>) -> Json<Value> {
    Json(json!({ "method": request.method() }))
}

#[post("/json")]
fn echo(Json(value): Json<Value>) -> Json<Value> {
    Json(json!({ "json": value }))
}

#[derive(Deserialize)]
struct Note {
    text: String,
}

#[post("/json/note")]
fn note(Json(note): Json<Note>) -> String {
    note.text
}

#[post("/json/unread")]
fn unread() -> &'static str {
    "nobody looked at it"
}

#[post("/form")]
fn form(Form(fields): Form<BTreeMap<String, Vec<String>>>) -> Json<Value> {
    Json(json!({ "parsed": fields }))
}

#[post("/upload")]
async fn upload(mut form: Multipart<'_>) -> Result<Json<Value>, Error> {
    let mut seen = Vec::new();
    while let Some(field) = form.next_field().await? {
        seen.push(json!({
            "name": field.name(),
            "file": field.file_name(),
            "type": field.content_type(),
            "bytes": field.bytes(),
        }));
    }
    Ok(Json(json!(seen)))
}

/// The body as it came, with the type that it came with.
#[post("/bytes")]
fn bytes(request: &Request<'_>, body: Vec<u8>) -> Response {
    let content_type = request.header("content-type").and_then(|text| HeaderValue::from_str(text).ok());
    let content_type = content_type.unwrap_or(HeaderValue::from_static("application/octet-stream"));
    Response::new(StatusCode::OK).with_body(content_type, body)
}

#[get("/image")]
fn image() -> (StatusCode, [(&'static str, &'static str); 1], &'static [u8]) {
    (StatusCode::OK, [("content-type", "image/png")], b"\xde\xad\xbe\xef")
}

#[post("/length")]
fn length(body: &[u8]) -> Json<Value> {
    Json(json!({ "length": body.len() }))
}

#[post("/text")]
fn text(body: String) -> Json<Value> {
    Json(json!({ "text": body }))
}

#[get("/query")]
fn query(Query(pairs): Query<Vec<(String, String)>>) -> Json<Value> {
    Json(json!(pairs))
}

#[derive(Deserialize)]
struct Page {
    page: u32,
}

#[get("/query/page")]
fn query_page(Query(query): Query<Page>) -> Json<Value> {
    Json(json!({ "page": query.page }))
}

#[get("/headers/<name>")]
fn headers(name: &str, headers: Headers<'_>) -> Json<Value> {
    Json(json!(headers.list(name).collect::<Vec<_>>()))
}

#[get("/cookies")]
fn cookies(cookies: Cookies<'_>) -> Json<Value> {
    Json(json!(cookies.iter().collect::<BTreeMap<_, _>>()))
}

/// The request as a program sees it.
#[get("/request/<id>")]
fn request(id: u32, request: &Request<'_>) -> Json<Value> {
    let mut seen = request.to_json();
    seen["id"] = json!(id);
    seen["has time left"] = json!(request.context().remaining_time().is_some_and(|left| !left.is_zero()));
    Json(seen)
}

#[get("/answer")]
fn answer() -> (StatusCode, [(header::HeaderName, &'static str); 3], ()) {
    let headers = [
        (header::CONTENT_TYPE, "text/plain"),
        (header::SET_COOKIE, "key=value"),
        (header::SET_COOKIE, "foo=bar"),
    ];
    (StatusCode::NO_CONTENT, headers, ())
}

#[get("/redirect")]
fn redirect() -> (StatusCode, [(header::HeaderName, &'static str); 1], ()) {
    (StatusCode::FOUND, [(header::LOCATION, "/names/new")], ())
}

#[get("/errors/<status>")]
fn error(status: u16) -> Result<(), Error> {
    Err(match status {
        400 => Error::bad_request("Bad request."),
        401 => Error::unauthorized("Who are you?"),
        403 => Error::forbidden("Not for you."),
        404 => Error::not_found("There is no such thing."),
        405 => Error::method_not_allowed("Not like this."),
        408 => Error::request_timeout("Too slow."),
        409 => Error::conflict("It is there already."),
        422 => Error::unprocessable_entity("That makes no sense."),
        429 => Error::too_many_requests("Not so fast."),
        500 => Error::internal("Our fault."),
        other => Error::new(StatusCode::from_u16(other)?, "Something else."),
    })
}

#[get("/errors/cause")]
fn cause() -> Result<String, Error> {
    Ok(std::fs::read_to_string("/there/is/no/secret")?)
}

#[derive(Debug, HttpError)]
#[http(status = 418)]
struct Teapot;

impl std::fmt::Display for Teapot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("short and stout")
    }
}

impl std::error::Error for Teapot {}

#[get("/errors/own")]
fn own_error() -> Result<(), Teapot> {
    Err(Teapot)
}

#[get("/errors/panic")]
fn panic() -> String {
    panic!("on purpose: the secret is out")
}

/// JSON has no such thing as a map whose keys are lists.
#[get("/errors/no-json")]
fn no_json() -> Json<BTreeMap<Vec<u8>, u8>> {
    Json(BTreeMap::from([(vec![1], 1)]))
}

/// HTTP has no such header.
#[get("/errors/header")]
fn bad_header() -> (StatusCode, [(&'static str, &'static str); 1], &'static str) {
    (StatusCode::OK, [("x-a", "b\r\nset-cookie: c")], "hello")
}

#[get("/answers/large/<bytes>")]
fn large(bytes: usize) -> String {
    "x".repeat(bytes)
}

#[chalice_rs::main]
fn main() -> App {
    App::new()
}
