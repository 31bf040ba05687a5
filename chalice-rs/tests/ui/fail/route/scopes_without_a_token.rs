//! Scopes without a token.

use chalice_rs::prelude::*;

#[route("/a", authorizer = iam, scopes = ["read"])]
fn a() {}

fn main() {}
