use chalice_rs::prelude::*;

#[route("/users/<user-id>")]
async fn show(user_id: u64) -> String {
    format!("{user_id}")
}

fn main() {}
