//! Methods beside a method.

use chalice_rs::prelude::*;

#[delete("/a", methods = ["GET"])]
fn a() {}

fn main() {}
