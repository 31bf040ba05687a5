//! No issuer.

use chalice_rs::prelude::*;

jwt_authorizer!(users, audiences = "a");

fn main() {}
