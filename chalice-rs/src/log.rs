//! Logs that CloudWatch understands: one record a line, with the id of the request.
//!
//! On Lambda with JSON logging a record is an object with `timestamp`, `level`, `message` and
//! `requestId`; elsewhere it is a line of text. Records below `AWS_LAMBDA_LOG_LEVEL` are left out
//! before they are formatted.
//! <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html>
//!
//! ```
//! use chalice_rs::{log, route};
//!
//! #[route("/orders/<id>")]
//! async fn order(id: u64) -> String {
//!     log::info!("order {id} was asked for");
//!     format!("order {id}")
//! }
//! # fn main() {}
//! ```

use std::borrow::Cow;
use std::cell::RefCell;
use std::env;
use std::fmt;
use std::future::poll_fn;
use std::io::Write;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use chalice_rs_wire::Moment;

#[doc(inline)]
pub use crate::{
    __log_debug as debug, __log_error as error, __log_info as info, __log_trace as trace, __log_warn as warn,
};

/// How much a record matters, in Lambda's words.
///
/// ```
/// use chalice_rs::log::Level;
///
/// assert!(Level::Warn > Level::Info);
/// assert_eq!(Level::Warn.as_str(), "WARN");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each variant is the level of its name")]
pub enum Level {
    Trace,
    Debug,
    Info,
    Warn,
    Error,
    /// Lambda has it as a filter; nothing here is that bad and goes on.
    Fatal,
}

impl Level {
    const ALL: [Self; 6] = [Self::Trace, Self::Debug, Self::Info, Self::Warn, Self::Error, Self::Fatal];

    /// The level as it stands in a record.
    ///
    /// ```
    /// use chalice_rs::log::Level;
    ///
    /// assert_eq!(format!("[{}]", Level::Error.as_str()), "[ERROR]");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Trace => "TRACE",
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Warn => "WARN",
            Self::Error => "ERROR",
            Self::Fatal => "FATAL",
        }
    }
}

/// Whether records of this level are written: for what is dear to put together.
///
/// ```
/// use chalice_rs::log::{self, Level};
///
/// let order = ["tea", "cake"];
/// if log::is_on(Level::Debug) {
///     log::debug!("ordered: {}", order.join(", "));
/// }
/// ```
pub fn is_on(level: Level) -> bool {
    level as u8 >= LEAST.load(Ordering::Relaxed)
}

/// Writes one record, if its level is on. The macros are shorter.
///
/// `fields` become members of the JSON object, or `name=value` after the text. See [`Value`].
///
/// ```
/// use chalice_rs::log::{self, Level};
///
/// log::write(Level::Info, format_args!("paid"), &[("amount", &42), ("currency", &"EUR")]);
/// ```
pub fn write(level: Level, message: fmt::Arguments<'_>, fields: &[(&str, &dyn Value)]) {
    if !is_on(level) {
        return;
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = Moment::from_epoch_millis(u64::try_from(now.as_millis()).unwrap_or(u64::MAX));
    // A copy: what formats the message may write a record of its own.
    let request = REQUEST.try_with(|id| id.borrow().clone()).unwrap_or_default();
    let request = (!request.is_empty()).then_some(request.as_str());
    let record = Record { now, level, message, request, fields };
    let line = if is_json() { record.json() } else { record.text() };
    // Nobody is left to be told when standard error is gone.
    let _ = std::io::stderr().lock().write_all(line.as_bytes());
}

/// The value of a field: a number or a `bool`, which JSON has as such, or a text.
///
/// What can be shown, and is none of these, is a text by `format_args!`:
///
/// ```
/// use std::net::Ipv4Addr;
///
/// use chalice_rs::log::{self, Level};
///
/// let from = Ipv4Addr::LOCALHOST;
/// log::write(
///     Level::Warn,
///     format_args!("refused"),
///     &[("attempts", &3), ("known", &true), ("from", &format_args!("{from}"))],
/// );
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the value of a field",
    label = "neither a number nor a `bool` nor a text",
    note = "what can be shown is a text with `&format_args!(..)`"
)]
pub trait Value: fmt::Display {
    /// Whether it is JSON as it is shown. What is not is a string there.
    ///
    /// ```
    /// use chalice_rs::log::Value;
    ///
    /// assert!(Value::is_json(&3) && Value::is_json(&true) && !Value::is_json("3"));
    /// ```
    fn is_json(&self) -> bool {
        false
    }
}

macro_rules! values {
    ($is_json:expr; $($value:ty)*) => {$(
        impl Value for $value {
            fn is_json(&self) -> bool {
                let is_json: fn(&Self) -> bool = $is_json;
                is_json(self)
            }
        }
    )*};
}

values! { |_| true; bool i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize }
// JSON has no infinity, and what is not a number is not one there either.
values! { |value| value.is_finite(); f32 f64 }
values! { |_| false; str String Cow<'_, str> fmt::Arguments<'_> }

impl<V: Value + ?Sized> Value for &V {
    fn is_json(&self) -> bool {
        (**self).is_json()
    }
}

/// Whether records are JSON, as they are on Lambda.
pub(crate) fn is_json() -> bool {
    JSON.load(Ordering::Relaxed)
}

/// Writes a line that is no record.
pub(crate) fn write_line(mut line: String) {
    line.push('\n');
    // Nobody is left to be told when standard error is gone.
    let _ = std::io::stderr().lock().write_all(line.as_bytes());
}

/// Reads the two variables that Lambda sets.
pub(crate) fn configure() {
    JSON.store(
        env::var("AWS_LAMBDA_LOG_FORMAT").is_ok_and(|format| format.eq_ignore_ascii_case("json")),
        Ordering::Relaxed,
    );
    let level = env::var("AWS_LAMBDA_LOG_LEVEL").unwrap_or_default();
    let level = Level::ALL.into_iter().find(|known| known.as_str().eq_ignore_ascii_case(&level));
    LEAST.store(level.unwrap_or(Level::Info) as u8, Ordering::Relaxed);
}

/// Runs a future so that each record it writes carries the request's id, also when others run on
/// the same thread while it waits.
pub(crate) async fn in_request<F: Future>(id: &str, mut future: Pin<&mut F>) -> F::Output {
    poll_fn(|task| {
        let _left_again = Entered::new(id);
        future.as_mut().poll(task)
    })
    .await
}

/// Logs panics as records, with their place, rather than as text on standard error.
pub(crate) fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let message = panic.payload_as_str().unwrap_or(NO_TEXT);
        match panic.location() {
            Some(place) => write(
                Level::Error,
                format_args!("panicked: {message}"),
                &[("location", &format_args!("{place}"))],
            ),
            None => write(Level::Error, format_args!("panicked: {message}"), &[]),
        }
        let place = panic.location().map(ToString::to_string);
        // While a thread ends there may be nobody left to ask.
        let _ = PANICKED_AT.try_with(|last| last.replace(place));
    }));
}

/// What a panic says that says nothing.
pub(crate) const NO_TEXT: &str = "a value that is no text";

/// Where this thread panicked last, once.
pub(crate) fn take_panic_location() -> Option<String> {
    PANICKED_AT.take()
}

static LEAST: AtomicU8 = AtomicU8::new(Level::Info as u8);
static JSON: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// The id of the request that runs on this thread at this moment, or nothing.
    static REQUEST: RefCell<String> = const { RefCell::new(String::new()) };

    /// Where this thread panicked last; a panic that was caught keeps its place nowhere else.
    static PANICKED_AT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// A thread that works on one request, until this is dropped: after a panic, too.
struct Entered;

impl Entered {
    fn new(id: &str) -> Self {
        REQUEST.with_borrow_mut(|current| {
            current.clear();
            current.push_str(id);
        });
        Self
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        REQUEST.with_borrow_mut(String::clear);
    }
}

struct Record<'a> {
    now: Moment,
    level: Level,
    message: fmt::Arguments<'a>,
    request: Option<&'a str>,
    fields: &'a [(&'a str, &'a dyn Value)],
}

impl Record<'_> {
    fn json(&self) -> String {
        let mut line = format!(r#"{{"timestamp":"{}","level":"{}""#, self.now.rfc3339(), self.level.as_str());
        let request = self.request.as_ref().map(|request| ("requestId", request as &dyn Value));
        let members = [("message", &self.message as &dyn Value)].into_iter().chain(request);
        for (name, value) in members.chain(self.fields.iter().copied()) {
            let quoted = |text: &str| serde_json::to_string(text).unwrap_or_default();
            let text = value.to_string();
            let text = if value.is_json() { text } else { quoted(&text) };
            line.push_str(&format!(",{}:{text}", quoted(name)));
        }
        line.push_str("}\n");
        line
    }

    fn text(&self) -> String {
        let request = self.request.unwrap_or("-");
        let mut line = format!("{} {:5} {request} {}", self.now.rfc3339(), self.level.as_str(), self.message);
        for (name, value) in self.fields {
            line.push_str(&format!(" {name}={value}"));
        }
        tamed(&line) + "\n"
    }
}

/// The text without what a client could pass for another record or for a terminal's commands: lines after the
/// first are indented, and other control characters are shown.
fn tamed(text: &str) -> String {
    let mut tamed = String::with_capacity(text.len() + 1);
    for char in text.chars() {
        match char {
            '\n' => tamed.push_str("\n  "),
            '\t' => tamed.push(char),
            control if control.is_control() => tamed.extend(control.escape_default()),
            other => tamed.push(other),
        }
    }
    tamed
}

/// Writes a record of level `TRACE`, formatted as `format!` does.
///
/// ```
/// use chalice_rs::log;
///
/// log::trace!("the cache has {} entries", 3);
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! __log_trace {
    ($($argument:tt)+) => {
        $crate::log::write($crate::log::Level::Trace, ::core::format_args!($($argument)+), &[])
    };
}

/// Writes a record of level `DEBUG`, formatted as `format!` does.
///
/// ```
/// use chalice_rs::log;
///
/// log::debug!("asked for {:?}", ["tea", "cake"]);
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! __log_debug {
    ($($argument:tt)+) => {
        $crate::log::write($crate::log::Level::Debug, ::core::format_args!($($argument)+), &[])
    };
}

/// Writes a record of level `INFO`, formatted as `format!` does.
///
/// ```
/// use chalice_rs::log;
///
/// log::info!("order {} was paid", 7);
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! __log_info {
    ($($argument:tt)+) => {
        $crate::log::write($crate::log::Level::Info, ::core::format_args!($($argument)+), &[])
    };
}

/// Writes a record of level `WARN`, formatted as `format!` does.
///
/// ```
/// use chalice_rs::log;
///
/// log::warn!("the shop answered after {} attempts", 3);
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! __log_warn {
    ($($argument:tt)+) => {
        $crate::log::write($crate::log::Level::Warn, ::core::format_args!($($argument)+), &[])
    };
}

/// Writes a record of level `ERROR`, formatted as `format!` does.
///
/// ```
/// use chalice_rs::log;
///
/// log::error!("order {} is lost", 7);
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! __log_error {
    ($($argument:tt)+) => {
        $crate::log::write($crate::log::Level::Error, ::core::format_args!($($argument)+), &[])
    };
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use super::*;

    fn record(message: fmt::Arguments<'_>, check: impl Fn(&Record<'_>)) {
        check(&Record {
            now: Moment::from_epoch_millis(1_783_711_145_042),
            level: Level::Warn,
            message,
            request: Some("8f-1"),
            fields: &[("location", &"src/main.rs:7:5"), ("count", &3), ("share", &f64::NAN)],
        });
    }

    #[test]
    fn a_json_record_is_one_line_whatever_it_says() {
        record(format_args!("a \"b\"\n{}", "☕"), |record| {
            assert_eq!(
                record.json(),
                "{\"timestamp\":\"2026-07-10T19:19:05.042Z\",\"level\":\"WARN\",\"message\":\"a \\\"b\\\"\\n☕\",\
                 \"requestId\":\"8f-1\",\"location\":\"src/main.rs:7:5\",\"count\":3,\"share\":\"NaN\"}\n",
            );
        });
    }

    #[test]
    fn a_text_record_starts_with_time_level_and_request() {
        record(format_args!("hi"), |record| {
            assert_eq!(
                record.text(),
                "2026-07-10T19:19:05.042Z WARN  8f-1 hi location=src/main.rs:7:5 count=3 share=NaN\n",
            );
        });
    }

    #[test]
    fn what_a_client_sends_is_no_record_of_its_own() {
        record(format_args!("GET /a\n2026-07-10T19:19:05.042Z ERROR\r\x1b[2J"), |record| {
            assert_eq!(
                record.text(),
                "2026-07-10T19:19:05.042Z WARN  8f-1 GET /a\n  2026-07-10T19:19:05.042Z ERROR\\r\\u{1b}[2J \
                 location=src/main.rs:7:5 count=3 share=NaN\n",
            );
        });
    }

    #[test]
    fn the_id_stays_with_its_own_future_when_two_take_turns() {
        let current = || REQUEST.with_borrow(String::clone);
        let run = async {
            let task = async |id: &str| {
                let work = pin!(async {
                    for _ in 0..3 {
                        assert_eq!(current(), id);
                        tokio::task::yield_now().await;
                    }
                });
                in_request(id, work).await;
            };
            tokio::join!(task("a"), task("b"));
        };
        tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(run);
        assert_eq!(current(), "");
    }
}
