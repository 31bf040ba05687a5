use chalice_rs::prelude::*;

#[route("/users/<self>")]
async fn show() -> String {
    String::new()
}

fn main() {}
