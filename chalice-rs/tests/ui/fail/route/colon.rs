//! A parameter as other frameworks write it: as text it would match itself alone, and `id` would be the body.

use chalice_rs::prelude::*;

#[route("/users/:id")]
async fn show(id: String) -> String {
    id
}

fn main() {}
