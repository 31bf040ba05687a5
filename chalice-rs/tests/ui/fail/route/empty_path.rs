use chalice_rs::prelude::*;

#[route("")]
async fn show() -> String {
    String::new()
}

fn main() {}
