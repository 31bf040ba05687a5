//! Who may call: people with tokens, machines with keys, and everybody.

use std::sync::Mutex;

use chalice_rs::prelude::*;
use serde::{Deserialize, Serialize};

mod machines;
#[cfg(test)]
mod tests;

jwt_authorizer!(
    /// People, by the token that our identity provider gave them.
    users,
    issuer = "https://login.example.com/",
    audiences = ["notes"]
);

/// What a token says of its owner.
#[derive(Debug, Deserialize)]
struct User {
    sub: String,
    #[serde(default)]
    admin: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
struct Note {
    author: String,
    text: String,
}

/// The notes, in the memory of one process: this example is about who may read and write them.
#[derive(Debug, Default)]
struct Notes(Mutex<Vec<Note>>);

/// Is for everybody.
#[get("/")]
fn home() -> &'static str {
    "hello, stranger"
}

/// Is for people. The token has been checked before this runs.
#[get("/me", authorizer = users)]
fn me(user: Claims<User>) -> String {
    let rights = if user.admin { ", who may do everything" } else { "" };
    format!("hello, {}{rights}", user.sub)
}

/// Is for people who may read: a token without the scope is answered with 403.
#[get("/notes", authorizer = users, scopes = ["notes:read"])]
fn list(notes: State<Notes>) -> Result<Json<Vec<Note>>, Error> {
    Ok(Json(notes.0.lock().map_err(|_| Error::internal("the notes are torn"))?.clone()))
}

/// Is for people who may write.
#[post("/notes", authorizer = users, scopes = ["notes:write"])]
fn add(text: String, user: Claims<User>, notes: State<Notes>) -> Result<(StatusCode, Json<Note>), Error> {
    let note = Note { author: user.sub.clone(), text };
    notes.0.lock().map_err(|_| Error::internal("the notes are torn"))?.push(note.clone());
    Ok((StatusCode::CREATED, Json(note)))
}

#[chalice_rs::main]
fn main() -> App {
    let keys = std::env::var("KEYS").unwrap_or_default();
    App::new().state(Notes::default()).state(machines::Keys::parse(&keys))
}
