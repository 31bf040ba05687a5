//! A mount that is nowhere.

use chalice_rs::prelude::*;

#[mount]
fn legacy() -> axum::Router {
    axum::Router::new()
}

fn main() {}
