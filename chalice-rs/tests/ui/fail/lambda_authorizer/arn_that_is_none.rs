//! Arn that is none.

use chalice_rs::prelude::*;

lambda_authorizer!(staff, arn = "sign-on");

fn main() {}
