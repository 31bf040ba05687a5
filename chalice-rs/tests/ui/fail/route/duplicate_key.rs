use chalice_rs::prelude::*;

#[route("/users", methods = ["GET"], methods = ["POST"])]
async fn show() -> String {
    String::new()
}

fn main() {}
