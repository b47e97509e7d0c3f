#![allow(dead_code, reason = "each test file uses its part of it")]
//! One request, one answer, over plain TCP.

use std::io::{Read, Write};
use std::net::TcpStream;

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    /// The body as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

/// Sends a request to `url`, such as `http://127.0.0.1:4566`.
pub(crate) fn send(url: &str, method: &str, target: &str, headers: &str, body: &str) -> Answer {
    let authority = url.strip_prefix("http://").unwrap();
    let request = format!(
        "{method} {target} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(authority).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap();
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}

/// A GET.
pub(crate) fn get(url: &str, target: &str) -> Answer {
    send(url, "GET", target, "", "")
}

/// A POST.
pub(crate) fn post(url: &str, target: &str, body: &str) -> Answer {
    send(url, "POST", target, "", body)
}

/// An SQS operation in JSON.
pub(crate) fn sqs(url: &str, operation: &str, input: &str) -> serde_json::Value {
    let headers =
        format!("X-Amz-Target: AmazonSQS.{operation}\r\nContent-Type: application/x-amz-json-1.0\r\n");
    send(url, "POST", "/", &headers, input).json()
}
