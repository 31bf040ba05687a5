//! Routes that not everybody may call.

use chalice_rs::authorizer::{AllowList, AuthorizerRequest, Verdict};
use chalice_rs::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Serialize, Deserialize)]
struct Caller {
    foo: String,
}

/// Lets in who says so, to some of the routes, and remembers that for a while.
#[authorizer(ttl = 300)]
fn yes(request: &AuthorizerRequest<'_>) -> Result<AllowList<Caller>, Error> {
    let routes = ["GET /guarded", "POST /guarded/half"];
    Ok(match request.token() {
        "yes" => AllowList::new(Caller { foo: "bar".to_owned() }, routes),
        "refuse" => return Err(Error::forbidden("with an error")),
        "panic" => panic!("on purpose: the authorizer's secret"),
        _ => AllowList::nothing(),
    })
}

/// Asked each time, by what is in the query.
#[authorizer(identity = ["$request.querystring.key"])]
async fn key(request: &Request<'_>) -> Verdict<Caller> {
    match request.query_value("key").as_deref() {
        Some("open sesame") => Verdict::Allow(Caller { foo: "gold".to_owned() }),
        _ => Verdict::Deny,
    }
}

#[get("/guarded", authorizer = yes)]
fn guarded(Authorized(caller): Authorized<Caller>) -> Json<Value> {
    Json(json!({ "foo": caller.foo }))
}

#[get("/guarded/other", authorizer = yes)]
fn other() -> &'static str {
    "nobody gets here"
}

#[get("/guarded/half")]
fn half_open(caller: Option<Authorized<Caller>>) -> Json<Value> {
    Json(json!({ "known": caller.is_some() }))
}

#[post("/guarded/half", authorizer = yes)]
fn half_guarded(Authorized(caller): Authorized<Caller>) -> Json<Value> {
    Json(json!({ "foo": caller.foo }))
}

#[get("/guarded/by-key", authorizer = key)]
fn by_key(Authorized(caller): Authorized<Caller>) -> Json<Value> {
    Json(json!({ "foo": caller.foo }))
}

jwt_authorizer!(tokens, issuer = "https://login.example.com/", audiences = ["conformance"]);

#[get("/guarded/by-token", authorizer = tokens, scopes = ["read"])]
fn by_token(claims: Claims) -> Json<Value> {
    Json(json!(claims.into_inner()))
}
