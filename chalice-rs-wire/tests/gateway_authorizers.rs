//! Who may call, one fact a test. Each was measured on AWS or stands in its documentation.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chalice_rs_manifest::{
    Authorizer, By, Guard, Identity, Jwt, Manifest, Method, PathPattern, Question as Asks, Record, Reuse,
    Route, Rules, Source,
};
use chalice_rs_wire::Moment;
use chalice_rs_wire::gateway::token::TokenError;
use chalice_rs_wire::gateway::{
    Arrival, Gateway, Guarded, Held, IamIdentity, Question, Request, Response, Step, Verdict,
};
use proptest::prelude::*;
use serde_json::{Value, json};

// --- JWT: what is asked -------------------------------------------------------------------------

#[test]
fn without_a_token_nobody_is_asked() {
    for text in ["GET /jwt", "GET /jwt\nauthorization: "] {
        let refused = answer(text);
        check_message(&refused, 401, "Unauthorized");
        assert_eq!(refused.headers()["www-authenticate"], "Bearer");
    }
}

#[test]
fn the_issuer_is_asked_about_the_token_without_bearer() {
    for value in ["Bearer a.b.c", "bearer a.b.c", "a.b.c"] {
        let (question, held) = asked(&gateway(), &format!("GET /jwt\nauthorization: {value}"));
        assert_eq!(held.route_key(), "GET /jwt");
        let Question::Token { authorizer, issuer, token } = question else { panic!("{question:?}") };
        assert_eq!((authorizer.as_str(), issuer.as_str(), token.as_str()), ("jwt", ISSUER, "a.b.c"));
    }
}

#[test]
fn a_token_may_stand_where_the_authorizer_says() {
    let by = By::Jwt(Jwt { identity: Identity::Query("token".to_owned()), ..issued() });
    let gateway = app(&[route("GET /x", "a", &[])], &[("a", by)]);
    let (question, _) = asked(&gateway, "GET /x?token=a.b.c");
    assert!(matches!(question, Question::Token { token, .. } if token == "a.b.c"));
    check_message(&answer_of(&gateway, "GET /x\nauthorization: a.b.c"), 401, "Unauthorized");
}

// --- JWT: what a token has to say ---------------------------------------------------------------

#[test]
fn a_token_of_the_issuer_for_this_audience_lets_in() {
    let event = with_token("GET /jwt", &claims());
    assert_eq!(event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"], "me");
}

#[test]
fn each_mistake_of_a_token_is_a_401_that_says_so() {
    for (change, words) in [
        (json!({"iss": "https://other"}), "the token does not have a valid issuer"),
        (json!({"iss": null}), "the token does not have a valid issuer"),
        (json!({"aud": "other"}), "the token does not have a valid audience"),
        (json!({"aud": ["other", 1]}), "the token does not have a valid audience"),
        // `client_id` does not count beside an `aud`.
        (json!({"aud": "other", "client_id": "app"}), "the token does not have a valid audience"),
        (json!({"exp": NOW - 1}), "the token has expired"),
        (json!({"exp": NOW}), "the token has expired"),
        (json!({"exp": "soon"}), "the token is malformed"),
        (json!({"nbf": NOW + 60}), "the token is not valid yet"),
        (json!({"iat": NOW + 60}), "the token is not valid yet"),
    ] {
        let refused = refused_token("GET /jwt", &changed(claims(), &change));
        check_message(&refused, 401, "Unauthorized");
        let challenge = format!(r#"Bearer scope="" error="invalid_token" error_description="{words}""#);
        assert_eq!(refused.headers()["www-authenticate"], challenge, "{change}");
    }
}

#[test]
fn a_token_without_end_is_over() {
    let mut endless = claims();
    endless.as_object_mut().expect("an object").remove("exp");
    assert_eq!(refused_token("GET /jwt", &endless).status(), 401);
}

#[test]
fn one_of_several_audiences_or_the_client_is_enough() {
    let mut of_client = changed(claims(), &json!({"client_id": "app"}));
    of_client.as_object_mut().expect("an object").remove("aud");
    for token in [of_client, changed(claims(), &json!({"aud": ["x", "app"]}))] {
        assert!(with_token("GET /jwt", &token)["requestContext"]["authorizer"]["jwt"].is_object());
    }
}

#[test]
fn a_token_that_is_none_is_refused_even_if_somebody_believes_it() {
    let header = |alg: &str| part(&json!({"alg": alg, "kid": "k"}));
    let rest = part(&claims());
    for (token, words) in [
        ("x".to_owned(), "malformed"),
        ("a.b".to_owned(), "malformed"),
        (format!("{}.{rest}.!", header("RS256")), "malformed"),
        (format!("{}.{}.", header("RS256"), part(&json!([1]))), "malformed"),
        (format!("{}.{rest}.", header("none")), "not signed with an algorithm"),
        (format!("{}.{rest}.", header("HS256")), "not signed with an algorithm"),
        (format!("{}.{rest}.", header("ES256")), "not signed with an algorithm"),
        (format!("{}.{rest}.", part(&json!({"alg": "RS256"}))), "does not have a key id"),
    ] {
        let gateway = gateway();
        let (_, held) = asked(&gateway, &format!("GET /jwt\nauthorization: {token}"));
        let refused = answered(gateway.resume(held, &Verdict::Signed));
        check_message(&refused, 401, "Unauthorized");
        let challenge = refused.headers()["www-authenticate"].to_str().expect("text");
        assert!(challenge.contains(words), "{challenge}");
    }
}

#[test]
fn a_token_that_the_issuer_did_not_sign_is_a_401() {
    let gateway = gateway();
    let (_, held) = asked(&gateway, "GET /scoped\nauthorization: a.b.c");
    let refused = answered(gateway.resume(held, &Verdict::Unsigned(TokenError::Signature)));
    check_message(&refused, 401, "Unauthorized");
    let challenge = refused.headers()["www-authenticate"].to_str().expect("text");
    assert!(challenge.starts_with(r#"Bearer scope="read write" error="invalid_token""#), "{challenge}");
}

#[test]
fn a_token_needs_one_of_the_scopes_of_the_route() {
    for scopes in [json!({"scope": "email write"}), json!({"scp": ["read"]}), json!({"scp": "read"})] {
        with_token("GET /scoped", &changed(claims(), &scopes));
    }
    // `scp` outweighs `scope`.
    for scopes in [json!({}), json!({"scope": "email reading"}), json!({"scp": ["x"], "scope": "read"})] {
        check_message(&refused_token("GET /scoped", &changed(claims(), &scopes)), 403, "Forbidden");
    }
}

#[test]
fn the_function_reads_the_token_as_text() {
    let said = json!({
        "exp": 9_999_999_999_u64, "email_verified": true, "level": 1.5, "name": "Ann Lee",
        "cognito:groups": ["admin", "poweruser"], "none": [], "nested": {"a": [1]}, "gone": null,
    });
    let event = with_token("GET /jwt", &changed(claims(), &said));
    let mut claims = event["requestContext"]["authorizer"]["jwt"]["claims"].clone();
    for name in ["iss", "aud", "sub"] {
        claims.as_object_mut().expect("an object").remove(name);
    }
    assert_eq!(
        claims,
        json!({
            "exp": "9999999999", "email_verified": "true", "level": "1.5", "name": "Ann Lee",
            "cognito:groups": "[admin poweruser]", "none": "[]", "nested": r#"{"a":[1]}"#,
        })
    );
}

#[test]
fn only_a_route_that_asks_for_scopes_is_told_of_them() {
    let token = changed(claims(), &json!({"scope": "read email"}));
    let scopes = |text| with_token(text, &token)["requestContext"]["authorizer"]["jwt"]["scopes"].clone();
    assert_eq!(scopes("GET /jwt"), Value::Null);
    assert_eq!(scopes("GET /scoped"), json!(["read", "email"]));
}

// --- Lambda -------------------------------------------------------------------------------------

#[test]
fn an_authorizer_is_asked_with_the_request_and_its_identity() {
    let text = "GET /own/a%20b?t=1&t=2\nx-token: one\nX-Token: two\ncookie: a=b\nhost: api.test\n\nbody";
    let (question, _) = asked(&gateway(), text);
    let Question::Function { authorizer, event } = question else { panic!("{question:?}") };
    assert_eq!(authorizer.as_str(), "own");
    let mut event = json(&event);
    let headers = event.as_object_mut().expect("an object").remove("headers").expect("headers");
    assert_eq!(headers["x-token"], "one,two");
    assert_eq!(
        event,
        json!({
            "version": "2.0",
            "type": "REQUEST",
            "routeArn": "arn:aws:execute-api:us-east-1:123456789012:local/$default/GET/own/a b",
            "identitySource": ["one,two"],
            "routeKey": "GET /own/{id}",
            "rawPath": "/own/a b",
            "rawQueryString": "t=1&t=2",
            "cookies": ["a=b"],
            "queryStringParameters": {"t": "1,2"},
            "requestContext": {
                "accountId": "123456789012",
                "apiId": "local",
                "domainName": "api.test",
                "domainPrefix": "api",
                "http": {
                    "method": "GET", "path": "/own/a b", "protocol": "HTTP/1.1", "sourceIp": "203.0.113.9",
                    "userAgent": "",
                },
                "requestId": "AAAAAAAAAAAAAAc=",
                "routeKey": "GET /own/{id}",
                "stage": "$default",
                "time": "10/Jul/2026:19:19:05 +0000",
                "timeEpoch": 1_783_711_145_123_u64,
            },
            "pathParameters": {"id": "a b"},
        })
    );
}

#[test]
fn an_authorizer_that_is_there_already_is_asked_by_its_arn() {
    let (question, _) = asked(&gateway(), "GET /there\nauthorization: yes");
    let Question::Lambda { authorizer, arn, .. } = question else { panic!("{question:?}") };
    assert_eq!((authorizer.as_str(), arn.as_str()), ("there", ARN));
}

#[test]
fn without_its_identity_an_authorizer_is_not_asked() {
    for text in ["GET /own/1", "GET /own/1\nx-token: ", "GET /there"] {
        check_message(&answer(text), 401, "Unauthorized");
    }
    let by =
        asks(&["$request.querystring.a", "$request.querystring.b", "$stageVariables.v"], 0, Reuse::PerRoute);
    let gateway = app(&[route("GET /x", "a", &[])], &[("a", By::Function(by))]);
    check_message(&answer_of(&gateway, "GET /x?a=1"), 401, "Unauthorized");
    check_message(&answer_of(&gateway, "GET /x?a=1&b=2"), 401, "Unauthorized");
}

#[test]
fn all_kinds_of_identity_are_found() {
    let sources =
        ["$request.querystring.a", "$context.identity.sourceIp", "$context.routeKey", "$context.httpMethod"];
    let by = By::Function(asks(&sources, 0, Reuse::PerRoute));
    let gateway = app(&[route("GET /x", "a", &[])], &[("a", by)]);
    let (Question::Function { event, .. }, _) = asked(&gateway, "GET /x?a=1%2B&a=2") else { panic!() };
    assert_eq!(json(&event)["identitySource"], json!(["1+,2", "203.0.113.9", "GET /x", "GET"]));
}

#[test]
fn yes_lets_in_with_what_the_authorizer_says() {
    let event =
        with_answer("GET /own/1\nx-token: t", r#"{"isAuthorized":true,"context":{"foo":"bar","n":[1]}}"#);
    assert_eq!(event["requestContext"]["authorizer"], json!({"lambda": {"foo": "bar", "n": [1]}}));
    let event = with_answer("GET /own/1\nx-token: t", r#"{"isAuthorized":true}"#);
    assert_eq!(event["requestContext"]["authorizer"], json!({ "lambda": null }));
}

#[test]
fn no_is_a_403() {
    let refused = refused_answer("GET /own/1\nx-token: t", r#"{"isAuthorized":false,"context":{"why":"x"}}"#);
    check_message(&refused, 403, "Forbidden");
}

#[test]
fn what_is_no_answer_is_a_500() {
    for payload in ["null", "", "{}", r#"{"isAuthorized":1}"#, r#"{"isAuthorized":true,"context":[]}"#] {
        check_message(&refused_answer("GET /own/1\nx-token: t", payload), 500, "Internal Server Error");
    }
    let gateway = gateway();
    for verdict in [Verdict::Failed, Verdict::Signed, Verdict::Identity(IamIdentity::default())] {
        let (_, held) = asked(&gateway, "GET /own/1\nx-token: t");
        check_message(&answered(gateway.resume(held, &verdict)), 500, "Internal Server Error");
    }
}

#[test]
fn a_policy_says_which_routes_may_be_called() {
    let policy = |effect: &str, resource: &str| {
        let statement = json!({"Effect": effect, "Action": "execute-api:Invoke", "Resource": resource});
        json!({"principalId": "me", "policyDocument": {"Statement": [statement]}, "context": {"a": 1}})
            .to_string()
    };
    let text = "GET /there\nauthorization: yes";
    for resource in ["*", "arn:aws:execute-api:*:*:*/*/GET/there", "arn:aws:execute-api:*/$default/*/ther?"] {
        let event = with_answer(text, &policy("Allow", resource));
        assert_eq!(event["requestContext"]["authorizer"], json!({"lambda": {"a": 1}}), "{resource}");
    }
    for (effect, resource) in [("Deny", "*"), ("Allow", "arn:aws:execute-api:*/POST/there"), ("Allow", "")] {
        check_message(&refused_answer(text, &policy(effect, resource)), 403, "Forbidden");
    }
}

// --- the cache ----------------------------------------------------------------------------------

#[test]
fn an_answer_goes_for_its_seconds_and_not_longer() {
    let gateway = cached(Reuse::PerRoute);
    resumed(&gateway, "GET /a\nx-token: t", YES, 0);
    assert!(is_invoked(&gateway, "GET /a\nx-token: t", 9_999));
    assert!(!is_invoked(&gateway, "GET /a\nx-token: t", 10_000));
}

#[test]
fn an_answer_goes_for_its_identity_alone() {
    let gateway = cached(Reuse::AllRoutes);
    resumed(&gateway, "GET /a\nx-token: t", YES, 0);
    assert!(!is_invoked(&gateway, "GET /a\nx-token: u", 1));
    check_message(&answer_of(&gateway, "GET /a"), 401, "Unauthorized");
}

#[test]
fn an_answer_goes_for_one_route_or_for_all_of_the_authorizer() {
    for (reuse, goes) in [(Reuse::PerRoute, false), (Reuse::AllRoutes, true)] {
        let gateway = cached(reuse);
        resumed(&gateway, "GET /a\nx-token: t", YES, 0);
        assert!(is_invoked(&gateway, "GET /a\nx-token: t", 1));
        assert_eq!(is_invoked(&gateway, "GET /b\nx-token: t", 1), goes, "{reuse:?}");
    }
}

#[test]
fn a_no_goes_as_long_as_a_yes() {
    let gateway = cached(Reuse::PerRoute);
    resumed(&gateway, "GET /a\nx-token: t", r#"{"isAuthorized":false}"#, 0);
    check_message(&answer_of(&gateway, "GET /a\nx-token: t"), 403, "Forbidden");
}

#[test]
fn a_kept_policy_is_asked_about_each_route_anew() {
    let gateway = cached(Reuse::AllRoutes);
    let statement = json!({"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*/GET/a"});
    let policy = json!({"policyDocument": {"Statement": statement}}).to_string();
    resumed(&gateway, "GET /a\nx-token: t", &policy, 0);
    assert!(is_invoked(&gateway, "GET /a\nx-token: t", 1));
    check_message(&answer_of(&gateway, "GET /b\nx-token: t"), 403, "Forbidden");
}

#[test]
fn what_is_no_answer_is_not_kept() {
    let gateway = cached(Reuse::PerRoute);
    resumed(&gateway, "GET /a\nx-token: t", "null", 0);
    assert!(!is_invoked(&gateway, "GET /a\nx-token: t", 1));
}

// --- IAM, and none ------------------------------------------------------------------------------

#[test]
fn a_request_that_is_not_signed_is_a_403() {
    check_message(&answer("GET /iam"), 403, "Forbidden");
    check_message(&answer("GET /iam\nauthorization: Bearer x"), 403, "Forbidden");
}

#[test]
fn who_signed_is_asked_and_told() {
    let gateway = gateway();
    for text in ["GET /iam\nauthorization: AWS4-HMAC-SHA256 Credential=x", "GET /iam?X-Amz-Signature=00"] {
        let (question, held) = asked(&gateway, text);
        assert_eq!(question, Question::Signature);
        let identity =
            IamIdentity { user_arn: "arn:aws:iam::1:user/me".to_owned(), ..IamIdentity::default() };
        let event = invoked(gateway.resume(held, &Verdict::Identity(identity)));
        assert_eq!(event["requestContext"]["authorizer"]["iam"]["userArn"], "arn:aws:iam::1:user/me");
        let (_, held) = asked(&gateway, text);
        check_message(&answered(gateway.resume(held, &Verdict::Refused)), 403, "Forbidden");
    }
}

#[test]
fn a_route_that_is_open_asks_nobody() {
    let event = invoked(gateway().accept(request("GET /open\nauthorization: Bearer x"), &ARRIVAL));
    assert_eq!(event["requestContext"].get("authorizer"), None);
}

#[test]
fn a_route_of_an_authorizer_that_is_not_there_lets_nobody_in() {
    let gateway = app(&[route("GET /x", "nobody", &[])], &[]);
    check_message(&answer_of(&gateway, "GET /x\nauthorization: x"), 500, "Internal Server Error");
    let found = gateway.find(request("GET /x"), &ARRIVAL);
    assert!(matches!(found.guard(), Guarded::Unknown(name) if name.as_str() == "nobody"));
}

#[test]
fn no_route_is_a_404_before_anybody_is_asked() {
    check_message(&answer("POST /jwt"), 404, "Not Found");
}

#[test]
fn head_is_guarded_like_its_get() {
    assert_eq!(answer("HEAD /jwt").status(), 401);
}

// --- in the place of a caller -------------------------------------------------------------------

#[test]
fn a_test_may_act_as_somebody_without_showing_it() {
    let gateway = gateway();
    let as_claims = |claims: Value, text: &str| {
        let Value::Object(claims) = claims else { panic!("{claims}") };
        gateway.find(request(text), &ARRIVAL).accept_as(&Verdict::Claims(claims))
    };
    let event = invoked(as_claims(json!({"sub": "me", "exp": 1}), "GET /jwt"));
    assert_eq!(event["requestContext"]["authorizer"]["jwt"]["claims"], json!({"sub": "me", "exp": "1"}));
    check_message(&answered(as_claims(json!({"sub": "me"}), "GET /scoped")), 403, "Forbidden");
    assert_eq!(invoked(as_claims(json!({"sub": "me"}), "GET /open"))["rawPath"], "/open");
    check_message(&answered(as_claims(json!({}), "GET /own/1")), 500, "Internal Server Error");
    check_message(&answered(as_claims(json!({}), "GET /nowhere")), 404, "Not Found");
}

#[test]
fn which_route_it_is_and_who_may_call_is_known_before_anybody_is_asked() {
    let gateway = gateway();
    let look = |text: &str| {
        let found = gateway.find(request(text), &ARRIVAL);
        (found.route_key(), found.guard())
    };
    assert_eq!(look("GET /open"), (Some("GET /open"), Guarded::Open));
    assert_eq!(look("GET /nowhere"), (None, Guarded::Open));
    assert_eq!(look("GET /iam"), (Some("GET /iam"), Guarded::Iam));
    let (key, guard) = look("GET /own/a%20b");
    assert_eq!(key, Some("GET /own/{id}"));
    assert!(matches!(guard, Guarded::By(authorizer) if authorizer.name.as_str() == "own"));
}

proptest! {
    #[test]
    fn no_token_and_no_answer_breaks_the_gateway(
        value in "[ -~]{0,60}",
        parts in proptest::collection::vec("[A-Za-z0-9_-]{0,12}|\\{\"alg\":\"RS256\",\"kid\":\"\"\\}", 0..4),
        payload in proptest::collection::vec(any::<u8>(), 0..60),
    ) {
        let parts: Vec<String> = parts.iter().map(|part| URL_SAFE_NO_PAD.encode(part)).collect();
        let gateway = gateway();
        for token in [value, parts.join(".")] {
            let mut jwt = request("GET /jwt");
            let mut own = request("GET /own/1");
            for request in [&mut jwt, &mut own] {
                let value: http::HeaderValue = token.parse().expect("a header's value");
                request.headers_mut().insert("authorization", value.clone());
                request.headers_mut().insert("x-token", value);
            }
            for (request, verdict) in [(jwt, Verdict::Signed), (own, Verdict::Returned(payload.clone()))] {
                if let Step::Authorize { held, .. } = gateway.accept(request, &ARRIVAL) {
                    prop_assert!(matches!(gateway.resume(held, &verdict), Step::Answer(_)));
                }
            }
        }
    }
}

// --- the one place that touches the API ---------------------------------------------------------

const NOW: u64 = 1_783_711_145;
const ISSUER: &str = "https://issuer.test/pool";
const ARN: &str = "arn:aws:lambda:us-east-1:123456789012:function:there";
const YES: &str = r#"{"isAuthorized":true}"#;

const ARRIVAL: Arrival = Arrival {
    time: Moment::from_epoch_millis(NOW * 1000 + 123),
    client: std::net::SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 9)), 50_112),
    entropy: 7,
};

/// Routes behind one authorizer of each kind.
fn gateway() -> Gateway {
    let own = By::Function(asks(&["$request.header.X-Token"], 0, Reuse::PerRoute));
    let question = asks(&["$request.header.Authorization"], 0, Reuse::PerRoute);
    let there = By::Lambda { arn: ARN.to_owned(), question };
    app(
        &[
            route("GET /open", "", &[]),
            route("GET /iam", "iam", &[]),
            route("GET /jwt", "jwt", &[]),
            route("GET /scoped", "jwt", &["read", "write"]),
            route("GET /own/<id>", "own", &[]),
            route("GET /there", "there", &[]),
        ],
        &[("jwt", By::Jwt(issued())), ("own", own), ("there", there)],
    )
}

/// Two routes of one authorizer whose answers go for ten seconds.
fn cached(reuse: Reuse) -> Gateway {
    let by = By::Function(asks(&["$request.header.X-Token"], 10, reuse));
    app(&[route("GET /a", "a", &[]), route("GET /b", "a", &[])], &[("a", by)])
}

fn issued() -> Jwt {
    Jwt { issuer: ISSUER.to_owned(), audiences: vec!["app".to_owned()], identity: Identity::authorization() }
}

fn asks(sources: &[&str], ttl: u32, reuse: Reuse) -> Asks {
    Asks { identity: sources.iter().map(|source| source.parse().expect("an identity")).collect(), ttl, reuse }
}

/// `authorizer` is a name, `iam`, or nothing.
fn route(key: &str, authorizer: &str, scopes: &[&str]) -> Route {
    let (method, path) = key.split_once(' ').expect("a method and a path");
    let guard = match authorizer {
        "" => Guard::None,
        "iam" => Guard::Iam,
        name => Guard::Named(name.parse().expect("a name")),
    };
    Route {
        path: PathPattern::parse(path).expect("a path"),
        methods: vec![method.parse::<Method>().expect("a method")],
        rules: Rules {
            authorizer: Some(guard),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            ..Rules::default()
        },
        ..Route::default()
    }
}

fn app(routes: &[Route], authorizers: &[(&str, By)]) -> Gateway {
    let authorizers = authorizers.iter().map(|(name, by)| {
        let name = name.parse().expect("a name");
        Record::Authorizer(Authorizer { name, by: by.clone(), source: Source::default(), doc: None })
    });
    Gateway::new(&Manifest::from_records(routes.iter().cloned().map(Record::Route).chain(authorizers)))
}

/// A request is written `GET /x`, then a line for each header, then an empty line and the body.
fn request(text: &str) -> Request {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let (method, target) = lines.next().and_then(|line| line.split_once(' ')).expect("a request line");
    let mut builder = http::Request::builder().method(method).uri(target);
    for line in lines {
        let (name, value) = line.split_once(": ").expect("a header");
        builder = builder.header(name, value);
    }
    builder.body(body.as_bytes().to_vec()).expect("a request")
}

fn claims() -> Value {
    json!({"iss": ISSUER, "aud": "app", "sub": "me", "exp": NOW + 60})
}

fn changed(mut claims: Value, change: &Value) -> Value {
    for (name, value) in change.as_object().expect("an object") {
        claims[name] = value.clone();
    }
    claims
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).expect("JSON")
}

#[track_caller]
fn asked(gateway: &Gateway, text: &str) -> (Question, Box<Held>) {
    match gateway.accept(request(text), &ARRIVAL) {
        Step::Authorize { question, held } => (question, held),
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn invoked(step: Step) -> Value {
    match step {
        Step::Invoke { event, .. } => json(&event),
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn answered(step: Step) -> Response {
    match step {
        Step::Answer(response) => response,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn answer(text: &str) -> Response {
    answer_of(&gateway(), text)
}

#[track_caller]
fn answer_of(gateway: &Gateway, text: &str) -> Response {
    answered(gateway.accept(request(text), &ARRIVAL))
}

/// What comes of a request with a token that the issuer has signed.
#[track_caller]
fn token_step(text: &str, claims: &Value) -> Step {
    let token = format!("{}.{}.", part(&json!({"alg": "RS256", "kid": "k"})), part(claims));
    let gateway = gateway();
    let (_, held) = asked(&gateway, &format!("{text}\nauthorization: Bearer {token}"));
    gateway.resume(held, &Verdict::Signed)
}

#[track_caller]
fn with_token(text: &str, claims: &Value) -> Value {
    invoked(token_step(text, claims))
}

#[track_caller]
fn refused_token(text: &str, claims: &Value) -> Response {
    answered(token_step(text, claims))
}

#[track_caller]
fn with_answer(text: &str, payload: &str) -> Value {
    invoked(resumed(&gateway(), text, payload, 0))
}

#[track_caller]
fn refused_answer(text: &str, payload: &str) -> Response {
    answered(resumed(&gateway(), text, payload, 0))
}

fn at(millis: u64) -> Arrival {
    Arrival { time: Moment::from_epoch_millis(ARRIVAL.time.epoch_millis + millis), ..ARRIVAL }
}

#[track_caller]
fn resumed(gateway: &Gateway, text: &str, payload: &str, millis: u64) -> Step {
    match gateway.accept(request(text), &at(millis)) {
        Step::Authorize { held, .. } => gateway.resume(held, &Verdict::Returned(payload.as_bytes().to_vec())),
        other => panic!("{other:?}"),
    }
}

/// Whether a request gets to the function without a question.
fn is_invoked(gateway: &Gateway, text: &str, millis: u64) -> bool {
    matches!(gateway.accept(request(text), &at(millis)), Step::Invoke { .. })
}

#[track_caller]
fn check_message(response: &Response, status: u16, message: &str) {
    assert_eq!(response.status(), status);
    assert_eq!(response.headers()["content-type"], "application/json");
    let body = format!(r#"{{"message":"{message}"}}"#);
    assert_eq!(String::from_utf8_lossy(response.body()), body);
}
