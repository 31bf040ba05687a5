//! The document that every echo app takes and gives back. Included by each app, so that all do the same work.

use serde::{Deserialize, Serialize};

/// An order, as a shop would post it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Order {
    id: u64,
    customer: String,
    express: bool,
    lines: Vec<Line>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Line {
    article: String,
    amount: u32,
    price: f64,
    note: Option<String>,
}
