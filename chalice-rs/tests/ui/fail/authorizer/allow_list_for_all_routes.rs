//! One answer for all routes that is about one of them.

use chalice_rs::authorizer::{AllowList, AuthorizerRequest};
use chalice_rs::prelude::*;

#[authorizer(ttl = 300, reuse = "all-routes")]
async fn users(request: &AuthorizerRequest<'_>) -> Result<AllowList<()>, Error> {
    Ok(AllowList::new((), ["/"]))
}

fn main() {}
