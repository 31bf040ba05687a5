//! The hello world that `cargo chalice new` writes: one route, one program.

use chalice_rs::prelude::*;
use serde_json::{Value, json};

#[cfg(test)]
mod tests;

#[route("/hello/<name>", methods = ["GET"])]
async fn hello(name: String) -> Json<Value> {
    Json(json!({ "hello": name }))
}

#[chalice_rs::main]
async fn main() -> App {
    App::new()
}
