//! User pool without a region.

use chalice_rs::prelude::*;

jwt_authorizer!(users, user_pool = "a1B2", audiences = "a");

fn main() {}
