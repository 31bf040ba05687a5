//! Answer that does not serialize.

use chalice_rs::prelude::*;

struct Note;

#[route("/notes")]
async fn note() -> Result<Json<Note>, Error> {
    Ok(Json(Note))
}

fn main() {}
