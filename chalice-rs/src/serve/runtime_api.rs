//! Lambda's Runtime API: the next invocation, its answer, and a failed start.
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>

use std::fmt;
use std::io::{self, Write};
use std::time::{Duration, Instant, UNIX_EPOCH};

use super::connection::{Connection, ExchangeError, Reply};
use super::endpoint::Endpoint;
use crate::Context;

/// A client with one connection, opened when it is needed.
pub(super) struct RuntimeApi<'e> {
    endpoint: &'e Endpoint,
    connection: Option<Connection>,
    next: Vec<u8>,
    head: Vec<u8>,
}

/// One invocation.
pub(super) struct Invocation<'a> {
    pub(super) context: Context,
    /// Tells this attempt from others of the same request; it goes back with the answer.
    pub(super) id: Option<String>,
    pub(super) event: &'a [u8],
}

/// What Lambda said to an answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Taken {
    Yes,
    /// The invocation has timed out.
    TooLate,
    TooLarge,
    No(u16),
}

/// Why this process cannot go on.
#[derive(Debug)]
pub(crate) enum ServeError {
    /// `AWS_LAMBDA_RUNTIME_API` is no address.
    Address { address: String, reason: String },
    /// The Runtime API cannot be reached, or went away.
    Unreachable(io::Error),
    /// The Runtime API said what it should never say.
    Refused { what: &'static str, status: u16 },
    /// `main` gave no app.
    NoApp(String),
}

impl<'e> RuntimeApi<'e> {
    pub(super) fn new(endpoint: &'e Endpoint) -> Self {
        let Endpoint { base, authority, .. } = endpoint;
        let next =
            format!("GET {base}/2018-06-01/runtime/invocation/next HTTP/1.1\r\nhost: {authority}\r\n\r\n");
        Self { endpoint, connection: None, next: next.into_bytes(), head: Vec::with_capacity(256) }
    }

    /// Waits for the next invocation.
    pub(super) async fn next(&mut self) -> Result<Invocation<'_>, ServeError> {
        let mut context = Context::default();
        let mut id = None;
        let reply = exchange(&mut self.connection, self.endpoint, &self.next, b"", |name, value| {
            read_header(name, value, &mut context, &mut id);
        })
        .await?;
        if reply.status != 200 || context.request_id.is_empty() {
            return Err(ServeError::Refused { what: "to give an invocation", status: reply.status });
        }
        let event = self.connection.as_ref().map(|connection| connection.body(&reply)).unwrap_or_default();
        Ok(Invocation { context, id, event })
    }

    /// Hands in the answer to an invocation.
    pub(super) async fn respond(
        &mut self,
        request_id: &str,
        id: Option<&str>,
        payload: &[u8],
    ) -> Result<Taken, ServeError> {
        self.post(format_args!("invocation/{request_id}/response"), payload.len(), |head| {
            id.map_or(Ok(()), |id| write!(head, "lambda-runtime-invocation-id: {id}\r\n"))
        });
        let reply = exchange(&mut self.connection, self.endpoint, &self.head, payload, |_, _| {}).await?;
        Ok(match reply.status {
            200..300 => Taken::Yes,
            410 => Taken::TooLate,
            413 => Taken::TooLarge,
            500.. => return Err(ServeError::Refused { what: "to take an answer", status: reply.status }),
            status => Taken::No(status),
        })
    }

    /// Says that there will be no app.
    pub(super) async fn report_start_failure(&mut self, kind: &str, message: &str) -> Result<(), ServeError> {
        let body =
            serde_json::json!({ "errorType": kind, "errorMessage": message, "stackTrace": [] }).to_string();
        self.post(format_args!("init/error"), body.len(), |head| {
            write!(head, "lambda-runtime-function-error-type: {kind}\r\n")
        });
        exchange(&mut self.connection, self.endpoint, &self.head, body.as_bytes(), |_, _| {}).await?;
        Ok(())
    }

    fn post(
        &mut self,
        path: fmt::Arguments<'_>,
        length: usize,
        more: impl FnOnce(&mut Vec<u8>) -> io::Result<()>,
    ) {
        let Endpoint { base, authority, .. } = self.endpoint;
        self.head.clear();
        let written = write!(
            self.head,
            "POST {base}/2018-06-01/runtime/{path} HTTP/1.1\r\nhost: {authority}\r\n\
             content-type: application/json\r\ncontent-length: {length}\r\n"
        )
        .and_then(|()| more(&mut self.head))
        .and_then(|()| self.head.write_all(b"\r\n"));
        written.expect("writing to a Vec never fails");
    }
}

/// One exchange on the open connection or a new one.
///
/// A host may close a connection that waits, also at the moment when a request goes out, so a
/// request that nobody answered is sent again. A host that takes connections only to close them at
/// once is given up.
async fn exchange(
    connection: &mut Option<Connection>,
    endpoint: &Endpoint,
    head: &[u8],
    body: &[u8],
    mut each: impl FnMut(&str, &[u8]),
) -> Result<Reply, ServeError> {
    const PATIENCE: u32 = 3;
    const AT_ONCE: Duration = Duration::from_secs(1);
    let mut failures = 0;
    loop {
        let open = match connection.take().filter(Connection::is_reusable) {
            Some(open) => connection.insert(open),
            None => connection.insert(Connection::open(endpoint).await.map_err(ServeError::Unreachable)?),
        };
        let began = Instant::now();
        match open.exchange(head, body, &mut each).await {
            Ok(reply) => return Ok(reply),
            Err(ExchangeError::Broken(error)) => return Err(ServeError::Unreachable(error)),
            Err(ExchangeError::Unanswered(error)) => {
                failures = if began.elapsed() < AT_ONCE { failures + 1 } else { 0 };
                if failures >= PATIENCE {
                    return Err(ServeError::Unreachable(error));
                }
            }
        }
    }
}

fn read_header(name: &str, value: &[u8], context: &mut Context, id: &mut Option<String>) {
    const PREFIX: &str = "lambda-runtime-";
    let Some((prefix, name)) = name.split_at_checked(PREFIX.len()) else { return };
    if !prefix.eq_ignore_ascii_case(PREFIX) {
        return;
    }
    let Ok(value) = str::from_utf8(value) else { return };
    if name.eq_ignore_ascii_case("aws-request-id") {
        context.request_id = value.to_owned();
    } else if name.eq_ignore_ascii_case("deadline-ms") {
        let millis = value.parse().ok();
        context.deadline = millis.and_then(|millis| UNIX_EPOCH.checked_add(Duration::from_millis(millis)));
    } else if name.eq_ignore_ascii_case("invoked-function-arn") {
        context.function_arn = Some(value.to_owned());
    } else if name.eq_ignore_ascii_case("trace-id") {
        context.trace_id = Some(value.to_owned());
    } else if name.eq_ignore_ascii_case("invocation-id") {
        *id = Some(value.to_owned());
    }
}

impl fmt::Display for Taken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Yes => write!(f, "Lambda took the answer"),
            Self::TooLate => write!(f, "the answer came after the invocation had timed out"),
            Self::TooLarge => write!(f, "the answer is too large for Lambda"),
            Self::No(status) => write!(f, "Lambda refused the answer with status {status}"),
        }
    }
}

impl From<io::Error> for ServeError {
    fn from(error: io::Error) -> Self {
        Self::Unreachable(error)
    }
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address { address, reason } => {
                write!(f, "`AWS_LAMBDA_RUNTIME_API` is `{address}`: {reason}")
            }
            Self::Unreachable(error) => write!(f, "the Runtime API cannot be reached: {error}"),
            Self::Refused { what, status } => write!(f, "the Runtime API refused {what}: status {status}"),
            Self::NoApp(problem) => write!(f, "the app did not start: {problem}"),
        }
    }
}
