use chalice_rs::prelude::*;

#[route("/users/<id>")]
async fn show(#[cfg(debug_assertions)] id: u64) -> String {
    id.to_string()
}

fn main() {}
