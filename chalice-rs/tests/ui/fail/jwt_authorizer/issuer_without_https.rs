//! Issuer without https.

use chalice_rs::prelude::*;

jwt_authorizer!(users, issuer = "example.com", audiences = "a");

fn main() {}
