//! A name that means something else: routes that say it are open to everybody.

use chalice_rs::prelude::*;

#[authorizer]
fn none() -> bool {
    false
}

fn main() {}
