//! A value that may be a name.

use chalice_rs::prelude::*;

#[authorizer("users")]
fn check() -> bool {
    true
}

fn main() {}
