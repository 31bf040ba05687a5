//! HTTP by hand: the tests decide over every byte.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

use crate::session::Session;

/// Requests a path on a connection of its own.
#[track_caller]
pub fn get(session: &Session, target: &str) -> Response {
    send(session, &format!("GET {target} HTTP/1.1\r\nhost: {}\r\n\r\n", session.address))
}

/// Sends these bytes on a connection of their own.
#[track_caller]
pub fn send(session: &Session, request: &str) -> Response {
    let mut connection = Connection::open(session);
    connection.write(request);
    connection.read()
}

/// An open connection.
pub struct Connection(BufReader<TcpStream>);

/// What came back.
#[derive(Debug)]
pub struct Response {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Connection {
    pub fn open(session: &Session) -> Self {
        let stream = TcpStream::connect(session.address).unwrap();
        // Longer than the gateway waits: whatever takes more hangs.
        stream.set_read_timeout(Some(Duration::from_secs(90))).unwrap();
        Self(BufReader::new(stream))
    }

    pub fn write(&mut self, text: &str) {
        self.write_bytes(text.as_bytes());
    }

    pub fn write_bytes(&mut self, bytes: &[u8]) {
        self.0.get_mut().write_all(bytes).unwrap();
    }

    /// Reads a response with its body.
    #[track_caller]
    pub fn read(&mut self) -> Response {
        let mut response = self.read_head();
        let length = response.header("content-length").map_or(0, |length| length.parse().unwrap());
        response.body = vec![0; length];
        self.0.read_exact(&mut response.body).unwrap();
        response
    }

    /// Reads a response that has no body.
    #[track_caller]
    pub fn read_head(&mut self) -> Response {
        let mut line = || {
            let mut line = String::new();
            self.0.read_line(&mut line).unwrap();
            line.trim_end().to_owned()
        };
        let first = line();
        let status =
            first.split(' ').nth(1).unwrap_or_else(|| panic!("no status in {first:?}")).parse().unwrap();
        let mut headers = Vec::new();
        loop {
            let line = line();
            let Some((name, value)) = line.split_once(": ") else { break };
            headers.push((name.to_ascii_lowercase(), value.to_owned()));
        }
        Response { status, headers, body: Vec::new() }
    }
}

impl Response {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    #[track_caller]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }
}
