//! Cors for all with credentials.

use chalice_rs::prelude::*;

#[route("/a", cors(origins = "*", credentials = true))]
fn a() {}

fn main() {}
