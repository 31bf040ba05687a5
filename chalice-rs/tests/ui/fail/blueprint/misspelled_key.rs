//! Misspelled key.

use chalice_rs::prelude::*;

blueprint! { prefx = "/users" }

fn main() {}
