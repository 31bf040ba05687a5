use chalice_rs::prelude::*;

#[route("/hello/<name>")]
async fn hello(name: &str) -> &str {
    name
}

fn main() {}
