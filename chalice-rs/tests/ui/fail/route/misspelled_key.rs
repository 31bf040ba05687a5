use chalice_rs::prelude::*;

#[route("/users", method = ["GET"])]
async fn show() -> String {
    String::new()
}

fn main() {}
