use chalice_rs::prelude::*;

#[route("/users", "GET")]
async fn show() -> String {
    String::new()
}

fn main() {}
