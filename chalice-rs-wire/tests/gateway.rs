//! What API Gateway does, one fact a test. Each was measured on AWS or stands in its documentation;
//! the gateway is called as the local server and the test client call it.

use chalice_rs_manifest::{App, Handler, Head, Manifest, PathPattern, Record, Route, Source};
use chalice_rs_wire::Moment;
use chalice_rs_wire::gateway::{Arrival, Exchange, Failure, Gateway, Request, Response, Step, limit};
use chalice_rs_wire::http_v2::decode_request;
use proptest::prelude::*;
use serde_json::{Value, json};

// --- routes -------------------------------------------------------------------------------------

#[test]
fn a_literal_wins_over_a_parameter() {
    check_route(&["GET /x/<id>", "GET /x/y"], "GET /x/y", "GET /x/y");
    check_route(&["GET /x/<id>", "GET /x/y"], "GET /x/z", "GET /x/{id}");
    check_route(&["GET /<a>/b", "GET /a/<b>"], "GET /a/b", "GET /a/{b}");
}

#[test]
fn a_parameter_wins_over_a_greedy_one() {
    check_route(&["GET /x/<rest..>", "GET /x/<id>"], "GET /x/y", "GET /x/{id}");
    check_route(&["GET /x/<rest..>", "GET /x/<id>"], "GET /x/y/z", "GET /x/{rest+}");
}

#[test]
fn a_whole_path_wins_over_a_greedy_one_with_more_literals() {
    check_route(&["GET /a/b/<rest..>", "GET /<a>/<b>/<c>"], "GET /a/b/c", "GET /{a}/{b}/{c}");
}

#[test]
fn the_longest_literal_prefix_wins_among_greedy_paths() {
    let routes = &["GET /<rest..>", "GET /a/<rest..>", "GET /a/b/<rest..>", "GET /a/<b>/<rest..>"];
    check_route(routes, "GET /a/b/c", "GET /a/b/{rest+}");
    check_route(routes, "GET /a/x/c", "GET /a/{b}/{rest+}");
    check_route(routes, "GET /a/x", "GET /a/{rest+}");
    check_route(routes, "GET /x", "GET /{rest+}");
}

#[test]
fn a_method_wins_over_any() {
    check_route(&["ANY /x", "GET /x"], "GET /x", "GET /x");
    check_route(&["ANY /x", "GET /x"], "PUT /x", "ANY /x");
}

#[test]
fn a_path_without_the_method_leaves_the_request_to_the_next_path() {
    check_route(&["POST /x/y", "GET /x/<id>"], "GET /x/y", "GET /x/{id}");
    check_route(&["POST /x", "ANY /<rest..>"], "GET /x", "ANY /{rest+}");
}

#[test]
fn any_takes_methods_that_no_route_can_name() {
    check_route(&["ANY /x"], "PROPFIND /x", "ANY /x");
}

#[test]
fn any_stands_in_the_route_key_as_it_is() {
    assert_eq!(event(&["ANY /x"], "DELETE /x")["routeKey"], "ANY /x");
}

#[test]
fn a_path_without_route_is_a_404_in_json() {
    let response = answer(&["GET /x"], "GET /y");
    check_message(&response, 404, "Not Found");
}

#[test]
fn a_wrong_method_is_a_404_and_never_a_405() {
    check_message(&answer(&["GET /x"], "POST /x"), 404, "Not Found");
}

#[test]
fn head_is_a_route_of_its_own_beside_each_get() {
    check_route(&["GET /x"], "HEAD /x", "HEAD /x");
    check_route(&["GET /x", "HEAD /x"], "HEAD /x", "HEAD /x");
    check_route(&["GET /x", "ANY /x"], "HEAD /x", "ANY /x");
    assert_eq!(answer(&["POST /x"], "HEAD /x").status(), 404);
}

#[test]
fn head_is_no_route_where_the_app_says_so() {
    let mut records = records(&["GET /x"]);
    records.push(Record::App(App { head: Head::Declared, ..App::default() }));
    let gateway = Gateway::new(&Manifest::from_records(records));
    assert_eq!(refused(&gateway, "HEAD /x").status(), 404);
}

#[test]
fn the_default_route_takes_what_no_other_takes() {
    let mut records = records(&["GET /x/<id>"]);
    records.push(Record::NotFound(Handler::default()));
    let gateway = Gateway::new(&Manifest::from_records(records));
    for (text, key) in [("GET /x/1", "GET /x/{id}"), ("POST /x/1", "$default"), ("GET /", "$default")] {
        let (event, exchange) = invoke(&gateway, request(text));
        assert_eq!(exchange.route_key(), Some(key));
        assert_eq!(json(&event)["routeKey"], key);
        assert_eq!(json(&event)["requestContext"]["routeKey"], key);
        assert_eq!(json(&event)["pathParameters"].is_object(), key != "$default");
    }
}

#[test]
fn a_route_may_run_in_a_function_of_its_own() {
    let mut records = records(&["GET /x", "GET /slow"]);
    if let Record::Route(route) = &mut records[1] {
        route.rules.lambda = Some("reports".parse().expect("a name"));
    }
    let gateway = Gateway::new(&Manifest::from_records(records));
    for (text, name) in [("GET /x", None), ("GET /slow", Some("reports")), ("HEAD /slow", Some("reports"))] {
        let Step::Invoke { function, .. } = gateway.accept(request(text), &ARRIVAL) else { panic!("{text}") };
        assert_eq!(function.as_ref().map(|name| name.as_str()), name, "{text}");
    }
}

#[test]
fn options_without_route_is_a_404() {
    check_message(&answer(&["GET /x"], "OPTIONS /x"), 404, "Not Found");
}

#[test]
fn a_slash_at_the_end_is_another_path() {
    assert_eq!(answer(&["GET /x"], "GET /x/").status(), 404);
    assert_eq!(answer(&["GET /x/<id>"], "GET /x/").status(), 404);
    assert_eq!(event(&["GET /x/<rest..>"], "GET /x/y/")["rawPath"], "/x/y/");
    check_route(&["GET /x", "GET /<rest..>"], "GET /x/", "GET /{rest+}");
}

#[test]
fn a_greedy_parameter_needs_a_segment() {
    assert_eq!(answer(&["GET /<rest..>"], "GET /").status(), 404);
    assert_eq!(answer(&["GET /x/<rest..>"], "GET /x").status(), 404);
}

#[test]
fn paths_are_compared_with_their_case() {
    assert_eq!(answer(&["GET /x"], "GET /X").status(), 404);
}

#[test]
fn double_slashes_are_not_merged() {
    assert_eq!(answer(&["GET /x/y"], "GET //x/y").status(), 404);
    assert_eq!(event(&["GET /<rest..>"], "GET //x//y")["rawPath"], "//x//y");
}

#[test]
fn dots_in_a_path_are_not_resolved() {
    assert_eq!(answer(&["GET /secret"], "GET /public/../secret").status(), 404);
    let event = event(&["GET /public/<rest..>"], "GET /public/%2e%2e/secret");
    assert_eq!(event["pathParameters"], json!({"rest": "../secret"}));
}

#[test]
fn an_escaped_path_finds_the_route_of_what_it_means() {
    check_route(&["GET /x/y"], "GET /x/%79", "GET /x/y");
    check_route(&["GET /x/<id>", "GET /x/<rest..>"], "GET /x/a%2Fb", "GET /x/{rest+}");
}

// --- the event: path and query ------------------------------------------------------------------

#[test]
fn the_raw_path_is_decoded() {
    let event = event(&["GET /capture/<what>"], "GET /capture/space%20value");
    assert_eq!(event["rawPath"], "/capture/space value");
    assert_eq!(event["requestContext"]["http"]["path"], "/capture/space value");
}

#[test]
fn the_raw_path_ends_at_an_escaped_question_mark() {
    let event = event(&["GET /users/<id>"], "GET /users/me%3Fadmin=true?a=1");
    assert_eq!(event["rawPath"], "/users/me");
    assert_eq!(event["rawQueryString"], "a=1");
    assert_eq!(event["pathParameters"], json!({"id": "me?admin=true"}));
}

#[test]
fn an_escaped_path_that_is_not_utf_8_is_replaced_and_not_refused() {
    assert_eq!(event(&["GET /<a>"], "GET /%FF")["rawPath"], "/\u{fffd}");
    assert_eq!(event(&["GET /<a>"], "GET /100%")["rawPath"], "/100%");
}

#[test]
fn path_parameters_are_decoded() {
    let event = event(&["GET /products/<name>"], "GET /products/%E2%98%95%20Coffee");
    assert_eq!(event["pathParameters"], json!({"name": "☕ Coffee"}));
}

#[test]
fn a_greedy_parameter_has_no_slash_in_front() {
    let event = event(&["GET /files/<path..>"], "GET /files/a/b.txt");
    assert_eq!(event["pathParameters"], json!({"path": "a/b.txt"}));
}

#[test]
fn parameters_of_routes_that_did_not_match_do_not_leak() {
    let event = event(&["GET /<a>/x", "GET /<b>/y"], "GET /1/y");
    assert_eq!(event["pathParameters"], json!({"b": "1"}));
}

#[test]
fn the_raw_query_is_left_as_it_came() {
    let event = event(&["GET /x"], "GET /x?a=1%2C2&b=c+d%2Be&a=%E2%98%95");
    assert_eq!(event["rawQueryString"], "a=1%2C2&b=c+d%2Be&a=%E2%98%95");
}

#[test]
fn the_query_map_is_decoded_and_joins_repeats_with_a_comma() {
    let event = event(&["GET /x"], "GET /x?a=one&b=c+d%2Be&a=two&flag");
    assert_eq!(event["queryStringParameters"], json!({"a": "one,two", "b": "c d+e", "flag": ""}));
}

#[test]
fn what_is_empty_is_absent_and_not_null() {
    let event = event(&["GET /x"], "GET /x");
    for field in ["cookies", "queryStringParameters", "pathParameters", "stageVariables", "body"] {
        assert_eq!(event.get(field), None, "{field}");
    }
    assert_eq!(event["rawQueryString"], "");
    assert_eq!(event["isBase64Encoded"], false);
}

#[test]
fn the_event_says_which_format_it_has() {
    assert_eq!(event(&["GET /x"], "GET /x")["version"], "2.0");
}

#[test]
fn the_route_key_has_api_gateways_spelling_and_stands_twice() {
    let event = event(&["POST /users/<name>/orders/<order..>"], "POST /users/you/orders/1/2");
    assert_eq!(event["routeKey"], "POST /users/{name}/orders/{order+}");
    assert_eq!(event["requestContext"]["routeKey"], "POST /users/{name}/orders/{order+}");
}

#[test]
fn an_absolute_target_is_a_path_and_a_host() {
    let event = event(&["GET /x"], "GET http://api.example.com:81/x?a=1\nhost: other");
    assert_eq!(event["rawPath"], "/x");
    assert_eq!(event["headers"]["host"], "api.example.com:81");
}

#[test]
fn a_target_that_is_no_path_is_a_400() {
    check_message(&answer(&["ANY /<rest..>"], "OPTIONS *"), 400, "Bad Request");
    check_message(&answer(&["ANY /<rest..>"], "CONNECT example.com:443"), 400, "Bad Request");
}

// --- the event: headers -------------------------------------------------------------------------

#[test]
fn header_names_are_lower_case() {
    let event = event(&["GET /x"], "GET /x\nX-Probe: Yes");
    assert_eq!(event["headers"]["x-probe"], "Yes");
}

#[test]
fn repeated_headers_are_joined_with_a_comma_and_no_space() {
    let event = event(&["GET /x"], "GET /x\nx-probe: first\nX-Probe: second");
    assert_eq!(event["headers"]["x-probe"], "first,second");
}

#[test]
fn cookies_are_a_list_and_their_header_is_gone() {
    let event = event(&["GET /x"], "GET /x\ncookie: a=1; b=2\ncookie: c=3");
    assert_eq!(event["cookies"], json!(["a=1", "b=2", "c=3"]));
    assert_eq!(event["headers"].get("cookie"), None);
}

#[test]
fn the_gateway_adds_its_headers() {
    let event = event(&["GET /x"], "GET /x\nhost: api.example.com:8000\nuser-agent: curl/8");
    let headers = &event["headers"];
    assert_eq!(headers["host"], "api.example.com:8000");
    assert_eq!(headers["user-agent"], "curl/8");
    assert_eq!(headers["content-length"], "0");
    assert_eq!(headers["x-forwarded-for"], "203.0.113.9");
    assert_eq!(headers["x-forwarded-port"], "8000");
    assert_eq!(headers["x-forwarded-proto"], "http");
    assert_eq!(headers["x-amzn-trace-id"], "Root=1-6a5145a9-000000000000000000000007");
    assert_eq!(headers.get("via"), None);
}

#[test]
fn any_host_will_do() {
    for (host, name, port) in [
        ("api.example.com", "api.example.com", "80"),
        ("127.0.0.1:8000", "127.0.0.1", "8000"),
        ("[::1]:8000", "[::1]", "8000"),
        ("[::1]", "[::1]", "80"),
        ("a b^", "a b^", "80"),
        ("h:99999", "h", "99999"),
        ("", "", "80"),
    ] {
        let event = event(&["GET /x"], &format!("GET /x\nhost: {host}"));
        assert_eq!(event["requestContext"]["domainName"], name, "{host}");
        assert_eq!(event["headers"]["x-forwarded-port"], port, "{host}");
        assert_eq!(event["headers"]["host"], host);
    }
}

#[test]
fn forwarded_addresses_are_extended_and_not_believed() {
    let event = event(&["GET /x"], "GET /x\nx-forwarded-for: 198.51.100.7\nx-forwarded-proto: gopher");
    assert_eq!(event["headers"]["x-forwarded-for"], "198.51.100.7, 203.0.113.9");
    assert_eq!(event["headers"]["x-forwarded-proto"], "http");
    assert_eq!(event["requestContext"]["http"]["sourceIp"], "203.0.113.9");
}

#[test]
fn a_trace_that_the_client_has_begun_goes_on() {
    let trace = |header: &str| {
        let (event, exchange) = invoke(&gateway(&["GET /x"]), request(&format!("GET /x{header}")));
        let in_event = json(&event)["headers"]["x-amzn-trace-id"].as_str().expect("a trace").to_owned();
        assert_eq!(in_event, exchange.trace_id());
        in_event
    };
    assert_eq!(trace(""), "Root=1-6a5145a9-000000000000000000000007");
    assert_eq!(trace("\nx-amzn-trace-id: nonsense"), "Root=1-6a5145a9-000000000000000000000007");
    assert_eq!(trace("\nX-Amzn-Trace-Id: Root=1-0-1;Sampled=1"), "Root=1-0-1;Sampled=1");
}

#[test]
fn the_content_length_is_that_of_the_body_that_came() {
    let event = event(&["POST /x"], "POST /x\ntransfer-encoding: chunked\n\nabc");
    assert_eq!(event["headers"]["content-length"], "3");
}

#[test]
fn headers_of_one_connection_do_not_reach_the_function() {
    let event = event(
        &["GET /x"],
        "GET /x\nconnection: keep-alive, x-hop\nx-hop: 1\nkeep-alive: 5\nte: trailers\nupgrade: h2c\n\
         expect: 100-continue\ntransfer-encoding: chunked\nx-end: 1",
    );
    let headers = event["headers"].as_object().expect("headers");
    for name in ["connection", "x-hop", "keep-alive", "te", "upgrade", "expect", "transfer-encoding"] {
        assert!(!headers.contains_key(name), "{name}");
    }
    assert_eq!(headers["x-end"], "1");
}

#[test]
fn a_header_that_is_not_utf_8_is_latin_1() {
    let mut request = request("GET /x");
    let value = http::HeaderValue::from_bytes(b"caf\xe9").expect("HTTP allows it");
    request.headers_mut().insert("x-name", value);
    let (event, _) = invoke(&gateway(&["GET /x"]), request);
    assert_eq!(json(&event)["headers"]["x-name"], "café");
}

#[test]
fn the_context_says_who_and_when() {
    let event = event(&["GET /x"], "GET /x\nhost: api.example.com:8000\nuser-agent: curl/8");
    let context = &event["requestContext"];
    assert_eq!(context["domainName"], "api.example.com");
    assert_eq!(context["domainPrefix"], "api");
    assert_eq!(context["stage"], "$default");
    assert!(context["accountId"].is_string() && context["apiId"].is_string());
    assert_eq!(context["time"], "10/Jul/2026:19:19:05 +0000");
    assert_eq!(context["timeEpoch"], 1_783_711_145_123_u64);
    assert_eq!(
        context["http"],
        json!({
            "method": "GET", "path": "/x", "protocol": "HTTP/1.1",
            "sourceIp": "203.0.113.9", "userAgent": "curl/8",
        })
    );
    let id = context["requestId"].as_str().expect("an id");
    assert!(id.len() == 16 && id.ends_with('='), "{id}");
}

// --- the event: body ----------------------------------------------------------------------------

#[test]
fn a_body_is_text_for_few_content_types_only() {
    for text in [
        "text/plain",
        "text/plain; charset=utf-8",
        "text/plain;charset=UTF-8",
        "text/html",
        "text/csv",
        "TEXT/PLAIN",
        "application/json",
        "application/json; charset=utf-8",
        "application/xml",
        "application/javascript",
        "application/graphql",
    ] {
        check_body(Some(text), json!("hé"), false);
    }
    for binary in [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/octet-stream",
        "image/png",
        "text/plain; charset=iso-8859-1",
        "application/json; charset=latin1",
        "application/unknown",
        "nonsense",
    ] {
        check_body(Some(binary), json!("aMOp"), true);
    }
}

#[test]
fn a_body_without_content_type_is_base64() {
    check_body(None, json!("aMOp"), true);
}

#[test]
fn a_body_that_is_not_utf_8_is_never_damaged() {
    let mut request = request("POST /x\ncontent-type: text/plain");
    *request.body_mut() = vec![0xff, 0xfe, 0x00, 0x01];
    let (event, _) = invoke(&gateway(&["POST /x"]), request);
    let request = decode_request(&event).expect("an event");
    assert_eq!(request.body.as_ref(), [0xff, 0xfe, 0x00, 0x01]);
}

// --- limits -------------------------------------------------------------------------------------

#[test]
fn request_line_and_header_values_have_10240_bytes() {
    let request = |value: usize| request(&format!("GET /x\nx: {}", "v".repeat(value)));
    let line = "GET /x HTTP/1.1\r\n".len();
    let gateway = gateway(&["GET /x"]);
    assert!(matches!(gateway.accept(request(limit::HEAD - line), &ARRIVAL), Step::Invoke { .. }));
    let Step::Answer(response) = gateway.accept(request(limit::HEAD - line + 1), &ARRIVAL) else {
        panic!("one byte too many")
    };
    check_message(&response, 431, "Request Header Fields Too Large");
}

#[test]
fn a_query_counts_as_request_line() {
    let response = answer(&["GET /x"], &format!("GET /x?{}", "q".repeat(limit::HEAD)));
    assert_eq!(response.status(), 431);
}

#[test]
fn a_body_over_10_mb_is_a_413() {
    check_message(&answer_to_body(limit::BODY + 1), 413, "Request Entity Too Large");
}

#[test]
fn an_event_over_6_mb_is_a_413() {
    check_message(&answer_to_body(limit::EVENT), 413, "Request Entity Too Large");
}

#[test]
fn base64_takes_its_third_of_the_6_mb() {
    let response = |len: usize| {
        let mut request = request("POST /x\ncontent-type: image/png");
        *request.body_mut() = vec![0; len];
        gateway(&["POST /x"]).accept(request, &ARRIVAL)
    };
    assert!(matches!(response(limit::EVENT / 4 * 3 - 4096), Step::Invoke { .. }));
    assert!(matches!(response(limit::EVENT / 4 * 3), Step::Answer(_)));
}

#[test]
fn a_function_that_does_not_answer_in_30_seconds_is_a_503() {
    assert_eq!(limit::WAIT.as_secs(), 30);
    check_message(&failed(Failure::NoAnswer), 503, "Service Unavailable");
}

#[test]
fn a_function_error_is_a_500_that_says_nothing_about_it() {
    check_message(&failed(Failure::Function), 500, "Internal Server Error");
}

#[test]
fn a_payload_over_6_mb_is_a_500() {
    let payload = format!(r#"{{"statusCode":200,"body":"{}"}}"#, "x".repeat(limit::PAYLOAD));
    check_message(&reply("GET /x", &payload), 500, "Internal Server Error");
}

// --- the reply ----------------------------------------------------------------------------------

#[test]
fn an_object_with_a_status_is_taken_apart() {
    let response = reply("GET /x", r#"{"statusCode":201,"headers":{"X-A":"1"},"body":"made"}"#);
    assert_eq!(response.status(), 201);
    assert_eq!(response.headers()["x-a"], "1");
    assert_eq!(response.body(), b"made");
}

#[test]
fn a_status_without_content_type_is_plain_text() {
    let response = reply("GET /x", r#"{"statusCode":200,"body":"{}"}"#);
    assert_eq!(response.headers()["content-type"], "text/plain; charset=utf-8");
}

#[test]
fn cookies_become_set_cookie_headers() {
    let response = reply("GET /x", r#"{"statusCode":200,"cookies":["a=1; Path=/","b=2"]}"#);
    let cookies: Vec<_> = response.headers().get_all("set-cookie").iter().collect();
    assert_eq!(cookies, ["a=1; Path=/", "b=2"]);
}

#[test]
fn multi_value_headers_are_ignored() {
    let response = reply("GET /x", r#"{"statusCode":200,"multiValueHeaders":{"x-a":["1","2"]}}"#);
    assert_eq!(response.headers().get("x-a"), None);
}

#[test]
fn a_body_is_decoded_only_when_the_flag_says_so() {
    let image = r#""headers":{"content-type":"image/png"},"body":"aGk=""#;
    assert_eq!(reply("GET /x", &format!(r#"{{"statusCode":200,{image}}}"#)).body(), b"aGk=");
    let flagged = format!(r#"{{"statusCode":200,"isBase64Encoded":true,{image}}}"#);
    assert_eq!(reply("GET /x", &flagged).body(), b"hi");
}

#[test]
fn a_payload_without_status_is_a_200_in_json_as_it_is() {
    for (payload, body) in [
        (r#"{"id": 1}"#, r#"{"id": 1}"#),
        (r#"{"name": "John", "age":"#, r#"{"name": "John", "age":"#),
        (r#""test""#, "test"),
        ("[1, 2]", "[1, 2]"),
        ("17", "17"),
        ("true", "true"),
    ] {
        let response = reply("GET /x", payload);
        assert_eq!(response.status(), 200, "{payload}");
        assert_eq!(response.headers()["content-type"], "application/json", "{payload}");
        assert_eq!(response.body(), body.as_bytes(), "{payload}");
    }
}

#[test]
fn what_is_not_a_response_is_a_500() {
    for payload in [
        r#"{"statusCode":0}"#,
        r#"{"statusCode":200.5}"#,
        r#"{"statusCode":99}"#,
        r#"{"statusCode":100}"#,
        r#"{"statusCode":600}"#,
        r#"{"statusCode":1000}"#,
        r#"{"statusCode":-1}"#,
        r#"{"statusCode":null}"#,
        r#"{"statusCode":{}}"#,
        r#"{"statusCode":200,"headers":"x"}"#,
        r#"{"statusCode":200,"body":"%","isBase64Encoded":true}"#,
        r#"{"statusCode":200,"body":{}}"#,
        r#"{"statusCode":200,"headers":{"a b":"1"}}"#,
        r#"{"statusCode":200,"headers":{"a":"1\r\nx: 2"}}"#,
        r#"{"statusCode":200,"cookies":["a=1\r\nx: 2"]}"#,
    ] {
        check_message(&reply("GET /x", payload), 500, "Internal Server Error");
    }
}

#[test]
fn the_gateway_adds_its_headers_to_every_answer() {
    let event = json(&invoke(&gateway(&["GET /x"]), request("GET /x")).0);
    for response in [reply("GET /x", r#"{"statusCode":200,"body":"hi"}"#), failed(Failure::Function)] {
        let headers = response.headers();
        assert_eq!(headers["apigw-requestid"], event["requestContext"]["requestId"].as_str().expect("an id"));
        assert_eq!(headers["date"], "Fri, 10 Jul 2026 19:19:05 GMT");
        assert_eq!(headers["content-length"], response.body().len().to_string());
        assert_eq!(headers.get("x-amzn-requestid"), None);
    }
}

#[test]
fn headers_that_would_break_the_connection_are_dropped() {
    let response = reply(
        "GET /x",
        r#"{"statusCode":200,"body":"hi","headers":{"Content-Length":"99","Transfer-Encoding":"chunked",
           "Connection":"close, x-hop","X-Hop":"1","Upgrade":"h2c","X-A":"1"}}"#,
    );
    let mut names: Vec<_> = response.headers().keys().map(|name| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["apigw-requestid", "content-length", "content-type", "date", "x-a"]);
    assert_eq!(response.headers()["content-length"], "2");
}

#[test]
fn head_has_the_length_and_not_the_body() {
    let response = reply("HEAD /x", r#"{"statusCode":200,"body":"hello"}"#);
    assert_eq!(response.headers()["content-length"], "5");
    assert!(response.body().is_empty());
}

#[test]
fn statuses_without_body_have_none() {
    for status in [204, 304] {
        let response = reply("GET /x", &format!(r#"{{"statusCode":{status},"body":"hello"}}"#));
        assert_eq!(response.status(), status);
        assert!(response.body().is_empty());
        assert_eq!(response.headers().get("content-length"), None);
    }
}

// --- for all inputs -----------------------------------------------------------------------------

proptest! {
    #[test]
    fn any_request_reads_back_from_its_event(
        method in "GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS",
        path in "(/[^?/\u{0}-\u{1f}\u{7f}]{1,8}){1,4}",
        query in "[a-zA-Z0-9%+=&.~_-]{0,40}",
        headers in proptest::collection::btree_map("x-[a-z0-9-]{1,8}", "[\u{21}-\u{7e}é☕]{0,12}", 0..6),
        content_type in proptest::option::of("text/plain|application/json|image/png|text/plain; charset=x"),
        body in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        let escaped: String = path.split('/').map(escape).collect::<Vec<_>>().join("/");
        let target = if query.is_empty() { escaped } else { format!("{escaped}?{query}") };
        let mut builder = http::Request::builder().method(method.as_str()).uri(target);
        for (name, value) in &headers {
            builder = builder.header(name, value.as_bytes());
        }
        if let Some(content_type) = &content_type {
            builder = builder.header("content-type", content_type);
        }
        let (event, _) = invoke(&gateway(&["ANY /<rest..>"]), builder.body(body.clone()).expect("a request"));
        let request = decode_request(&event).expect("an event");
        prop_assert_eq!(&request.context.method, &method);
        prop_assert_eq!(&request.raw_path, &path);
        prop_assert_eq!(request.path_parameter("rest"), Some(&path[1..]));
        prop_assert_eq!(&request.raw_query, &query);
        for (name, value) in &headers {
            prop_assert_eq!(request.header(name), Some(value.as_str()));
        }
        prop_assert_eq!(request.header("content-type"), content_type.as_deref());
        prop_assert_eq!(request.body.as_ref(), body.as_slice());
    }

    #[test]
    fn no_payload_makes_the_gateway_panic_or_answer_what_http_forbids(payload in any_payload()) {
        let response = reply_bytes("GET /x", &payload);
        prop_assert!((200..600).contains(&response.status().as_u16()));
        prop_assert!(response.headers().contains_key("apigw-requestid"));
    }
}

fn any_payload() -> impl Strategy<Value = Vec<u8>> {
    let shaped = (any::<i32>(), "[a-z :\r\n%]{0,6}", ".{0,6}", any::<bool>(), "[A-Za-z0-9+/=]{0,9}")
        .prop_map(|(status, name, value, flag, body)| {
            let headers = json!({name: value});
            json!({"statusCode": status % 700, "headers": headers, "isBase64Encoded": flag, "body": body})
                .to_string()
                .into_bytes()
        });
    prop_oneof![proptest::collection::vec(any::<u8>(), 0..60), shaped]
}

fn escape(segment: &str) -> String {
    segment.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

// --- the one place that touches the API ---------------------------------------------------------

const ARRIVAL: Arrival = Arrival {
    time: Moment::from_epoch_millis(1_783_711_145_123),
    client: std::net::SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 9)), 50_112),
    entropy: 7,
};

fn gateway(routes: &[&str]) -> Gateway {
    Gateway::new(&Manifest::from_records(records(routes)))
}

/// Routes are written `GET /x/<id>`.
fn records(routes: &[&str]) -> Vec<Record> {
    let record = |route: &&str| {
        let (method, path) = route.split_once(' ').expect("a method and a path");
        Record::Route(Route {
            path: PathPattern::parse(path).expect("a path"),
            methods: vec![method.parse().expect("a method")],
            function: "f".to_owned(),
            source: Source { module: "app".to_owned(), file: "src/main.rs".to_owned(), line: 1 },
            ..Route::default()
        })
    };
    routes.iter().map(record).collect()
}

/// A request is written `GET /x`, then a line for each header, then an empty line and the body.
fn request(text: &str) -> Request {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let (method, target) = lines.next().and_then(|line| line.split_once(' ')).expect("a request line");
    let mut builder = http::Request::builder().method(method).uri(target);
    for line in lines {
        let (name, value) = line.split_once(": ").expect("a header");
        builder = builder.header(name.trim_start(), value);
    }
    builder.body(body.as_bytes().to_vec()).expect("a request")
}

#[track_caller]
fn invoke(gateway: &Gateway, request: Request) -> (Vec<u8>, Exchange) {
    match gateway.accept(request, &ARRIVAL) {
        Step::Invoke { event, exchange, .. } => (event, exchange),
        other => panic!("{other:?}"),
    }
}

fn json(event: &[u8]) -> Value {
    serde_json::from_slice(event).expect("an event is JSON")
}

#[track_caller]
fn event(routes: &[&str], text: &str) -> Value {
    json(&invoke(&gateway(routes), request(text)).0)
}

#[track_caller]
fn answer(routes: &[&str], text: &str) -> Response {
    refused(&gateway(routes), text)
}

#[track_caller]
fn refused(gateway: &Gateway, text: &str) -> Response {
    match gateway.accept(request(text), &ARRIVAL) {
        Step::Answer(response) => response,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn answer_to_body(len: usize) -> Response {
    let mut request = request("POST /x\ncontent-type: text/plain");
    *request.body_mut() = vec![b'x'; len];
    match gateway(&["POST /x"]).accept(request, &ARRIVAL) {
        Step::Answer(response) => response,
        other => panic!("{len} bytes are {other:?}"),
    }
}

#[track_caller]
fn reply(text: &str, payload: &str) -> Response {
    reply_bytes(text, payload.as_bytes())
}

#[track_caller]
fn reply_bytes(text: &str, payload: &[u8]) -> Response {
    let gateway = gateway(&["ANY /x"]);
    let (_, exchange) = invoke(&gateway, request(text));
    gateway.reply(&exchange, payload)
}

#[track_caller]
fn failed(failure: Failure) -> Response {
    let gateway = gateway(&["GET /x"]);
    let (_, exchange) = invoke(&gateway, request("GET /x"));
    gateway.failed(&exchange, failure)
}

#[track_caller]
fn check_route(routes: &[&str], text: &str, key: &str) {
    let (_, exchange) = invoke(&gateway(routes), request(text));
    assert_eq!(exchange.route_key(), Some(key));
}

#[track_caller]
fn check_message(response: &Response, status: u16, message: &str) {
    assert_eq!(response.status(), status);
    assert_eq!(response.headers()["content-type"], "application/json");
    let body = format!(r#"{{"message":"{message}"}}"#);
    assert_eq!(String::from_utf8_lossy(response.body()), body);
}

#[track_caller]
fn check_body(content_type: Option<&str>, body: Value, is_base64: bool) {
    let head = content_type.map(|value| format!("\ncontent-type: {value}")).unwrap_or_default();
    let event = event(&["POST /x"], &format!("POST /x{head}\n\nhé"));
    assert_eq!((&event["body"], &event["isBase64Encoded"]), (&body, &json!(is_base64)), "{content_type:?}");
}
