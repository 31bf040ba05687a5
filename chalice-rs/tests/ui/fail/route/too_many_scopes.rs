//! More scopes than API Gateway takes.

use chalice_rs::prelude::*;

jwt_authorizer!(users, issuer = "https://a.com", audiences = "a");

#[get("/", authorizer = users, scopes = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"])]
fn show() {}

fn main() {}
