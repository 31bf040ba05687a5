use chalice_rs::prelude::*;

#[route("/users//all")]
async fn show() -> String {
    String::new()
}

fn main() {}
