use chalice_rs::prelude::*;

#[route(path = "/users")]
async fn show() -> String {
    String::new()
}

fn main() {}
