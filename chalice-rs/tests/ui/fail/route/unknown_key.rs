use chalice_rs::prelude::*;

#[route("/users", cors = true)]
async fn show() -> String {
    String::new()
}

fn main() {}
