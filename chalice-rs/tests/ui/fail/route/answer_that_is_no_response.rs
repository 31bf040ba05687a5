use chalice_rs::prelude::*;

struct User;

#[route("/users/<id>")]
async fn show(id: u64) -> User {
    let _ = id;
    User
}

fn main() {}
