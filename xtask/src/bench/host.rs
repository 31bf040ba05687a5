//! The Runtime API that drives any `bootstrap`: one event out, one answer in, and the time between the two.
//!
//! Not here: what is asked and whether the answer is right; see `event.rs`. Blocking and thread per connection on
//! purpose: nothing here may cost the measured process anything, and a reader sees every byte that is sent.
//! The interface: <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    thread,
    time::{Duration, Instant},
};

use crate::failure::Failure;

/// Long enough for a cold start under valgrind; a process that needs longer hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// Far enough in the future that no bootstrap gives up on an invocation.
const DEADLINE_MS: u64 = 4_102_444_800_000;

/// A Runtime API on a port of its own. It serves one bootstrap process.
pub(crate) struct Host {
    address: SocketAddr,
    events: Sender<Arc<[u8]>>,
    signals: Receiver<Signal>,
}

/// What a bootstrap answered.
pub(crate) struct Answer {
    /// The bytes that it posted.
    pub(crate) payload: Vec<u8>,
    /// From the first byte of the event to the last byte of the answer.
    pub(crate) round_trip: Duration,
}

enum Signal {
    /// The bootstrap asked for its next event and none is waiting.
    Ready,
    Answered(Answer),
    /// The bootstrap reported an error, or spoke nonsense.
    Refused(String),
}

impl Host {
    /// Opens a port on the loopback interface, of the system's choice.
    pub(crate) fn open() -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let (events, inbox) = channel();
        let (outbox, signals) = channel();
        let shared = Arc::new(Shared { events: Mutex::new(inbox), sent: Mutex::new(None) });
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let reader = BufReader::with_capacity(1 << 17, stream);
                let connection = Connection { reader, shared: Arc::clone(&shared), outbox: outbox.clone() };
                thread::spawn(move || connection.serve());
            }
        });
        Ok(Self { address, events, signals })
    }

    /// What goes into `AWS_LAMBDA_RUNTIME_API`.
    pub(crate) fn address(&self) -> String {
        self.address.to_string()
    }

    /// Waits until the bootstrap has asked for an event.
    pub(crate) fn ready(&self) -> Result<(), Failure> {
        match self.next_signal()? {
            Signal::Ready => Ok(()),
            Signal::Answered(_) => Err(Failure::new("the bootstrap answered before it was asked")),
            Signal::Refused(why) => Err(Failure::new(why)),
        }
    }

    /// Sends one event and waits until it is answered and the bootstrap is ready again.
    pub(crate) fn invoke(&self, event: &Arc<[u8]>) -> Result<Answer, Failure> {
        self.events
            .send(Arc::clone(event))
            .map_err(|_| Failure::new("the bootstrap closed its connection"))?;
        let answer = match self.next_signal()? {
            Signal::Answered(answer) => answer,
            Signal::Ready => return Err(Failure::new("the bootstrap left an event without an answer")),
            Signal::Refused(why) => return Err(Failure::new(why)),
        };
        self.ready()?;
        Ok(answer)
    }

    fn next_signal(&self) -> Result<Signal, Failure> {
        self.signals.recv_timeout(PATIENCE).map_err(|error| match error {
            RecvTimeoutError::Timeout => Failure::new(format!("the bootstrap was silent for {PATIENCE:?}")),
            RecvTimeoutError::Disconnected => Failure::new("the bootstrap closed its connection"),
        })
    }
}

struct Connection {
    reader: BufReader<TcpStream>,
    shared: Arc<Shared>,
    outbox: Sender<Signal>,
}

/// What all connections of one bootstrap share: it may poll on one and answer on another.
struct Shared {
    events: Mutex<Receiver<Arc<[u8]>>>,
    /// When the event that is being worked on was sent.
    sent: Mutex<Option<Instant>>,
}

struct Request {
    method: String,
    path: String,
    body: Vec<u8>,
}

impl Connection {
    /// Answers requests until the bootstrap goes away. A closed connection is how every run ends, so it is no error.
    fn serve(mut self) {
        // Without this, the second packet of an event waits for an acknowledgement of the first.
        if self.reader.get_ref().set_nodelay(true).is_err() {
            return;
        }
        let mut invocation = 0_u64;
        while let Ok(Some(request)) = self.read() {
            let arrived = Instant::now();
            let last = request.path.rsplit('/').next().unwrap_or_default();
            let done = match (request.method.as_str(), last) {
                ("GET", "next") => {
                    invocation += 1;
                    self.send_event(invocation)
                }
                ("POST", "response") => self.take_answer(request.body, arrived),
                _ => {
                    let body = String::from_utf8_lossy(&request.body);
                    let why = format!("the bootstrap sent {} {}: {body}", request.method, request.path);
                    self.refuse(why)
                }
            };
            if done.is_err() {
                return;
            }
        }
    }

    fn send_event(&mut self, invocation: u64) -> io::Result<()> {
        let event = {
            let events = self.shared.events.lock().map_err(|_| broken())?;
            let _ = self.outbox.send(Signal::Ready);
            events.recv().map_err(|_| broken())?
        };
        let mut response = format!(
            "HTTP/1.1 200 OK\r\n\
             content-type: application/json\r\n\
             lambda-runtime-aws-request-id: 8476a536-e9f4-11e8-9739-{invocation:012x}\r\n\
             lambda-runtime-deadline-ms: {DEADLINE_MS}\r\n\
             lambda-runtime-invoked-function-arn: arn:aws:lambda:eu-west-1:123456789012:function:bench:live\r\n\
             lambda-runtime-trace-id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0\r\n\
             content-length: {}\r\n\r\n",
            event.len(),
        )
        .into_bytes();
        response.extend_from_slice(&event);
        *self.shared.sent.lock().map_err(|_| broken())? = Some(Instant::now());
        self.reader.get_mut().write_all(&response)
    }

    fn take_answer(&mut self, payload: Vec<u8>, arrived: Instant) -> io::Result<()> {
        let Some(sent) = self.shared.sent.lock().map_err(|_| broken())?.take() else {
            return self.refuse("the bootstrap answered twice".to_owned());
        };
        let answer = Answer { payload, round_trip: arrived.duration_since(sent) };
        let _ = self.outbox.send(Signal::Answered(answer));
        self.accept()
    }

    fn refuse(&mut self, why: String) -> io::Result<()> {
        let _ = self.outbox.send(Signal::Refused(why));
        self.accept()
    }

    fn accept(&mut self) -> io::Result<()> {
        let body = r#"{"status":"OK"}"#;
        let head = "HTTP/1.1 202 Accepted\r\ncontent-type: application/json\r\ncontent-length:";
        write!(self.reader.get_mut(), "{head} {}\r\n\r\n{body}", body.len())
    }

    fn read(&mut self) -> io::Result<Option<Request>> {
        let Some(start) = self.line()? else {
            return Ok(None);
        };
        let mut words = start.split(' ');
        let method = words.next().unwrap_or_default().to_owned();
        let path = words.next().unwrap_or_default().to_owned();
        let (mut length, mut chunked, mut expects) = (0, false, false);
        while let Some(line) = self.line()?.filter(|line| !line.is_empty()) {
            let (name, value) = line.split_once(':').unwrap_or((&line, ""));
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse().map_err(io::Error::other)?,
                "transfer-encoding" => chunked = value.eq_ignore_ascii_case("chunked"),
                "expect" => expects = value.eq_ignore_ascii_case("100-continue"),
                _ => {}
            }
        }
        if expects {
            self.reader.get_mut().write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        let body = if chunked { self.chunks()? } else { self.bytes(length)? };
        Ok(Some(Request { method, path, body }))
    }

    fn chunks(&mut self) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line = self.line()?.unwrap_or_default();
            let digits = line.split(';').next().unwrap_or_default().trim();
            let length = usize::from_str_radix(digits, 16).map_err(io::Error::other)?;
            body.extend(self.bytes(length)?);
            // After the last chunk come the trailers, of which there are none, and the same empty line.
            self.line()?;
            if length == 0 {
                return Ok(body);
            }
        }
    }

    fn bytes(&mut self, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.reader.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn line(&mut self) -> io::Result<Option<String>> {
        let mut line = String::new();
        if self.reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        line.truncate(line.trim_end().len());
        Ok(Some(line))
    }
}

/// Another connection's thread, or the host itself, ended while this one worked.
fn broken() -> io::Error {
    io::Error::other("the host is gone")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Speaks to a host as a bootstrap would, and gives back what the host made of it.
    fn check(post: &str, expected: &str) {
        let host = Host::open().expect("a free port");
        let mut bootstrap = TcpStream::connect(host.address()).expect("the host listens");
        let next = "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nhost: x\r\n\r\n";
        write!(bootstrap, "{next}{post}{next}").expect("the host reads");
        host.ready().expect("the bootstrap is ready");
        let outcome = match host.invoke(&Arc::from(b"{}".as_slice())) {
            Ok(answer) => String::from_utf8(answer.payload).expect("text"),
            Err(failure) => failure.to_string(),
        };
        assert_eq!(outcome, expected);
    }

    const RESPONSE: &str = "POST /2018-06-01/runtime/invocation/1/response HTTP/1.1\r\n";

    #[test]
    fn an_answer_with_a_length_is_read_whole() {
        check(&format!("{RESPONSE}content-length: 4\r\n\r\ndone"), "done");
    }

    #[test]
    fn an_answer_in_chunks_is_put_together() {
        check(
            &format!("{RESPONSE}Transfer-Encoding: chunked\r\n\r\n2\r\ndo\r\n2\r\nne\r\n0\r\n\r\n"),
            "done",
        );
    }

    #[test]
    fn a_reported_error_is_a_failure_with_its_text() {
        check(
            "POST /2018-06-01/runtime/invocation/1/error HTTP/1.1\r\ncontent-length: 4\r\n\r\noops",
            "the bootstrap sent POST /2018-06-01/runtime/invocation/1/error: oops",
        );
    }
}
