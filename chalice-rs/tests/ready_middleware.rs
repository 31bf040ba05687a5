//! The middlewares that come with the library, as a client sees them.

use chalice_rs::prelude::*;
use chalice_rs::test::{Answer, Client};
use chalice_rs::{header, middleware};

#[route("/text")]
fn text() -> String {
    "tea ".repeat(1000)
}

#[route("/text", methods = ["POST"])]
fn made() -> String {
    text()
}

#[route("/short")]
fn short() -> &'static str {
    "tea"
}

#[route("/tagged")]
fn tagged() -> ([(&'static str, &'static str); 2], String) {
    ([("etag", "\"v1\""), ("vary", "accept")], text())
}

#[route("/dated")]
fn dated() -> ([(&'static str, &'static str); 2], &'static str) {
    ([("last-modified", "Sun, 22 Nov 2026 03:00:00 GMT"), ("etag", "W/\"d\"")], "tea")
}

#[route("/never-kept")]
fn never_kept() -> ([(&'static str, &'static str); 1], &'static str) {
    ([("cache-control", "private, no-store")], "tea")
}

#[route("/missing")]
fn missing() -> Error {
    Error::not_found("no tea")
}

#[cfg(feature = "compression")]
#[route("/image")]
fn image() -> ([(&'static str, &'static str); 1], Vec<u8>) {
    ([("content-type", "image/png")], vec![0; 4096])
}

#[cfg(feature = "compression")]
#[route("/large")]
fn large() -> String {
    "x".repeat(8 << 20)
}

#[cfg(feature = "compression")]
#[route("/as-it-is")]
fn as_it_is() -> ([(&'static str, &'static str); 2], String) {
    ([("cache-control", "private"), ("cache-control", "no-transform")], text())
}

fn conditional() -> Client {
    Client::new(App::new().middleware(middleware::conditional))
}

#[track_caller]
fn is_not_modified(answer: &Answer) {
    assert_eq!((answer.status().as_u16(), answer.bytes()), (304, &b""[..]));
    assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
}

#[test]
fn what_the_client_has_is_not_sent_again() {
    let client = conditional();
    let first = client.get("/text").send();
    let etag = first.header("etag").expect("a tag").to_owned();
    assert_eq!((first.status().as_u16(), first.bytes().len()), (200, 4000));

    let again = client.get("/text").header("if-none-match", &etag).send();
    is_not_modified(&again);
    assert_eq!(again.header("etag"), Some(&*etag));
    is_not_modified(&client.get("/text").header("if-none-match", &format!("\"x\", W/{etag}")).send());
    is_not_modified(&client.get("/short").header("if-none-match", "*").send());
    assert_eq!(client.get("/short").header("if-none-match", &etag).send().text(), "tea");
}

#[test]
fn a_tag_or_a_date_of_the_handlers_own_counts() {
    let client = conditional();
    assert_eq!(client.get("/tagged").send().header("etag"), Some("\"v1\""));
    is_not_modified(&client.get("/tagged").header("if-none-match", "\"v1\"").send());
    let date = "Sun, 22 Nov 2026 03:00:00 GMT";
    is_not_modified(&client.get("/dated").header("if-modified-since", date).send());
    // A tag says more than a date.
    let request = client.get("/dated").header("if-modified-since", date).header("if-none-match", "\"x\"");
    assert_eq!(request.send().status(), 200);
}

#[test]
fn what_is_no_page_to_keep_has_no_tag() {
    let client = conditional();
    for answer in
        [client.post("/text").send(), client.get("/missing").send(), client.get("/never-kept").send()]
    {
        assert_eq!(answer.headers().get(header::ETAG), None);
    }
    assert_eq!(client.post("/text").header("if-none-match", "*").send().status(), 200);
}

#[test]
fn a_namespace_that_cloudwatch_does_not_take_is_refused() {
    for namespace in ["AWS/Lambda", "", " ", ":shop", "tea?"] {
        let panic = std::panic::catch_unwind(|| drop(middleware::metrics(namespace))).expect_err(namespace);
        let text = panic.downcast_ref::<String>().expect("a text");
        assert_eq!(*text, format!("`{namespace}` is not a namespace that CloudWatch takes"));
    }
}

#[cfg(feature = "compression")]
mod compression {
    use std::io::Read;

    use super::*;

    fn compressing() -> Client {
        Client::new(App::new().middleware(middleware::compress).middleware(middleware::conditional))
    }

    #[test]
    fn a_client_that_takes_gzip_gets_it() {
        let answer = compressing().get("/text").header("accept-encoding", "gzip, br").send();
        assert_eq!(answer.header("content-encoding"), Some("gzip"));
        assert_eq!(answer.header("vary"), Some("accept-encoding"));
        assert!(answer.header("etag").expect("a tag").starts_with("W/\""));
        assert!(answer.bytes().len() < 200, "{}", answer.bytes().len());
        let mut text = String::new();
        flate2::read::GzDecoder::new(answer.bytes()).read_to_string(&mut text).expect("gzip");
        assert_eq!(text, super::text());
    }

    #[test]
    fn the_others_get_the_thing_itself_and_caches_are_told() {
        let client = compressing();
        for accepted in ["", "br", "gzip;q=0"] {
            let answer = client.get("/tagged").header("accept-encoding", accepted).send();
            assert_eq!((answer.header("content-encoding"), answer.header("etag")), (None, Some("\"v1\"")));
            assert_eq!(answer.header("vary"), Some("accept, accept-encoding"), "{accepted}");
        }
    }

    #[test]
    fn bodies_that_are_small_or_compressed_or_not_to_be_changed_are_left_alone() {
        let client = compressing();
        for (path, vary) in [("/short", Some("accept-encoding")), ("/image", None), ("/as-it-is", None)] {
            let answer = client.get(path).header("accept-encoding", "gzip").send();
            assert_eq!((answer.header("content-encoding"), answer.header("vary")), (None, vary), "{path}");
        }
    }

    #[test]
    fn a_weak_tag_comes_back_and_is_known() {
        let client = compressing();
        let answer = client.get("/text").header("accept-encoding", "gzip").send();
        let etag = answer.header("etag").expect("a tag").to_owned();
        is_not_modified(&client.get("/text").header("if-none-match", &etag).send());
    }

    #[test]
    fn lambdas_limit_counts_after_compression() {
        let client = compressing();
        assert_eq!(client.get("/large").header("accept-encoding", "gzip").send().status(), 200);
        assert_eq!(client.get("/large").send().status(), 500);
    }
}

#[cfg(feature = "tracing")]
mod tracing_spans {
    use std::fmt::{Debug, Write};
    use std::sync::{Arc, Mutex};

    use tracing::field::{Field, Visit};
    use tracing::span::{Attributes, Id, Record};
    use tracing::{Event, Metadata, Subscriber};

    use super::*;

    #[route("/traced/<id>")]
    async fn traced(id: u8) -> StatusCode {
        tracing::info!("inside");
        StatusCode::from_u16(200 + u16::from(id)).unwrap_or_default()
    }

    /// Writes down what happens.
    #[derive(Clone, Default)]
    struct Seen(Arc<Mutex<String>>);

    impl Visit for Seen {
        fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
            write!(self.0.lock().expect("no panic"), " {field}={value:?}").expect("a string");
        }
    }

    impl Seen {
        fn note(&self, what: &str, record: impl FnOnce(&mut dyn Visit)) {
            write!(self.0.lock().expect("no panic"), "|{what}").expect("a string");
            record(&mut self.clone());
        }
    }

    impl Subscriber for Seen {
        fn enabled(&self, _: &Metadata<'_>) -> bool {
            true
        }

        fn new_span(&self, span: &Attributes<'_>) -> Id {
            self.note(span.metadata().name(), |visit| span.record(visit));
            Id::from_u64(1)
        }

        fn record(&self, _: &Id, values: &Record<'_>) {
            self.note("record", |visit| values.record(visit));
        }

        fn record_follows_from(&self, _: &Id, _: &Id) {}

        fn event(&self, event: &Event<'_>) {
            self.note("event", |visit| event.record(visit));
        }

        fn enter(&self, _: &Id) {
            self.note("enter", |_| {});
        }

        fn exit(&self, _: &Id) {
            self.note("exit", |_| {});
        }
    }

    #[test]
    fn a_request_is_a_span_with_the_handlers_events_inside() {
        let client = Client::new(App::new().middleware(middleware::trace));
        let seen = Seen::default();
        tracing::subscriber::with_default(seen.clone(), || client.get("/traced/2").send());
        let seen = seen.0.lock().expect("no panic").clone();
        let steps: Vec<&str> = seen.split('|').skip(1).collect();
        assert!(
            steps[0].starts_with(r#"request method="GET" route="GET /traced/{id}" path="/traced/2""#),
            "{seen}"
        );
        let inside = steps.iter().position(|step| *step == "event message=inside").expect("the event");
        let entered = steps[..inside].iter().filter(|step| **step == "enter").count();
        let left = steps[..inside].iter().filter(|step| **step == "exit").count();
        assert_eq!(entered, left + 1, "{seen}");
        assert!(steps.contains(&"record status=202"), "{seen}");
    }
}
