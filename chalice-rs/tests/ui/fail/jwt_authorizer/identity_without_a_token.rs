//! A part of the request in which no client can send a token.

use chalice_rs::prelude::*;

jwt_authorizer!(users, issuer = "https://a.com", audiences = "a", identity = "$context.identity.sourceIp");

fn main() {}
