//! Not a function.

use chalice_rs::prelude::*;

#[authorizer]
struct Users;

fn main() {}
