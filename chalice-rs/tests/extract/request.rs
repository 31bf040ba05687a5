//! `Request`: all that can be asked of it.

use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chalice_rs::HeaderMap;
use chalice_rs::middleware::Next;
use chalice_rs::prelude::*;
use chalice_rs::test::Client;
use chalice_rs_wire::http_v2::decode_response;
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

/// What the app shows of a request that an event says.
fn shown(event: &Value) -> Value {
    let payload = client().invoke(event.to_string().as_bytes());
    let answer = decode_response(&payload).expect("an answer");
    serde_json::from_slice(&answer.body).expect("JSON")
}

#[route("/seen/<rest..>")]
fn seen(rest: &str, request: &Request<'_>, cookies: Cookies<'_>, headers: HeaderMap) -> Json<Value> {
    let cookie_headers: Vec<String> = headers
        .get_all("cookie")
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into())
        .collect();
    assert_eq!(request.path_parameter("rest"), Some(rest));
    let variables: Vec<_> = request.stage_variables().collect();
    Json(json!({
        "path": request.path(),
        "raw_path": request.raw_path(),
        "route_key": request.route_key(),
        "parameter": rest,
        "address": request.client_address(),
        "seconds": request.time().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs(),
        "variable": request.stage_variable("a"),
        "variables": variables,
        "api": [request.api_id(), request.account_id(), request.api_request_id(), request.host(), request.stage()],
        "cookies": cookies.iter().collect::<Vec<_>>(),
        "cookie_headers": cookie_headers,
    }))
}

#[test]
fn a_function_urls_request_has_both_paths_and_its_cookies_once() {
    let event = json!({
        "version": "2.0", "routeKey": "$default", "rawPath": "/seen/a%20b/%E2%98%95", "rawQueryString": "",
        "cookies": ["a=1", "b=2"], "headers": {"cookie": "a=1; b=2"},
        "requestContext": {
            "accountId": "anonymous", "apiId": "abc", "domainName": "abc.lambda-url.eu-west-1.on.aws",
            "http": {"method": "GET", "path": "/seen/a b/☕", "sourceIp": "2001:db8::1"},
            "requestId": "id", "stage": "$default", "timeEpoch": 1_783_711_145_042_u64,
        },
    });
    assert_eq!(
        shown(&event),
        json!({
            "path": "/seen/a b/☕", "raw_path": "/seen/a%20b/%E2%98%95", "route_key": "GET /seen/{rest+}",
            "parameter": "a b/☕", "address": "2001:db8::1", "seconds": 1_783_711_145,
            "variable": null, "variables": [],
            "api": ["abc", "anonymous", "id", "abc.lambda-url.eu-west-1.on.aws", "$default"],
            "cookies": [["a", "1"], ["b", "2"]], "cookie_headers": ["a=1; b=2"],
        })
    );
}

#[test]
fn a_stage_is_in_the_raw_path_and_has_variables() {
    let event = json!({
        "version": "2.0", "routeKey": "GET /seen/{rest+}", "rawPath": "/dev/seen/x", "rawQueryString": "",
        "cookies": ["a=1", "b=2"], "headers": {}, "pathParameters": {"rest": "x"},
        "stageVariables": {"a": "1", "b": ""},
        "requestContext": {
            "domainName": "abc.execute-api.eu-west-1.amazonaws.com",
            "http": {"method": "GET", "path": "/dev/seen/x", "sourceIp": "nowhere"}, "stage": "dev",
        },
    });
    let shown = shown(&event);
    for (name, expected) in [
        ("path", json!("/seen/x")),
        ("raw_path", json!("/dev/seen/x")),
        ("address", Value::Null),
        ("seconds", json!(0)),
        ("variable", json!("1")),
        ("variables", json!([["a", "1"], ["b", ""]])),
        ("cookie_headers", json!(["a=1; b=2"])),
    ] {
        assert_eq!(shown[name], expected, "{name}");
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
