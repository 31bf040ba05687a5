//! `cargo chalice local`, as a user has it: the real command, a real app, HTTP over a socket.

#![expect(unreachable_pub, reason = "in a program, `pub` says that other files use it")]

mod client;
mod conformance;
mod guarded;
mod issuer;
mod session;

use std::thread;
use std::time::{Duration, Instant};

use client::{Connection, get, send};
use serde_json::{Value, json};
use session::Session;

#[test]
fn requests_are_answered_as_on_aws() {
    let session = Session::start("requests", "", &[]);

    let hello = get(&session, "/hello/you");
    assert_eq!((hello.status, hello.text()), (200, r#"{"hello":"you"}"#));
    assert_eq!(hello.header("content-type"), Some("application/json"));
    assert!(hello.header("apigw-requestid").is_some() && hello.header("date").is_some());

    let escaped = get(&session, "/hello/%E2%98%95%20you?a=%20b");
    assert_eq!(escaped.json(), json!({"hello": "☕ you"}));

    let note = send(
        &session,
        "POST /notes HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 7\r\n\r\n{\"a\":1}",
    );
    assert_eq!((note.status, note.json()), (201, json!({"a": 1})));

    assert_eq!((get(&session, "/nothing").status, get(&session, "/notes").status), (404, 404));
    assert_eq!(get(&session, "/nothing").text(), r#"{"message":"Not Found"}"#);

    let event = get(&session, "/event?a=1&a=2").json();
    assert_eq!(event["rawQueryString"], "a=1&a=2");
    assert_eq!(event["headers"]["host"], session.address.to_string());
    assert_eq!(event["requestContext"]["http"]["sourceIp"], "127.0.0.1");

    session.wait_for("GET /hello/you  [GET /hello/{name}]  200  ");
    session.wait_for("GET /nothing  [no route]  404  ");
}

#[test]
fn all_of_http_is_spoken() {
    let session = Session::start("http", "", &[]);

    let mut connection = Connection::open(&session);
    for name in ["a", "b"] {
        connection.write(&format!("GET /hello/{name} HTTP/1.1\r\nhost: x\r\n\r\n"));
        assert_eq!(connection.read().json(), json!({ "hello": name }));
    }
    connection.write("HEAD /hello/you HTTP/1.1\r\nhost: x\r\n\r\n");
    let head = connection.read_head();
    assert_eq!((head.status, head.header("content-length")), (200, Some("15")));
    connection.write("GET /hello/c HTTP/1.1\r\nhost: x\r\n\r\n");
    assert_eq!(connection.read().json(), json!({"hello": "c"}));

    let chunked = "POST /notes HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
                   transfer-encoding: chunked\r\n\r\n3\r\n{\"a\r\n4\r\n\":1}\r\n0\r\n\r\n";
    connection.write(chunked);
    assert_eq!(connection.read().json(), json!({"a": 1}));

    connection.write(
        "POST /notes HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 7\r\n\
         expect: 100-continue\r\n\r\n",
    );
    assert_eq!(connection.read_head().status, 100);
    connection.write("{\"a\":1}");
    assert_eq!(connection.read().status, 201);

    let old = send(&session, "GET /hello/old HTTP/1.0\r\n\r\n");
    assert_eq!((old.status, old.json()), (200, json!({"hello": "old"})));
}

#[test]
fn what_is_too_large_or_no_http_is_refused_and_harms_nobody() {
    let session = Session::start("refusals", "", &[]);

    let long = "x".repeat(11_000);
    let refused = send(&session, &format!("GET /hello/you HTTP/1.1\r\nhost: x\r\nx: {long}\r\n\r\n"));
    assert_eq!(refused.status, 431);

    for size in [7 << 20, 11 << 20] {
        let mut connection = Connection::open(&session);
        let head = format!("POST /notes HTTP/1.1\r\nhost: x\r\ncontent-length: {size}\r\n\r\n");
        connection.write(&head);
        connection.write(&"x".repeat(size));
        let refused = connection.read();
        assert_eq!((refused.status, refused.text()), (413, r#"{"message":"Request Entity Too Large"}"#));
    }

    for nonsense in
        ["nonsense\r\n\r\n", "GET\r\n\r\n", "\0\0\0\0\r\n\r\n", "GET /hello/x HTTP/1.1\r\n: x\r\n\r\n"]
    {
        assert_eq!(send(&session, nonsense).status, 400, "{nonsense:?}");
    }
    drop(Connection::open(&session));
    let mut half = Connection::open(&session);
    half.write("POST /notes HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{");
    drop(half);
    assert_eq!(get(&session, "/hello/you").status, 200);
}

#[test]
fn a_function_that_fails_is_a_500_and_the_next_request_is_fine() {
    let session = Session::start("failures", "timeout = 1\n", &[]);
    let pid = get(&session, "/pid").text().to_owned();

    let panicked = get(&session, "/panic");
    assert_eq!(panicked.status, 500);
    assert_eq!(get(&session, "/pid").text(), pid, "a panic ends one request and not the process");
    session.wait_for("on purpose");

    let ended = get(&session, "/exit");
    assert_eq!((ended.status, ended.text()), (500, r#"{"message":"Internal Server Error"}"#));
    session.wait_for("the function's process ended: exit status: 3");
    assert_ne!(get(&session, "/pid").text(), pid);

    let begun = Instant::now();
    let timed_out = get(&session, "/for-ever");
    assert_eq!((timed_out.status, timed_out.text()), (500, r#"{"message":"Internal Server Error"}"#));
    assert!((1..30).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
    session.wait_for("the function timed out after 1 s and was ended");
    assert_eq!(get(&session, "/hello/you").status, 200);
}

#[test]
fn the_gateway_waits_30_seconds_and_no_longer() {
    let session = Session::start("patience", "timeout = 60\n", &[]);
    let begun = Instant::now();
    let refused = get(&session, "/for-ever");
    assert_eq!((refused.status, refused.text()), (503, r#"{"message":"Service Unavailable"}"#));
    assert!((30..55).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
}

#[test]
fn the_function_finds_what_lambda_gives_it() {
    let settings = "timeout = 9\nmemory = 256\nregion = \"eu-west-1\"\n[environment]\nGREETING = \"hi\"\n";
    let session = Session::start("variables", settings, &["--stage", "prod"]);
    let answer = get(&session, "/variables").json();
    let variable = |name: &str| answer["variables"][name].as_str().unwrap_or_default().to_owned();
    assert_eq!(variable("AWS_LAMBDA_FUNCTION_NAME"), "variables-prod");
    assert_eq!(variable("AWS_LAMBDA_FUNCTION_VERSION"), "$LATEST");
    assert_eq!(variable("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"), "256");
    assert_eq!(variable("AWS_LAMBDA_LOG_GROUP_NAME"), "/aws/lambda/variables-prod");
    assert!(variable("AWS_LAMBDA_LOG_STREAM_NAME").contains("/[$LATEST]"));
    assert_eq!(variable("AWS_REGION"), "eu-west-1");
    assert_eq!(variable("GREETING"), "hi");
    assert!(variable("AWS_LAMBDA_RUNTIME_API").starts_with("127.0.0.1:"));
    assert_eq!(answer["function_arn"], "arn:aws:lambda:eu-west-1:123456789012:function:variables-prod");
    let request = "GET /variables HTTP/1.1\r\nhost: x\r\nx-amzn-trace-id: Root=1-0-7\r\n\r\n";
    assert_eq!(send(&session, request).json()["trace_id"], "Root=1-0-7");
    let remaining = answer["remaining"].as_u64().expect("a deadline");
    assert!((1..=9_000).contains(&remaining), "{remaining} ms");
}

#[test]
fn requests_are_worked_on_side_by_side() {
    let session = Session::start("concurrency", "", &["--concurrency", "2"]);
    thread::scope(|scope| {
        let a = scope.spawn(|| get(&session, "/meet/a/b"));
        let b = scope.spawn(|| get(&session, "/meet/b/a"));
        assert_eq!(a.join().unwrap().text(), "a met b");
        assert_eq!(b.join().unwrap().text(), "b met a");
    });
}

#[test]
fn with_one_process_a_request_waits_for_the_other() {
    let session = Session::start("one", "", &["--concurrency", "1"]);
    let pids: Vec<String> = thread::scope(|scope| {
        let threads: Vec<_> =
            (0..8).map(|_| scope.spawn(|| get(&session, "/pid").text().to_owned())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(pids.iter().all(|pid| *pid == pids[0]), "{pids:?}");
}

#[test]
fn saved_code_is_served_and_broken_code_is_answered_with_the_compilers_message() {
    let session = Session::start("reload", "", &[]);
    assert_eq!(get(&session, "/hello/you").text(), r#"{"hello":"you"}"#);

    session.edit("src/main.rs", r#"{ "hello": name }"#, r#"{ "hallo": name }"#);
    session.wait_until_served();
    assert_eq!(get(&session, "/hello/you").text(), r#"{"hallo":"you"}"#);

    session.edit("src/main.rs", r#"{ "hallo": name }"#, r#"{ "hallo": nobody }"#);
    session.wait_for("every request is answered with this until it is mended");
    let broken = get(&session, "/hello/you");
    assert_eq!(broken.status, 502);
    assert_eq!(broken.header("content-type"), Some("text/plain; charset=utf-8"));
    assert!(broken.text().contains("cannot find value `nobody` in this scope"), "{}", broken.text());
    assert!(broken.text().contains("src/main.rs:11:"), "{}", broken.text());
    assert!(!broken.text().contains('\u{1b}'));
    let page = send(&session, "GET /any HTTP/1.1\r\nhost: x\r\naccept: text/html\r\n\r\n");
    assert_eq!((page.status, page.header("content-type")), (502, Some("text/html; charset=utf-8")));
    assert!(page.text().contains("cannot find value `nobody` in this scope"));

    session.edit("src/main.rs", r#"{ "hallo": nobody }"#, r#"{ "again": name }"#);
    session.wait_until_served();
    assert_eq!(get(&session, "/hello/you").text(), r#"{"again":"you"}"#);
}

#[test]
fn the_old_build_is_served_until_the_new_one_is_there() {
    let session = Session::start("gate", "", &[]);
    // From now on a build takes as long as the test wants.
    session.write(
        "build.rs",
        "fn main() {
             while std::path::Path::new(\"closed\").exists() {
                 std::thread::sleep(std::time::Duration::from_millis(5));
             }
         }",
    );
    session.write("closed", "");
    session.edit("src/main.rs", r#""hello": name"#, r#""hallo": name"#);
    session.wait_for("`main.rs` changed: building");
    assert_eq!(get(&session, "/hello/you").text(), r#"{"hello":"you"}"#);
    session.remove("closed");
    session.wait_until_served();
    assert_eq!(get(&session, "/hello/you").text(), r#"{"hallo":"you"}"#);

    // There is nothing to serve after broken code: a request waits for the code that mends it.
    session.edit("src/main.rs", r#""hallo": name"#, r#""hallo": nobody"#);
    session.wait_for("every request is answered with this until it is mended");
    session.write("closed", "");
    session.edit("src/main.rs", r#""hallo": nobody"#, r#""again": name"#);
    session.wait_for("`main.rs` changed: building");
    thread::scope(|scope| {
        let waiting = scope.spawn(|| get(&session, "/hello/you"));
        session.remove("closed");
        assert_eq!(waiting.join().unwrap().text(), r#"{"again":"you"}"#);
    });
}

#[test]
fn an_app_that_does_not_start_is_a_500_with_the_reason_in_the_log() {
    let session = Session::start_with("unready", "", &[], |source| {
        source.replace("App::new()\n", "panic!(\"no app\")\n")
    });
    for _ in 0..2 {
        let refused = get(&session, "/hello/you");
        assert_eq!((refused.status, refused.text()), (500, r#"{"message":"Internal Server Error"}"#));
        session.wait_for("the function cannot start: ");
    }
    session.edit("src/main.rs", "panic!(\"no app\")", "App::new()");
    session.wait_until_served();
    assert_eq!(get(&session, "/hello/you").status, 200);
}

#[test]
fn a_new_route_and_a_new_file_are_served() {
    let session = Session::start("routes", "", &[]);
    assert_eq!(get(&session, "/new").status, 404);
    session.edit("src/main.rs", "use std::path::Path;", "mod new;\nuse std::path::Path;");
    session.wait_for("every request is answered with this until it is mended");
    session
        .write("src/new.rs", "#[chalice_rs::route(\"/new\")]\nfn new() -> String { \"new\".to_owned() }\n");
    session.wait_until_served();
    assert_eq!(get(&session, "/new").text(), "new");
}

#[test]
fn a_folder_of_code_may_be_replaced() {
    let session = Session::start("replaced", "", &[]);
    session.rename("src", "other");
    session.wait_for("every request is answered with this until it is mended");
    assert_eq!(get(&session, "/hello/you").status, 502);
    session.rename("other", "src");
    session.wait_until_served();
    assert_eq!(get(&session, "/hello/you").status, 200);
    session.edit("src/main.rs", r#""hello": name"#, r#""hallo": name"#);
    session.wait_until_served();
    assert_eq!(get(&session, "/hello/you").text(), r#"{"hallo":"you"}"#);
}

#[test]
fn routes_that_are_no_api_together_are_answered_with_the_reason() {
    let session = Session::start("conflict", "", &[]);
    session.edit("src/main.rs", "#[route(\"/pid\")]", "#[route(\"/hello/<other>\")]");
    session.edit("src/main.rs", "fn pid()", "fn pid(other: String)");
    session.wait_for("match the same requests");
    let broken = get(&session, "/hello/you");
    assert_eq!(broken.status, 502);
    assert!(broken.text().contains("give the parameter the same name in both paths"), "{}", broken.text());
}

#[test]
fn a_saved_setting_is_used() {
    let session = Session::start("settings", "[environment]\nGREETING = \"hi\"\n", &[]);
    let greeting = || get(&session, "/variables").json()["variables"]["GREETING"].clone();
    assert_eq!(greeting(), "hi");
    session.write("Chalice.toml", "[environment]\nGREETING = \"ho\"\n");
    session.wait_until_served();
    assert_eq!(greeting(), "ho");

    assert!(!get(&session, "/panic").text().contains("on purpose"), "no cause is sent without `debug`");
    session.write("Chalice.toml", "debug = true\n");
    session.wait_until_served();
    let told = get(&session, "/panic").json()["Causes"][0].clone();
    assert!(told.as_str().is_some_and(|cause| cause.contains("src/main.rs:")), "{told}");

    session.write("Chalice.toml", "timeuot = 1\n");
    session.wait_for("every request is answered with this until it is mended");
    let broken = get(&session, "/hello/you");
    assert_eq!(broken.status, 502);
    assert!(broken.text().contains("timeuot") && broken.text().contains("did you mean"), "{}", broken.text());

    session.write("Chalice.toml", "");
    session.wait_until_served();
    assert_eq!(get(&session, "/variables").json()["variables"]["GREETING"], Value::Null);
}

#[test]
fn what_the_app_writes_is_no_reason_to_build() {
    let session = Session::start("writes", "", &["--concurrency", "2"]);
    thread::scope(|scope| {
        scope.spawn(|| get(&session, "/meet/a/b"));
        scope.spawn(|| get(&session, "/meet/b/a"));
    });
    session.write("src/data.log", "written by the app");
    session.edit("src/main.rs", r#""hello": name"#, r#""hallo": name"#);
    session.wait_until_served();
    let changes: Vec<String> = session
        .stderr()
        .lines()
        .filter(|line| line.contains("changed: building"))
        .map(str::to_owned)
        .collect();
    assert_eq!(changes, ["`main.rs` changed: building"]);
}

#[test]
fn code_that_does_not_compile_at_the_start_is_served_once_it_does() {
    let session = Session::start_with("start", "", &[], |source| source.replace("fn pid()", "fn pid("));
    let broken = get(&session, "/hello/you");
    assert_eq!(broken.status, 502);
    assert!(broken.text().contains("error"), "{}", broken.text());
    session.edit("src/main.rs", "fn pid(", "fn pid()");
    session.wait_until_served();
    assert_eq!(get(&session, "/hello/you").status, 200);
}

#[cfg(unix)]
#[test]
fn no_process_is_left_behind_however_it_ends() {
    use rustix::process::Signal;

    for (name, signal) in [("ctrl-c", Signal::INT), ("terminate", Signal::TERM), ("kill", Signal::KILL)] {
        let mut session = Session::start(name, "", &["--concurrency", "2"]);
        thread::scope(|scope| {
            scope.spawn(|| get(&session, "/meet/a/b"));
            scope.spawn(|| get(&session, "/meet/b/a"));
        });
        session.send(signal);
        // The processes of the app write to the same pipe: it ends with the last of them.
        session.wait_for_end_of_all(Duration::from_secs(60));
        let code = session.exit_code();
        assert_eq!(code, if signal == Signal::KILL { None } else { Some(130) }, "{name}");
    }
}

#[test]
fn a_port_that_is_taken_is_an_error_that_names_a_way_out() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let run = session::run("taken", &["--port", &port]);
    assert_eq!(run.status.code(), Some(1));
    let stderr = String::from_utf8(run.stderr).unwrap();
    assert!(stderr.contains(&format!("cannot listen on 127.0.0.1:{port}")), "{stderr}");
    assert!(stderr.contains("`--port 0` takes one that is free"), "{stderr}");
    assert_eq!(run.stdout, b"");
}
