//! The table, through the test client; and what the API's documentation says of the routes.

use chalice_rs::test::Client;
use serde_json::{Value, json};

use crate::table::{Place, check_all};

#[test]
fn the_test_client_answers_as_the_table_says() {
    let client = Client::from_main();
    check_all(Place::Client, |request| {
        let target = request.uri().path_and_query().unwrap().as_str();
        let mut builder = client.request(request.method().clone(), target).body(request.body().clone());
        for (name, value) in request.headers() {
            builder = builder.header(name.as_str(), std::str::from_utf8(value.as_bytes()).unwrap());
        }
        let answer = builder.send();
        let mut response = http::Response::new(answer.bytes().to_vec());
        *response.status_mut() = answer.status();
        *response.headers_mut() = answer.headers().clone();
        response
    });
}

#[test]
fn parameters_and_comments_are_in_the_apis_documentation() {
    let document = chalice_rs::openapi::document().unwrap();
    let get = |path: &str| &document.json()["paths"][path]["get"];

    let parameter = &get("/names/{name}")["parameters"][0];
    assert_eq!((&parameter["name"], &parameter["in"]), (&json!("name"), &json!("path")));
    assert_eq!((&parameter["required"], &parameter["schema"]["type"]), (&json!(true), &json!("string")));

    let one_line = get("/names/{name}");
    assert_eq!((&one_line["summary"], &one_line["description"]), (&json!("Says a name back."), &Value::Null));
    let several = get("/names/exactly");
    assert_eq!(several["summary"], "Is not any name.");
    assert_eq!(several["description"], "And here is another line.");
}
