//! An app that `cargo chalice deploy` would refuse is refused by the test client in the same words.

use std::panic::{UnwindSafe, catch_unwind};

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

mod one {
    #[chalice_rs::main]
    fn main() -> chalice_rs::App {
        chalice_rs::App::new()
    }
}

mod two {
    #[chalice_rs::main]
    async fn main() -> chalice_rs::App {
        chalice_rs::App::new()
    }
}

#[test]
fn what_cannot_be_together_is_named_with_its_places() {
    let file = file!();
    assert_eq!(
        refused(|| Client::new(App::new())),
        format!(
            "the app cannot be served:\n  `/x/<a>` and `/x/<b>` match the same requests: \
             `first` at {file}:8 and `second` at {file}:13\n    help: give the parameter the same name in both paths\n  \
             the app has two functions under `#[error_handler]`: `oops` at {file}:18 and `ouch` at {file}:23\n    \
             help: keep one of the two"
        )
    );
}

#[test]
fn one_of_two_mains_is_not_chosen_by_chance() {
    let message = refused(Client::from_main);
    assert!(message.starts_with("there are several functions under `#[chalice_rs::main]`"), "{message}");
}

#[track_caller]
fn refused(make: impl FnOnce() -> Client + UnwindSafe) -> String {
    let panic = catch_unwind(make).expect_err("a panic");
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).expect("a message")
}
