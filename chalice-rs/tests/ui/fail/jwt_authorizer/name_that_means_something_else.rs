//! A name that means something else: requests that AWS identities sign.

use chalice_rs::prelude::*;

jwt_authorizer!(iam, issuer = "https://example.com", audiences = ["a"]);

fn main() {}
