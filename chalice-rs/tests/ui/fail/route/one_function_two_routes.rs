use chalice_rs::prelude::*;

#[route("/users/<id>")]
#[route("/people/<id>")]
async fn show<T: ToString>(id: T) -> String {
    id.to_string()
}

fn main() {}
