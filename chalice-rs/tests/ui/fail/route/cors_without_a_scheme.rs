//! Cors without a scheme.

use chalice_rs::prelude::*;

#[route("/a", cors = "example.com")]
fn a() {}

fn main() {}
