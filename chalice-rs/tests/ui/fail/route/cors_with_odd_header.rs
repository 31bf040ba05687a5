//! Cors with odd header.

use chalice_rs::prelude::*;

#[route("/a", cors(headers = ["X Y"], expose = "é"))]
fn a() {}

fn main() {}
