use chalice_rs::prelude::*;

#[route("/users", methods = ["get"])]
async fn show() -> String {
    String::new()
}

fn main() {}
