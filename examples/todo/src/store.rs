//! Where tasks are kept: the trait, and memory for tests and for `cargo chalice local`.

mod dynamodb;

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};

pub(crate) use dynamodb::DynamoDb;

use crate::tasks::Task;

/// What the routes ask of a place for tasks.
pub(crate) trait Store: Send + Sync {
    fn all(&self) -> Kept<'_, Vec<Task>>;
    fn find(&self, id: String) -> Kept<'_, Option<Task>>;
    fn put(&self, task: Task) -> Kept<'_, ()>;
    fn remove(&self, id: String) -> Kept<'_, ()>;
}

/// An answer that may take a while.
pub(crate) type Kept<'s, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 's>>;

/// Whatever a place for tasks has to complain about.
pub(crate) type StoreError = Box<dyn std::error::Error + Send + Sync>;

/// Tasks that are gone when the process ends.
#[derive(Debug, Default)]
pub(crate) struct Memory(Mutex<HashMap<String, Task>>);

impl Memory {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Task>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for Memory {
    fn all(&self) -> Kept<'_, Vec<Task>> {
        Box::pin(async { Ok(self.lock().values().cloned().collect()) })
    }

    fn find(&self, id: String) -> Kept<'_, Option<Task>> {
        Box::pin(async move { Ok(self.lock().get(&id).cloned()) })
    }

    fn put(&self, task: Task) -> Kept<'_, ()> {
        Box::pin(async {
            self.lock().insert(task.id.clone(), task);
            Ok(())
        })
    }

    fn remove(&self, id: String) -> Kept<'_, ()> {
        Box::pin(async move {
            self.lock().remove(&id);
            Ok(())
        })
    }
}
