use chalice_rs::prelude::*;

#[not_found]
fn nowhere(text: String, body: Vec<u8>) -> String {
    format!("{text} {}", body.len())
}

fn main() {}
