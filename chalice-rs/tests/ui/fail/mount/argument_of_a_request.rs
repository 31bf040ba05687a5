//! An argument that only a request has.

use chalice_rs::prelude::*;

#[mount("/legacy")]
fn legacy(request: &Request<'_>) -> axum::Router {
    let _ = request;
    axum::Router::new()
}

fn main() {}
