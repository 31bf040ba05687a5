//! A path with what the mount adds itself.

use chalice_rs::prelude::*;

#[mount("/legacy/<path..>")]
fn legacy() -> axum::Router {
    axum::Router::new()
}

fn main() {}
