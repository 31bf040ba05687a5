//! Authorizers, pages of other sites, HEAD, what no route takes, functions of their own.

use serde_json::json;

use crate::client::{Response, get, send};
use crate::issuer::Issuer;
use crate::session::Session;

#[test]
fn tokens_are_checked_with_the_keys_of_their_issuer() {
    let issuer = Issuer::start();
    let session = start("jwt", &issuer.url, &[]);

    let refused = get(&session, "/me");
    check_message(&refused, 401, "Unauthorized");
    assert_eq!(refused.header("www-authenticate"), Some("Bearer"));
    assert_eq!(issuer.asked(), 0, "without a token nobody is asked");

    for algorithm in ["RS256", "RS384", "RS512"] {
        let token = issuer.signed(algorithm, "k1", json!({}));
        assert_eq!(with_token(&session, "/me", &token).text(), "ann", "{algorithm}");
    }
    assert_eq!(issuer.asked(), 2, "the two files are fetched once");
    session.wait_for("GET /me  [GET /me, users]  200  ");

    for (change, words) in [
        (json!({"iss": "https://other"}), "does not have a valid issuer"),
        (json!({"aud": "other"}), "does not have a valid audience"),
        (json!({"exp": 1}), "has expired"),
    ] {
        check_token(&with_token(&session, "/me", &issuer.token(change)), words);
    }

    // Signed by somebody else, by a key that nobody has, or not at all.
    let other = Issuer::start();
    for token in [
        other.token(json!({"iss": issuer.url})),
        issuer.signed("RS256", "k2", json!({})),
        issuer.token(json!({})).rsplit_once('.').unwrap().0.to_owned() + ".AAAA",
    ] {
        check_token(&with_token(&session, "/me", &token), "does not have a valid signature");
        session.wait_for("the authorizer `users` refuses a token: the token does not have a valid signature");
    }
    let mut forged: Vec<String> = issuer.token(json!({})).split('.').map(str::to_owned).collect();
    forged[1] = other.token(json!({"iss": issuer.url, "sub": "root"})).split('.').nth(1).unwrap().to_owned();
    check_token(&with_token(&session, "/me", &forged.join(".")), "does not have a valid signature");
    check_token(&with_token(&session, "/me", "nonsense"), "is malformed");

    let read = with_token(&session, "/orders", &issuer.token(json!({"scope": "a orders:read"})));
    assert_eq!(read.text(), "a orders:read");
    check_message(&with_token(&session, "/orders", &issuer.token(json!({"scope": "a"}))), 403, "Forbidden");
}

#[test]
fn an_issuer_that_cannot_be_asked_lets_nobody_in() {
    // A port of nobody's: it was free a moment ago.
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let issuer = Issuer::start();
    let session = start("no-issuer", &format!("http://{nobody}"), &[]);
    let refused = with_token(&session, "/me", &issuer.token(json!({"iss": format!("http://{nobody}")})));
    check_token(&refused, "the keys of the issuer cannot be fetched");
    session.wait_for("the authorizer `users` lets nobody in: the keys of the issuer");
    session.wait_for("`--claims '{\"sub\":\"me\"}'`");
}

#[test]
fn flags_say_what_only_aws_could() {
    let flags = [
        "--claims",
        r#"{"sub":"me","scope":"orders:read"}"#,
        "--authorizer",
        r#"elsewhere={"isAuthorized":true,"context":{"a":1}}"#,
        "--iam",
        "arn:aws:iam::123456789012:user/me",
    ];
    let session = start("stand-ins", "https://issuer.invalid", &flags);
    check_message(&get(&session, "/me"), 401, "Unauthorized");
    assert_eq!(with_token(&session, "/me", "anything").text(), "me");
    assert_eq!(with_token(&session, "/orders", "anything").text(), "orders:read");
    assert_eq!(with_token(&session, "/elsewhere", "anything").json(), json!({"a": 1}));
    check_message(&get(&session, "/elsewhere"), 401, "Unauthorized");
    assert_eq!(signed(&session).text(), "arn:aws:iam::123456789012:user/me");
    check_message(&get(&session, "/signed"), 403, "Forbidden");
}

#[test]
fn without_a_flag_what_only_aws_could_know_lets_nobody_in() {
    let session = start("no-stand-ins", "https://issuer.invalid", &[]);
    check_message(&with_token(&session, "/elsewhere", "anything"), 500, "Internal Server Error");
    session.wait_for("is not called from here; say what it shall answer: `--authorizer elsewhere=allow`");
    check_message(&signed(&session), 403, "Forbidden");
    session.wait_for("say who shall have signed: `--iam arn:aws:iam::123456789012:user/me`");
}

#[test]
fn an_authorizer_of_the_app_runs_in_a_process_of_its_own() {
    let session = start("own-authorizer", "https://issuer.invalid", &[]);
    check_message(&get(&session, "/key"), 401, "Unauthorized");
    let first = with_key(&session, "good").json();
    assert_eq!(first["handler"], "keys");
    assert_eq!(with_key(&session, "good").json(), first, "the answer is kept");
    check_message(&with_key(&session, "bad"), 403, "Forbidden");
    check_message(&with_key(&session, "panic"), 500, "Internal Server Error");
    session.wait_for("the authorizer `keys`: the function failed: ");
    check_message(&with_key(&session, "crash"), 500, "Internal Server Error");
    session.wait_for("the authorizer `keys`: the function's process ended: exit status: 3");
    session.wait_for("GET /key  [GET /key, keys]  500  ");
}

#[test]
fn the_function_answers_browsers_where_routes_differ() {
    let session = start("function-cors", "https://issuer.invalid", &[]);
    let asks = "origin: https://a.test\r\naccess-control-request-method: GET";
    let told = request(&session, "OPTIONS", "/shared", asks);
    assert_eq!((told.status, told.header("access-control-allow-origin")), (204, Some("https://a.test")));
    let shared = request(&session, "GET", "/shared", "origin: https://a.test");
    assert_eq!(shared.header("access-control-allow-origin"), Some("https://a.test"));
    let other = request(&session, "GET", "/shared", "origin: https://b.test");
    assert_eq!((other.text(), other.header("access-control-allow-origin")), ("shared", None));
}

#[test]
fn the_gateway_answers_browsers_where_all_routes_share_a_policy() {
    let session = Session::start_with("gateway-cors", "", &[], |source| {
        source.replace("#[chalice_rs::main]", "#[chalice_rs::main(cors = \"https://a.test\")]")
    });
    let asks = "origin: https://a.test\r\naccess-control-request-method: GET";
    let told = request(&session, "OPTIONS", "/hello/you", asks);
    assert_eq!((told.status, told.header("access-control-allow-origin")), (204, Some("https://a.test")));
    session.wait_for("OPTIONS /hello/you  [no route]  204  ");
    for path in ["/hello/you", "/nothing", "/exit"] {
        let answer = request(&session, "GET", path, "origin: https://a.test");
        assert_eq!(answer.header("access-control-allow-origin"), Some("https://a.test"), "{path}");
    }
}

#[test]
fn a_route_may_run_in_a_function_of_its_own() {
    let settings = "[functions.reports]\nmemory = 512\n";
    let session = Session::start_with("own-function", settings, &[], |_| source("https://issuer.invalid"));
    assert_eq!(get(&session, "/slow").json(), json!(["reports", "own-function-dev-reports", "512"]));
    let nowhere = get(&session, "/nowhere");
    assert_eq!((nowhere.status, nowhere.text()), (404, "no /nowhere"));
    session.wait_for("GET /nowhere  [$default]  404  ");
    let mut connection = crate::client::Connection::open(&session);
    connection.write("HEAD /shared HTTP/1.1\r\nhost: x\r\n\r\n");
    let head = connection.read_head();
    assert_eq!((head.status, head.header("content-length")), (200, Some("6")));
}

#[test]
fn a_flag_that_says_nothing_is_refused_with_what_to_write() {
    for (flag, value, words) in [
        ("--claims", "none.json", "cannot be read"),
        ("--claims", "{", "not a JSON object"),
        ("--authorizer", "keys=maybe", "`NAME=allow`, `NAME=deny`"),
        ("--iam", "me", "write `arn:aws:iam::123456789012:user/me`"),
    ] {
        let run = crate::session::run("flags", &[flag, value]);
        let stderr = String::from_utf8(run.stderr).unwrap();
        assert_eq!(run.status.code(), Some(3), "{stderr}");
        assert!(stderr.split_whitespace().collect::<Vec<_>>().join(" ").contains(words), "{stderr}");
    }
}

fn start(name: &str, issuer: &str, flags: &[&str]) -> Session {
    Session::start_with(name, "", flags, |_| source(issuer))
}

fn source(issuer: &str) -> String {
    include_str!("fixture/guarded.rs").replace("ISSUER", issuer)
}

fn request(session: &Session, method: &str, path: &str, headers: &str) -> Response {
    send(session, &format!("{method} {path} HTTP/1.1\r\nhost: x\r\n{headers}\r\n\r\n"))
}

fn with_token(session: &Session, path: &str, token: &str) -> Response {
    request(session, "GET", path, &format!("authorization: Bearer {token}"))
}

fn with_key(session: &Session, key: &str) -> Response {
    request(session, "GET", "/key", &format!("x-key: {key}"))
}

fn signed(session: &Session) -> Response {
    request(session, "GET", "/signed", "authorization: AWS4-HMAC-SHA256 Credential=x")
}

#[track_caller]
fn check_message(response: &Response, status: u16, message: &str) {
    assert_eq!((response.status, response.json()), (status, json!({ "message": message })));
}

#[track_caller]
fn check_token(response: &Response, words: &str) {
    check_message(response, 401, "Unauthorized");
    let challenge = response.header("www-authenticate").unwrap_or_default();
    assert!(challenge.contains(words), "{challenge}");
}
