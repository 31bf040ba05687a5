//! Cors with a path.

use chalice_rs::prelude::*;

#[route("/a", cors = ["https://example.com/", "https://example.org"])]
fn a() {}

fn main() {}
