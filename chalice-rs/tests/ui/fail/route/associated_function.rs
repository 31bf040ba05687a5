use chalice_rs::prelude::*;

struct Users;

impl Users {
    #[route("/users")]
    async fn list() -> String {
        String::new()
    }
}

fn main() {}
