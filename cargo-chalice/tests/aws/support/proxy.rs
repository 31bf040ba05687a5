//! Stands between the tool and MiniStack: writes down every call, breaks the ones it is told to, and refuses what AWS
//! would refuse.
//!
//! What it cannot show: how long AWS takes until a new role, route or version is seen everywhere.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::{Value, json};

use super::http::exchange;
use super::local_aws::LocalAws;
use super::model::Call;
use super::rules;

/// A running proxy. Dropping it ends it.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    // Dropped without waiting: a held call never ends.
    runtime: Option<tokio::runtime::Runtime>,
}

/// A call and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub call: Call,
    /// The status that the tool saw; none when it saw no answer.
    pub status: Option<u16>,
    /// Why we refused what MiniStack would have taken.
    pub refused: Option<String>,
}

/// Something to break.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    pub which: Which,
    pub when: When,
    pub how: How,
}

/// Which calls a fault is for.
#[derive(Debug, Clone, PartialEq)]
pub enum Which {
    /// One of an operation, counted from zero since the proxy began or forgot.
    Nth(String, usize),
    /// Every one of an operation.
    Operation(&'static str),
    /// The first so many of an operation.
    FirstOf(&'static str, usize),
    /// Every one of any operation, from one on.
    Since(String, usize),
}

/// Whether AWS sees the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// It never arrives.
    Before,
    /// It takes effect, and its answer is lost.
    After,
}

/// What the tool sees instead of the answer.
#[derive(Debug, Clone, PartialEq)]
pub enum How {
    /// The connection ends.
    Drop,
    /// No answer and no end: a test waits for this and then kills the tool.
    Hold,
    /// Too many requests.
    Throttle,
    /// AWS is at fault.
    Broken(u16),
    /// An error of the service.
    Error { status: u16, code: &'static str, message: &'static str },
    /// The answer comes later.
    Slow(Duration),
}

#[derive(Debug)]
struct Shared {
    aws: &'static LocalAws,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    log: Vec<Entry>,
    faults: Vec<Fault>,
    page: Option<usize>,
    held: usize,
}

impl Proxy {
    pub fn start() -> Self {
        let aws = LocalAws::shared();
        let shared = Arc::new(Shared { aws, state: Mutex::default(), changed: Condvar::new() });
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(serve(listener, Arc::clone(&shared)));
        Self { address, shared, runtime: Some(runtime) }
    }

    /// What `AWS_ENDPOINT_URL` should be.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Adds a fault.
    pub fn fault(&self, which: Which, when: When, how: How) {
        self.state().faults.push(Fault { which, when, how });
    }

    /// Answers lists of API Gateway in pages, as AWS does and MiniStack does not.
    pub fn page(&self, size: usize) {
        self.state().page = Some(size);
    }

    /// Empties the log and removes all faults.
    pub fn forget(&self) {
        let mut state = self.state();
        state.log.clear();
        state.faults.clear();
        state.held = 0;
    }

    /// Every call so far.
    pub fn log(&self) -> Vec<Entry> {
        self.state().log.clone()
    }

    /// The calls that could have changed something, as `lambda CreateFunction`.
    pub fn writes(&self) -> Vec<String> {
        self.log().iter().filter(|entry| entry.call.writes()).map(|entry| entry.call.name()).collect()
    }

    /// The writes that we refused although MiniStack would have taken them: mistakes of the tool, unless a test
    /// provoked them. (To ask for what is not there is none.)
    pub fn refusals(&self) -> Vec<String> {
        let refusal =
            |entry: &Entry| entry.refused.as_ref().map(|why| format!("{}: {why}", entry.call.name()));
        self.log().iter().filter(|entry| entry.call.writes()).filter_map(refusal).collect()
    }

    /// Waits until a call is held, or for as long as `limit`. Says whether one is.
    pub fn wait_until_held(&self, limit: Duration) -> bool {
        self.wait_until(limit, |state| state.held > 0)
    }

    /// Waits until an operation is called.
    pub fn wait_for(&self, operation: &str, limit: Duration) {
        let called = |state: &State| state.log.iter().any(|entry| entry.call.operation == operation);
        assert!(self.wait_until(limit, called), "{operation} was not called");
    }

    fn wait_until(&self, limit: Duration, so: impl Fn(&State) -> bool) -> bool {
        let state = self.state();
        let (state, _) = self
            .shared
            .changed
            .wait_timeout_while(state, limit, |state| !so(state))
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        so(&state)
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.shared.state()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Shared {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Writes a call down and finds what is to happen to it.
    fn begin(&self, call: &Call) -> (usize, Option<Fault>) {
        let mut state = self.state();
        let number = state.log.len();
        let before = state.log.iter().filter(|entry| entry.call.operation == call.operation).count();
        state.log.push(Entry { call: call.clone(), status: None, refused: None });
        self.changed.notify_all();
        let fault = state.faults.iter().find(|fault| match &fault.which {
            Which::Nth(operation, nth) => *operation == call.operation && before == *nth,
            Which::Operation(operation) => *operation == call.operation,
            Which::FirstOf(operation, count) => *operation == call.operation && before < *count,
            Which::Since(operation, nth) => {
                let earlier =
                    state.log[..number].iter().filter(|entry| entry.call.operation == *operation).count();
                earlier > *nth || (*operation == call.operation && earlier == *nth)
            }
        });
        (number, fault.cloned())
    }
}

async fn serve(listener: tokio::net::TcpListener, shared: Arc<Shared>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { return };
        let _ = stream.set_nodelay(true);
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            let service = service_fn(|request| answer(&shared, request));
            // An error here is a connection that we dropped on purpose, or that the tool did.
            let _ = hyper::server::conn::http1::Builder::new()
                .timer(TokioTimer::new())
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

/// The connection ends without an answer.
#[derive(Debug, thiserror::Error)]
#[error("dropped")]
struct Dropped;

async fn answer(shared: &Shared, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Dropped> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| Dropped)?.to_bytes();
    let Some(call) = shared.aws.models.recognise(&head, &body) else {
        let request = Request::from_parts(head, Full::new(body));
        return forward(shared, request).await.map(|answer| answer.map(Full::new));
    };
    let (number, fault) = shared.begin(&call);
    if let Some(fault) = fault.as_ref().filter(|fault| fault.when == When::Before)
        && let Some(answer) = break_it(shared, &call, &fault.how).await?
    {
        return Ok(done(shared, number, answer, None));
    }
    if let Some(refusal) = rules::refusal(shared.aws, &call).await {
        let answer = error(&call, refusal.status, refusal.code, &refusal.message);
        return Ok(done(shared, number, answer, Some(refusal.message)));
    }
    let page = shared.state().page.filter(|_| call.service == "apigatewayv2" && !call.writes());
    let answer = forward(shared, Request::from_parts(head, Full::new(body))).await?;
    if let Some(fault) = fault.filter(|fault| fault.when == When::After)
        && let Some(answer) = break_it(shared, &call, &fault.how).await?
    {
        return Ok(done(shared, number, answer, None));
    }
    let answer = match page {
        Some(size) => paged(&call, answer, size),
        None => answer,
    };
    Ok(done(shared, number, answer, None))
}

async fn forward(shared: &Shared, request: Request<Full<Bytes>>) -> Result<Response<Bytes>, Dropped> {
    exchange(shared.aws.endpoint, request).await.map_err(|_| Dropped)
}

fn done(
    shared: &Shared,
    number: usize,
    answer: Response<Bytes>,
    refused: Option<String>,
) -> Response<Full<Bytes>> {
    // The log may have been emptied while the call was under way.
    if let Some(entry) = shared.state().log.get_mut(number) {
        entry.status = Some(answer.status().as_u16());
        entry.refused = refused;
    }
    answer.map(Full::new)
}

async fn break_it(shared: &Shared, call: &Call, how: &How) -> Result<Option<Response<Bytes>>, Dropped> {
    match how {
        How::Drop => Err(Dropped),
        How::Hold => {
            shared.state().held += 1;
            shared.changed.notify_all();
            std::future::pending().await
        }
        How::Throttle => Ok(Some(match call.service {
            "lambda" | "apigatewayv2" => error(call, 429, "TooManyRequestsException", "Rate exceeded"),
            "logs" => error(call, 400, "ThrottlingException", "Rate exceeded"),
            _ => error(call, 400, "Throttling", "Rate exceeded"),
        })),
        How::Broken(status) => Ok(Some(error(call, *status, "ServiceFailure", "internal failure"))),
        How::Error { status, code, message } => Ok(Some(error(call, *status, code, message))),
        How::Slow(time) => {
            tokio::time::sleep(*time).await;
            Ok(None)
        }
    }
}

/// An error in the service's own form.
fn error(call: &Call, status: u16, code: &str, message: &str) -> Response<Bytes> {
    let answer =
        Response::builder().status(StatusCode::from_u16(status).unwrap()).header("x-amzn-requestid", "fault");
    let answer = match call.service {
        "iam" | "sts" => answer.header("content-type", "text/xml").body(format!(
            "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>\
             <RequestId>fault</RequestId></ErrorResponse>"
        )),
        "logs" => answer
            .header("content-type", "application/x-amz-json-1.1")
            .body(json!({ "__type": code, "message": message }).to_string()),
        _ => answer
            .header("content-type", "application/json")
            .header("x-amzn-errortype", code)
            .body(json!({ "message": message, "Message": message }).to_string()),
    };
    answer.unwrap().map(Bytes::from)
}

/// A page of a list, with the place where the next begins as its token.
fn paged(call: &Call, answer: Response<Bytes>, size: usize) -> Response<Bytes> {
    let Ok(mut list) = serde_json::from_slice::<Value>(answer.body()) else { return answer };
    let Some(items) = list["items"].as_array().cloned() else { return answer };
    let first: usize = call.text("nextToken").parse().unwrap_or(0);
    let next = items.len().min(first + size);
    list["items"] = items[first..next].into();
    if next < items.len() {
        list["nextToken"] = next.to_string().into();
    }
    let mut head = answer.into_parts().0;
    head.headers.remove("content-length");
    Response::from_parts(head, list.to_string().into())
}
