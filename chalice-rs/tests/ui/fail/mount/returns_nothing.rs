//! Nothing to mount.

use chalice_rs::prelude::*;

#[mount("/legacy")]
fn legacy() {}

fn main() {}
