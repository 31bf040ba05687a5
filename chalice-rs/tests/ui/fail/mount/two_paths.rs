//! Two paths.

use chalice_rs::prelude::*;

#[mount("/old", "/older")]
fn legacy() -> axum::Router {
    axum::Router::new()
}

fn main() {}
