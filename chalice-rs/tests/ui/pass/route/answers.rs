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

#[route("/borrowed/<text>")]
fn borrowed(text: &str) -> &str {
    text
}

fn main() {}
