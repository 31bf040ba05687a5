use chalice_rs::prelude::*;

#[route("/users", methods = "GET")]
async fn show() -> String {
    String::new()
}

fn main() {}
