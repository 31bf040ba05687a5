use chalice_rs::prelude::*;

#[route("/users/<id>")]
async fn show(id: &'static str) -> String {
    format!("{id}")
}

fn main() {}
