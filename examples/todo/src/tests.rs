//! The API through its front door, without AWS.

use chalice_rs::test::Client;
use serde_json::json;

use crate::store::{Kept, Store};
use crate::tasks::Task;

#[test]
fn a_task_is_added_changed_listed_and_removed() {
    let client = Client::from_main();
    let added = client.post("/tasks").json(&json!({ "text": "buy milk" })).send();
    added.assert_status(201);
    let task: Task = added.json();
    let path = format!("/tasks/{}", task.id);
    added.assert_header("location", &path);
    client.get(&path).send().assert_status(200).assert_json(&task);

    let changed = client.patch(&path).json(&json!({ "done": true })).send();
    changed.assert_status(200).assert_json(json!({ "id": task.id, "text": "buy milk", "done": true }));
    client
        .get("/tasks?done=true")
        .send()
        .assert_json(json!([{ "id": task.id, "text": "buy milk", "done": true }]));
    client.get("/tasks?done=false").send().assert_json(json!([]));

    client.delete(&path).send().assert_status(204);
    let gone = client.get(&path).send();
    let message = format!("there is no task `{}`", task.id);
    gone.assert_status(404).assert_json(json!({ "Code": "NoSuchTask", "Message": message }));
}

#[test]
fn a_task_without_a_text_is_refused() {
    let client = Client::from_main();
    let error = json!({ "Code": "NoText", "Message": "a task needs a text" });
    client.post("/tasks").json(&json!({ "text": " " })).send().assert_status(422).assert_json(error);
    client.post("/tasks").json(&json!({})).send().assert_status(400);
    client.get("/tasks?done=perhaps").send().assert_status(400);
}

#[test]
fn a_store_that_fails_is_a_500_that_does_not_say_why() {
    /// A place for tasks that is out of order.
    struct Broken;

    impl Store for Broken {
        fn all(&self) -> Kept<'_, Vec<Task>> {
            Box::pin(async { Err("the table is on fire".into()) })
        }
        fn find(&self, _: String) -> Kept<'_, Option<Task>> {
            Box::pin(async { Err("the table is on fire".into()) })
        }
        fn put(&self, _: Task) -> Kept<'_, ()> {
            Box::pin(async { Err("the table is on fire".into()) })
        }
        fn remove(&self, _: String) -> Kept<'_, ()> {
            Box::pin(async { Err("the table is on fire".into()) })
        }
    }

    let broken: Box<dyn Store> = Box::new(Broken);
    let answer = Client::from_main().state(broken).get("/tasks").send();
    answer.assert_status(500);
    assert!(!answer.text().contains("fire"), "{}", answer.text());
}
