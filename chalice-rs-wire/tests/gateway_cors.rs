//! What browsers are told about pages of other sites: by API Gateway where it has one policy for all
//! routes, and by the function where it has none.

use chalice_rs_manifest::{Cors, CorsRule, Guard, Manifest, PathPattern, Record, Route, Rules};
use chalice_rs_wire::Moment;
use chalice_rs_wire::gateway::{Arrival, Failure, Gateway, Response, Step};

const ASKS: &str = "\norigin: https://a.test\naccess-control-request-method: GET";

#[test]
fn a_preflight_is_answered_without_a_route_for_it() {
    let answer = answer(&gateway(policy()), &format!("OPTIONS /x{ASKS}"));
    assert_eq!((answer.status().as_u16(), answer.body().as_slice()), (204, &b""[..]));
    check_cors(
        &answer,
        "access-control-allow-credentials: true
         access-control-allow-headers: Authorization,Content-Type,X-Amz-Date,X-Amz-Security-Token,X-Api-Key,X-Special
         access-control-allow-methods: GET,POST,OPTIONS
         access-control-allow-origin: https://a.test
         access-control-expose-headers: X-Total
         access-control-max-age: 600",
    );
    assert!(answer.headers().contains_key("apigw-requestid"));
}

#[test]
fn a_preflight_of_any_path_is_answered() {
    assert_eq!(answer(&gateway(policy()), &format!("OPTIONS /nowhere{ASKS}")).status(), 204);
}

#[test]
fn a_preflight_of_another_site_gets_no_headers() {
    let text = "OPTIONS /x\norigin: https://evil.test\naccess-control-request-method: GET";
    let answer = answer(&gateway(policy()), text);
    assert_eq!(answer.status(), 204);
    check_cors(&answer, "");
}

#[test]
fn options_that_is_no_preflight_is_answered_without_headers_unless_a_route_takes_it() {
    for text in ["OPTIONS /x", "OPTIONS /x\naccess-control-request-method: GET"] {
        let answer = answer(&gateway(policy()), text);
        assert_eq!(answer.status(), 204);
        check_cors(&answer, "");
    }
    let gateway = app(&[route("ANY /x", allow(policy()))]);
    assert!(matches!(gateway.accept(request("OPTIONS /x"), &ARRIVAL), Step::Invoke { .. }));
    assert_eq!(answer(&gateway, &format!("OPTIONS /x{ASKS}")).status(), 204);
}

#[test]
fn an_answer_gets_the_gateways_headers_in_the_place_of_the_functions() {
    let payload = r#"{"statusCode":200,"headers":{"access-control-allow-origin":"https://evil.test",
        "access-control-allow-headers":"*","x-total":"3"},"body":""}"#;
    let said = reply(&gateway(policy()), "GET /x\norigin: https://a.test", payload);
    check_cors(
        &said,
        "access-control-allow-credentials: true
         access-control-allow-origin: https://a.test
         access-control-expose-headers: X-Total",
    );
    assert_eq!(said.headers()["x-total"], "3");
    for text in ["GET /x", "GET /x\norigin: https://evil.test"] {
        check_cors(&reply(&gateway(policy()), text, payload), "");
    }
}

#[test]
fn every_site_is_a_star() {
    let gateway = gateway(Cors::default());
    let said = reply(&gateway, "GET /x\norigin: https://any.test", "{}");
    check_cors(&said, "access-control-allow-origin: *");
}

#[test]
fn what_the_gateway_says_itself_has_the_headers_too() {
    let mut guarded = route("GET /iam", allow(policy()));
    guarded.rules.authorizer = Some(Guard::Iam);
    let gateway = app(&[route("GET /x", allow(policy())), guarded]);
    let origin = "\norigin: https://a.test";
    for (target, status) in [("GET /nowhere", 404), ("GET /iam", 403)] {
        let refused = answer(&gateway, &format!("{target}{origin}"));
        assert_eq!(refused.status(), status);
        assert_eq!(refused.headers()["access-control-allow-origin"], "https://a.test");
    }
    let Step::Invoke { exchange, .. } = gateway.accept(request(&format!("GET /x{origin}")), &ARRIVAL) else {
        panic!("no function")
    };
    for failure in [Failure::Function, Failure::NoAnswer] {
        let failed = gateway.failed(&exchange, failure);
        assert_eq!(failed.headers()["access-control-allow-origin"], "https://a.test");
    }
}

#[test]
fn where_the_function_answers_its_headers_are_kept_and_preflights_come_to_it() {
    let gateway = app(&[route("GET /x", allow(policy())), route("GET /y", None)]);
    let Step::Invoke { exchange, function, .. } =
        gateway.accept(request(&format!("OPTIONS /x{ASKS}")), &ARRIVAL)
    else {
        panic!("no function")
    };
    assert_eq!((exchange.route_key(), function), (Some("OPTIONS /x"), None));
    assert_eq!(answer(&gateway, &format!("OPTIONS /y{ASKS}")).status(), 404);
    let payload = r#"{"statusCode":200,"headers":{"access-control-allow-origin":"https://b.test"}}"#;
    let said = reply(&gateway, "GET /x\norigin: https://a.test", payload);
    check_cors(&said, "access-control-allow-origin: https://b.test");
}

#[test]
fn without_a_policy_nothing_is_added_and_options_is_a_404() {
    let gateway = app(&[route("GET /x", None)]);
    assert_eq!(answer(&gateway, &format!("OPTIONS /x{ASKS}")).status(), 404);
    check_cors(&reply(&gateway, "GET /x\norigin: https://a.test", "{}"), "");
}

// --- the one place that touches the API ---------------------------------------------------------

const ARRIVAL: Arrival = Arrival {
    time: Moment::from_epoch_millis(1_783_711_145_123),
    client: std::net::SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 50_112),
    entropy: 7,
};

fn policy() -> Cors {
    Cors {
        origins: vec!["https://a.test".parse().expect("an origin")],
        headers: vec!["X-Special".to_owned()],
        expose: vec!["X-Total".to_owned()],
        credentials: true,
        max_age: Some(600),
    }
}

fn allow(policy: Cors) -> Option<CorsRule> {
    Some(CorsRule::Allow(policy))
}

/// All routes have this policy.
fn gateway(policy: Cors) -> Gateway {
    app(&[route("GET /x", allow(policy.clone())), route("POST /y/<id>", allow(policy))])
}

fn route(key: &str, cors: Option<CorsRule>) -> Route {
    let (method, path) = key.split_once(' ').expect("a method and a path");
    Route {
        path: PathPattern::parse(path).expect("a path"),
        methods: vec![method.parse().expect("a method")],
        rules: Rules { cors, ..Rules::default() },
        ..Route::default()
    }
}

fn app(routes: &[Route]) -> Gateway {
    Gateway::new(&Manifest::from_records(routes.iter().cloned().map(Record::Route)))
}

fn request(text: &str) -> http::Request<Vec<u8>> {
    let mut lines = text.lines();
    let (method, target) = lines.next().and_then(|line| line.split_once(' ')).expect("a request line");
    let mut builder = http::Request::builder().method(method).uri(target);
    for line in lines {
        let (name, value) = line.split_once(": ").expect("a header");
        builder = builder.header(name, value);
    }
    builder.body(Vec::new()).expect("a request")
}

#[track_caller]
fn answer(gateway: &Gateway, text: &str) -> Response {
    match gateway.accept(request(text), &ARRIVAL) {
        Step::Answer(response) => response,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn reply(gateway: &Gateway, text: &str, payload: &str) -> Response {
    match gateway.accept(request(text), &ARRIVAL) {
        Step::Invoke { exchange, .. } => gateway.reply(&exchange, payload.as_bytes()),
        other => panic!("{other:?}"),
    }
}

/// All headers of CORS that an answer has, one a line, in order of their names.
#[track_caller]
fn check_cors(response: &Response, expected: &str) {
    let headers = response.headers().iter().filter(|(name, _)| name.as_str().starts_with("access-control-"));
    let mut lines: Vec<String> =
        headers.map(|(name, value)| format!("{name}: {}", value.to_str().expect("text"))).collect();
    lines.sort();
    let expected: Vec<&str> = expected.lines().map(str::trim).collect();
    assert_eq!(lines, expected);
}
