//! Hello world behind a chain of five middlewares, each of which puts a header into the answer.

use chalice_rs::middleware::Next;
use chalice_rs::prelude::*;
use chalice_rs::{HeaderName, HeaderValue};
use serde::Serialize;

#[derive(Serialize)]
struct Greeting {
    hello: String,
}

#[route("/hello/<name>", methods = ["GET"])]
async fn hello(name: String) -> Json<Greeting> {
    Json(Greeting { hello: name })
}

async fn mark(request: &Request<'_>, next: Next<'_>) -> Response {
    let answer = next.run(request).await;
    answer.with_header(HeaderName::from_static("x-served-by"), HeaderValue::from_static("tea"))
}

#[chalice_rs::main]
async fn main() -> App {
    App::new().middleware(mark).middleware(mark).middleware(mark).middleware(mark).middleware(mark)
}
