//! An error that is no `HttpError`.

use chalice_rs::prelude::*;

#[derive(Debug)]
struct Gone;

#[route("/notes")]
async fn note() -> Result<String, Gone> {
    Err(Gone)
}

fn main() {}
