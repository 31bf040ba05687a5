//! Empty scopes.

use chalice_rs::prelude::*;

jwt_authorizer!(users, issuer = "https://example.com", audiences = "a");

#[route("/a", authorizer = users, scopes = [])]
fn a() {}

fn main() {}
