use chalice_rs::prelude::*;

#[route("/users", methods = ["GTE"])]
async fn show() -> String {
    String::new()
}

fn main() {}
