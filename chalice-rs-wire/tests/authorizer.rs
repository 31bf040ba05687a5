//! What a Lambda authorizer is asked and what it answers, both ways.

use chalice_rs_wire::authorizer::{Answer, Event, decode_answer, decode_event, encode_answer, encode_event};
use chalice_rs_wire::http_v2::{Request, RequestContext, encode_request};
use proptest::prelude::*;
use serde_json::{Value, json};

fn request() -> Request<'static> {
    Request {
        route_key: "GET /users/{id}".into(),
        raw_path: "/users/7".into(),
        raw_query: "a=1".into(),
        headers: vec![("authorization".into(), "yes".into()), ("x-\"".into(), "é\n".into())].into(),
        cookies: vec!["c=1".into()],
        path_parameters: vec![("id".into(), "7".into())],
        context: RequestContext {
            method: "GET".into(),
            path: "/users/7".into(),
            ..RequestContext::default()
        },
        ..Request::default()
    }
}

fn event() -> Event<'static> {
    Event {
        request: request(),
        route_arn: "arn:aws:execute-api:eu-west-1:123456789012:api/$default/GET/users/7".into(),
        identity: vec!["yes".into(), "\"quoted\"".into()],
    }
}

#[test]
fn an_event_is_the_request_without_its_body_and_three_fields_more() {
    let with_body = Event { request: Request { body: b"secret".into(), ..request() }, ..event() };
    let found: Value = serde_json::from_slice(&encode_event(&with_body)).expect("JSON");
    let mut expected: Value = serde_json::from_slice(&encode_request(&request())).expect("JSON");
    let fields = expected.as_object_mut().expect("an object");
    fields.remove("isBase64Encoded");
    fields.insert("type".to_owned(), json!("REQUEST"));
    fields.insert("routeArn".to_owned(), json!(event().route_arn));
    fields.insert("identitySource".to_owned(), json!(["yes", "\"quoted\""]));
    assert_eq!(found, expected);
}

#[test]
fn an_event_reads_back_as_it_was_written() {
    let bytes = encode_event(&event());
    assert_eq!(decode_event(&bytes).expect("an event"), event());
    let bare = Event { request: request(), ..Event::default() };
    assert_eq!(decode_event(&encode_event(&bare)).expect("an event"), bare);
}

#[test]
fn the_event_of_a_route_has_no_identity() {
    let bytes = encode_request(&request());
    assert_eq!(decode_event(&bytes).expect("an event").identity.len(), 0);
    assert!(decode_event(br#"{"version":"1.0","type":"TOKEN"}"#).is_err());
    assert!(decode_event(b"{").is_err());
}

#[test]
fn an_answer_reads_back_as_it_was_written() {
    let context = json!({ "user": { "id": 7, "names": ["a", "b"] }, "admin": true });
    for context in [None, context.as_object().cloned(), Some(serde_json::Map::new())] {
        for is_authorized in [true, false] {
            let answer = Answer { is_authorized, context: context.clone() };
            assert_eq!(decode_answer(&encode_answer(answer.clone())), Ok(answer));
        }
    }
}

#[test]
fn what_is_no_simple_answer_lets_nobody_in() {
    for (payload, words) in [
        ("", "EOF"),
        ("true", "invalid type"),
        ("null", "invalid type"),
        ("{}", "it has no `isAuthorized`"),
        (r#"{"isAuthorized":"true"}"#, "`isAuthorized` is neither `true` nor `false`"),
        (r#"{"isAuthorized":1}"#, "`isAuthorized` is neither `true` nor `false`"),
        (r#"{"isAuthorized":true,"context":["a"]}"#, "`context` is not an object"),
        (r#"{"isAuthorized":true}}"#, "trailing"),
    ] {
        let error = decode_answer(payload.as_bytes()).expect_err(payload).to_string();
        assert!(error.contains(words), "{payload}: {error}");
    }
}

proptest! {
    #[test]
    fn any_text_in_an_event_reads_back(route_arn in "\\PC{0,40}", identity in prop::collection::vec("\\PC{0,20}", 0..4)) {
        let event = Event {
            request: request(),
            route_arn: route_arn.into(),
            identity: identity.into_iter().map(Into::into).collect(),
        };
        let bytes = encode_event(&event);
        prop_assert_eq!(decode_event(&bytes), Ok(event));
    }

    #[test]
    fn no_bytes_make_an_authorizers_decoder_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = (decode_event(&bytes).is_ok(), decode_answer(&bytes).is_ok());
    }
}
