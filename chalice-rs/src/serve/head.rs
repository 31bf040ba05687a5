//! The head of an HTTP/1.1 response, and the frame around its body.

use std::mem::MaybeUninit;

/// Headers a response may have. Lambda's have about ten.
const HEADER_LIMIT: usize = 64;

/// What the head says about what follows.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Head {
    /// The head's own length, in bytes.
    pub(super) len: usize,
    pub(super) status: u16,
    pub(super) body: Body,
    pub(super) closes: bool,
}

/// How the end of the body is known.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub(super) enum Body {
    Length(usize),
    Chunked,
    ToTheEnd,
}

/// A response that is not HTTP/1.1 as we know it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Malformed(pub(super) &'static str);

impl Head {
    /// Parses the head once it is whole, and shows each header, its name in the host's own case.
    pub(super) fn parse(bytes: &[u8], each: &mut dyn FnMut(&str, &[u8])) -> Result<Option<Self>, Malformed> {
        let mut headers = [const { MaybeUninit::uninit() }; HEADER_LIMIT];
        let mut response = httparse::Response::new(&mut []);
        let parsed = httparse::ParserConfig::default().parse_response_with_uninit_headers(
            &mut response,
            bytes,
            &mut headers,
        );
        let len = match parsed {
            Ok(httparse::Status::Complete(len)) => len,
            Ok(httparse::Status::Partial) => return Ok(None),
            Err(_) => return Err(Malformed("the head is no HTTP/1.1")),
        };
        let status = response.code.unwrap_or_default();
        let mut closes = response.version == Some(0);
        let mut length = None;
        let mut is_chunked = false;
        for header in response.headers.iter() {
            let value = header.value.trim_ascii();
            if header.name.eq_ignore_ascii_case("content-length") {
                let parsed = str::from_utf8(value).ok().and_then(|value| value.parse().ok());
                length = Some(parsed.ok_or(Malformed("the content length is no number"))?);
            } else if header.name.eq_ignore_ascii_case("transfer-encoding") {
                is_chunked = value.eq_ignore_ascii_case(b"chunked");
            } else if header.name.eq_ignore_ascii_case("connection") {
                closes |= value.eq_ignore_ascii_case(b"close");
            } else {
                each(header.name, value);
            }
        }
        let body = match length {
            _ if is_chunked => Body::Chunked,
            _ if status == 204 || status == 304 || status < 200 => Body::Length(0),
            Some(length) => Body::Length(length),
            None => Body::ToTheEnd,
        };
        closes |= body == Body::ToTheEnd;
        Ok(Some(Self { len, status, body, closes }))
    }
}

/// Takes the frames off a chunked body, in place, as far as it has come.
#[derive(Debug, Default)]
pub(super) struct Unchunker {
    /// Bytes of the buffer that have been read.
    read: usize,
    /// Bytes of the body, which stand at the buffer's start.
    written: usize,
    /// Bytes of the chunk that are still to come, its line break included.
    chunk_left: usize,
}

impl Unchunker {
    /// The body's length once its end has been seen. Call it with the same bytes and what came since.
    pub(super) fn advance(&mut self, buffer: &mut [u8]) -> Result<Option<usize>, Malformed> {
        const LINE_BREAK: usize = 2;
        loop {
            if self.chunk_left > 0 {
                let there = self.chunk_left.min(buffer.len() - self.read);
                let data = there.min(self.chunk_left.saturating_sub(LINE_BREAK));
                buffer.copy_within(self.read..self.read + data, self.written);
                self.written += data;
                self.read += there;
                self.chunk_left -= there;
                if self.chunk_left > 0 {
                    return Ok(None);
                }
            }
            match httparse::parse_chunk_size(&buffer[self.read..]) {
                Ok(httparse::Status::Partial) => return Ok(None),
                Ok(httparse::Status::Complete((line, size))) => {
                    if size == 0 {
                        // What follows are trailers, which end with an empty line.
                        let rest = &buffer[self.read + line..];
                        let is_over =
                            rest.starts_with(b"\r\n") || rest.windows(4).any(|end| end == b"\r\n\r\n");
                        return Ok(is_over.then_some(self.written));
                    }
                    self.read += line;
                    let size = usize::try_from(size).ok().and_then(|size| size.checked_add(LINE_BREAK));
                    self.chunk_left = size.ok_or(Malformed("a chunk is too long"))?;
                }
                Err(_) => return Err(Malformed("a chunk has no length")),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(text: &str) -> Result<Option<Head>, Malformed> {
        Head::parse(text.as_bytes(), &mut |_, _| {})
    }

    #[test]
    fn the_head_says_how_long_the_body_is() {
        let body = |text: &str| head(text).expect("a head").map(|head| (head.body, head.closes));
        assert_eq!(body("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n"), Some((Body::Length(12), false)));
        assert_eq!(
            body("HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\ncontent-length: 1\r\n\r\n"),
            Some((Body::Chunked, false)),
        );
        assert_eq!(body("HTTP/1.1 200 OK\r\nConnection: Close\r\n\r\n"), Some((Body::ToTheEnd, true)));
        assert_eq!(body("HTTP/1.1 204 No Content\r\n\r\n"), Some((Body::Length(0), false)));
        assert_eq!(body("HTTP/1.0 202 Accepted\r\ncontent-length: 0\r\n\r\n"), Some((Body::Length(0), true)));
        assert_eq!(body("HTTP/1.1 200 OK\r\ncontent-le"), None);
        assert!(head("HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n").is_err());
        assert!(head("SSH-2.0-OpenSSH\r\n\r\n").is_err());
    }

    #[test]
    fn other_headers_are_shown_with_their_values() {
        let mut seen = Vec::new();
        let head = Head::parse(
            b"HTTP/1.1 200 OK\r\nX-A: b c \r\nconnection: keep-alive\r\n\r\nrest",
            &mut |name, value| {
                seen.push(format!("{name}={}", String::from_utf8_lossy(value)));
            },
        );
        assert_eq!(seen, ["X-A=b c"]);
        assert_eq!(head.expect("a head").expect("whole").len, 54);
    }

    #[test]
    fn a_chunked_body_is_the_same_however_it_is_cut() {
        let framed = b"4\r\nWiki\r\n6;x=y\r\npedia \r\nE\r\nin \r\n\r\nchunks.\r\n0\r\nx-trailer: 1\r\n\r\n";
        for cut in 0..=framed.len() {
            let mut buffer = framed.to_vec();
            let mut unchunker = Unchunker::default();
            let early = unchunker.advance(&mut buffer[..cut]).expect("no error");
            assert_eq!(early.is_some(), cut == framed.len(), "cut at {cut}");
            let len = unchunker.advance(&mut buffer).expect("no error").expect("whole");
            assert_eq!(&buffer[..len], b"Wikipedia in \r\n\r\nchunks.", "cut at {cut}");
        }
    }

    #[test]
    fn a_chunk_without_a_length_is_an_error() {
        assert!(Unchunker::default().advance(&mut b"xyz\r\n".to_vec()).is_err());
        assert!(Unchunker::default().advance(&mut b"ffffffffffffffff\r\n".to_vec()).is_err());
    }
}
