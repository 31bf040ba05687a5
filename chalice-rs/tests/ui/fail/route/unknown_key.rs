use chalice_rs::prelude::*;

#[route("/users", rate_limit = 10)]
async fn show() -> String {
    String::new()
}

fn main() {}
