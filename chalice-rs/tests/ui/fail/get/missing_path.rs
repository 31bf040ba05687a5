//! Missing path.

use chalice_rs::prelude::*;

#[get]
fn a() {}

fn main() {}
