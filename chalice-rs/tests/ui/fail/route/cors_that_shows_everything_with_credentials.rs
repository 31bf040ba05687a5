//! `*` for the headers that a page may read, which browsers take as a name beside credentials.

use chalice_rs::prelude::*;

#[get("/", cors(origins = "https://a.com", expose = "*", credentials = true))]
fn show() {}

fn main() {}
