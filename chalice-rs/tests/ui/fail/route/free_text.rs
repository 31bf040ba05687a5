use chalice_rs::prelude::*;

#[route(GET "/users/<id>")]
async fn show(id: u64) -> String {
    format!("{id}")
}

fn main() {}
