use chalice_rs::prelude::*;

#[route("/users", "/people")]
async fn show() -> String {
    String::new()
}

fn main() {}
