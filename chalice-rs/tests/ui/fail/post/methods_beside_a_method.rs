//! Methods beside a method.

use chalice_rs::prelude::*;

#[post("/a", methods = ["GET"])]
fn a() {}

fn main() {}
