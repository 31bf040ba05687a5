//! The Runtime API's own odds and ends.

use std::net::TcpListener;

use crate::host::{Answer, Lambda, request};
use chalice_rs_wire::http_v2::encode_request;

fn event() -> Vec<u8> {
    encode_request(&request("GET /hello/{name}", "/hello/you", &[("name", "you")]))
}

#[test]
fn one_connection_serves_one_invocation_after_another() {
    let lambda = Lambda::start();
    let mut slot = lambda.slot();
    for _ in 0..5 {
        slot.still_serves();
    }
}

#[test]
fn the_address_may_be_a_url_with_a_path() {
    let lambda = Lambda::start_at(&[], |port| format!("http://127.0.0.1:{port}/.rt/hello"));
    let mut slot = lambda.slot();
    let next = slot.receive();
    assert_eq!(next.line, "GET /.rt/hello/2018-06-01/runtime/invocation/next HTTP/1.1");
    assert!(next.header("host").expect("a host").starts_with("127.0.0.1:"));
}

#[test]
fn a_chunked_event_that_comes_in_pieces_is_put_together() {
    let lambda = Lambda::start();
    let mut slot = lambda.slot();
    for size in [1, 7, 100, 100_000] {
        slot.receive();
        slot.send(
            "HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: x\r\nTransfer-Encoding: chunked\r\n\r\n",
        );
        for piece in event().chunks(size) {
            slot.send(format!("{:x}\r\n", piece.len()));
            slot.send(piece);
            slot.send("\r\n");
        }
        slot.send("0\r\n\r\n");
        let message = slot.receive();
        slot.accept();
        assert_eq!(Answer::from_payload(&message.body).body, r#"{"hello":"you"}"#);
    }
    slot.still_serves();
}

#[test]
fn an_event_of_six_megabytes_arrives_whole() {
    let lambda = Lambda::start();
    let mut slot = lambda.slot();
    let mut request = request("POST /bytes", "/bytes", &[]);
    request.headers = vec![("content-type".into(), "text/plain".into())].into();
    let body = "ab".repeat(3_000_000 - 1000);
    request.body = body.as_bytes().into();
    let answer = slot.ask(&request);
    assert_eq!((answer.status, answer.body.len()), (200, body.len()));
    assert!(answer.body.starts_with("baba"));
    slot.still_serves();
}

#[test]
fn a_connection_that_the_host_closes_while_idle_is_opened_again() {
    let lambda = Lambda::start();
    let mut slot = lambda.slot();
    slot.still_serves();
    slot.receive();
    drop(slot);
    let mut slot = lambda.slot();
    slot.still_serves();
}

#[test]
fn an_answer_is_sent_again_when_the_host_closed_before_it() {
    let lambda = Lambda::start();
    let mut slot = lambda.slot();
    slot.give("", &event());
    let first = slot.receive();
    drop(slot);
    let mut slot = lambda.slot();
    let again = slot.receive();
    assert_eq!((first.line, first.body), (again.line, again.body));
    slot.accept();
    slot.still_serves();
}

#[test]
fn a_host_that_says_it_closes_is_believed() {
    let lambda = Lambda::start();
    let mut slot = lambda.slot();
    slot.give("Connection: close\r\n", &event());
    // The answer comes on a connection of its own, although this one is still open.
    let mut second = lambda.slot();
    assert!(second.receive().line.ends_with("/response HTTP/1.1"));
    second.accept();
    drop(slot);
    second.still_serves();
}

#[test]
fn the_invocation_id_goes_back_with_the_answer() {
    let lambda = Lambda::start();
    let mut slot = lambda.slot();
    slot.give("lambda-runtime-invocation-id: 7f-attempt-1\r\n", &event());
    assert_eq!(slot.receive().header("lambda-runtime-invocation-id"), Some("7f-attempt-1"));
    slot.accept();
    slot.give("", &event());
    assert_eq!(slot.receive().header("lambda-runtime-invocation-id"), None);
}

#[test]
fn an_answer_that_comes_too_late_is_logged_and_the_next_invocation_taken() {
    let lambda = Lambda::start();
    let mut slot = lambda.slot();
    slot.give("", &event());
    slot.receive();
    slot.send("HTTP/1.1 410 Gone\r\nContent-Length: 2\r\n\r\n{}");
    slot.still_serves();
    assert!(lambda.log_line("timed out").contains("id-1"));
}

#[test]
fn an_answer_that_lambda_finds_too_large_is_replaced() {
    let lambda = Lambda::start();
    let mut slot = lambda.slot();
    slot.give("", &event());
    slot.receive();
    slot.send("HTTP/1.1 413 Payload Too Large\r\nContent-Length: 0\r\n\r\n");
    assert_eq!(slot.take().error().0, 500);
    slot.still_serves();
}

#[test]
fn an_answer_that_lambda_refuses_is_logged_and_the_next_invocation_taken() {
    let lambda = Lambda::start();
    let mut slot = lambda.slot();
    slot.give("", &event());
    slot.receive();
    slot.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    slot.still_serves();
    lambda.log_line("refused the answer with status 400");
}

#[test]
fn a_broken_environment_ends_the_process() {
    for reply in [
        "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        "SSH-2.0-OpenSSH_9.9\r\n",
    ] {
        let lambda = Lambda::start();
        let mut slot = lambda.slot();
        slot.receive();
        slot.send(reply);
        lambda.log_line("the Runtime API");
        assert_eq!(lambda.exit_code(), Some(1), "{reply}");
    }
}

#[test]
fn each_of_several_slots_has_its_own_connection_and_thread() {
    let gate = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = gate.local_addr().expect("an address").to_string();
    let lambda = Lambda::start_with(&[("AWS_LAMBDA_MAX_CONCURRENCY", "3"), ("GATE", &address)]);
    let mut slots = [lambda.slot(), lambda.slot(), lambda.slot()];
    let blocked = encode_request(&request("GET /block", "/block", &[]));
    slots[0].give("", &blocked);
    slots[1].give("", &blocked);
    let both_are_blocked = (gate.accept().expect("the first"), gate.accept().expect("the second"));
    slots[2].still_serves();
    drop(both_are_blocked);
    for slot in &mut slots[..2] {
        assert_eq!(slot.take().body, "unblocked");
        slot.still_serves();
    }
}
