use chalice_rs::prelude::*;

#[route("/user-<id>")]
async fn show(id: u64) -> String {
    format!("{id}")
}

fn main() {}
