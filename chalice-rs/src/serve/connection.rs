//! One HTTP/1.1 connection to the Runtime API: a request goes out, a response comes back, and the
//! connection stays open for the next.

use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::ready;
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::endpoint::Endpoint;
use super::head::{Body, Head, Malformed, Unchunker};

/// Room for most events. All of it is zeroed at a cold start, so there is no more.
const START: usize = 4 * 1024;

/// No answer of the Runtime API is larger: an event has at most 6 MB.
const LIMIT: usize = 64 * 1024 * 1024;

/// An open connection and the bytes of the last response.
pub(super) struct Connection {
    stream: TcpStream,
    /// All of it may be written to; `filled` says how much of it has been read from the stream.
    buffer: Vec<u8>,
    filled: usize,
    is_reusable: bool,
    opened: Instant,
}

/// A response's status, and where its body is.
pub(super) struct Reply {
    pub(super) status: u16,
    start: usize,
    end: usize,
}

/// Why there is no response.
#[derive(Debug)]
pub(super) enum ExchangeError {
    /// The host closed the connection before it said a word: it may not have seen the request.
    Unanswered(io::Error),
    /// The response broke off, or is none.
    Broken(io::Error),
}

impl Connection {
    pub(super) async fn open(endpoint: &Endpoint) -> io::Result<Self> {
        let mut last = io::Error::new(io::ErrorKind::NotFound, "the host has no address");
        for address in &endpoint.addresses {
            match TcpStream::connect(address).await {
                Ok(stream) => {
                    // A large answer's last packet must not wait for the one before it.
                    stream.set_nodelay(true)?;
                    return Ok(Self {
                        stream,
                        buffer: vec![0; START],
                        filled: 0,
                        is_reusable: true,
                        opened: Instant::now(),
                    });
                }
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// Whether another request can go out.
    pub(super) fn is_reusable(&self) -> bool {
        self.is_reusable
    }

    /// Whether it was opened a moment ago.
    pub(super) fn is_young(&self) -> bool {
        self.opened.elapsed() < Duration::from_secs(1)
    }

    /// The bytes of the last reply's body.
    pub(super) fn body(&self, reply: &Reply) -> &[u8] {
        &self.buffer[reply.start..reply.end]
    }

    /// Sends a request and reads the whole response, showing each of its headers.
    pub(super) async fn exchange(
        &mut self,
        head: &[u8],
        body: &[u8],
        each: &mut dyn FnMut(&str, &[u8]),
    ) -> Result<Reply, ExchangeError> {
        // Whatever ends this early leaves a connection in an unknown state.
        self.is_reusable = false;
        self.filled = 0;
        self.send(head, body).await.map_err(ExchangeError::Unanswered)?;
        let head = loop {
            let is_first = self.filled == 0;
            match self.receive().await {
                Ok(()) => {}
                Err(error) if is_first => return Err(ExchangeError::Unanswered(error)),
                Err(error) => return Err(ExchangeError::Broken(error)),
            }
            if let Some(head) = Head::parse(&self.buffer[..self.filled], each).map_err(broken)? {
                break head;
            }
        };
        let start = head.len;
        let len = match head.body {
            Body::Length(length) => {
                self.receive_until(start, length).await.map_err(ExchangeError::Broken)?;
                // Nothing was asked for, so nothing may follow.
                self.is_reusable = !head.closes && self.filled == start + length;
                length
            }
            Body::Chunked => {
                let mut unchunker = Unchunker::default();
                let length = loop {
                    let so_far = &mut self.buffer[start..self.filled];
                    if let Some(length) = unchunker.advance(so_far).map_err(broken)? {
                        break length;
                    }
                    self.receive().await.map_err(ExchangeError::Broken)?;
                };
                self.is_reusable = !head.closes;
                length
            }
            Body::ToTheEnd => loop {
                match self.receive().await {
                    Ok(()) => {}
                    Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break self.filled - start,
                    Err(error) => return Err(ExchangeError::Broken(error)),
                }
            },
        };
        Ok(Reply { status: head.status, start, end: start + len })
    }

    async fn send(&mut self, head: &[u8], body: &[u8]) -> io::Result<()> {
        let mut slices = [IoSlice::new(head), IoSlice::new(body)];
        let mut left = &mut slices[..];
        let stream = &mut self.stream;
        poll_fn(|task| {
            // An empty slice at the front would make a finished write look like a closed stream.
            IoSlice::advance_slices(&mut left, 0);
            while !left.is_empty() {
                let written = ready!(Pin::new(&mut *stream).poll_write_vectored(task, left))?;
                if written == 0 {
                    return Err(io::ErrorKind::WriteZero.into()).into();
                }
                IoSlice::advance_slices(&mut left, written);
            }
            Ok(()).into()
        })
        .await
    }

    async fn receive_until(&mut self, start: usize, length: usize) -> io::Result<()> {
        let end = start.checked_add(length).filter(|end| *end <= LIMIT).ok_or_else(too_long)?;
        if self.buffer.len() < end {
            self.buffer.resize(end, 0);
        }
        while self.filled < end {
            self.receive().await?;
        }
        Ok(())
    }

    /// Reads what is there, at least one byte.
    async fn receive(&mut self) -> io::Result<()> {
        if self.filled == self.buffer.len() {
            if self.filled >= LIMIT {
                return Err(too_long());
            }
            self.buffer.resize(self.filled * 2, 0);
        }
        let (stream, free) = (&mut self.stream, &mut self.buffer[self.filled..]);
        let mut free = ReadBuf::new(free);
        poll_fn(|task| Pin::new(&mut *stream).poll_read(task, &mut free)).await?;
        match free.filled().len() {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            read => {
                self.filled += read;
                Ok(())
            }
        }
    }
}

fn broken(malformed: Malformed) -> ExchangeError {
    ExchangeError::Broken(io::Error::new(io::ErrorKind::InvalidData, malformed.0))
}

fn too_long() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the response is too long")
}
