//! `GET /hello/{name}` with `lambda_http` and `axum`, both with default features: the usual choice.
//!
//! It logs as `cargo lambda new` sets it up, because ours logs too.

use axum::{Json, Router, extract::Path, routing::get};
use serde::Serialize;

#[derive(Serialize)]
struct Greeting {
    hello: String,
}

async fn hello(Path(name): Path<String>) -> Json<Greeting> {
    Json(Greeting { hello: name })
}

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    lambda_http::tracing::init_default_subscriber();
    lambda_http::run(Router::new().route("/hello/{name}", get(hello))).await
}
