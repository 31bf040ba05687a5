//! A key of something else.

use chalice_rs::prelude::*;

#[authorizer(scopes = ["read"])]
fn users() -> bool {
    true
}

fn main() {}
