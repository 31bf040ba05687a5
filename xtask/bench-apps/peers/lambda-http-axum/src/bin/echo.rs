//! `POST /echo` with `lambda_http` and `axum`: a typed JSON document in, the same out.

use axum::{Json, Router, routing::post};

#[path = "../../../../order.rs"]
mod order;

async fn echo(Json(order): Json<order::Order>) -> Json<order::Order> {
    Json(order)
}

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    lambda_http::tracing::init_default_subscriber();
    lambda_http::run(Router::new().route("/echo", post(echo))).await
}
