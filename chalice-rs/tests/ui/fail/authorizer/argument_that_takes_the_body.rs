//! An authorizer does not see the body.

use chalice_rs::prelude::*;

#[authorizer]
fn users(body: String) -> bool {
    body == "let me in"
}

fn main() {}
