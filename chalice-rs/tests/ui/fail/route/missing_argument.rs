use chalice_rs::prelude::*;

#[route("/users/<id>")]
async fn show() -> String {
    String::new()
}

fn main() {}
