//! Function name not text.

use chalice_rs::prelude::*;

#[route("/a", function = heavy)]
fn a() {}

fn main() {}
