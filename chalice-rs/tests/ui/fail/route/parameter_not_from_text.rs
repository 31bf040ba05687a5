use chalice_rs::prelude::*;

struct Id(u64);

#[route("/users/<id>")]
async fn show(id: Id) -> String {
    id.0.to_string()
}

fn main() {}
