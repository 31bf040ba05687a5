//! Pictures up and down: `POST /pictures` takes a form with files, `POST /negatives` a body of bytes, and
//! `GET /gradients/<size>` answers with bytes.
//!
//! It shows `Multipart`, binary bodies both ways, a limit on bodies, and errors of the app's own.

use chalice_rs::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use chalice_rs::prelude::*;
use serde::Serialize;

mod graymap;
#[cfg(test)]
mod tests;

use graymap::Graymap;

/// What has come in with a form.
#[derive(Debug, Serialize, JsonSchema)]
struct Uploaded {
    title: Option<String>,
    files: Vec<File>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct File {
    name: String,
    bytes: usize,
    width: usize,
    height: usize,
}

/// Takes a form with a title and any number of pictures.
#[post("/pictures")]
async fn upload(mut form: Multipart<'_>) -> Result<Json<Uploaded>, Error> {
    let mut uploaded = Uploaded { title: None, files: Vec::new() };
    // A field borrows from the request: the files are not copied.
    while let Some(field) = form.next_field().await? {
        match field.file_name() {
            None => uploaded.title = Some(field.text()?.to_owned()),
            Some(name) => {
                let picture = Graymap::parse(field.bytes()).ok_or(NotAPicture)?;
                uploaded.files.push(File {
                    name: name.to_owned(),
                    bytes: field.bytes().len(),
                    width: picture.width,
                    height: picture.height,
                });
            }
        }
    }
    Ok(Json(uploaded))
}

/// Takes a picture as the whole body, and answers with its negative.
#[post("/negatives")]
fn negative(body: Bytes) -> Result<impl IntoResponse, NotAPicture> {
    let picture = Graymap::parse(&body).ok_or(NotAPicture)?;
    Ok(([(CONTENT_TYPE, graymap::MEDIA_TYPE)], picture.negative().encode()))
}

/// Answers with a picture, which a browser keeps as a file.
#[get("/gradients/<size>")]
fn gradient(size: u8) -> impl IntoResponse {
    let headers =
        [(CONTENT_TYPE, graymap::MEDIA_TYPE), (CONTENT_DISPOSITION, "attachment; filename=\"gradient.pgm\"")];
    (headers, Graymap::gradient(size.into()).encode())
}

/// The client's mistake: a 422 with the code `NotAPicture`.
#[derive(Debug, thiserror::Error, HttpError)]
#[error("this is no portable graymap")]
#[http(status = 422)]
struct NotAPicture;

#[chalice_rs::main]
fn main() -> App {
    // What is larger is answered with 413, before anybody looks at it.
    App::new().body_limit(1_000_000)
}
