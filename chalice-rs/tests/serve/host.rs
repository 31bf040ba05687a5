//! Lambda's side of the Runtime API, and the process on the other side.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use chalice_rs_wire::http_v2::{Request, RequestContext, decode_response, encode_request};
use serde_json::Value;

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// The app's process, and the address it calls.
pub(crate) struct Lambda {
    listener: TcpListener,
    child: Child,
    log: Arc<(Mutex<Log>, Condvar)>,
}

#[derive(Default)]
struct Log {
    lines: Vec<String>,
    is_over: bool,
}

/// One of the app's connections.
pub(crate) struct Slot {
    stream: BufReader<TcpStream>,
    serial: u32,
}

/// What the app sent.
pub(crate) struct Message {
    pub(crate) line: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// A payload, taken apart as API Gateway takes it.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
    pub(crate) bytes: Vec<u8>,
    /// The payload as it came.
    pub(crate) payload: Value,
}

impl Lambda {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    pub(crate) fn start_with(variables: &[(&str, &str)]) -> Self {
        Self::start_at(variables, |port| format!("127.0.0.1:{port}"))
    }

    /// Starts the app with an address of this form.
    pub(crate) fn start_at(variables: &[(&str, &str)], address: impl Fn(u16) -> String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let mut child = app(variables)
            .env("AWS_LAMBDA_RUNTIME_API", address(port))
            .spawn()
            .expect("this executable starts again");
        let log = Arc::<(Mutex<Log>, Condvar)>::default();
        let stderr = BufReader::new(child.stderr.take().expect("standard error"));
        let shared = Arc::clone(&log);
        thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                shared.0.lock().expect("the log").lines.push(line);
                shared.1.notify_all();
            }
            shared.0.lock().expect("the log").is_over = true;
            shared.1.notify_all();
            // The process is gone: a test that waits for its connection gets one that says nothing.
            let _ = TcpStream::connect(("127.0.0.1", port));
        });
        Self { listener, child, log }
    }

    /// The app's next connection.
    pub(crate) fn slot(&self) -> Slot {
        let (stream, _) = self.listener.accept().expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        stream.set_nodelay(true).expect("no delay");
        Slot { stream: BufReader::new(stream), serial: 0 }
    }

    /// The first line of the log with these words.
    #[track_caller]
    pub(crate) fn log_line(&self, words: &str) -> String {
        let (log, changed) = &*self.log;
        let mut log = log.lock().expect("the log");
        loop {
            if let Some(line) = log.lines.iter().find(|line| line.contains(words)) {
                return line.clone();
            }
            assert!(!log.is_over, "no `{words}` in {:#?}", log.lines);
            let (again, waited) = changed.wait_timeout(log, PATIENCE).expect("the log");
            log = again;
            assert!(!waited.timed_out(), "no `{words}` in {:#?}", log.lines);
        }
    }

    /// The whole log so far.
    pub(crate) fn log_text(&self) -> String {
        self.log.0.lock().expect("the log").lines.join("\n")
    }

    /// Waits for the process to end by itself, and gives its exit code.
    pub(crate) fn exit_code(mut self) -> Option<i32> {
        self.child.wait().expect("the child").code()
    }
}

impl Drop for Lambda {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// This executable, as the app.
pub(crate) fn app(variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this executable"));
    command.args(["app::app", "--exact", "--ignored", "--nocapture"]);
    command.env_clear().envs(variables.iter().copied());
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

impl Slot {
    /// Reads one request of the app.
    pub(crate) fn receive(&mut self) -> Message {
        let mut line = String::new();
        self.stream.read_line(&mut line).expect("a request line");
        let mut headers = Vec::new();
        loop {
            let mut header = String::new();
            self.stream.read_line(&mut header).expect("a header");
            let Some((name, value)) = header.trim_end().split_once(": ") else { break };
            headers.push((name.to_ascii_lowercase(), value.to_owned()));
        }
        let length = headers.iter().find(|(name, _)| name == "content-length");
        let mut body = vec![0; length.map_or(0, |(_, length)| length.parse().expect("a length"))];
        self.stream.read_exact(&mut body).expect("the body");
        Message { line: line.trim_end().to_owned(), headers, body }
    }

    /// Sends these bytes.
    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.get_mut().write_all(bytes.as_ref()).expect("the app reads");
    }

    /// Waits until the app asks for an invocation, and gives it this one.
    pub(crate) fn give(&mut self, headers: &str, event: &[u8]) {
        let next = self.receive();
        assert_eq!(next.line, "GET /2018-06-01/runtime/invocation/next HTTP/1.1");
        self.serial += 1;
        let serial = self.serial;
        self.send(format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nLambda-Runtime-Aws-Request-Id: id-{serial}\r\n\
             {headers}Content-Length: {}\r\n\r\n",
            event.len()
        ));
        self.send(event);
    }

    /// Reads the answer to the invocation given last, and accepts it.
    pub(crate) fn take(&mut self) -> Answer {
        let message = self.receive();
        let serial = self.serial;
        assert_eq!(
            message.line,
            format!("POST /2018-06-01/runtime/invocation/id-{serial}/response HTTP/1.1")
        );
        self.accept();
        Answer::from_payload(&message.body)
    }

    /// Accepts what came last.
    pub(crate) fn accept(&mut self) {
        self.send("HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{\"status\":\"OK\"}\n");
    }

    /// One invocation with these bytes.
    pub(crate) fn invoke(&mut self, event: impl AsRef<[u8]>) -> Answer {
        self.give("Lambda-Runtime-Deadline-Ms: 4102444800000\r\n", event.as_ref());
        self.take()
    }

    /// One invocation with a request.
    pub(crate) fn ask(&mut self, request: &Request<'_>) -> Answer {
        self.invoke(encode_request(request))
    }

    /// The process is alive and well.
    #[track_caller]
    pub(crate) fn still_serves(&mut self) {
        let answer = self.ask(&request("GET /hello/{name}", "/hello/you", &[("name", "you")]));
        assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"hello":"you"}"#));
    }
}

impl Message {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

impl Answer {
    #[track_caller]
    pub(crate) fn from_payload(payload: &[u8]) -> Self {
        let response = decode_response(payload).expect("a valid answer");
        let payload: Value = serde_json::from_slice(payload).expect("the payload is JSON");
        assert!(payload["statusCode"].is_u64(), "{payload}");
        assert!(payload["headers"]["content-type"].is_string(), "{payload}");
        Self {
            status: response.status.as_u16(),
            body: String::from_utf8_lossy(&response.body).into_owned(),
            bytes: response.body,
            payload,
        }
    }

    /// The members of an error's body.
    #[track_caller]
    pub(crate) fn error(&self) -> (u16, String, String) {
        assert_eq!(self.payload["headers"]["content-type"], "application/json");
        let body: Value = serde_json::from_str(&self.body).expect("an error is JSON");
        let text = |name: &str| body[name].as_str().unwrap_or_else(|| panic!("no {name}: {body}")).to_owned();
        (self.status, text("Code"), text("Message"))
    }
}

/// A request as an HTTP API sends it for this route.
pub(crate) fn request<'r>(
    route_key: &'r str,
    path: &'r str,
    parameters: &[(&'r str, &'r str)],
) -> Request<'r> {
    let (method, _) = route_key.split_once(' ').unwrap_or(("GET", ""));
    Request {
        route_key: route_key.into(),
        raw_path: path.into(),
        path_parameters: parameters.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
        context: RequestContext {
            domain_name: "a1b2c3.execute-api.eu-west-1.amazonaws.com".into(),
            method: method.into(),
            path: path.into(),
            stage: "$default".into(),
            ..RequestContext::default()
        },
        ..Request::default()
    }
}

/// A request as a function URL sends it: no route, and the path as the client wrote it.
pub(crate) fn url_request<'r>(method: &'r str, path: &'r str) -> Request<'r> {
    let mut request = request("$default", path, &[]);
    request.context.method = method.into();
    request.context.domain_name = "abcdefg.lambda-url.eu-west-1.on.aws".into();
    request
}
