//! A second file with routes.

use chalice_rs::prelude::*;
use serde_json::{Value, json};

blueprint! { prefix = "/annex" }

#[get("/")]
fn message() -> Json<Value> {
    Json(json!({ "message": "success" }))
}
