//! Who calls: routes behind authorizers, and what their handlers learn of the caller.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use chalice_rs::IamIdentity;
use chalice_rs::prelude::*;
use chalice_rs::rejection::ClaimsRejection;
use chalice_rs::test::{Client, RequestBuilder};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

jwt_authorizer!(
    /// Tokens.
    users, issuer = "https://issuer.test", audiences = ["shop"]);
lambda_authorizer!(
    /// Asked each time.
    keys,
    arn = "arn:aws:lambda:eu-west-1:123456789012:function:keys",
    identity = ["$request.header.X-Key"]
);
lambda_authorizer!(
    /// Asked once a minute.
    cached,
    arn = "arn:aws:lambda:eu-west-1:123456789012:function:cached",
    identity = ["$request.header.X-Key"],
    ttl = 60,
    reuse = "all-routes"
);

#[get("/claims", authorizer = users)]
fn claims(claims: Claims) -> Json<BTreeMap<String, String>> {
    Json(claims.into_inner())
}

#[get("/scoped", authorizer = users, scopes = ["read", "write"])]
fn scoped(claims: Claims) -> Json<Vec<String>> {
    Json(claims.scopes().to_vec())
}

#[get("/scopes", authorizer = users)]
fn scopes(claims: Claims<()>) -> Json<Vec<String>> {
    Json(claims.scopes().to_vec())
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Plan {
    Free,
    Paid,
}

#[derive(Serialize, Deserialize)]
struct Address {
    city: String,
    lines: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
struct Id(u64);

#[derive(Serialize, Deserialize)]
struct User {
    sub: String,
    exp: u64,
    level: f32,
    admin: bool,
    groups: Vec<String>,
    numbers: Vec<u8>,
    nothing: Vec<String>,
    plan: Plan,
    address: Address,
    id: Id,
    nick: Option<String>,
    age: Option<u8>,
}

#[get("/typed", authorizer = users)]
fn typed(user: Claims<User>) -> Json<User> {
    Json(user.into_inner())
}

#[derive(Deserialize)]
struct Borrowed<'r> {
    sub: &'r str,
}

#[get("/borrowed", authorizer = users)]
fn borrowed(user: Claims<Borrowed<'_>>) -> String {
    user.sub.to_owned()
}

#[get("/why", authorizer = users)]
fn why(user: Result<Claims<User>, ClaimsRejection>) -> String {
    user.err().map(|rejection| rejection.to_string()).unwrap_or_default()
}

#[derive(Deserialize)]
struct Key {
    owner: String,
    quota: u32,
}

#[get("/key", authorizer = keys)]
fn key(Authorized(key): Authorized<Key>) -> String {
    format!("{} may {} times", key.owner, key.quota)
}

#[get("/key/<name>", authorizer = keys)]
fn any_key(name: String, Authorized(context): Authorized<Value>) -> String {
    format!("{name} {context}")
}

#[get("/cached/a", authorizer = cached)]
fn cached_a() {}

#[get("/cached/b", authorizer = cached)]
fn cached_b() {}

#[get("/iam", authorizer = iam)]
fn signed(identity: IamIdentity) -> String {
    format!("{} of {}", identity.user_arn, identity.account_id)
}

#[get("/open")]
fn open(
    claims: Option<Claims>,
    authorized: Option<Authorized<Value>>,
    identity: Option<IamIdentity>,
) -> String {
    format!("{} {} {}", claims.is_some(), authorized.is_some(), identity.is_some())
}

#[get("/mistake/claims")]
fn without_token(_claims: Claims) {}

#[get("/mistake/authorized", authorizer = users)]
fn without_function(_context: Authorized<Value>) {}

#[get("/mistake/iam")]
fn without_signature(_identity: IamIdentity) {}

// --- a token's claims ---------------------------------------------------------------------------

#[test]
fn claims_are_texts_by_name() {
    let answer =
        client().get("/claims").claims(json!({"sub": "ann", "n": 7, "list": ["a", "b"], "no": null})).send();
    answer.assert_status(200).assert_json(json!({"sub": "ann", "n": "7", "list": "[a b]"}));
}

#[test]
fn claims_are_read_as_the_fields_types() {
    let user = json!({
        "sub": "7", "exp": 1_783_711_145_u64, "level": 1.5, "admin": true, "groups": ["admin", "staff"],
        "numbers": [1, 2], "nothing": [], "plan": "paid", "address": {"city": "Rome", "lines": [1, 2]}, "id": 9,
        "nick": "[a", "age": null,
    });
    client().get("/typed").claims(&user).send().assert_status(200).assert_json(user);
    assert_eq!(client().get("/borrowed").claims(json!({"sub": "ann"})).send().text(), "ann");
}

#[test]
fn one_value_is_a_list_of_one() {
    let claims = json!({
        "sub": "", "exp": 1, "level": 1, "admin": false, "groups": "admin", "numbers": "1", "nothing": [],
        "plan": "free", "address": {"city": "", "lines": []}, "id": 1
    });
    assert_eq!(client().get("/why").claims(claims).send().text(), "");
}

#[test]
fn a_claim_that_does_not_fit_is_a_403_that_names_it() {
    let all = json!({
        "sub": "ann", "exp": 1, "level": 1, "admin": false, "groups": [], "numbers": [], "nothing": [],
        "plan": "free", "address": {"city": "", "lines": []}, "id": 1
    });
    for (name, value, words) in [
        ("sub", Value::Null, "the token has no claim `sub`"),
        ("exp", json!("soon"), "the token's claim `exp`: invalid digit found in string"),
        ("admin", json!("yes"), "the token's claim `admin`: provided string was not `true` or `false`"),
        ("numbers", json!([1, 300]), "the token's claim `numbers`: number too large to fit in target type"),
        (
            "plan",
            json!("gold"),
            "the token's claim `plan`: unknown variant `gold`, expected `free` or `paid`",
        ),
        ("address", json!("here"), "the token's claim `address`: expected value at line 1 column 1"),
        ("address", json!({"city": "x"}), "the token's claim `address`: missing field `lines`"),
        ("age", json!(-1), "the token's claim `age`: invalid digit found in string"),
    ] {
        let mut claims = all.clone();
        claims[name] = value;
        assert_eq!(client().get("/why").claims(&claims).send().text(), words);
        let refused = client().get("/typed").claims(&claims).send();
        refused.assert_status(403).assert_json(json!({"Code": "ForbiddenError", "Message": words}));
    }
}

#[test]
fn a_token_needs_one_of_the_routes_scopes() {
    let scoped = |claims: Value| client().get("/scoped").claims(claims).send();
    scoped(json!({"scope": "email read"})).assert_json(json!(["email", "read"]));
    scoped(json!({"scp": ["write"]})).assert_json(json!(["write"]));
    scoped(json!({"scope": "email"})).assert_status(403).assert_json(json!({"message": "Forbidden"}));
    scoped(json!({})).assert_status(403);
}

#[test]
fn a_route_that_asks_for_no_scopes_can_see_them_all_the_same() {
    let scopes = |claims: Value| client().get("/scopes").claims(claims).send();
    scopes(json!({"scope": "email read"})).assert_json(json!(["email", "read"]));
    scopes(json!({"scp": ["a", "b"], "scope": "c"})).assert_json(json!(["a", "b"]));
    scopes(json!({"sub": "ann"})).assert_json(json!([]));
}

#[test]
fn without_a_token_the_answer_is_the_gateways_401() {
    let refused = client().get("/claims").send();
    refused
        .assert_status(401)
        .assert_header("www-authenticate", "Bearer")
        .assert_json(json!({"message": "Unauthorized"}));
}

// --- a Lambda authorizer's context --------------------------------------------------------------

#[test]
fn the_context_is_read_as_its_type() {
    let answer = client().get("/key").authorized(json!({"owner": "ann", "quota": 3})).send();
    assert_eq!(answer.text(), "ann may 3 times");
    assert_eq!(client().get("/key/x").authorized(()).send().text(), "x null");
}

#[test]
fn a_context_that_does_not_fit_is_a_500_that_says_nothing() {
    let refused = client().get("/key").authorized(json!({"owner": "ann"})).send();
    refused.assert_status(500);
    assert!(!refused.text().contains("quota"), "{refused}");
    let shown = client().debug().get("/key").authorized(json!({"owner": "ann"})).send();
    assert!(
        shown.text().contains("the context of the authorizer of `GET /key` is not what the route takes"),
        "{shown}"
    );
}

#[test]
fn an_authorizer_elsewhere_answers_as_the_test_says() {
    let client = client().authorizer("keys", |event| match event["identitySource"][0].as_str() {
        Some("good") => json!({"isAuthorized": true, "context": {"owner": "ann", "quota": event["rawPath"].as_str().map(str::len)}}),
        Some("bad") => json!({"isAuthorized": false}),
        _ => json!({"errorMessage": "crashed"}),
    });
    assert_eq!(client.get("/key").header("x-key", "good").send().text(), "ann may 4 times");
    client
        .get("/key")
        .header("x-key", "bad")
        .send()
        .assert_status(403)
        .assert_json(json!({"message": "Forbidden"}));
    client.get("/key").header("x-key", "?").send().assert_status(500);
    client.get("/key").send().assert_status(401);
}

#[test]
fn an_answer_is_kept_for_all_routes_of_the_authorizer() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let client = client().authorizer("cached", move |_| {
        count.fetch_add(1, Ordering::Relaxed);
        json!({"isAuthorized": true})
    });
    for (path, key, times) in [("/cached/a", "k", 1), ("/cached/b", "k", 1), ("/cached/a", "other", 2)] {
        client.get(path).header("x-key", key).send().assert_status(200);
        assert_eq!(asked.load(Ordering::Relaxed), times, "{path} {key}");
    }
}

// --- an AWS identity, and nobody ----------------------------------------------------------------

#[test]
fn who_signed_is_known() {
    let answer = client().get("/iam").iam("arn:aws:iam::123456789012:user/ann").send();
    assert_eq!(answer.text(), "arn:aws:iam::123456789012:user/ann of 123456789012");
    client().get("/iam").send().assert_status(403);
}

#[test]
fn an_open_route_has_no_caller() {
    assert_eq!(client().get("/open").claims(json!({"sub": "ann"})).send().text(), "false false false");
}

#[test]
fn a_handler_that_takes_what_its_route_has_not_is_a_500_that_the_log_explains() {
    for (path, words) in [
        ("/mistake/claims", "the route `GET /mistake/claims` takes `Claims` and has no JWT authorizer"),
        ("/mistake/iam", "the route `GET /mistake/iam` takes `IamIdentity` and nobody has to sign"),
    ] {
        client().get(path).send().assert_status(500);
        let shown = client().debug().get(path).send();
        assert!(shown.text().contains(words), "{shown}");
    }
    let request = |client: &Client| client.get("/mistake/authorized").claims(json!({})).send();
    request(&client()).assert_status(500);
    let shown = request(&client().debug());
    assert!(shown.text().contains("takes `Authorized` and has no Lambda authorizer"), "{shown}");
}

// --- what only AWS could decide -----------------------------------------------------------------

#[test]
fn nothing_lets_anybody_in_by_chance() {
    check_panic(
        |client| client.get("/claims").header("authorization", "Bearer a.b.c"),
        "nobody can check here who calls `GET /claims`: the authorizer `users` asks for a token; say what it says: \
         `.claims(json!({\"sub\": \"ann\"}))`",
    );
    check_panic(
        |client| client.get("/key").header("x-key", "k"),
        "nobody can ask `arn:aws:lambda:eu-west-1:123456789012:function:keys` here, who may call `GET /key`; say what \
         it answers: `Client::new(app).authorizer(\"keys\", |event| json!({\"isAuthorized\": true}))`",
    );
    check_panic(
        |client| client.get("/iam").header("authorization", "AWS4-HMAC-SHA256 x"),
        "nobody can check here who calls `GET /iam`: it asks for a signature; say whose: \
         `.iam(\"arn:aws:iam::123456789012:user/ann\")`",
    );
    check_panic(
        |client| client.get("/key").claims(json!({})),
        "who has `.claims(..)` cannot call `GET /key`: the authorizer `keys` is a Lambda function; say what it allows \
         with: `.authorized(json!({..}))`",
    );
    check_panic(|client| client.get("/open").claims(json!(["sub"])), "the claims of a token are an object");
    check_panic(|client| client.get("/open").authorized("me"), "an authorizer's context is an object");
}

// --- the one place that touches the API ---------------------------------------------------------

fn client() -> Client {
    Client::new(App::new())
}

#[track_caller]
fn check_panic(request: impl for<'c> FnOnce(&'c Client) -> RequestBuilder<'c>, words: &str) {
    let client = client();
    let panic = catch_unwind(AssertUnwindSafe(|| request(&client).send())).expect_err("an answer");
    let text = panic.downcast_ref::<String>().expect("a text");
    assert!(text.starts_with(words), "{text}");
}
