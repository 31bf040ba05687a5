//! A function with an argument of each kind, functions that wait for no extractor, and one that says
//! who may call.

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

#[route("/orders", authorizer = users, scopes = ["orders:read"], cors = "https://example.com", function = "orders")]
fn orders() -> &'static str {
    "none"
}
