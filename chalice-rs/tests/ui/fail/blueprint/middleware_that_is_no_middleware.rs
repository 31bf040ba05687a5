//! Middleware that is no middleware.

use chalice_rs::prelude::*;

fn audit() {}

blueprint! { middleware = [audit] }

fn main() {}
