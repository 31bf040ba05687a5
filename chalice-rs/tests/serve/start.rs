//! How the process starts, and how it ends.

use crate::host::{Lambda, app};

#[test]
fn outside_lambda_the_program_says_what_it_is() {
    let output = app(&[]).output().expect("the app runs");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2));
    assert!(text.contains("is a chalice-rs app") && text.contains("`cargo chalice local`"), "{text}");
}

#[track_caller]
fn check_failure(start: &str, kind: &str, words: &str) {
    let lambda = Lambda::start_with(&[("START", start)]);
    let mut slot = lambda.slot();
    let message = slot.receive();
    assert_eq!(message.line, "POST /2018-06-01/runtime/init/error HTTP/1.1");
    assert_eq!(message.header("lambda-runtime-function-error-type"), Some(kind));
    let body: serde_json::Value = serde_json::from_slice(&message.body).expect("JSON");
    assert_eq!(body["errorType"], kind);
    assert!(body["errorMessage"].as_str().expect("a message").contains(words), "{body}");
    slot.accept();
    lambda.log_line("the app did not start");
    assert_eq!(lambda.exit_code(), Some(1));
}

#[test]
fn a_main_that_fails_is_reported_as_an_init_error() {
    check_failure("error", "Runtime.StartFailed", "no database");
}

#[test]
fn a_mount_that_fails_is_reported_as_an_init_error() {
    check_failure("mount", "Runtime.StartFailed", "the mount `mounted` did not start");
    check_failure("mount", "Runtime.StartFailed", "no database for the mount");
}

#[test]
fn a_main_that_panics_is_reported_as_an_init_error() {
    check_failure("panic", "Runtime.StartPanicked", "panicked");
}

#[test]
fn a_runtime_api_that_cannot_be_reached_ends_the_process() {
    let lambda = Lambda::start_at(&[], |_| "127.0.0.1:1".to_owned());
    lambda.log_line("the Runtime API cannot be reached");
    assert_eq!(lambda.exit_code(), Some(1));
}

#[test]
fn an_address_that_is_none_ends_the_process() {
    let lambda = Lambda::start_at(&[], |_| "https://127.0.0.1:1".to_owned());
    lambda.log_line("`AWS_LAMBDA_RUNTIME_API` is `https://127.0.0.1:1`");
    assert_eq!(lambda.exit_code(), Some(1));
}
