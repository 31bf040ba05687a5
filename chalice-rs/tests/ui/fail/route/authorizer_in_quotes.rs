//! Authorizer in quotes.

use chalice_rs::prelude::*;

#[route("/a", authorizer = "users")]
fn a() {}

fn main() {}
