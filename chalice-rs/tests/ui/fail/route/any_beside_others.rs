use chalice_rs::prelude::*;

#[route("/users", methods = ["ANY", "GET"])]
async fn show() -> String {
    String::new()
}

fn main() {}
