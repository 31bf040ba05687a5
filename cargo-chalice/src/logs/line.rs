//! One line of a log, as a person reads it.
//!
//! A function of ours logs one JSON object a line; Lambda adds lines about itself, as JSON too when the function is
//! set to it. Whatever is neither is shown as it is.

use std::fmt::{self, Write};

use anstyle::{AnsiColor, Style};
use jiff::Timestamp;
use serde_json::{Map, Value};

/// What a line is.
#[derive(Debug, Clone, PartialEq)]
pub enum Line<'m> {
    /// A record with a level, ours or anybody's who follows Lambda's format.
    Record(Record),
    /// Lambda's own bookkeeping: starts, ends, durations.
    Platform(String),
    /// Anything else.
    Plain(&'m str),
}

/// A record of a program's log.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// When the program says that it was.
    pub time: Option<Timestamp>,
    /// `INFO`, ...
    pub level: String,
    /// The text.
    pub message: String,
    /// Everything else, by name.
    pub fields: Map<String, Value>,
}

/// Lambda's names of them.
const LEVELS: [&str; 6] = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];

/// The lines that Lambda writes in its text format.
const PLATFORM_LINES: [&str; 7] = [
    "START RequestId: ",
    "END RequestId: ",
    "REPORT RequestId: ",
    "INIT_START ",
    "INIT_REPORT ",
    "EXTENSION\t",
    "TELEMETRY\t",
];

/// Reads the message of one event.
pub fn parse(message: &str) -> Line<'_> {
    let message = message.trim_end();
    if PLATFORM_LINES.iter().any(|start| message.starts_with(start)) {
        return Line::Platform(message.replace('\t', "  "));
    }
    match serde_json::from_str(message) {
        Ok(Value::Object(object)) => structured(object).unwrap_or(Line::Plain(message)),
        _ => text(message).map_or(Line::Plain(message), Line::Record),
    }
}

/// A record in the text format of `chalice_rs::log`, which a function writes that is not set to JSON: time, level, the
/// request's id, message.
fn text(message: &str) -> Option<Record> {
    let (time, rest) = message.split_once(' ')?;
    let time = time.parse().ok()?;
    let (level, rest) = rest.split_once(' ')?;
    if !LEVELS.contains(&level) {
        return None;
    }
    let rest = rest.trim_start();
    let (id, message) = match rest.split_once(' ') {
        Some((id, message)) if is_uuid(id) => (Some(id), message),
        // Logged outside of a request.
        Some(("-", message)) => (None, message),
        _ => (None, rest),
    };
    let fields = id.map(|id| ("requestId".to_owned(), id.into())).into_iter().collect();
    Some(Record { time: Some(time), level: level.to_owned(), message: message.to_owned(), fields })
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn structured(mut object: Map<String, Value>) -> Option<Line<'static>> {
    if let Some(kind) =
        object.get("type").and_then(Value::as_str).and_then(|kind| kind.strip_prefix("platform."))
    {
        let empty = Map::new();
        return Some(platform(kind, object.get("record").and_then(Value::as_object).unwrap_or(&empty)));
    }
    let text =
        |object: &Map<String, Value>, name: &str| object.get(name).and_then(Value::as_str).map(str::to_owned);
    let level = text(&object, "level")?;
    let time = text(&object, "timestamp").and_then(|time| time.parse().ok());
    object.remove("level");
    if time.is_some() {
        object.remove("timestamp");
    }
    let message = match object.remove("message") {
        Some(Value::String(message)) => message,
        Some(other) => other.to_string(),
        None => String::new(),
    };
    Some(Line::Record(Record { time, level, message, fields: object }))
}

/// <https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html>
fn platform(kind: &str, record: &Map<String, Value>) -> Line<'static> {
    let text = |name: &str| record.get(name).and_then(Value::as_str).unwrap_or_default();
    let metric =
        |name: &str| record.get("metrics").and_then(|metrics| metrics.get(name)).and_then(Value::as_f64);
    // A failure is news and no bookkeeping: with JSON logs nothing else says that a call ran out of time.
    if matches!(kind, "report" | "fault") && !matches!(text("status"), "success" | "") {
        let message = match text("status") {
            "timeout" => {
                format!("the function ran out of time after {} ms", metric("durationMs").unwrap_or_default())
            }
            _ => format!("the function ended badly: {} {}", text("status"), text("errorType"))
                .trim_end()
                .to_owned(),
        };
        let fields =
            record.get("requestId").map(|id| ("requestId".to_owned(), id.clone())).into_iter().collect();
        return Line::Record(Record { time: None, level: "ERROR".to_owned(), message, fields });
    }
    let mut line = kind.to_owned();
    for (name, unit, words) in [
        ("durationMs", " ms", "took"),
        ("billedDurationMs", " ms", "billed"),
        ("initDurationMs", " ms", "start-up"),
        ("maxMemoryUsedMB", " MB", "memory"),
    ] {
        if let Some(value) = metric(name) {
            let _ = write!(line, "  {words} {value}{unit}");
        }
    }
    if !text("requestId").is_empty() {
        let _ = write!(line, "  requestId={}", text("requestId"));
    }
    Line::Platform(line)
}

/// A line as text: time, level, message, the rest. Colours are added; whoever prints removes them where they are not
/// wanted.
pub struct Shown<'l> {
    /// When the event was logged; the line may know better.
    pub logged: Timestamp,
    /// Which function, when there are several.
    pub function: Option<&'l str>,
    /// What it is.
    pub line: &'l Line<'l>,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dim = Style::new().dimmed();
        let time = match self.line {
            Line::Record(record) => record.time.unwrap_or(self.logged),
            Line::Platform(_) | Line::Plain(_) => self.logged,
        };
        write!(f, "{dim}{time:.3}{dim:#} ")?;
        if let Some(function) = self.function {
            let cyan = AnsiColor::Cyan.on_default();
            write!(f, "{cyan}{function}{cyan:#} ")?;
        }
        match self.line {
            Line::Plain(text) => f.write_str(text),
            Line::Platform(text) => write!(f, "{dim}{text}{dim:#}"),
            Line::Record(record) => {
                let style = colour(&record.level);
                write!(f, "{style}{:5}{style:#} {}", record.level, record.message)?;
                for (name, value) in &record.fields {
                    write!(f, " {dim}{name}={dim:#}")?;
                    match value {
                        Value::String(text) if !text.contains([' ', '"']) && !text.is_empty() => {
                            f.write_str(text)?
                        }
                        other => write!(f, "{other}")?,
                    }
                }
                Ok(())
            }
        }
    }
}

fn colour(level: &str) -> Style {
    match level {
        "ERROR" | "FATAL" => AnsiColor::Red.on_default().bold(),
        "WARN" => AnsiColor::Yellow.on_default(),
        "INFO" => AnsiColor::Green.on_default(),
        _ => Style::new().dimmed(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text of a line without colours.
    fn shown(message: &str) -> String {
        let line = parse(message);
        let logged = "2026-11-22T10:00:00.5Z".parse().unwrap();
        anstream::adapter::strip_str(&Shown { logged, function: None, line: &line }.to_string()).to_string()
    }

    #[test]
    fn a_record_of_ours_is_time_level_message_and_the_rest() {
        let record = r#"{"timestamp":"2026-07-10T19:19:05.042Z","level":"WARN","message":"a \"b\"\nc","requestId":"8f-1","note":"two words","count":3}"#;
        assert_eq!(
            shown(record),
            "2026-07-10T19:19:05.042Z WARN  a \"b\"\nc count=3 note=\"two words\" requestId=8f-1"
        );
        assert_eq!(
            shown(r#"{"level":"INFO","message":{"a":1}}"#),
            "2026-11-22T10:00:00.500Z INFO  {\"a\":1}"
        );
    }

    #[test]
    fn a_record_in_text_form_is_a_record_too() {
        assert_eq!(
            shown("2026-07-10T19:19:05.042Z WARN  75c7b21d-2b99-4af4-93d2-f119f71f182c it is late"),
            "2026-07-10T19:19:05.042Z WARN  it is late requestId=75c7b21d-2b99-4af4-93d2-f119f71f182c"
        );
        assert_eq!(shown("2026-07-10T19:19:05Z INFO  - hi there"), "2026-07-10T19:19:05.000Z INFO  hi there");
        let other = "2026-07-10T19:19:05Z hi there";
        assert_eq!(shown(other), format!("2026-11-22T10:00:00.500Z {other}"));
    }

    #[test]
    fn what_is_no_record_is_shown_as_it_is() {
        for text in ["hello", r#"{"a":1}"#, r#"["level"]"#, "{not json", r#"{"level":7}"#, ""] {
            assert_eq!(shown(text), format!("2026-11-22T10:00:00.500Z {text}"));
        }
        assert_eq!(shown("line\n"), "2026-11-22T10:00:00.500Z line");
    }

    #[test]
    fn lambdas_own_lines_are_told_from_the_functions() {
        let check = |message: &str, expected: &str| match parse(message) {
            Line::Platform(text) => assert_eq!(text, expected, "{message}"),
            other => panic!("{message}: {other:?}"),
        };
        check("START RequestId: 8f-1 Version: 3\n", "START RequestId: 8f-1 Version: 3");
        check(
            "REPORT RequestId: 8f-1\tDuration: 1.20 ms\tBilled Duration: 2 ms",
            "REPORT RequestId: 8f-1  Duration: 1.20 ms  Billed Duration: 2 ms",
        );
        check(
            r#"{"time":"2026-07-10T19:19:05.042Z","type":"platform.report","record":{"requestId":"8f-1","status":"success","metrics":{"durationMs":1.25,"billedDurationMs":2,"memorySizeMB":128,"maxMemoryUsedMB":20}}}"#,
            "report  took 1.25 ms  billed 2 ms  memory 20 MB  requestId=8f-1",
        );
        check(r#"{"type":"platform.start","record":{"requestId":"8f-1"}}"#, "start  requestId=8f-1");
    }

    #[test]
    fn a_call_that_ran_out_of_time_or_died_is_not_hidden_with_lambdas_own_lines() {
        let report = |status: &str| {
            format!(
                r#"{{"type":"platform.report","record":{{"requestId":"8f-1","status":"{status}","errorType":"Runtime.ExitError","metrics":{{"durationMs":3000}}}}}}"#
            )
        };
        assert_eq!(
            shown(&report("timeout")),
            "2026-11-22T10:00:00.500Z ERROR the function ran out of time after 3000 ms requestId=8f-1"
        );
        assert_eq!(
            shown(&report("error")),
            "2026-11-22T10:00:00.500Z ERROR the function ended badly: error Runtime.ExitError requestId=8f-1"
        );
        assert!(matches!(parse("2026 8f-1 Task timed out after 3.00 seconds"), Line::Plain(_)));
    }
}
