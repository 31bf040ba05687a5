//! Scopes in one text.

use chalice_rs::prelude::*;

jwt_authorizer!(users, issuer = "https://example.com", audiences = "a");

#[route("/a", authorizer = users, scopes = "read write")]
fn a() {}

fn main() {}
