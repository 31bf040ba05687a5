//! Hello world with `lambda_http` and `axum` behind a chain of five middlewares, each of which puts a header into the
//! answer.

use axum::extract::{Path, Request};
use axum::http::HeaderValue;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::{Json, Router, routing::get};
use serde::Serialize;

#[derive(Serialize)]
struct Greeting {
    hello: String,
}

async fn hello(Path(name): Path<String>) -> Json<Greeting> {
    Json(Greeting { hello: name })
}

async fn mark(request: Request, next: Next) -> Response {
    let mut answer = next.run(request).await;
    answer.headers_mut().append("x-served-by", HeaderValue::from_static("tea"));
    answer
}

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    lambda_http::tracing::init_default_subscriber();
    let routes = Router::new().route("/hello/{name}", get(hello));
    let chain = routes
        .layer(from_fn(mark))
        .layer(from_fn(mark))
        .layer(from_fn(mark))
        .layer(from_fn(mark))
        .layer(from_fn(mark));
    lambda_http::run(chain).await
}
