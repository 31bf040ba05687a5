//! Cors with unknown key.

use chalice_rs::prelude::*;

#[route("/a", cors(origin = "*"))]
fn a() {}

fn main() {}
