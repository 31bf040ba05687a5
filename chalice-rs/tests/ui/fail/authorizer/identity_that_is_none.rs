//! A header by its name alone.

use chalice_rs::prelude::*;

#[authorizer(identity = ["X-Key", "$request.body"])]
fn users() -> bool {
    true
}

fn main() {}
