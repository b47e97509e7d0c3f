//! Bytes that nobody should send.

mod support;

use std::time::Duration;

use support::{World, body, head, json, rest, status, until};
use tokio::io::AsyncWriteExt;

const CLOSE: &str = "Connection: close\r\n";

/// One of these, or nothing but the end of the connection.
fn is_refusal(answer: &str, expected: &[&str]) -> bool {
    answer.is_empty() || expected.contains(&status(answer))
}

#[tokio::test]
async fn what_is_not_http_is_hung_up_on() {
    let world = World::new().await;
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a client hello \r\n\r\n"[..],
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x05\x01\x00\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET  / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b: folded\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX : a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: \x00\r\n\r\n",
        b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n",
    ] {
        let answer = world.send(bytes).await;
        assert!(is_refusal(&answer, &["400"]), "{:?} -> {answer:?}", String::from_utf8_lossy(bytes));
    }
}

#[tokio::test]
async fn a_length_next_to_chunks_smuggles_nothing() {
    let world = World::new().await;
    let smuggled = "0\r\n\r\nGET /page HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let request = format!(
        "{}{CLOSE}Transfer-Encoding: chunked\r\nContent-Length: {}\r\n\r\n{smuggled}",
        head("Echo"),
        smuggled.len()
    );
    let answer = world.send(request).await;
    assert!(!answer.contains("page for"), "{answer}");
}

#[tokio::test]
async fn heads_have_limits() {
    let world = World::new().await;
    let long = format!("GET / HTTP/1.1\r\nHost: localhost\r\nX: {}\r\n\r\n", "x".repeat(200_000));
    assert!(is_refusal(&world.send(long).await, &["431"]));
    let many = format!("GET / HTTP/1.1\r\nHost: localhost\r\n{}\r\n", "X: y\r\n".repeat(101));
    assert_eq!(status(&world.send(many).await), "431");
    let uri = format!("GET /{} HTTP/1.1\r\nHost: localhost\r\n\r\n", "x".repeat(200_000));
    assert!(is_refusal(&world.send(uri).await, &["414", "431"]));
}

#[tokio::test]
async fn a_body_that_says_it_is_too_long_is_not_read() {
    let world = World::new().await;
    let mut stream = world.connect().await;
    let request = format!("{}Expect: 100-continue\r\nContent-Length: 8388609\r\n\r\n", head("Echo"));
    stream.write_all(request.as_bytes()).await.unwrap();
    let answer = until(&mut stream, "}").await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
    assert_eq!(
        body(&answer),
        r#"{"__type":"com.amazon.coral.service#RequestEntityTooLargeException","message":"The request body must not be longer than 8388608 bytes."}"#
    );
}

#[tokio::test]
async fn a_client_that_sends_it_all_the_same_still_gets_the_answer() {
    let world = World::new().await;
    let too_long = "x".repeat(9 * 1024 * 1024);
    assert_eq!(status(&world.send(json("Echo", "", &too_long)).await), "413");
    let chunked =
        format!("{}Transfer-Encoding: chunked\r\n\r\n900000\r\n{too_long}\r\n0\r\n\r\n", head("Echo"));
    assert_eq!(status(&world.send(chunked).await), "413");
    let form = format!(
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\n\r\n{too_long}",
        too_long.len()
    );
    let answer = world.send(form).await;
    assert_eq!(status(&answer), "413");
    assert!(body(&answer).contains("<Code>RequestEntityTooLarge</Code>"), "{answer}");
}

#[tokio::test]
async fn the_longest_body_that_is_allowed_is_read() {
    let world = World::with(|settings| settings.limits.body_bytes_max = 1_000).await;
    let long = format!("{{\"Text\":\"{}\"}}", "x".repeat(989));
    assert_eq!(long.len(), 1_000);
    assert_eq!(status(&world.send(json("Echo", CLOSE, &long)).await), "200");
    let longer = format!("{{\"Text\":\"{}\"}}", "x".repeat(990));
    assert_eq!(status(&world.send(json("Echo", "", &longer)).await), "413");
}

#[tokio::test]
async fn expectations_are_met_or_refused() {
    let world = World::new().await;
    let mut stream = world.connect().await;
    let request = format!("{}{CLOSE}Expect: 100-continue\r\nContent-Length: 12\r\n\r\n", head("Echo"));
    stream.write_all(request.as_bytes()).await.unwrap();
    assert_eq!(until(&mut stream, "\r\n\r\n").await, "HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(br#"{"Text":"a"}"#).await.unwrap();
    assert_eq!(body(&rest(&mut stream).await), r#"{"Text":"a"}"#);
    assert_eq!(status(&world.send(json("Echo", "Expect: a miracle\r\n", "{}")).await), "417");
}

#[tokio::test]
async fn bodies_may_come_in_pieces() {
    let world = World::new().await;
    let mut stream = world.connect().await;
    let head = format!("{}{CLOSE}Transfer-Encoding: chunked\r\n\r\n", head("Echo"));
    for piece in [head.as_str(), "4\r\n{\"Te\r\n", "8\r\nxt\":\"a\"}\r\n0\r\n", "Trailer: 1\r\n\r\n"] {
        stream.write_all(piece.as_bytes()).await.unwrap();
        tokio::task::yield_now().await;
    }
    assert_eq!(body(&rest(&mut stream).await), r#"{"Text":"a"}"#);
}

#[tokio::test]
async fn compressed_bodies_are_refused() {
    let world = World::new().await;
    let answer = world.send(json("Echo", "Content-Encoding: gzip\r\n", "\u{1f}\u{8b}")).await;
    assert_eq!(status(&answer), "415");
}

#[tokio::test]
async fn whoever_dawdles_is_hung_up_on() {
    let world = World::with(|settings| {
        settings.limits.header_read_timeout = Duration::from_millis(20);
        settings.limits.body_read_timeout = Duration::from_millis(20);
    })
    .await;
    for bytes in ["", "GET / HTTP/1.1\r\nHost: loc"] {
        // It returns at all: that is the test.
        let answer = world.send(bytes).await;
        assert!(["none", "408"].contains(&status(&answer)), "{answer}");
    }
    let slow = format!("{}Content-Length: 10\r\n\r\n{{", head("Echo"));
    let answer = world.send(slow).await;
    assert_eq!(status(&answer), "408");
    assert!(body(&answer).contains("RequestTimeoutException"), "{answer}");
}

#[tokio::test]
async fn a_panic_ends_one_request() {
    let world = World::new().await;
    let mut stream = world.connect().await;
    stream.write_all(json("Panic", "", "{}").as_bytes()).await.unwrap();
    let answer = until(&mut stream, "}").await;
    assert_eq!(status(&answer), "500");
    assert!(body(&answer).contains(r#""__type":"com.amazon.coral.service#InternalFailure""#), "{answer}");
    assert!(answer.contains("x-amzn-query-error: InternalFailure;Receiver"), "{answer}");
    stream.write_all(json("Echo", CLOSE, r#"{"Text":"still here"}"#).as_bytes()).await.unwrap();
    assert_eq!(body(&rest(&mut stream).await), r#"{"Text":"still here"}"#);
}
