use chalice_rs::prelude::*;

#[route("/users", methods = ["FETCH"])]
async fn show() -> String {
    String::new()
}

fn main() {}
