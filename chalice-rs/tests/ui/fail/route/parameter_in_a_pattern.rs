use chalice_rs::prelude::*;

struct Path<T>(T);

#[route("/users/<id>")]
async fn show(Path(id): Path<u64>) -> String {
    id.to_string()
}

fn main() {}
