//! No audience.

use chalice_rs::prelude::*;

jwt_authorizer!(users, issuer = "https://example.com");

fn main() {}
