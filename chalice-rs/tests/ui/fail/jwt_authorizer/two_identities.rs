//! Two places for one token.

use chalice_rs::prelude::*;

jwt_authorizer!(
    users,
    issuer = "https://a.com",
    audiences = "a",
    identity = ["$request.header.Authorization", "$request.querystring.token"]
);

fn main() {}
