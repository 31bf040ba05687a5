use chalice_rs::prelude::*;

#[route("/nothing")]
async fn nothing() {}

#[route("/some")]
async fn some() -> impl IntoResponse {
    "text"
}

#[route("/either/<ok>")]
fn either(ok: bool) -> Result<Json<u8>, &'static str> {
    if ok { Ok(Json(1)) } else { Err("no") }
}

#[route("/static/<text>")]
fn fixed(text: &str) -> &'static str {
    if text.is_empty() { "empty" } else { "full" }
}

#[route("/status/<code>")]
fn status(code: u16) -> Result<(StatusCode, String), Error> {
    let code = StatusCode::from_u16(code).map_err(|_| Error::bad_request("no status"))?;
    Ok((code, code.to_string()))
}

fn main() {}
