//! Middleware that is no name.

use chalice_rs::prelude::*;

blueprint! { middleware = ["audit"] }

fn main() {}
