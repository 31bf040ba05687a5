//! `Request`: all that can be asked of it.

use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, SystemTime};

use chalice_rs::middleware::Next;
use chalice_rs::prelude::*;
use chalice_rs::test::Client;
use serde_json::{Value, json};

use crate::{check, client};

#[route("/request/<name>", methods = ["GET", "POST"])]
fn everything(request: &Request<'_>, name: &str, context: &Context) -> Json<Value> {
    assert_eq!(request.path_parameter("name"), Some(name));
    assert_eq!(request.client_address(), Some(IpAddr::V4(Ipv4Addr::LOCALHOST)));
    let age = SystemTime::now().duration_since(request.time()).unwrap_or_default();
    assert!(age < Duration::from_secs(60), "{age:?}");
    assert_eq!(request.event_json().expect("an event is JSON")["routeKey"], request.route_key());
    assert_eq!(request.stage_variables().count(), 0);
    assert_eq!(request.stage_variable("a"), None);
    assert_eq!(request.context(), context);
    assert!(!request.api_request_id().is_empty());
    Json(request.to_json())
}

#[test]
fn a_request_can_be_shown_as_json() {
    let shown: Value = client()
        .get("/request/a%20b?x=1&x=2&y")
        .header("X-Probe", "p")
        .header("cookie", "c=\"1\"")
        .send()
        .json();
    let expected = json!({
        "method": "GET",
        "path": "/request/a b",
        "raw_path": "/request/a b",
        "route_key": "GET /request/{name}",
        "path_parameters": {"name": "a b"},
        "query": {"x": ["1", "2"], "y": [""]},
        "cookies": {"c": "1"},
        "client_address": "127.0.0.1",
        "stage": "$default",
        "stage_variables": {},
    });
    for (name, value) in expected.as_object().expect("an object") {
        assert_eq!(&shown[name], value, "{name}");
    }
    assert_eq!(shown["headers"]["x-probe"], "p");
    for name in ["host", "time", "api_request_id", "request_id"] {
        assert!(shown[name].as_str().is_some_and(|text| !text.is_empty()), "{name}");
    }
}

#[derive(Clone, Debug, PartialEq)]
struct User(&'static str);

#[route("/request/user")]
fn user(Extension(User(name)): Extension<User>, request: &Request<'_>) -> String {
    format!("{name} {:?} {:?}", request.extension::<User>(), request.extension::<u8>())
}

async fn known(request: &Request<'_>, next: Next<'_>) -> Response {
    request.insert(User("nobody"));
    request.insert(7_u16);
    let before = request.extension::<User>();
    request.insert(User("ann"));
    assert_eq!(before, Some(&User("nobody")), "what was borrowed stays");
    assert_eq!(request.extension::<u16>(), Some(&7));
    next.run(request).await
}

#[test]
fn what_a_middleware_puts_in_a_handler_takes_out() {
    let client = Client::new(App::new().middleware(known));
    check(client.get("/request/user").send(), "200 ann Some(User(\"ann\")) None");
}

/// What is only borrowed from the request may come from another that lives shorter.
#[expect(dead_code, reason = "it compiles or not")]
fn a_request_is_covariant<'short, 'long: 'short>(request: &'short Request<'long>) -> &'short Request<'short> {
    request
}
