//! The routes of tasks.

use chalice_rs::header::LOCATION;
use chalice_rs::prelude::*;
use serde::{Deserialize, Serialize};

use crate::store::{Store, StoreError};

// All routes of this file are below `/tasks`.
blueprint! { prefix = "/tasks", tags = ["tasks"] }

/// Something to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Task {
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) done: bool,
}

/// What goes wrong with tasks, each with its status. The text is for the client, and of a 500 for the log only.
#[derive(Debug, thiserror::Error, HttpError)]
pub(crate) enum TaskError {
    #[error("there is no task `{0}`")]
    #[http(status = 404)]
    NoSuchTask(String),
    #[error("a task needs a text")]
    #[http(status = 422)]
    NoText,
    #[error("the tasks cannot be reached")]
    Store(#[from] StoreError),
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Filter {
    done: Option<bool>,
}

/// Lists the tasks: all, or those that are done, or not.
#[get("/")]
async fn list(
    Query(filter): Query<Filter>,
    store: State<Box<dyn Store>>,
) -> Result<Json<Vec<Task>>, TaskError> {
    let mut tasks = store.all().await?;
    tasks.retain(|task| filter.done.is_none_or(|done| task.done == done));
    tasks.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(Json(tasks))
}

#[derive(Debug, Deserialize, JsonSchema)]
struct NewTask {
    text: String,
}

/// Keeps a new task.
#[post("/")]
async fn add(
    Json(new): Json<NewTask>,
    context: Context,
    store: State<Box<dyn Store>>,
) -> Result<impl IntoResponse, TaskError> {
    // Lambda gives each request an id, which nothing else has.
    let task = Task { id: context.request_id, text: checked(new.text)?, done: false };
    store.put(task.clone()).await?;
    Ok((StatusCode::CREATED, [(LOCATION, format!("/tasks/{}", task.id))], Json(task)))
}

/// Shows one task.
#[get("/<id>")]
async fn show(id: String, store: State<Box<dyn Store>>) -> Result<Json<Task>, TaskError> {
    Ok(Json(find(id, &store).await?))
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Change {
    text: Option<String>,
    done: Option<bool>,
}

/// Changes a task: its text, or whether it is done, or both.
#[patch("/<id>")]
async fn change(
    id: String,
    Json(change): Json<Change>,
    store: State<Box<dyn Store>>,
) -> Result<Json<Task>, TaskError> {
    let mut task = find(id, &store).await?;
    if let Some(text) = change.text {
        task.text = checked(text)?;
    }
    task.done = change.done.unwrap_or(task.done);
    store.put(task.clone()).await?;
    Ok(Json(task))
}

/// Forgets a task, if it is there.
#[delete("/<id>")]
async fn remove(id: String, store: State<Box<dyn Store>>) -> Result<NoContent, TaskError> {
    store.remove(id).await?;
    Ok(NoContent)
}

async fn find(id: String, store: &State<Box<dyn Store>>) -> Result<Task, TaskError> {
    store.find(id.clone()).await?.ok_or(TaskError::NoSuchTask(id))
}

fn checked(text: String) -> Result<String, TaskError> {
    if text.trim().is_empty() { Err(TaskError::NoText) } else { Ok(text) }
}
