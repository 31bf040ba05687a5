//! `Headers`, `Header<T>`, `HeaderMap` and `Cookies`.

use chalice_rs::prelude::*;
use chalice_rs::test::Answer;
use chalice_rs::{Bearer, FromHeader, HeaderMap};

use crate::{check, client};

#[route("/headers")]
fn headers(headers: Headers<'_>) -> String {
    let probes: Vec<&str> = headers.list("X-Probe").collect();
    format!(
        "{:?} {probes:?} {} {}",
        headers.get("X-Name"),
        headers.contains("x-absent"),
        headers.iter().any(|header| header == ("x-name", "é"))
    )
}

#[test]
fn headers_are_found_whatever_their_case_and_lists_are_taken_apart() {
    let client = client();
    check(client.get("/headers").send(), "200 None [] false false");
    let request =
        client.get("/headers").header("X-NAME", "é").header("x-probe", "a, b,").header("X-Probe", "c");
    check(request.send(), r#"200 Some("é") ["a", "b", "c"] false true"#);
}

#[route("/headers/map")]
fn map(headers: HeaderMap) -> String {
    let text =
        |name: &str| headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    format!("{:?} {:?} {:?}", text("x-name"), text("cookie"), text("host"))
}

#[test]
fn a_header_map_has_the_cookies_again() {
    let client = client();
    let request = client.get("/headers/map").header("x-name", "é").header("cookie", "a=1; b=2");
    check(request.send(), r#"200 Some("é") Some("a=1; b=2") Some("localhost")"#);
    check(client.get("/headers/map").send(), r#"200 None None Some("localhost")"#);
}

struct Version(u32);

impl<'r> FromHeader<'r> for Version {
    fn name() -> &'static str {
        "X-Api-Version"
    }

    fn from_header(value: &'r str) -> Result<Self, String> {
        value.parse().map(Self).map_err(|error| format!("{error}"))
    }
}

#[route("/headers/version")]
fn version(Header(Version(version)): Header<Version>) -> String {
    version.to_string()
}

#[route("/headers/optional")]
fn optional(version: Option<Header<Version>>) -> String {
    version.map_or("none".to_owned(), |Header(Version(version))| version.to_string())
}

#[test]
fn a_header_that_is_missing_and_one_that_is_wrong_are_told_apart() {
    let get = |path: &str, value: &str| client().get(path).header("x-api-version", value).send();
    let invalid = "400 BadRequestError: header `X-Api-Version`: invalid digit found in string";
    check(get("/headers/version", "2"), "200 2");
    check(get("/headers/version", "two"), invalid);
    check(client().get("/headers/version").send(), "400 BadRequestError: header `X-Api-Version` is missing");
    check(get("/headers/optional", "2"), "200 2");
    check(get("/headers/optional", "two"), invalid);
    check(client().get("/headers/optional").send(), "200 none");
}

#[route("/headers/bearer")]
fn bearer(Header(Bearer(token)): Header<Bearer<'_>>) -> String {
    token.to_owned()
}

#[test]
fn who_shows_no_token_is_told_how() {
    let get = |value: &str| client().get("/headers/bearer").header("authorization", value).send();
    check(get("Bearer abc"), "200 abc");
    check(get("bearer  abc=="), "200 abc==");
    let check_refused = |answer: Answer, message: &str| {
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        check(answer, &format!("401 UnauthorizedError: header `authorization`{message}"));
    };
    check_refused(client().get("/headers/bearer").send(), " is missing");
    for wrong in ["Basic abc", "Bearer", "Bearerabc"] {
        check_refused(get(wrong), ": expected `Bearer` and a token");
    }
}

#[test]
fn a_token_is_not_shown_by_debug() {
    assert_eq!(format!("{:?}", Header(Bearer("secret"))), "Header(Bearer(..))");
}

#[cfg(feature = "headers")]
mod typed {
    use headers::{Authorization, Origin, UserAgent, authorization};

    use super::*;

    #[route("/headers/typed")]
    fn typed(agent: Header<UserAgent>, origin: Option<Header<Origin>>) -> String {
        format!("{} {:?}", agent.0, origin.map(|Header(origin)| origin.hostname().to_owned()))
    }

    #[route("/headers/basic")]
    fn basic(Header(Authorization(basic)): Header<Authorization<authorization::Basic>>) -> String {
        format!("{}:{}", basic.username(), basic.password())
    }

    #[test]
    fn the_types_of_the_crate_headers_are_headers() {
        let get = |agent: &str| client().get("/headers/typed").header("user-agent", agent).send();
        check(get("curl/8"), "200 curl/8 None");
        check(client().get("/headers/typed").send(), "400 BadRequestError: header `user-agent` is missing");
        let basic = |value: &str| client().get("/headers/basic").header("authorization", value).send();
        check(basic("Basic YTpi"), "200 a:b");
        check(basic("Basic *"), "400 BadRequestError: header `authorization`: invalid HTTP header");
    }
}

#[route("/cookies")]
fn cookies(cookies: Cookies<'_>, request: &Request<'_>) -> String {
    assert_eq!(cookies.get("a"), request.cookie("a"));
    let all: Vec<_> = cookies.iter().collect();
    format!("{:?} {all:?}", cookies.get("a"))
}

#[test]
fn cookies_come_one_by_one_without_their_quotes() {
    let get = |cookie: &str| client().get("/cookies").header("cookie", cookie).send();
    check(client().get("/cookies").send(), "200 None []");
    check(get("a=1; b=\"two words\""), r#"200 Some("1") [("a", "1"), ("b", "two words")]"#);
    check(get("a=1=2;  a=3 ;;A=%20"), r#"200 Some("1=2") [("a", "1=2"), ("a", "3"), ("A", "%20")]"#);
    check(get("flag; =x; q=\""), r#"200 None [("flag", ""), ("", "x"), ("q", "\"")]"#);
}
