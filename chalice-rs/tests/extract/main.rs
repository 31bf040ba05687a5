//! What each extractor makes of a request, and what it says when it makes nothing of it: through the test
//! client, one file an area.

mod body;
mod form;
mod headers;
mod multipart;
mod optional;
mod query;
mod request;

use chalice_rs::App;
use chalice_rs::test::{Answer, Client};

fn client() -> Client {
    Client::new(App::new())
}

/// The answer as `status body`, an error as `status Code: Message`.
#[track_caller]
fn check(answer: Answer, expected: &str) {
    let status = answer.status().as_u16();
    let found = if answer.status().is_success() {
        format!("{status} {}", answer.text())
    } else {
        assert_eq!(answer.header("content-type"), Some("application/json"));
        let error: serde_json::Value = answer.json();
        let text = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
        format!("{status} {}: {}", text("Code"), text("Message"))
    };
    assert_eq!(found, expected);
}
