//! Prefix without a key.

use chalice_rs::prelude::*;

blueprint!("/users");

fn main() {}
