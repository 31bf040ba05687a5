//! An app that `cargo chalice deploy` would refuse is refused by the test client in the same words.

use std::panic::catch_unwind;

use chalice_rs::prelude::*;
use chalice_rs::test::Client;

#[route("/x/<a>")]
fn first(a: String) -> String {
    a
}

#[route("/x/<b>", methods = ["POST"])]
fn second(b: String) -> String {
    b
}

#[error_handler]
fn oops() -> &'static str {
    "oops"
}

#[error_handler]
fn ouch() -> &'static str {
    "ouch"
}

#[test]
fn what_cannot_be_together_is_named_with_its_places() {
    let panic = catch_unwind(|| Client::new(App::new())).expect_err("a panic");
    let message = panic.downcast_ref::<String>().expect("a message");
    let file = file!();
    assert_eq!(
        *message,
        format!(
            "the app cannot be served:\n  `/x/<a>` and `/x/<b>` match the same requests: \
             `first` at {file}:8 and `second` at {file}:13\n    help: give the parameter the same name in both paths\n  \
             the app has two functions under `#[error_handler]`: `oops` at {file}:18 and `ouch` at {file}:23\n    \
             help: keep one of the two"
        )
    );
}
