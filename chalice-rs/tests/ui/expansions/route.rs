//! A function with an argument of each kind, and functions that wait for no extractor.

/// Greets somebody, and notes "who" it was.
///
/// As often as one likes.
#[route("/hello/<name>/<times>", methods = ["GET", "POST"])]
async fn hello(name: &str, times: u8, request: &Request<'_>, Json(note): Json<Note>) -> Result<String, Error> {
    remember(request, note)?;
    Ok(name.repeat(times.into()))
}

#[route("/users/<id>")]
async fn show(id: u64) -> Json<User> {
    find(id).await
}

#[route("/")]
fn home() -> &'static str {
    "welcome"
}
