use chalice_rs::prelude::*;

#[route(GET, "/users")]
async fn show() -> String {
    String::new()
}

fn main() {}
