//! `GET /hello/<name>`: the hello world that `cargo chalice new` writes.

use chalice_rs::prelude::*;
use serde::Serialize;

#[derive(Serialize)]
struct Greeting {
    hello: String,
}

#[route("/hello/<name>", methods = ["GET"])]
async fn hello(name: String) -> Json<Greeting> {
    Json(Greeting { hello: name })
}

#[chalice_rs::main]
async fn main() -> App {
    App::new()
}
