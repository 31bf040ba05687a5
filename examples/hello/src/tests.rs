//! The greeting, asked for through the gateway and the real event.

use chalice_rs::prelude::*;
use chalice_rs::test::Client;
use serde_json::{Value, json};

#[test]
fn hello_greets_by_name() {
    let answer = Client::new(App::new()).get("/hello/you").send();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.json::<Value>(), json!({ "hello": "you" }));
}
