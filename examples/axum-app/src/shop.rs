//! An API as it was written for axum. Nothing here knows where it runs.

use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};

const ARTICLES: [(u32, &str); 2] = [(7, "tea"), (8, "cake")];

#[derive(Debug, Serialize)]
struct Article {
    id: u32,
    name: &'static str,
}

#[derive(Debug, Deserialize)]
struct Search {
    #[serde(default)]
    name: String,
}

pub(crate) fn router() -> Router {
    Router::new()
        .route("/", get(async || "welcome to the shop"))
        .route("/articles", get(search))
        .route("/articles/{id}", get(article))
}

async fn search(Query(search): Query<Search>) -> Json<Vec<Article>> {
    let found = ARTICLES.into_iter().filter(|(_, name)| name.contains(&search.name));
    Json(found.map(|(id, name)| Article { id, name }).collect())
}

async fn article(Path(id): Path<u32>) -> Result<Json<Article>, StatusCode> {
    let found = ARTICLES.into_iter().find(|(other, _)| *other == id);
    found.map(|(id, name)| Json(Article { id, name })).ok_or(StatusCode::NOT_FOUND)
}
