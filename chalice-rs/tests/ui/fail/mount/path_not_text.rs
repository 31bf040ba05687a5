//! A path without quotes.

use chalice_rs::prelude::*;

#[mount(legacy)]
fn legacy() -> axum::Router {
    axum::Router::new()
}

fn main() {}
