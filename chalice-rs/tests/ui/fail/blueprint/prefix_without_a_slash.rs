//! Prefix without a slash.

use chalice_rs::prelude::*;

blueprint! { prefix = "users" }

fn main() {}
