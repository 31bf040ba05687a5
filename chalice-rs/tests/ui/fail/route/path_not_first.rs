use chalice_rs::prelude::*;

#[route(methods = ["GET"], "/users")]
async fn show() -> String {
    String::new()
}

fn main() {}
