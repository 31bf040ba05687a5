//! A process that is one function of the program, and the handler strings that there are.

use chalice_rs_wire::authorizer::{Event, encode_event};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::host::{Lambda, Slot, request};

/// A process that Lambda started for this handler.
fn start(handler: &str) -> (Lambda, Slot) {
    let lambda = Lambda::start_with(&[("_HANDLER", handler)]);
    let slot = lambda.slot();
    (lambda, slot)
}

fn question(route_key: &str, path: &str, token: &str) -> Vec<u8> {
    let mut asked = request(route_key, path, &[]);
    asked.headers.extend([("x-team".into(), "red".into())]);
    encode_event(&Event {
        request: asked,
        route_arn: "arn:aws:execute-api:eu-west-1:123456789012:api/$default/GET/x".into(),
        identity: vec![token.to_owned().into(), route_key.to_owned().into()],
    })
}

fn ask(slot: &mut Slot, token: &str) -> Result<Value, Value> {
    ask_about(slot, "GET /x", token)
}

fn ask_about(slot: &mut Slot, route_key: &str, token: &str) -> Result<Value, Value> {
    send(slot, &question(route_key, "/x", token))
}

/// What the authorizer returns, or the error that it fails with.
fn send(slot: &mut Slot, event: &[u8]) -> Result<Value, Value> {
    slot.give("Lambda-Runtime-Deadline-Ms: 4102444800000\r\n", event);
    let message = slot.receive();
    slot.accept();
    let body = serde_json::from_slice(&message.body).expect("JSON");
    match message.line.split(['/', ' ']).rev().nth(2) {
        Some("response") => Ok(body),
        Some("error") => Err(body),
        _ => panic!("{}", message.line),
    }
}

#[test]
fn an_authorizer_answers_questions_in_a_process_of_its_own() {
    let (_lambda, mut slot) = start("members");
    assert_eq!(
        ask(&mut slot, "ann"),
        Ok(json!({
            "isAuthorized": true,
            "context": {
                "name": "ann",
                "team": "red",
                "shop": "Tea & Co",
                "arn": "arn:aws:execute-api:eu-west-1:123456789012:api/$default/GET/x",
                "sources": 2,
                "key": "GET /x",
                "invocation": true,
            },
        }))
    );
    assert_eq!(ask(&mut slot, "bob"), Ok(json!({ "isAuthorized": false })));
}

#[test]
fn an_authorizer_that_fails_lets_nobody_in_and_answers_the_next_question() {
    let (lambda, mut slot) = start("careful");
    let failed = |message: &str| json!({ "errorType": "InternalServerError", "errorMessage": message, "stackTrace": [] });
    let internal = failed("An internal server error occurred.");
    assert_eq!(ask(&mut slot, "io"), Err(internal.clone()));
    lambda.log_line("the database is gone");
    assert_eq!(ask(&mut slot, "panic"), Err(internal.clone()));
    lambda.log_line("panicked: the authorizer has had enough");
    assert_eq!(ask(&mut slot, "text"), Err(internal.clone()));
    lambda.log_line("the authorizer's context is a text");
    assert_eq!(ask(&mut slot, "500"), Err(failed("not today")));
    lambda.log_line("not today");
    slot.give("", br#"{"version":"2.0"}"#);
    assert!(slot.receive().line.ends_with("/error HTTP/1.1"));
    slot.accept();
    assert_eq!(ask(&mut slot, "fine"), Ok(json!({ "isAuthorized": true, "context": { "a": 1 } })));
}

#[test]
fn what_the_caller_did_wrong_is_a_denial() {
    let (_lambda, mut slot) = start("careful");
    assert_eq!(ask(&mut slot, "401"), Ok(json!({ "isAuthorized": false })));
    assert_eq!(ask(&mut slot, "404"), Ok(json!({ "isAuthorized": false })));
    let (_lambda, mut slot) = start("refusing");
    assert_eq!(ask(&mut slot, "x"), Ok(json!({ "isAuthorized": false })));
}

#[test]
fn an_allow_list_is_held_against_the_route() {
    let (lambda, mut slot) = start("listed");
    let allowed = Ok(json!({ "isAuthorized": true }));
    let denied = Ok(json!({ "isAuthorized": false }));
    for route_key in ["GET /a", "POST /b", "GET /b", "GET /users/{id}", "PUT /files/{path+}"] {
        assert_eq!(ask_about(&mut slot, route_key, "some"), allowed, "{route_key}");
        assert_eq!(ask_about(&mut slot, route_key, "all"), allowed, "{route_key}");
        assert_eq!(ask_about(&mut slot, route_key, "none"), denied, "{route_key}");
    }
    for route_key in ["POST /a", "ANY /a", "GET /users", "GET /files", "GET /x", "$default"] {
        assert_eq!(ask_about(&mut slot, route_key, "some"), denied, "{route_key}");
        assert_eq!(ask_about(&mut slot, route_key, "all"), allowed, "{route_key}");
    }
    assert!(ask(&mut slot, "mistaken").is_err());
    lambda.log_line("`a/*` in an allow-list is no route such as `GET /users/<id>`");
}

/// Any bytes, and good events with some bytes changed: each is refused or fails, and the process lives.
#[test]
fn no_event_lets_anybody_in_by_chance() {
    let lambda = Lambda::start_with(&[("_HANDLER", "listed"), ("AWS_LAMBDA_LOG_LEVEL", "FATAL")]);
    let slot = std::cell::RefCell::new(lambda.slot());
    let good = question("GET /a", "/a", "a stranger");
    let any_bytes = proptest::collection::vec(any::<u8>(), 0..200);
    let changes = proptest::collection::vec((0..good.len(), any::<u8>()), 1..4);
    let mut runner = TestRunner::new(Config::with_cases(500));
    runner
        .run(&(any_bytes, changes, 0..=good.len()), |(bytes, changes, cut)| {
            let mut event = good.clone();
            for (at, byte) in changes {
                event[at] = byte;
            }
            for event in [&bytes, &event, &event[..cut].to_vec()] {
                if let Ok(answer) = send(&mut slot.borrow_mut(), event) {
                    prop_assert_eq!(answer, json!({ "isAuthorized": false }));
                }
            }
            Ok(())
        })
        .expect("nobody is let in");
    assert_eq!(ask_about(&mut slot.borrow_mut(), "GET /a", "some"), Ok(json!({ "isAuthorized": true })));
}

#[test]
fn a_missing_state_fails_an_authorizer() {
    let (lambda, mut slot) = start("stateless");
    assert!(ask(&mut slot, "x").is_err());
    lambda.log_line("the app has no state of type");
}

#[test]
fn the_function_of_a_route_serves_routes() {
    for handler in ["bootstrap", "heavy", "apart"] {
        let (_lambda, mut slot) = start(handler);
        slot.still_serves();
    }
}

#[test]
fn a_handler_that_the_program_does_not_have_is_an_init_error() {
    let (lambda, mut slot) = start("member");
    let message = slot.receive();
    assert_eq!(message.line, "POST /2018-06-01/runtime/init/error HTTP/1.1");
    let body: Value = serde_json::from_slice(&message.body).expect("JSON");
    assert_eq!(body["errorType"], "Runtime.HandlerNotFound");
    assert_eq!(
        body["errorMessage"],
        "the function's handler is `member`, which the program does not have; it has `apart`, `bootstrap`, \
         `careful`, `heavy`, `listed`, `members`, `refusing`, `stateless`"
    );
    slot.accept();
    assert_eq!(lambda.exit_code(), Some(1));
}
