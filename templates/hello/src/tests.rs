use chalice_rs::test::Client;
use serde_json::json;

#[test]
fn hello_greets_by_name() {
    let answer = Client::from_main().get("/hello/you").send();
    answer.assert_status(200).assert_json(json!({ "hello": "you" }));
}
