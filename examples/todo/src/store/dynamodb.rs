//! Tasks in a table of DynamoDB, whose key is the text `id`.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;

use super::{Kept, Store};
use crate::tasks::Task;

/// A table, and a client that keeps its connections for all requests.
#[derive(Debug)]
pub(crate) struct DynamoDb {
    client: Client,
    table: String,
}

type Item = HashMap<String, AttributeValue>;

impl DynamoDb {
    /// Region and credentials are in the function's environment.
    pub(crate) async fn new(table: String) -> Self {
        Self { client: Client::new(&aws_config::load_from_env().await), table }
    }
}

impl Store for DynamoDb {
    fn all(&self) -> Kept<'_, Vec<Task>> {
        Box::pin(async {
            let pages = self.client.scan().table_name(&self.table).into_paginator();
            let mut items = pages.items().send();
            let mut tasks = Vec::new();
            while let Some(item) = items.next().await {
                tasks.extend(task(&item?));
            }
            Ok(tasks)
        })
    }

    fn find(&self, id: String) -> Kept<'_, Option<Task>> {
        Box::pin(async move {
            let key = AttributeValue::S(id);
            let found = self.client.get_item().table_name(&self.table).key("id", key).send().await?;
            Ok(found.item().and_then(task))
        })
    }

    fn put(&self, task: Task) -> Kept<'_, ()> {
        Box::pin(async {
            self.client.put_item().table_name(&self.table).set_item(Some(item(task))).send().await?;
            Ok(())
        })
    }

    fn remove(&self, id: String) -> Kept<'_, ()> {
        Box::pin(async move {
            let key = AttributeValue::S(id);
            self.client.delete_item().table_name(&self.table).key("id", key).send().await?;
            Ok(())
        })
    }
}

fn item(task: Task) -> Item {
    HashMap::from([
        ("id".to_owned(), AttributeValue::S(task.id)),
        ("text".to_owned(), AttributeValue::S(task.text)),
        ("done".to_owned(), AttributeValue::Bool(task.done)),
    ])
}

/// `None` is an item that somebody else has put into the table.
fn task(item: &Item) -> Option<Task> {
    Some(Task {
        id: item.get("id")?.as_s().ok()?.clone(),
        text: item.get("text")?.as_s().ok()?.clone(),
        done: *item.get("done")?.as_bool().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_survives_the_table_and_other_items_are_none() {
        let kept = Task { id: "1".to_owned(), text: "tea".to_owned(), done: true };
        assert_eq!(task(&item(kept.clone())), Some(kept));
        assert_eq!(task(&HashMap::from([("id".to_owned(), AttributeValue::S("1".to_owned()))])), None);
    }
}
