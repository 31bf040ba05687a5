//! Duplicate tag.

use chalice_rs::prelude::*;

#[route("/a", tags = ["a", "a"])]
fn a() {}

fn main() {}
