//! A path with a parameter.

use chalice_rs::prelude::*;

#[mount("/tenants/<id>")]
fn legacy() -> axum::Router {
    axum::Router::new()
}

fn main() {}
