//! Function name with a space.

use chalice_rs::prelude::*;

#[route("/a", function = "my heavy")]
fn a() {}

fn main() {}
