//! Nothing.

use chalice_rs::prelude::*;

jwt_authorizer!();

fn main() {}
