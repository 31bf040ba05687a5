//! Something odd before the path.

use chalice_rs::prelude::*;

#[route(1, "/users")]
fn show() {}

fn main() {}
