use chalice_rs::prelude::*;

#[route("/users", methods = ["GET", "POST", "GET"])]
async fn show() -> String {
    String::new()
}

fn main() {}
