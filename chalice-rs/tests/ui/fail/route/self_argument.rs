use chalice_rs::prelude::*;

struct Users;

impl Users {
    #[route("/users/<id>")]
    async fn show(&self, id: u64) -> String {
        id.to_string()
    }
}

fn main() {}
