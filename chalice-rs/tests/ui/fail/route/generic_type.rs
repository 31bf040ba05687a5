use chalice_rs::prelude::*;

#[route("/users/<id>")]
async fn show<T: ToString>(id: T) -> String {
    id.to_string()
}

fn main() {}
