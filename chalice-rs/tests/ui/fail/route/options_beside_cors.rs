//! Options beside cors.

use chalice_rs::prelude::*;

#[route("/a", methods = ["GET", "OPTIONS"], cors = true)]
fn a() {}

fn main() {}
