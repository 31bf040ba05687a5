use chalice_rs::prelude::*;

#[route(USERS)]
async fn show() -> String {
    String::new()
}

fn main() {}
