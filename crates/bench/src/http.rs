//! One keep-alive HTTP/1.1 connection: prepared bytes out, one answer in.
//!
//! The generator must cost less than what it measures, so there is no HTTP library here: requests are
//! rendered once, answers are read up to their `Content-Length`, nothing is allocated on the way.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::failure;

/// Room for ten messages of 1 KB with their envelope in one read.
const READ_BYTES: usize = 64 * 1024;

/// No answer of a server we measure is larger; a peek at a full queue may be.
const ANSWER_BYTES_MAX: usize = 1 << 30;

/// Where a server listens.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// What the `Host` header says: host and port.
    pub host: String,
    /// What to connect to.
    pub address: SocketAddr,
}

impl Endpoint {
    /// Reads `http://host:port`, with or without a trailing path.
    ///
    /// # Errors
    /// When the text is no such URL or the name does not resolve.
    pub fn parse(url: &str) -> io::Result<Self> {
        let rest = url
            .trim()
            .strip_prefix("http://")
            .ok_or_else(|| failure(format!("only http:// endpoints can be measured, not {url:?}")))?;
        let host = rest.split('/').next().unwrap_or(rest).to_owned();
        let with_port = if host.contains(':') { host.clone() } else { format!("{host}:80") };
        let address =
            with_port.to_socket_addrs()?.next().ok_or_else(|| failure(format!("{host} does not resolve")))?;
        Ok(Self { host, address })
    }
}

/// An answer, borrowed from the connection until the next call.
#[derive(Debug, Clone, Copy)]
pub struct Reply<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: &'a [u8],
}

impl<'a> Reply<'a> {
    /// The body of a 200, anything else as an error with its text.
    ///
    /// # Errors
    /// When the status is not 200.
    pub fn ok(self) -> io::Result<&'a [u8]> {
        if self.status == 200 {
            return Ok(self.body);
        }
        let text = String::from_utf8_lossy(&self.body[..self.body.len().min(400)]);
        Err(failure(format!("answered {}: {text}", self.status)))
    }
}

/// A keep-alive connection with at most one request under way.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    /// Connects, without Nagle's delay.
    ///
    /// # Errors
    /// When nothing listens there.
    pub async fn open(endpoint: &Endpoint) -> io::Result<Self> {
        let stream = TcpStream::connect(endpoint.address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(READ_BYTES) })
    }

    /// Sends one request and reads its answer.
    ///
    /// # Errors
    /// When the connection ends before the answer does, or the answer cannot be understood.
    pub async fn call(&mut self, request: &[u8]) -> io::Result<Reply<'_>> {
        self.send(request).await?;
        self.reply().await
    }

    /// Sends one request; [`Connection::reply`] reads what comes back.
    ///
    /// # Errors
    /// When the connection is gone.
    pub async fn send(&mut self, request: &[u8]) -> io::Result<()> {
        self.stream.write_all(request).await
    }

    /// Reads one answer.
    ///
    /// # Errors
    /// As [`Connection::call`].
    pub async fn reply(&mut self) -> io::Result<Reply<'_>> {
        self.buffer.clear();
        let head = loop {
            self.fill().await?;
            if let Some(head) = Head::parse(&self.buffer)? {
                break head;
            }
        };
        let end = head.bytes + head.content_length;
        if self.buffer.capacity() < end {
            self.buffer.reserve(end - self.buffer.len());
        }
        while self.buffer.len() < end {
            self.fill().await?;
        }
        Ok(Reply { status: head.status, body: &self.buffer[head.bytes..end] })
    }

    async fn fill(&mut self) -> io::Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the server closed the connection"));
        }
        Ok(())
    }
}

struct Head {
    status: u16,
    content_length: usize,
    bytes: usize,
}

impl Head {
    /// `None` while the head is incomplete.
    fn parse(buffer: &[u8]) -> io::Result<Option<Self>> {
        let Some(at) = memchr::memmem::find(buffer, b"\r\n\r\n") else { return Ok(None) };
        let head = &buffer[..at];
        let status = head
            .get(9..12)
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| digits.parse().ok())
            .ok_or_else(|| failure("not an HTTP/1.1 answer"))?;
        let mut content_length = None;
        for line in head.split(|&byte| byte == b'\n').skip(1) {
            const NAME: &[u8] = b"content-length:";
            if line.len() > NAME.len() && line[..NAME.len()].eq_ignore_ascii_case(NAME) {
                content_length =
                    std::str::from_utf8(&line[NAME.len()..]).ok().and_then(|text| text.trim().parse().ok());
            }
        }
        // 204 has no body and need not say so.
        let content_length = match content_length {
            Some(length) if length <= ANSWER_BYTES_MAX => length,
            None if status == 204 => 0,
            _ => return Err(failure("an answer without a usable Content-Length (chunked is not read here)")),
        };
        Ok(Some(Self { status, content_length, bytes: at + 4 }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_in_any_case_and_waits_for_its_end() {
        assert!(Head::parse(b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n").is_ok_and(|head| head.is_none()));
        let head = Head::parse(b"HTTP/1.1 404 Not Found\r\ncontent-LENGTH: 12\r\n\r\nxx").ok().flatten();
        assert!(head.is_some_and(|head| head.status == 404 && head.content_length == 12 && head.bytes == 46));
    }

    #[test]
    fn an_answer_without_a_length_is_refused() {
        assert!(Head::parse(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").is_err());
    }

    #[test]
    fn an_endpoint_is_a_plain_http_url() {
        let endpoint = Endpoint::parse("http://127.0.0.1:4566/x");
        assert!(endpoint.is_ok_and(|endpoint| endpoint.host == "127.0.0.1:4566"));
        assert!(Endpoint::parse("https://127.0.0.1").is_err());
    }
}
