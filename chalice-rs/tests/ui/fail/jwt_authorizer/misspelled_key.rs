//! Misspelled key.

use chalice_rs::prelude::*;

jwt_authorizer!(users, isuer = "https://a.com", audiences = "a");

fn main() {}
