//! Prefix with a parameter.

use chalice_rs::prelude::*;

blueprint! { prefix = "/users/<id>" }

fn main() {}
