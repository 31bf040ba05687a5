//! The example through its front door.

use chalice_rs::test::Client;
use serde_json::json;

#[test]
fn a_link_that_was_kept_is_followed_until_it_is_forgotten() {
    let client = Client::from_main();
    let kept = client.put("/links/rust").json(&json!({ "to": "https://www.rust-lang.org" })).send();
    assert_eq!(kept.status(), 201);
    let followed = client.get("/rust").send();
    assert_eq!(followed.status(), 302);
    assert_eq!(followed.header("location"), Some("https://www.rust-lang.org"));
    assert_eq!(client.delete("/links/rust").send().status(), 204);
    assert_eq!(client.get("/rust").send().status(), 404);
}

#[test]
fn a_link_can_be_moved() {
    let client = Client::from_main();
    for (to, status) in [("https://a.example", 201), ("https://b.example", 200)] {
        assert_eq!(client.put("/links/x").json(&json!({ "to": to })).send().status(), status);
        assert_eq!(client.get("/x").send().header("location"), Some(to));
    }
}

#[test]
fn a_link_to_anything_but_https_is_refused_with_the_reason() {
    let answer = Client::from_main().put("/links/x").json(&json!({ "to": "javascript:alert(1)" })).send();
    assert_eq!(answer.status(), 400);
    assert!(answer.text().contains("`to` must start with `https://`"), "{}", answer.text());
}
