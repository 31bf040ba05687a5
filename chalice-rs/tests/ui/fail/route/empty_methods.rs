use chalice_rs::prelude::*;

#[route("/users", methods = [])]
async fn show() -> String {
    String::new()
}

fn main() {}
