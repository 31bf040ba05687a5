//! Methods beside a method.

use chalice_rs::prelude::*;

#[options("/a", methods = ["GET"])]
fn a() {}

fn main() {}
