//! A small API for tasks, as an app of yours might look.
//!
//! Here: what is prepared at the cold start. The routes are in `tasks.rs`, where tasks are kept in `store.rs`.

use chalice_rs::prelude::*;

mod store;
mod tasks;
#[cfg(test)]
mod tests;

use store::{DynamoDb, Memory, Store};

#[chalice_rs::main]
async fn main() -> App {
    // `Chalice.toml` names a table for the stages that have one.
    let store: Box<dyn Store> = match std::env::var("TABLE") {
        Ok(table) => Box::new(DynamoDb::new(table).await),
        Err(_) => Box::new(Memory::default()),
    };
    App::new().state(store)
}
