//! Methods beside a method.

use chalice_rs::prelude::*;

#[patch("/a", methods = ["GET"])]
fn a() {}

fn main() {}
