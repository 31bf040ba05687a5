//! Hello world out of a table that is built once, at the cold start.

use std::collections::HashMap;

use chalice_rs::prelude::*;
use serde::Serialize;

struct Names(HashMap<String, String>);

#[derive(Serialize)]
struct Greeting {
    hello: String,
}

#[route("/hello/<name>", methods = ["GET"])]
async fn hello(name: &str, names: State<Names>) -> Result<Json<Greeting>, Error> {
    let hello = names.0.get(name).cloned().ok_or_else(|| Error::not_found("nobody of that name"))?;
    Ok(Json(Greeting { hello }))
}

async fn names() -> Names {
    Names(["world", "moon", "sun"].into_iter().map(|name| (name.to_owned(), name.to_owned())).collect())
}

#[chalice_rs::main]
async fn main() -> App {
    App::new().state(names().await)
}
