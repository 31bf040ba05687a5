//! Cors with too long an age.

use chalice_rs::prelude::*;

#[route("/a", cors(max_age = 100000))]
fn a() {}

fn main() {}
