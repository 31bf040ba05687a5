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

#[test]
fn routes_that_are_no_api_together_are_named_with_their_places() {
    let panic = catch_unwind(|| Client::new(App::new())).expect_err("a panic");
    let message = panic.downcast_ref::<String>().expect("a message");
    let file = file!();
    assert_eq!(
        *message,
        format!(
            "the app cannot be served:\n  `/x/<a>` and `/x/<b>` match the same requests: \
             `first` at {file}:8 and `second` at {file}:13\n    help: give the parameter the same name in both paths"
        )
    );
}
