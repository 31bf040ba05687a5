use chalice_rs::prelude::*;

#[route("/notes", methods = ["POST"])]
async fn add(first: Json<u32>, second: Json<String>) -> String {
    format!("{} {}", first.0, second.0)
}

fn main() {}
