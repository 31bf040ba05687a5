//! Cors value without a key.

use chalice_rs::prelude::*;

#[route("/a", cors("*"))]
fn a() {}

fn main() {}
