//! Identity that is none.

use chalice_rs::prelude::*;

jwt_authorizer!(users, issuer = "https://a.com", audiences = "a", identity = "X-Token");

fn main() {}
