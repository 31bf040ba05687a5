use chalice_rs::prelude::*;

#[route("/users/<id>")]
async fn show(idd: u64) -> String {
    format!("{idd}")
}

fn main() {}
