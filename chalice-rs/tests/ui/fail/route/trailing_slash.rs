use chalice_rs::prelude::*;

#[route("/users/")]
async fn show() -> String {
    String::new()
}

fn main() {}
