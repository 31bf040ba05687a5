use chalice_rs::prelude::*;

#[route("/users/a b")]
async fn show() -> String {
    String::new()
}

fn main() {}
