//! An app under the strictest lints that a user may have: what the attributes make of it is clean.
//!
//! The compiler's part is checked whenever this is built, Clippy's when `cargo clippy` checks tests.
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, unused_qualifications, single_use_lifetimes)]
#![deny(clippy::all, clippy::pedantic, clippy::nursery)]
#![deny(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::missing_assert_message)]

use chalice_rs::prelude::*;
use chalice_rs::test::Client;

/// Waits for nothing, takes each kind of parameter.
#[route("/repeat/<text>/<times>")]
fn repeat(text: &str, times: usize) -> String {
    text.repeat(times)
}

/// Waits, and takes no extractor.
#[route("/later/<text>", methods = ["GET", "PUT"])]
async fn later(text: String) -> String {
    std::future::ready(text).await
}

/// Takes extractors.
#[route("/sum", methods = ["POST"])]
#[route("/total", methods = ["POST"])]
async fn sum(request: &Request<'_>, Json(numbers): Json<Vec<u32>>) -> Result<Json<u32>, Error> {
    if request.header("x-refuse").is_some() {
        return Err(Error::bad_request("as you wish"));
    }
    Ok(Json(std::future::ready(numbers).await.iter().sum()))
}

#[chalice_rs::main]
fn main() -> App {
    App::new()
}

#[test]
fn the_app_works_under_the_strictest_lints() {
    let client = Client::from_main();
    assert_eq!(client.get("/repeat/ab/2").send().text(), "abab", "a handler that does not wait");
    assert_eq!(client.get("/repeat/ab/x").send().status(), 400, "a parameter that is no number");
    assert_eq!(client.put("/later/ab").send().text(), "ab", "a handler that waits");
    for path in ["/sum", "/total"] {
        assert_eq!(client.post(path).json(&[1, 2]).send().text(), "3", "a handler with extractors");
        assert_eq!(client.post(path).send().status(), 400, "an extractor that finds nothing");
    }
    let refused = client.post("/sum").header("x-refuse", "1").json(&[1]).send();
    assert_eq!(refused.status(), 400, "a handler's own error");
}
