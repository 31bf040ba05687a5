//! No function.

use chalice_rs::prelude::*;

lambda_authorizer!(staff);

fn main() {}
