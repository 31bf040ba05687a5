//! Cors that is no policy.

use chalice_rs::prelude::*;

#[route("/a", cors = 1)]
fn a() {}

fn main() {}
