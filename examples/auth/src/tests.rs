//! The example through its front door.

use chalice_rs::test::Client;
use serde_json::json;

use crate::machines::Keys;

/// The app as `main` makes it, with keys of the test's own.
fn client() -> Client {
    Client::from_main().state(Keys::parse("open-sesame=the printer, let-me-in=the door"))
}

#[test]
fn everybody_gets_what_is_for_everybody() {
    client().get("/").send().assert_text("hello, stranger");
    client().get("/machines/health").send().assert_text("fine");
}

#[test]
fn without_a_token_nobody_gets_what_is_for_people() {
    for path in ["/me", "/notes"] {
        client().get(path).send().assert_status(401);
    }
}

#[test]
fn people_are_known_by_their_claims() {
    client().get("/me").claims(json!({ "sub": "ann" })).send().assert_text("hello, ann");
    let admin = client().get("/me").claims(json!({ "sub": "bob", "admin": true })).send();
    admin.assert_text("hello, bob, who may do everything");
}

#[test]
fn reading_and_writing_take_a_scope_each() {
    let client = client();
    let reader = json!({ "sub": "ann", "scope": "notes:read" });
    let writer = json!({ "sub": "bob", "scope": "notes:read notes:write" });
    client.post("/notes").claims(&reader).body("mine").send().assert_status(403);
    client.post("/notes").claims(&writer).body("mine").send().assert_status(201);
    client.get("/notes").claims(&reader).send().assert_json(json!([{ "author": "bob", "text": "mine" }]));
    client.get("/notes").claims(json!({ "sub": "eve" })).send().assert_status(403);
}

#[test]
fn machines_show_a_key() {
    let ask = |key: &str| client().get("/machines/jobs").header("authorization", key).send();
    ask("open-sesame").assert_text("jobs for the printer");
    ask("let-me-in").assert_text("jobs for the door");
    ask("open").assert_status(403);
    client().get("/machines/jobs").send().assert_status(401);
}
