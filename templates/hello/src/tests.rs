use chalice_rs::prelude::*;
use chalice_rs::test::Client;
use serde_json::{Value, json};

#[test]
fn hello_greets_by_name() {
    let client = Client::new(App::new());
    let response = client.get("/hello/you").send();
    assert_eq!(response.status(), 200);
    assert_eq!(response.json::<Value>(), json!({ "hello": "you" }));
}

#[test]
fn a_handler_is_an_ordinary_function() {
    let handler: fn(String) -> _ = crate::hello;
    drop(handler("you".to_owned()));
}
