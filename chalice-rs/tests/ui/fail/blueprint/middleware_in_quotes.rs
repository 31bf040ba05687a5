//! Middleware in quotes.

use chalice_rs::prelude::*;

blueprint! { middleware = ["audit"] }

fn main() {}
