//! Something that is no service.

use chalice_rs::prelude::*;

#[mount("/legacy")]
async fn legacy() -> String {
    String::new()
}

fn main() {}
