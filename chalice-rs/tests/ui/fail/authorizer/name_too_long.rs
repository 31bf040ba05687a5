//! A name that AWS does not take.

use chalice_rs::prelude::*;

#[authorizer]
fn whoever_has_one_of_the_keys_that_we_gave_out() -> bool {
    true
}

fn main() {}
