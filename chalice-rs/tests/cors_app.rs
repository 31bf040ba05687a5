//! Pages of other sites, where the app has a policy and a route another, so that the function answers.

use chalice_rs::prelude::*;
use chalice_rs::test::{Answer, Client};
use serde_json::{Value, json};

#[get("/usual")]
fn usual() {}

#[get("/other/<id>", cors = "https://other.test")]
fn other(id: u8) -> String {
    id.to_string()
}

#[get("/closed", cors = false)]
fn closed() {}

#[not_found]
fn nowhere() -> &'static str {
    "nowhere"
}

mod program {
    use chalice_rs::prelude::*;

    #[chalice_rs::main(cors = "https://app.test")]
    async fn main() -> App {
        App::new()
    }
}

#[test]
fn a_route_has_the_policy_of_the_app_or_its_own() {
    check(&get("/usual", "https://app.test"), 200, Some("https://app.test"));
    check(&get("/usual", "https://other.test"), 200, None);
    check(&get("/other/1", "https://other.test"), 200, Some("https://other.test"));
    check(&get("/other/x", "https://other.test"), 400, Some("https://other.test"));
    check(&get("/other/1", "https://app.test"), 200, None);
    check(&get("/closed", "https://app.test"), 200, None);
}

#[test]
fn what_no_route_takes_has_the_policy_of_the_app() {
    let answer = get("/nothing", "https://app.test");
    check(&answer, 404, Some("https://app.test"));
    assert_eq!(answer.text(), "nowhere");
}

#[test]
fn each_path_has_a_preflight_of_its_own() {
    for (path, origin, told) in [
        ("/usual", "https://app.test", Some("https://app.test")),
        ("/other/1", "https://other.test", Some("https://other.test")),
        ("/other/1", "https://app.test", None),
    ] {
        let client = client();
        let asks =
            client.options(path).header("origin", origin).header("access-control-request-method", "GET");
        check(&asks.send(), 204, told);
    }
}

#[test]
fn where_api_gateway_chose_no_route_the_path_says_which_policy_it_is() {
    const APP: &str = "https://app.test";
    const OTHER: &str = "https://other.test";
    for (origin, method, path, status, is_told) in [
        (OTHER, "GET", "/other/1", 200, true),
        (OTHER, "HEAD", "/other/1", 200, true),
        // A page shall be able to read that it is a 405.
        (OTHER, "POST", "/other/1", 405, true),
        (OTHER, "OPTIONS", "/other/1", 204, true),
        (APP, "GET", "/other/1", 200, false),
        (APP, "GET", "/usual", 200, true),
        (OTHER, "GET", "/usual", 200, false),
        (APP, "GET", "/nothing", 404, true),
        (OTHER, "GET", "/nothing", 404, false),
        // Not by the app's policy either: that of a path without one is none.
        (APP, "GET", "/closed", 200, false),
        (APP, "POST", "/closed", 405, false),
        (APP, "OPTIONS", "/closed", 405, false),
    ] {
        let event = json!({
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": path,
            "headers": {"origin": origin, "access-control-request-method": "GET"},
            "requestContext": {
                "domainName": "id.lambda-url.eu-west-1.on.aws",
                "http": {"method": method, "path": path},
                "stage": "$default",
            },
        });
        let payload = client().invoke(event.to_string().as_bytes());
        let answer: Value = serde_json::from_slice(&payload).expect("JSON");
        let told = answer["headers"]["access-control-allow-origin"].as_str();
        assert_eq!(answer["statusCode"], status, "{origin} {method} {path}");
        assert_eq!(told, is_told.then_some(origin), "{origin} {method} {path}");
    }
}

fn client() -> Client {
    Client::new(App::new())
}

fn get(path: &str, origin: &str) -> Answer {
    client().get(path).header("origin", origin).send()
}

#[track_caller]
fn check(answer: &Answer, status: u16, origin: Option<&str>) {
    answer.assert_status(status);
    assert_eq!(answer.header("access-control-allow-origin"), origin, "{answer}");
}
