//! No verdict.

use chalice_rs::authorizer::AuthorizerRequest;
use chalice_rs::prelude::*;

#[authorizer]
fn users(request: &AuthorizerRequest<'_>) {}

fn main() {}
