//! A router of axum, unchanged, beside routes of our own.

use chalice_rs::prelude::*;

mod shop;
#[cfg(test)]
mod tests;

/// Everything below `/shop` is the router's.
#[mount("/shop")]
fn shop() -> axum::Router {
    shop::router()
}

/// A route that API Gateway knows by itself.
#[get("/status")]
fn status() -> &'static str {
    "fine"
}

#[chalice_rs::main]
fn main() -> App {
    App::new()
}
