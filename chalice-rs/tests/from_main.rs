//! The app that the program's own `main` makes, in the program's tests.

use std::cell::Cell;
use std::error::Error as StdError;
use std::fmt;
use std::io::{self, Read};
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};

use chalice_rs::middleware::Next;
use chalice_rs::prelude::*;
use chalice_rs::test::Client;
use chalice_rs::{HeaderName, HeaderValue};
use tokio::net::TcpListener;

thread_local! {
    /// How the next `main` of this thread ends.
    static END: Cell<End> = const { Cell::new(End::Well) };
}

#[derive(Clone, Copy)]
enum End {
    Well,
    InAnError,
    InAPanic,
}

#[chalice_rs::main(tags = ["all"])]
async fn main() -> Result<App, Error> {
    match END.get() {
        End::Well => {}
        End::InAnError => Err(NoTable(io::Error::other("connection refused")))?,
        End::InAPanic => panic!("no luck"),
    }
    Ok(App::new().state(Shop("Tea & Co")).state(Greeter::start().await?).middleware(seen))
}

#[derive(Debug)]
struct NoTable(io::Error);

impl fmt::Display for NoTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cannot read the table")
    }
}

impl StdError for NoTable {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.0)
    }
}

struct Shop(&'static str);

/// Greets whoever connects, by a task that `main` starts.
struct Greeter(SocketAddr);

impl Greeter {
    async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        tokio::spawn(async move {
            while let Ok((caller, _)) = listener.accept().await {
                if caller.writable().await.is_ok() {
                    // A new connection has room for it.
                    _ = caller.try_write(b"hello");
                }
            }
        });
        Ok(Self(address))
    }
}

async fn seen(request: &Request<'_>, next: Next<'_>) -> Response {
    next.run(request).await.with_header(HeaderName::from_static("x-seen"), HeaderValue::from_static("1"))
}

#[get("/shop")]
fn shop(shop: State<Shop>) -> &'static str {
    shop.0
}

/// Blocks: whoever greets is elsewhere.
#[get("/greeting")]
fn greeting(greeter: State<Greeter>) -> Result<String, Error> {
    let mut greeting = String::new();
    std::net::TcpStream::connect(greeter.0)?.read_to_string(&mut greeting)?;
    Ok(greeting)
}

#[test]
fn the_app_has_what_main_gives_it() {
    let answer = Client::from_main().get("/shop").send();
    answer.assert_status(200).assert_text("Tea & Co").assert_header("x-seen", "1");
}

#[test]
fn a_state_can_be_another_one_in_a_test() {
    let client = Client::from_main().state(Shop("Test & Co"));
    client.get("/shop").send().assert_text("Test & Co").assert_header("x-seen", "1");
}

#[test]
fn what_main_has_started_is_there_for_each_request() {
    let client = Client::from_main();
    for _ in 0..2 {
        client.get("/greeting").send().assert_text("hello");
    }
}

#[tokio::test]
async fn what_main_has_started_is_there_in_an_async_test() {
    let client = Client::from_main();
    client.get("/greeting").send().assert_text("hello");
    client.get("/greeting").await.assert_text("hello");
}

#[test]
fn a_main_that_fails_says_why() {
    check_failure(End::InAnError, "`main` made no app: cannot read the table: connection refused\n  help: ");
}

#[test]
fn a_main_that_panics_fails_the_test_with_its_own_words() {
    check_failure(End::InAPanic, "no luck");
}

#[track_caller]
fn check_failure(end: End, words: &str) {
    END.set(end);
    let panic = catch_unwind(AssertUnwindSafe(Client::from_main)).expect_err("a failure");
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).expect("a text");
    assert!(text.starts_with(words), "{text}");
}
