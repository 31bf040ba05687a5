//! More than API Gateway remembers.

use chalice_rs::prelude::*;

#[authorizer(ttl = 3601)]
fn users() -> bool {
    true
}

fn main() {}
