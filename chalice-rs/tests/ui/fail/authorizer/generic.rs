//! A type that nobody chooses.

use chalice_rs::prelude::*;

#[authorizer]
fn users<T>(state: State<T>) -> bool {
    true
}

fn main() {}
