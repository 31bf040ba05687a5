use chalice_rs::prelude::*;

#[route("/users")]
async fn show<const N: usize>() -> String {
    N.to_string()
}

fn main() {}
