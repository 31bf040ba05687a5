//! By issuer and by user pool.

use chalice_rs::prelude::*;

jwt_authorizer!(
    /// Whoever has an account.
    users,
    issuer = "https://login.example.com/",
    audiences = ["a", "b"],
    identity = "$request.header.X-Token",
);

jwt_authorizer!(STAFF, user_pool = "eu-west-1_a1B2", audiences = "c");

#[get("/", authorizer = users)]
fn home() {}

#[get("/staff", authorizer = STAFF)]
fn staff() {}

fn main() {}
