//! Lambda's Runtime API: the next invocation, its answer, and a failed start.
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>

use std::fmt;
use std::io;
use std::time::{Duration, UNIX_EPOCH};

use serde::Serialize;

use super::connection::{Connection, ExchangeError, Reply};
use super::endpoint::Endpoint;
use crate::Context;

/// A client with one connection, opened when it is needed.
pub(super) struct RuntimeApi<'e> {
    endpoint: &'e Endpoint,
    connection: Option<Connection>,
    next: Vec<u8>,
    head: Vec<u8>,
    context: Context,
    /// Tells this attempt from others of the same request; it goes back with the answer.
    invocation_id: Option<String>,
}

/// One invocation.
pub(super) struct Invocation<'a> {
    pub(super) context: &'a Context,
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
        Self {
            endpoint,
            connection: None,
            next: next.into_bytes(),
            head: Vec::with_capacity(256),
            context: Context::default(),
            invocation_id: None,
        }
    }

    /// Waits for the next invocation.
    pub(super) async fn next(&mut self) -> Result<Invocation<'_>, ServeError> {
        let Self { endpoint, connection, next, context, invocation_id, .. } = self;
        // The texts of the last invocation are written over: Lambda sends the same headers each time.
        context.request_id.clear();
        context.deadline = None;
        for text in [&mut context.function_arn, &mut context.trace_id, &mut *invocation_id] {
            text.iter_mut().for_each(String::clear);
        }
        let reply = exchange(connection, endpoint, next, b"", &mut |name, value| {
            read_header(name, value, context, invocation_id);
        })
        .await?;
        for text in [&mut context.function_arn, &mut context.trace_id, &mut *invocation_id] {
            text.take_if(|text| text.is_empty());
        }
        if reply.status != 200 || context.request_id.is_empty() {
            return Err(ServeError::Refused { what: "to give an invocation", status: reply.status });
        }
        let event = connection.as_ref().map(|connection| connection.body(&reply)).unwrap_or_default();
        Ok(Invocation { context, event })
    }

    /// The id of the invocation that was given last.
    pub(super) fn request_id(&self) -> &str {
        &self.context.request_id
    }

    /// Hands in the answer to the invocation that was given last.
    pub(super) async fn respond(&mut self, payload: &[u8]) -> Result<Taken, ServeError> {
        let header = self.invocation_id.as_deref().map(|id| ("lambda-runtime-invocation-id", id));
        write_post(
            &mut self.head,
            self.endpoint,
            &["invocation/", &self.context.request_id, "/response"],
            header,
            payload.len(),
        );
        let reply =
            exchange(&mut self.connection, self.endpoint, &self.head, payload, &mut |_, _| {}).await?;
        taken(&reply)
    }

    /// Says that there will be no answer to the invocation that was given last.
    pub(super) async fn fail(&mut self, kind: &str, message: &str) -> Result<Taken, ServeError> {
        let header = self.invocation_id.as_deref().map(|id| ("lambda-runtime-invocation-id", id));
        let body = Failure::new(kind, message).to_json();
        let path = ["invocation/", &self.context.request_id, "/error"];
        write_post(&mut self.head, self.endpoint, &path, header, body.len());
        let reply = exchange(&mut self.connection, self.endpoint, &self.head, &body, &mut |_, _| {}).await?;
        taken(&reply)
    }

    /// Says that there will be no app.
    pub(super) async fn report_start_failure(&mut self, kind: &str, message: &str) -> Result<(), ServeError> {
        let body = Failure::new(kind, message).to_json();
        let header = Some(("lambda-runtime-function-error-type", kind));
        write_post(&mut self.head, self.endpoint, &["init/error"], header, body.len());
        exchange(&mut self.connection, self.endpoint, &self.head, &body, &mut |_, _| {}).await?;
        Ok(())
    }
}

/// Writes the head of a request that posts JSON. It is written for each invocation, so without the
/// formatting machinery.
fn write_post(
    head: &mut Vec<u8>,
    endpoint: &Endpoint,
    path: &[&str],
    header: Option<(&str, &str)>,
    length: usize,
) {
    let mut digits = itoa::Buffer::new();
    let (name, value) = header.unwrap_or_default();
    let (colon, line_end) = if header.is_some() { (": ", "\r\n") } else { ("", "") };
    head.clear();
    let before = ["POST ", &endpoint.base, "/2018-06-01/runtime/"];
    let after = [
        " HTTP/1.1\r\nhost: ",
        &endpoint.authority,
        "\r\ncontent-type: application/json\r\n",
        name,
        colon,
        value,
        line_end,
        "content-length: ",
        digits.format(length),
        "\r\n\r\n",
    ];
    for piece in before.iter().chain(path).chain(&after) {
        head.extend_from_slice(piece.as_bytes());
    }
}

/// What Lambda wants to know of a failed start or invocation.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Failure<'a> {
    error_type: &'a str,
    error_message: &'a str,
    stack_trace: [&'a str; 0],
}

impl<'a> Failure<'a> {
    fn new(kind: &'a str, message: &'a str) -> Self {
        Self { error_type: kind, error_message: message, stack_trace: [] }
    }

    fn to_json(&self) -> Vec<u8> {
        // Two strings and nothing else always serialize.
        serde_json::to_vec(self).unwrap_or_default()
    }
}

fn taken(reply: &Reply) -> Result<Taken, ServeError> {
    Ok(match reply.status {
        200..300 => Taken::Yes,
        410 => Taken::TooLate,
        413 => Taken::TooLarge,
        500.. => return Err(ServeError::Refused { what: "to take an answer", status: reply.status }),
        status => Taken::No(status),
    })
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
    each: &mut dyn FnMut(&str, &[u8]),
) -> Result<Reply, ServeError> {
    const PATIENCE: u32 = 3;
    let mut failures = 0;
    loop {
        let open = match connection.take().filter(Connection::is_reusable) {
            Some(open) => connection.insert(open),
            None => connection.insert(Connection::open(endpoint).await.map_err(ServeError::Unreachable)?),
        };
        match open.exchange(head, body, each).await {
            Ok(reply) => return Ok(reply),
            Err(ExchangeError::Broken(error)) => return Err(ServeError::Unreachable(error)),
            Err(ExchangeError::Unanswered(error)) => {
                failures = if open.is_young() { failures + 1 } else { 0 };
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
        value.clone_into(&mut context.request_id);
    } else if name.eq_ignore_ascii_case("deadline-ms") {
        let millis = value.parse().ok();
        context.deadline = millis.and_then(|millis| UNIX_EPOCH.checked_add(Duration::from_millis(millis)));
    } else if name.eq_ignore_ascii_case("invoked-function-arn") {
        value.clone_into(context.function_arn.get_or_insert_default());
    } else if name.eq_ignore_ascii_case("trace-id") {
        value.clone_into(context.trace_id.get_or_insert_default());
    } else if name.eq_ignore_ascii_case("invocation-id") {
        value.clone_into(id.get_or_insert_default());
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
