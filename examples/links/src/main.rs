//! A service for short links: `PUT /links/<short>` keeps one, `GET /<short>` follows it.
//!
//! It shows state, a JSON body, errors with a status, and a redirect. The links live in the memory of one process,
//! which Lambda ends when it likes; a real service would keep a client of its database in the state instead.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chalice_rs::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

/// Where a short name leads.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
struct Link {
    to: String,
}

/// What all handlers share.
#[derive(Debug, Default)]
struct Links(Mutex<HashMap<String, Link>>);

impl Links {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Link>> {
        // A handler that panicked has answered 500 by now, and a map of strings is never half written.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Follows a short link.
#[get("/<short>")]
fn follow(short: &str, links: State<Links>) -> Result<Redirect, Error> {
    let link =
        links.lock().get(short).cloned().ok_or_else(|| Error::not_found(format!("no link `{short}`")))?;
    Ok(Redirect::found(link.to))
}

/// Keeps a link, or moves one that is there.
#[put("/links/<short>")]
fn keep(short: String, link: Json<Link>, links: State<Links>) -> Result<(StatusCode, Json<Link>), Error> {
    let Json(link) = link;
    if !link.to.starts_with("https://") {
        return Err(Error::bad_request("`to` must start with `https://`"));
    }
    let status = match links.lock().insert(short, link.clone()) {
        Some(_) => StatusCode::OK,
        None => StatusCode::CREATED,
    };
    Ok((status, Json(link)))
}

/// Forgets a link.
#[delete("/links/<short>")]
fn forget(short: &str, links: State<Links>) -> NoContent {
    links.lock().remove(short);
    NoContent
}

#[chalice_rs::main]
fn main() -> App {
    App::new().state(Links::default())
}
