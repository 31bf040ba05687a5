//! An argument that comes from nowhere.

use chalice_rs::prelude::*;

#[authorizer]
fn users(id: u64) -> bool {
    id == 7
}

fn main() {}
