//! Events, both ways, held against what AWS was seen to send.

use std::borrow::Cow;

use chalice_rs_wire::Moment;
use chalice_rs_wire::http_v2::{
    Request, RequestContext, WireError, decode_caller, decode_request, encode_request,
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn request() -> Request<'static> {
    Request {
        route_key: "GET /users/{id}".into(),
        raw_path: "/users/7".into(),
        context: RequestContext {
            account_id: "123456789012".into(),
            api_id: "api".into(),
            domain_name: "api.execute-api.eu-west-1.amazonaws.com".into(),
            domain_prefix: "api".into(),
            method: "GET".into(),
            path: "/users/7".into(),
            protocol: "HTTP/1.1".into(),
            source_ip: "127.0.0.1".into(),
            user_agent: "curl/8".into(),
            request_id: "ATfSmjLgPHcESJw=".into(),
            stage: "$default".into(),
            time: Moment::from_epoch_millis(1_783_711_145_042),
            ..RequestContext::default()
        },
        ..Request::default()
    }
}

fn event(request: &Request<'_>) -> Value {
    serde_json::from_slice(&encode_request(request)).expect("the event is JSON")
}

fn with_header(name: &'static str, value: &'static str) -> Request<'static> {
    Request { headers: vec![(name.into(), value.into())].into(), ..request() }
}

#[test]
fn a_bare_request_has_the_fields_that_are_always_there_and_no_other() {
    assert_eq!(
        event(&request()),
        json!({
            "version": "2.0",
            "routeKey": "GET /users/{id}",
            "rawPath": "/users/7",
            "rawQueryString": "",
            "headers": {},
            "requestContext": {
                "accountId": "123456789012",
                "apiId": "api",
                "domainName": "api.execute-api.eu-west-1.amazonaws.com",
                "domainPrefix": "api",
                "http": {
                    "method": "GET",
                    "path": "/users/7",
                    "protocol": "HTTP/1.1",
                    "sourceIp": "127.0.0.1",
                    "userAgent": "curl/8",
                },
                "requestId": "ATfSmjLgPHcESJw=",
                "routeKey": "GET /users/{id}",
                "stage": "$default",
                "time": "10/Jul/2026:19:19:05 +0000",
                "timeEpoch": 1_783_711_145_042_u64,
            },
            "isBase64Encoded": false,
        }),
    );
}

#[test]
fn header_names_are_lower_case_and_repeats_are_joined_without_a_space() {
    let headers = [("X-Probe", "first"), ("Accept", "*/*"), ("x-probe", "second")];
    let request = Request {
        headers: headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
        ..request()
    };
    assert_eq!(event(&request)["headers"], json!({"x-probe": "first,second", "accept": "*/*"}));
}

#[test]
fn cookies_leave_the_headers() {
    let event = event(&with_header("Cookie", "a=1; b=2;c=3"));
    assert_eq!(event["cookies"], json!(["a=1", "b=2", "c=3"]));
    assert_eq!(event["headers"], json!({}));
}

#[test]
fn the_query_is_kept_raw_and_decoded_beside_it() {
    let request = Request { raw_query: "a=one&a=two&b=x+y&c=%2B&d&e=%E2%98%95".into(), ..request() };
    let event = event(&request);
    assert_eq!(event["rawQueryString"], "a=one&a=two&b=x+y&c=%2B&d&e=%E2%98%95");
    assert_eq!(
        event["queryStringParameters"],
        json!({"a": "one,two", "b": "x y", "c": "+", "d": "", "e": "☕"}),
    );
}

#[track_caller]
fn check_encoding(content_type: Option<&'static str>, is_base64: bool) {
    let mut request = content_type.map_or_else(request, |value| with_header("content-type", value));
    request.body = Cow::Borrowed(b"hi");
    let event = event(&request);
    assert_eq!(event["isBase64Encoded"], is_base64, "{content_type:?}");
    assert_eq!(event["body"], if is_base64 { "aGk=" } else { "hi" });
}

#[test]
fn the_body_is_text_for_a_few_types_only() {
    for content_type in [
        "text/plain",
        "text/html; charset=utf-8",
        "text/csv; charset=UTF-8",
        "application/json",
        "Application/JSON",
        "application/json;charset=\"utf-8\"",
        "application/xml",
        "application/javascript",
        "application/graphql",
    ] {
        check_encoding(Some(content_type), false);
    }
    for content_type in [
        "text/plain; charset=iso-8859-1",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/octet-stream",
        "image/png",
        "x",
    ] {
        check_encoding(Some(content_type), true);
    }
    check_encoding(None, true);
}

#[test]
fn text_that_is_not_utf_8_goes_as_base64() {
    let request = Request { body: Cow::Borrowed(&[0xff]), ..with_header("content-type", "text/plain") };
    assert_eq!(event(&request)["body"], "/w==");
    assert_eq!(decode_request(&encode_request(&request)).expect("a request").body, &[0xff][..]);
}

#[test]
fn fields_without_escapes_are_borrowed_from_the_event() {
    let event = encode_request(&Request {
        body: Cow::Borrowed(b"plain"),
        ..with_header("content-type", "text/plain")
    });
    let request = decode_request(&event).expect("a request");
    assert!(matches!(request.body, Cow::Borrowed(_)));
    assert!(matches!(request.route_key, Cow::Borrowed(_)));
    assert_eq!(request.headers.iter().next(), Some(("content-type", "text/plain")));
}

const BARE: &str = r#"{"requestContext":{"http":{"method":"GET","path":"/x"}}}"#;

#[test]
fn absent_fields_and_nulls_are_alike() {
    let nulls = r#"{"version":null,"routeKey":null,"rawPath":null,"rawQueryString":null,"cookies":null,
        "headers":null,"queryStringParameters":null,"pathParameters":null,"stageVariables":null,"body":null,
        "isBase64Encoded":null,"requestContext":{"accountId":null,"authorizer":null,"stage":null,
        "timeEpoch":null,"http":{"method":"GET","path":"/x","sourceIp":null}}}"#;
    assert_eq!(decode_request(nulls.as_bytes()), decode_request(BARE.as_bytes()));
    assert_eq!(decode_request(BARE.as_bytes()).expect("a request").raw_path, "/x");
}

#[test]
fn a_null_value_in_a_map_is_the_empty_text() {
    let event = r#"{"headers":{"a":null},"requestContext":{"http":{"method":"GET"}}}"#;
    assert_eq!(decode_request(event.as_bytes()).expect("a request").header("a"), Some(""));
}

#[test]
fn unknown_fields_of_any_shape_are_skipped() {
    let event = r#"{"new":[{"a":[1.5e3,"\u00e9",null]}],"requestContext":{"authentication":{"x":1},
        "http":{"method":"GET","path":"/x","tls":{}}}}"#;
    assert_eq!(decode_request(event.as_bytes()), decode_request(BARE.as_bytes()));
}

#[test]
fn escapes_are_undone_everywhere() {
    let event = r#"{"rawPath":"/caf\u00e9 \ud83d\ude00","cookies":["a=\"1\""],"headers":{"x-\u0061":"\u00e9\n"},
        "body":"{\"a\":1}","requestContext":{"http":{"method":"GET"}}}"#;
    let request = decode_request(event.as_bytes()).expect("a request");
    assert_eq!(request.raw_path, "/café 😀");
    assert_eq!(request.cookies, ["a=\"1\""]);
    assert_eq!(request.header("x-a"), Some("é\n"));
    assert_eq!(&request.body[..], br#"{"a":1}"#);
}

#[track_caller]
fn check_error(event: &[u8], words: &str) -> WireError {
    let error = decode_request(event).expect_err("no request");
    assert!(error.to_string().contains(words), "{error}");
    assert!(!error.help().is_empty());
    error
}

#[test]
fn what_is_no_request_says_why() {
    check_error(b"", "expected an object at line 1 column 1");
    check_error(b"{", "expected a name in quotes at line 1 column 2");
    check_error(b"[]", "expected an object at line 1 column 1");
    check_error(b"\"x\"", "expected an object at line 1 column 1");
    check_error(b"\xff", "utf-8");
    check_error(b"{\"headers\":\n []}", "expected an object at line 2 column 2");
    check_error(br#"{"rawPath":7}"#, "expected a string at line 1 column 12");
    check_error(br#"{"requestContext":{"timeEpoch":-1}}"#, "expected a whole number");
    check_error(br#"{"isBase64Encoded":1}"#, "expected `true` or `false`");
    check_error(br#"{} {}"#, "expected nothing more at line 1 column 4");
    check_error(b"{}", "not an HTTP request");
    check_error(br#"{"version":"1.0","requestContext":{"httpMethod":"GET"}}"#, "format `1.0`");
    check_error(br#"{"Records":[{"body":"x"}]}"#, "not an HTTP request");
    check_error(br#"{"version":"2.0","requestContext":{"connectionId":"x"}}"#, "not an HTTP request");
}

#[test]
fn a_body_that_is_not_base64_says_so() {
    let event = br#"{"body":"%%%","isBase64Encoded":true,"requestContext":{"http":{"method":"GET"}}}"#;
    assert!(matches!(check_error(event, "not base64"), WireError::Base64 { .. }));
}

#[test]
fn who_calls_is_taken_as_it_stands_and_read_when_asked() {
    let decoded = |authorizer: &str| {
        let event = format!(
            r#"{{"version":"2.0","requestContext":{{"authorizer":{authorizer},"http":{{"method":"GET"}}}}}}"#
        );
        let request = decode_request(event.as_bytes()).expect(authorizer);
        let found = decode_caller(&request.context.authorizer).expect(authorizer);
        format!("{found:?}")
    };
    assert_eq!(decoded("null"), "None");
    assert_eq!(decoded("{}"), "None");
    assert_eq!(
        decoded(r#"{"jwt":{"claims":{"sub":"m\u0065","n":"1"},"scopes":["a","b"]}}"#),
        r#"Some(Jwt { claims: [("sub", "me"), ("n", "1")], scopes: ["a", "b"] })"#
    );
    // AWS makes each claim a string; who does not shall be understood as well.
    assert_eq!(
        decoded(r#"{"jwt":{"claims":{"n":1,"gone":null},"scopes":null}}"#),
        r#"Some(Jwt { claims: [("n", "1"), ("gone", "")], scopes: [] })"#
    );
    assert_eq!(decoded(r#"{"lambda":{"a": [1]}}"#), r#"Some(Lambda("{\"a\": [1]}"))"#);
    assert_eq!(decoded(r#"{"lambda":null}"#), r#"Some(Lambda(""))"#);
    let iam = decoded(
        r#"{"iam":{"accessKey":"AK","accountId":"1","callerId":"c","userId":"u","userArn":"arn","principalOrgId":null,
            "cognitoIdentity":{"amr":["x"],"identityId":"i","identityPoolId":"p"},"other":{}}}"#,
    );
    for part in [r#"access_key: "AK""#, r#"user_arn: "arn""#, r#"identity_pool_id: "p""#, r#"amr: ["x"]"#] {
        assert!(iam.contains(part), "{iam}");
    }
    assert!(decode_caller(r#"{"jwt":[]}"#).is_err());
}

proptest! {
    #[test]
    fn no_authorizer_makes_the_function_panic(text in "[\\[\\]{}:,\"a-z01 ]{0,40}", kind in "jwt|lambda|iam") {
        let _ = decode_caller(&text);
        let _ = decode_caller(&format!("{{\"{kind}\":{text}}}"));
    }

    #[test]
    fn what_is_encoded_decodes_to_the_same_request(
        texts in proptest::collection::vec(".{0,12}", 12),
        authorizer in "|\\{\"lambda\":\\{\"a\":[1-9]{1,3}\\}\\}",
        headers in proptest::collection::btree_map("[a-z][a-z0-9-]{0,6}", ".{0,12}", 0..4),
        parameters in proptest::collection::btree_map("[a-z]{1,6}", ".{0,12}", 0..4),
        cookies in proptest::collection::vec("[a-z]=[!-:<-~]{1,6}", 0..3),
        body in proptest::collection::vec(any::<u8>(), 0..300),
        millis in 0_u64..4_000_000_000_000,
    ) {
        let text = |index: usize| Cow::Owned(texts[index].clone());
        let pairs = |map: std::collections::BTreeMap<String, String>| {
            map.into_iter().map(|(name, value)| (name.into(), value.into())).collect::<Vec<_>>()
        };
        let mut request = Request {
            route_key: text(0),
            raw_path: format!("/{}", texts[1]).into(),
            raw_query: text(2),
            cookies: cookies.into_iter().map(Cow::Owned).collect(),
            headers: pairs(headers).into(),
            path_parameters: pairs(parameters.clone()),
            stage_variables: pairs(parameters),
            context: RequestContext {
                account_id: text(3),
                api_id: text(4),
                authorizer: authorizer.into(),
                domain_name: text(5),
                domain_prefix: text(6),
                method: text(7),
                path: text(8),
                protocol: text(9),
                source_ip: text(10),
                user_agent: text(11),
                request_id: text(3),
                stage: text(4),
                time: Moment::from_epoch_millis(millis),
            },
            body: body.into(),
        };
        let kept = request.headers.iter().filter(|(name, _)| *name != "cookie");
        request.headers =
            kept.map(|(name, value)| (name.to_owned().into(), value.to_owned().into())).collect();
        let event = encode_request(&request);
        prop_assert_eq!(decode_request(&event), Ok(request));
    }

    #[test]
    fn no_event_makes_the_function_panic(event in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = decode_request(&event);
    }
}
