//! Not a function.

use chalice_rs::prelude::*;

#[mount("/legacy")]
static LEGACY: u8 = 7;

fn main() {}
