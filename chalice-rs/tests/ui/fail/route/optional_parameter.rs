use chalice_rs::prelude::*;

#[route("/users/<id>")]
async fn show(id: Option<u64>) -> String {
    format!("{id:?}")
}

fn main() {}
