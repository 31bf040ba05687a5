//! Function name that means something else.

use chalice_rs::prelude::*;

#[route("/a", function = "bootstrap")]
fn a() {}

fn main() {}
