//! Methods, which the service has itself.

use chalice_rs::prelude::*;

#[mount("/legacy", methods = ["GET"])]
fn legacy() -> axum::Router {
    axum::Router::new()
}

fn main() {}
