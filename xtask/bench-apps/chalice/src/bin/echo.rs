//! `POST /echo`: a typed JSON document in, the same out.

use chalice_rs::prelude::*;

#[path = "../../../order.rs"]
mod order;

#[route("/echo", methods = ["POST"])]
async fn echo(order: Json<order::Order>) -> Json<order::Order> {
    order
}

#[chalice_rs::main]
async fn main() -> App {
    App::new()
}
