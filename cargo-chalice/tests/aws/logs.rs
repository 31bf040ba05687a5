//! `logs` and `invoke`.
//!
//! What only AWS could show: functions that log JSON because their log format is JSON (MiniStack stores the setting and
//! does not pass it on, so they log text here), lines that appear while a call still runs, pages, and lines that come late; the reader's own
//! tests have those.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::app::App;
use crate::support::http;
use crate::support::local_aws::LocalAws;
use crate::support::proxy::{How, Proxy, When, Which};
use crate::support::tool::{Run, Tool};

/// The app, deployed.
fn deployed() -> (Tool, Proxy, String) {
    let proxy = Proxy::start();
    let tool = Tool::through(&proxy, &App::hello());
    let url = tool.deploy().good().last_line().to_owned();
    (tool, proxy, url)
}

#[test]
fn logs_shows_what_was_logged_and_each_line_once() {
    let (tool, _proxy, url) = deployed();
    let nothing = tool.succeed(&["logs"]);
    assert_eq!(nothing.stdout, "");
    assert!(nothing.stderr.contains("Nothing was logged"), "{}", nothing.stderr);

    for name in ["ann", "bob"] {
        assert_eq!(http::get_as(&tool.account.0, &format!("{url}hello/{name}")).status(), 200);
    }
    assert_eq!(http::get_as(&tool.account.0, &format!("{url}panics")).status(), 500);
    let logs = tool.succeed(&["logs"]);
    let lines: Vec<&str> = logs.stdout.lines().collect();
    let of = |words: &str| lines.iter().filter(|line| line.contains(words)).count();
    assert_eq!((of("INFO  said hello to ann"), of("INFO  said hello to bob")), (1, 1), "{}", logs.stdout);
    assert_eq!(of("on purpose"), 1, "{}", logs.stdout);
    assert!(of("ERROR") >= 1 && of("requestId=") == lines.len(), "{}", logs.stdout);
    assert!(lines.iter().all(|line| line.contains("Z ")), "every line has a time: {}", logs.stdout);
    assert!(!logs.stdout.contains('\u{1b}'), "no colours in a pipe");
    assert_eq!(of("START RequestId"), 0);

    let platform = tool.succeed(&["logs", "--platform"]);
    assert!(platform.stdout.contains("START RequestId"), "{}", platform.stdout);
    let filtered = tool.succeed(&["logs", "--filter", "bob"]);
    assert!(filtered.stdout.contains("bob") && !filtered.stdout.contains("ann"), "{}", filtered.stdout);
    let named = tool.succeed(&["logs", "--function", "hello", "--since", "1h"]);
    assert_eq!(named.stdout, logs.stdout);
    assert_eq!(tool.succeed(&["logs", "--since", "2999-01-01T00:00:00Z"]).stdout, "");

    let records = tool.succeed(&["logs", "--json"]).json();
    let is_ann = |record: &&Value| record["message"].as_str().unwrap().contains("said hello to ann");
    let said = records.iter().find(is_ann).unwrap();
    assert_eq!(said["function"], "hello-dev");
    assert!(said["timestamp"].as_str().unwrap().ends_with('Z'), "{said}");
    tool.delete().good();
}

#[test]
fn follow_shows_new_lines_as_they_come_and_ends_well_on_ctrl_c() {
    let (tool, proxy, url) = deployed();
    let mut child = tool.command(&["logs", "--follow"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for name in ["one", "two"] {
        http::get_as(&tool.account.0, &format!("{url}hello/{name}"));
        let line = lines.next().unwrap().unwrap();
        assert!(line.contains(&format!("said hello to {name}")), "{line}");
    }
    let pid = rustix::process::Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(lines.count(), 0, "nothing was shown twice");
    let looks = proxy.log().iter().filter(|entry| entry.call.operation == "FilterLogEvents").count();
    assert!(looks < 60, "{looks} looks: it does not pause");
    tool.delete().good();
}

#[test]
fn follow_ends_when_nobody_reads_it_any_more() {
    let (tool, _proxy, url) = deployed();
    let mut child = tool.command(&["logs", "--follow"]).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    http::get_as(&tool.account.0, &format!("{url}hello/nobody"));
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn logs_of_what_is_not_deployed_and_times_that_are_none_are_errors() {
    let app = App::hello();
    let proxy = Proxy::start();
    let tool = Tool::through(&proxy, &app);
    let run = tool.run(&["logs"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("`hello-dev` has no logs: it is not deployed"), "{}", run.stderr);
    let run = tool.run(&["logs", "--function", "tick"]);
    assert!(run.stderr.contains("`hello-dev-tick` has no logs"), "{}", run.stderr);
    let run = tool.run(&["logs", "--since", "yesterday"]);
    assert_eq!(run.code, Some(3));
    assert!(run.stderr.contains("write it as 90s, 30m"), "{}", run.stderr);
}

#[test]
fn the_groups_of_other_stages_and_apps_are_not_shown() {
    let (tool, _proxy, _) = deployed();
    let witness = &LocalAws::shared().witness;
    let now = jiff::Timestamp::now().as_millisecond();
    let log = |function: &str, tags: Value| {
        let group = format!("/aws/lambda/{function}");
        let call =
            |operation: &str, input: Value| drop(witness.call(&tool.account, "logs", operation, &input));
        call("create_log_group", json!({ "logGroupName": group, "tags": tags }));
        call("create_log_stream", json!({ "logGroupName": group, "logStreamName": "s" }));
        let events = json!([{ "timestamp": now, "message": format!("from {function}") }]);
        call("put_log_events", json!({ "logGroupName": group, "logStreamName": "s", "logEvents": events }));
    };
    log("hello-dev-tick", json!({ "chalice:app": "hello", "chalice:stage": "dev" }));
    log("hello-dev-x", json!({ "chalice:app": "hello", "chalice:stage": "dev-x" }));
    log("hello-dev2", json!({ "chalice:app": "hello", "chalice:stage": "dev2" }));
    log("hello-dev-by-hand", json!({}));
    let shown = tool.succeed(&["logs"]).stdout;
    assert!(shown.contains("hello-dev-tick from hello-dev-tick"), "{shown}");
    assert_eq!(shown.lines().count(), 1, "{shown}");
    let named = tool.succeed(&["logs", "--function", "tick"]).stdout;
    assert!(named.contains("from hello-dev-tick"), "{named}");
}

#[test]
fn invoke_calls_the_function_that_is_live() {
    let (tool, proxy, _) = deployed();
    let hello = tool.succeed(&["invoke", "--path", "/hello/you?x=1"]);
    assert_eq!(hello.stdout, "{\"hello\":\"you\"}\n");
    assert!(hello.stderr.contains("HTTP 200"), "{}", hello.stderr);
    let order = tool.succeed(&["invoke", "hello", "--path", "/orders/7", "--method", "DELETE", "--logs"]);
    assert_eq!(order.stdout, "order 7\n");
    let answer = tool.succeed(&["invoke", "--path", "/hello/you", "--json", "--logs"]);
    assert_eq!(answer.json()[0]["statusCode"], 200);
    assert!(answer.stderr.contains("INFO  said hello to you"), "{}", answer.stderr);
    let panics = tool.succeed(&["invoke", "--path", "/panics"]);
    assert!(panics.stderr.contains("HTTP 500"), "a panic is an answer, not an end: {}", panics.stderr);
    let exits = tool.run(&["invoke", "--path", "/panics?exit"]);
    assert_eq!(exits.code, Some(1), "{}", exits.stderr);
    assert!(exits.stderr.contains("Runtime.ExitError"), "{}", exits.stderr);
    let call = proxy.log().into_iter().find(|entry| entry.call.operation == "Invoke").unwrap().call;
    assert_eq!(call.text("Qualifier"), "live");

    // The event as it is, from the command line, a file and standard input.
    let event = r#"{"version":"2.0","routeKey":"GET /hello/{name}","rawPath":"/hello/me","pathParameters":{"name":"me"},"requestContext":{"http":{"method":"GET","path":"/hello/me"}},"isBase64Encoded":false}"#;
    let whole = tool.succeed(&["invoke", "--payload", event]);
    assert_eq!(whole.json()[0]["body"], r#"{"hello":"me"}"#);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), event).unwrap();
    let named = format!("@{}", file.path().display());
    assert_eq!(tool.succeed(&["invoke", "--payload", &named]).stdout, whole.stdout);
    let mut child = tool
        .command(&["invoke", "--payload", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(event.as_bytes()).unwrap();
    assert_eq!(Run::from(child.wait_with_output().unwrap()).stdout, whole.stdout);

    let function = How::Error { status: 429, code: "TooManyRequestsException", message: "Rate Exceeded" };
    proxy.forget();
    proxy.fault(Which::FirstOf("Invoke", 1), When::Before, function);
    assert_eq!(tool.succeed(&["invoke", "--path", "/orders/7"]).stdout, "order 7\n", "throttled once");
    proxy.forget();
    proxy.fault(Which::Operation("Invoke"), When::After, How::Slow(Duration::from_millis(10)));
    tool.succeed(&["invoke", "--path", "/orders/7"]);
    tool.delete().good();
}

#[test]
fn invoke_says_what_is_wrong_with_the_payload_the_name_or_the_function() {
    let app = App::hello();
    let proxy = Proxy::start();
    let tool = Tool::through(&proxy, &app);
    let check = |args: &[&str], code: i32, words: &str| {
        let run = tool.run(args);
        assert_eq!(run.code, Some(code), "{}", run.stderr);
        assert!(run.stderr.contains(words), "{}", run.stderr);
    };
    check(&["invoke"], 3, "--payload");
    check(&["invoke", "--payload", "{not json"], 3, "--payload is not JSON");
    check(&["invoke", "--payload", "@nothing.json"], 3, "cannot read nothing.json");
    check(&["invoke", "--payload", "{}", "--path", "/"], 3, "cannot be used with");
    check(&["invoke", "--payload", "{}"], 1, "`hello-dev` is not deployed");
    check(&["invoke", "tick", "--payload", "{}"], 1, "`hello-dev-tick` is not deployed");
}
