//! Hello world with `lambda_http` and `axum` out of a table that is built once, at the cold start.

use std::{collections::HashMap, sync::Arc};

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::{Json, Router, routing::get};
use serde::Serialize;

struct Names(HashMap<String, String>);

#[derive(Serialize)]
struct Greeting {
    hello: String,
}

async fn hello(
    Path(name): Path<String>,
    State(names): State<Arc<Names>>,
) -> Result<Json<Greeting>, StatusCode> {
    let hello = names.0.get(&name).cloned().ok_or(StatusCode::NOT_FOUND)?;
    Ok(Json(Greeting { hello }))
}

async fn names() -> Names {
    Names(["world", "moon", "sun"].into_iter().map(|name| (name.to_owned(), name.to_owned())).collect())
}

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    lambda_http::tracing::init_default_subscriber();
    let routes = Router::new().route("/hello/{name}", get(hello));
    lambda_http::run(routes.with_state(Arc::new(names().await))).await
}
