//! Name in quotes.

use chalice_rs::prelude::*;

jwt_authorizer!("users", issuer = "https://example.com", audiences = "a");

fn main() {}
