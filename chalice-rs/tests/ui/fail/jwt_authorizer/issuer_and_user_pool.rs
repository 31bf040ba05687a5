//! Issuer and user pool.

use chalice_rs::prelude::*;

jwt_authorizer!(users, issuer = "https://a.com", user_pool = "eu-west-1_a", audiences = "a");

fn main() {}
