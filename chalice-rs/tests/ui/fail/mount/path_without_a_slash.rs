//! A path that is none.

use chalice_rs::prelude::*;

#[mount("legacy")]
fn legacy() -> axum::Router {
    axum::Router::new()
}

fn main() {}
