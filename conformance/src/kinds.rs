//! Answers that the library has types for, tagged and compressed where the client can use that.

use chalice_rs::middleware::{compress, conditional};
use chalice_rs::prelude::*;

blueprint! { prefix = "/kinds", middleware = [compress, conditional] }

#[get("/page")]
fn page() -> (SetCookie, Html<&'static str>) {
    (SetCookie::new("seen", "1").path("/").http_only(), Html("<p>hello</p>"))
}

#[delete("/page")]
fn remove() -> NoContent {
    NoContent
}

#[get("/elsewhere")]
fn elsewhere() -> Redirect {
    Redirect::see_other("/kinds/page")
}

#[get("/maybe/<there>")]
fn maybe(there: bool) -> Option<&'static str> {
    there.then_some("there")
}

#[get("/long")]
fn long() -> String {
    "tea ".repeat(1000)
}
