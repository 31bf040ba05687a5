//! A key with a slip.

use chalice_rs::prelude::*;

#[authorizer(tll = 300)]
fn users() -> bool {
    true
}

fn main() {}
