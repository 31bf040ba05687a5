use chalice_rs::prelude::*;

#[route("/things/<type>")]
async fn show() -> String {
    String::new()
}

fn main() {}
