//! A time that is no number.

use chalice_rs::prelude::*;

#[authorizer(ttl = "5 minutes")]
fn users() -> bool {
    true
}

fn main() {}
