//! Methods beside a method.

use chalice_rs::prelude::*;

#[put("/a", methods = ["GET"])]
fn a() {}

fn main() {}
