use chalice_rs::prelude::*;

#[derive(serde::Deserialize)]
struct Note {
    text: String,
}

#[route("/notes", methods = ["POST"])]
async fn add(Json(Note { text }): Json<Note>, Form(Note { text: other }): Form<Note>) -> String {
    text + &other
}

fn main() {}
