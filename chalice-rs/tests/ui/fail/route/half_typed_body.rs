use chalice_rs::prelude::*;

#[route("users")]
async fn show() -> String {
    let users = list.;
    users.
}

fn main() {}
