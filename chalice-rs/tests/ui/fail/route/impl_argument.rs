use chalice_rs::prelude::*;

#[route("/users/<id>")]
async fn show(id: impl ToString) -> String {
    id.to_string()
}

fn main() {}
