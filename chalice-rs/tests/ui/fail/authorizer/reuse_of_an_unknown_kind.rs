//! A reuse that there is not.

use chalice_rs::prelude::*;

#[authorizer(reuse = "all")]
fn users() -> bool {
    true
}

fn main() {}
