use chalice_rs::prelude::*;

#[not_found(404)]
fn problem() -> String {
    "oh".to_owned()
}

fn main() {}
