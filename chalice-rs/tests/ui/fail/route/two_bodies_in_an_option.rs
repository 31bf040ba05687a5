use chalice_rs::prelude::*;

#[route("/notes", methods = ["POST"])]
async fn add(json: Json<u32>, raw: Option<Bytes>) -> String {
    format!("{} {}", json.0, raw.is_some())
}

fn main() {}
