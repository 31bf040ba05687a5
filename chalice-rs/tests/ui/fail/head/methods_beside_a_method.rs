//! Methods beside a method.

use chalice_rs::prelude::*;

#[head("/a", methods = ["GET"])]
fn a() {}

fn main() {}
