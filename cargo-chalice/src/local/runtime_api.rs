//! Lambda's Runtime API, as one process of the app polls it.
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>
//!
//! Each process has a server of its own, at `host:port` as on Lambda: what comes in is surely from it.
//! Not here: the process itself, and how long it may take; see `worker.rs`.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use chalice_rs_wire::gateway::limit;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, mpsc};
use tokio::task::{AbortHandle, JoinSet};

/// One event for the process.
#[derive(Debug)]
pub struct Call {
    /// Lambda's id of the invocation.
    pub request_id: String,
    /// The event, as JSON.
    pub event: Bytes,
    /// The X-Ray trace header's value.
    pub trace_id: String,
    /// The ARN that was invoked.
    pub function_arn: String,
    /// How long the function may take from the moment it gets the event.
    pub timeout: Duration,
}

/// What the process does.
#[derive(Debug)]
pub enum Signal {
    /// It took the event.
    Taken,
    /// It answered.
    Answered(Bytes),
    /// It answered more than Lambda takes.
    AnsweredTooMuch,
    /// It reported an error, as JSON.
    Failed(Bytes),
    /// It reported that it cannot start, as JSON.
    CannotStart(Bytes),
}

/// The server, for as long as this value lives.
#[derive(Debug)]
pub struct RuntimeApi {
    address: SocketAddr,
    calls: mpsc::Sender<Call>,
    signals: mpsc::Receiver<Signal>,
    server: AbortHandle,
}

impl RuntimeApi {
    /// Starts a server on a port of its own.
    pub async fn start() -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (calls, waiting) = mpsc::channel(1);
        let (signal, signals) = mpsc::channel(4);
        let side = Arc::new(ProcessSide { waiting: Mutex::new(waiting), taken: Mutex::new(None), signal });
        let server = tokio::spawn(serve(listener, side)).abort_handle();
        Ok(Self { address, calls, signals, server })
    }

    /// The value of `AWS_LAMBDA_RUNTIME_API`.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Holds an event ready for the process.
    pub async fn offer(&self, call: Call) {
        // The other end lives as long as the server does, and that is as long as `self`.
        let _ = self.calls.send(call).await;
    }

    /// Waits for what the process does next.
    pub async fn signal(&mut self) -> Signal {
        match self.signals.recv().await {
            Some(signal) => signal,
            // Only when the server has ended, which it does not while `self` lives.
            None => std::future::pending().await,
        }
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// What the connections of one process share.
struct ProcessSide {
    waiting: Mutex<mpsc::Receiver<Call>>,
    /// The id of the event that is being worked on.
    taken: Mutex<Option<String>>,
    signal: mpsc::Sender<Signal>,
}

async fn serve(listener: TcpListener, side: Arc<ProcessSide>) {
    // The connections end with this task: a process must not outlive the server it polls.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                // Out of files, say; the process tries again.
                let Ok((stream, _)) = accepted else { continue };
                connections.spawn(connection(stream, side.clone()));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connection(stream: TcpStream, side: Arc<ProcessSide>) {
    let service = service_fn(move |request| {
        let side = side.clone();
        async move { Ok::<_, Infallible>(side.answer(request).await) }
    });
    // The process may break the connection as it likes; `worker.rs` sees whether it ended.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

impl ProcessSide {
    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let path = request.uri().path().to_owned();
        let Some(path) = path.strip_prefix("/2018-06-01/runtime/") else { return refuse(Refusal::Path) };
        let parts: Vec<&str> = path.split('/').collect();
        match (request.method(), parts.as_slice()) {
            (&Method::GET, ["invocation", "next"]) => self.next().await,
            (&Method::POST, ["init", "error"]) => match body(request).await {
                Ok(report) => self.tell(Signal::CannotStart(report)).await,
                Err(refusal) => refuse(refusal),
            },
            (&Method::POST, ["invocation", id, what @ ("response" | "error")]) => {
                let (id, is_error) = ((*id).to_owned(), *what == "error");
                // Read first: a process that is refused too early sees a broken connection instead.
                let body = body(request).await;
                let mut taken = self.taken.lock().await;
                if taken.as_deref() != Some(id.as_str()) {
                    return refuse(Refusal::Id);
                }
                if matches!(body, Err(Refusal::Broken)) {
                    return refuse(Refusal::Broken);
                }
                *taken = None;
                drop(taken);
                match body {
                    Ok(body) if is_error => self.tell(Signal::Failed(body)).await,
                    Ok(body) => self.tell(Signal::Answered(body)).await,
                    Err(refusal) => {
                        self.tell(Signal::AnsweredTooMuch).await;
                        refuse(refusal)
                    }
                }
            }
            _ => refuse(Refusal::Path),
        }
    }

    async fn next(&self) -> Response<Full<Bytes>> {
        let Some(call) = self.waiting.lock().await.recv().await else { return refuse(Refusal::Path) };
        *self.taken.lock().await = Some(call.request_id.clone());
        let _ = self.signal.send(Signal::Taken).await;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let deadline = (now + call.timeout).as_millis();
        Response::builder()
            .header("content-type", "application/json")
            .header("lambda-runtime-aws-request-id", call.request_id)
            .header("lambda-runtime-deadline-ms", deadline.to_string())
            .header("lambda-runtime-invoked-function-arn", call.function_arn)
            .header("lambda-runtime-trace-id", call.trace_id)
            .body(Full::new(call.event))
            .unwrap_or_else(|_| refuse(Refusal::Path))
    }

    async fn tell(&self, signal: Signal) -> Response<Full<Bytes>> {
        let _ = self.signal.send(signal).await;
        json(StatusCode::ACCEPTED, r#"{"status":"OK"}"#)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refusal {
    Path,
    Id,
    TooLarge,
    Broken,
}

/// Lambda's own words for what it refuses.
/// <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>
fn refuse(refusal: Refusal) -> Response<Full<Bytes>> {
    let (status, kind, message) = match refusal {
        Refusal::Path => (StatusCode::NOT_FOUND, "NotFound", "no such path"),
        Refusal::Id => (StatusCode::BAD_REQUEST, "InvalidRequestID", "Invalid request ID"),
        Refusal::TooLarge => {
            (StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge", "Exceeded maximum allowed payload size")
        }
        Refusal::Broken => (StatusCode::BAD_REQUEST, "InvalidRequest", "the body broke off"),
    };
    json(status, &format!(r#"{{"errorMessage":"{message}","errorType":"{kind}"}}"#))
}

fn json(status: StatusCode, body: &str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::copy_from_slice(body.as_bytes())));
    *response.status_mut() = status;
    response.headers_mut().insert("content-type", http::HeaderValue::from_static("application/json"));
    response
}

/// The body, sized or chunked. What is too large is read to its end all the same, within reason, so
/// that the process gets to read the refusal.
async fn body(request: Request<Incoming>) -> Result<Bytes, Refusal> {
    const WITHIN_REASON: usize = 64 * 1024 * 1024;
    match Limited::new(request.into_body(), WITHIN_REASON).collect().await {
        Ok(body) => {
            let body = body.to_bytes();
            if body.len() > limit::PAYLOAD { Err(Refusal::TooLarge) } else { Ok(body) }
        }
        Err(error) if error.is::<http_body_util::LengthLimitError>() => Err(Refusal::TooLarge),
        Err(_) => Err(Refusal::Broken),
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};

    use super::*;

    /// The process's side of the wire, by hand.
    struct Process(BufReader<TcpStream>);

    #[derive(Debug)]
    struct Reply {
        status: u16,
        headers: Vec<(String, String)>,
        body: String,
    }

    impl Process {
        async fn connect(api: &RuntimeApi) -> Self {
            Self(BufReader::new(TcpStream::connect(api.address()).await.unwrap()))
        }

        async fn send(&mut self, request: &str) -> Reply {
            self.0.get_mut().write_all(request.as_bytes()).await.unwrap();
            let mut lines = Vec::new();
            loop {
                let mut line = String::new();
                self.0.read_line(&mut line).await.unwrap();
                match line.trim_end() {
                    "" => break,
                    line => lines.push(line.to_owned()),
                }
            }
            let headers: Vec<(String, String)> = lines[1..]
                .iter()
                .map(|line| line.split_once(": ").map(|(name, value)| (name.into(), value.into())).unwrap())
                .collect();
            let mut reply = Reply { status: lines[0][9..12].parse().unwrap(), headers, body: String::new() };
            let mut body = vec![0; reply.header("content-length").parse().unwrap()];
            self.0.read_exact(&mut body).await.unwrap();
            reply.body = String::from_utf8(body).unwrap();
            reply
        }

        async fn next(&mut self) -> Reply {
            self.send("GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nhost: x\r\n\r\n").await
        }

        async fn post(&mut self, path: &str, body: &str) -> Reply {
            let length = body.len();
            let head = format!("POST /2018-06-01/runtime/{path} HTTP/1.1\r\nhost: x\r\n");
            self.send(&format!("{head}content-length: {length}\r\n\r\n{body}")).await
        }
    }

    impl Reply {
        fn header(&self, name: &str) -> &str {
            self.headers.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value)
        }
    }

    fn call(request_id: &str) -> Call {
        Call {
            request_id: request_id.to_owned(),
            event: Bytes::from_static(b"{}"),
            trace_id: "Root=1-0-0".to_owned(),
            function_arn: "arn:aws:lambda:us-east-1:123456789012:function:f".to_owned(),
            timeout: Duration::from_secs(7),
        }
    }

    /// A process that has taken the event `a`.
    async fn taken() -> (RuntimeApi, Process) {
        let mut api = RuntimeApi::start().await.unwrap();
        let mut process = Process::connect(&api).await;
        api.offer(call("a")).await;
        assert_eq!(process.next().await.status, 200);
        assert!(matches!(api.signal().await, Signal::Taken));
        (api, process)
    }

    #[tokio::test]
    async fn an_event_comes_with_what_lambda_says_about_it() {
        let api = RuntimeApi::start().await.unwrap();
        let mut process = Process::connect(&api).await;
        api.offer(call("a")).await;
        let before = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
        let event = process.next().await;
        let after = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
        assert_eq!((event.status, event.body.as_str()), (200, "{}"));
        assert_eq!(event.header("lambda-runtime-aws-request-id"), "a");
        assert_eq!(event.header("lambda-runtime-trace-id"), "Root=1-0-0");
        let arn = event.header("lambda-runtime-invoked-function-arn");
        assert_eq!(arn, "arn:aws:lambda:us-east-1:123456789012:function:f");
        let deadline: u128 = event.header("lambda-runtime-deadline-ms").parse().unwrap();
        assert!((before + 7000..=after + 7000).contains(&deadline), "{deadline} after {before}");
    }

    #[tokio::test]
    async fn answers_may_be_sized_or_chunked() {
        let (mut api, mut process) = taken().await;
        let thanks = process.post("invocation/a/response", "{\"statusCode\":200}").await;
        assert_eq!((thanks.status, thanks.body.as_str()), (202, r#"{"status":"OK"}"#));
        assert!(matches!(api.signal().await, Signal::Answered(payload) if payload == "{\"statusCode\":200}"));

        api.offer(call("b")).await;
        process.next().await;
        assert!(matches!(api.signal().await, Signal::Taken));
        let thanks = process
            .send(
                "POST /2018-06-01/runtime/invocation/b/response HTTP/1.1\r\nhost: x\r\n\
                 transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
            )
            .await;
        assert_eq!(thanks.status, 202);
        assert!(matches!(api.signal().await, Signal::Answered(payload) if payload == "{}"));
    }

    #[tokio::test]
    async fn errors_are_told_from_answers() {
        let (mut api, mut process) = taken().await;
        assert_eq!(process.post("invocation/a/error", "{}").await.status, 202);
        assert!(matches!(api.signal().await, Signal::Failed(_)));
        assert_eq!(process.post("init/error", "{}").await.status, 202);
        assert!(matches!(api.signal().await, Signal::CannotStart(_)));
    }

    #[tokio::test]
    async fn an_answer_to_something_else_is_refused() {
        let (mut api, mut process) = taken().await;
        let refused = process.post("invocation/b/response", "{}").await;
        assert_eq!(refused.status, 400);
        assert!(refused.body.contains("InvalidRequestID"), "{}", refused.body);
        assert_eq!(process.post("invocation/a/response", "{}").await.status, 202);
        assert_eq!(process.post("invocation/a/response", "{}").await.status, 400, "once is enough");
        assert!(matches!(api.signal().await, Signal::Answered(_)));
    }

    #[tokio::test]
    async fn an_answer_over_6_mb_is_refused_and_ends_the_invocation() {
        let (mut api, mut process) = taken().await;
        let refused = process.post("invocation/a/response", &"x".repeat(limit::PAYLOAD + 1)).await;
        assert_eq!(refused.status, 413);
        assert!(matches!(api.signal().await, Signal::AnsweredTooMuch));
    }

    #[tokio::test]
    async fn paths_that_lambda_does_not_have_are_a_404() {
        let (_api, mut process) = taken().await;
        assert_eq!(process.post("invocation/next", "").await.status, 404);
        assert_eq!(process.send("GET /other HTTP/1.1\r\nhost: x\r\n\r\n").await.status, 404);
    }

    #[tokio::test]
    async fn the_connection_ends_with_the_server() {
        let api = RuntimeApi::start().await.unwrap();
        let mut process = Process::connect(&api).await;
        let waiting = "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nhost: x\r\n\r\n";
        process.0.get_mut().write_all(waiting.as_bytes()).await.unwrap();
        let address = api.address();
        drop(api);
        // An orderly end, or a reset: nothing more comes.
        assert_eq!(process.0.read(&mut [0]).await.unwrap_or(0), 0);
        assert!(TcpStream::connect(address).await.is_err());
    }
}
