//! Query in the path.

use chalice_rs::prelude::*;

#[route("/search?<word>")]
async fn search(word: String) -> String {
    word
}

fn main() {}
