//! Methods beside a method.

use chalice_rs::prelude::*;

#[get("/a", methods = ["GET"])]
fn a() {}

fn main() {}
