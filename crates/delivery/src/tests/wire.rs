//! What goes over the wire, and what does not.

use std::time::Duration;

use super::receiver::{Answer, Receiver};
use super::world::*;
use crate::*;

fn get(url: &str) -> OutgoingRequest {
    OutgoingRequest { method: "GET".to_owned(), url: url.to_owned(), headers: Vec::new(), body: Vec::new() }
}

async fn fetch(world: &World, request: OutgoingRequest) -> Result<Response, FetchError> {
    world.deliveries.fetch(request, Duration::from_secs(5)).await
}

#[tokio::test]
async fn the_request_is_the_posters_with_host_and_length() {
    let mut world = World::new().await;
    let mut receiver = Receiver::start([]).await;
    let port = receiver.address.port();
    let mut posted = errand(&format!("http://user:pass%3Aword@localhost:{port}/hook?a=b c"));
    let more = [("x-amz-sns-message-type", "Notification"), ("Host", "evil"), ("Content-Length", "1")];
    posted.request.headers.extend(more.map(|(name, value)| (name.to_owned(), value.to_owned())));
    world.post(posted).await;
    let request = receiver.request().await;
    assert_eq!(request.line, "POST /hook?a=b%20c HTTP/1.1");
    let mut headers = request.headers.clone();
    headers.sort();
    let host = format!("localhost:{port}");
    let expected = [
        ("authorization", "Basic dXNlcjpwYXNzOndvcmQ="),
        ("content-length", "7"),
        ("content-type", "text/plain; charset=UTF-8"),
        ("host", &host),
        ("x-amz-sns-message-type", "Notification"),
    ];
    assert_eq!(headers, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    world.settle(1).await;
    assert_eq!(world.one().await.address(), format!("http://****@localhost:{port}/hook?a=b c"));
}

#[tokio::test]
async fn answers_are_read_as_far_as_they_are_needed() {
    let world = World::new().await;
    let long = "x".repeat(1_000_000);
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
    let answers = [Answer::with(201, "X-A: 1\r\n", "ok"), Answer::with(200, "", &long), Answer::raw(chunked)];
    let receiver = Receiver::start(answers).await;
    let answer = fetch(&world, get(&receiver.url("/"))).await.unwrap();
    assert_eq!((answer.status, answer.body.as_slice(), answer.header("x-a")), (201, &b"ok"[..], Some("1")));
    assert_eq!(fetch(&world, get(&receiver.url("/"))).await.unwrap().body.len(), 65_536);
    assert_eq!(fetch(&world, get(&receiver.url("/"))).await.unwrap().body, b"abc");
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let mut world = World::new().await;
    let mut other = Receiver::start([]).await;
    let location = format!("Location: {}\r\n", other.url("/"));
    let receiver = Receiver::start([Answer::with(302, &location, "")]).await;
    world.post(Errand { schedule: three_retries(), ..errand(&receiver.url("/")) }).await;
    world.settle(1).await;
    other.heard_nothing().await;
    let delivery = world.one().await;
    assert_eq!(delivery.state, DeliveryState::Dead);
    assert_eq!(delivery.error.as_deref(), Some("HTTP 302; redirects are not followed"));
}

#[tokio::test]
async fn hostile_answers_are_failures_like_any_other() {
    let world = World::new().await;
    let long_head = format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "x".repeat(200_000));
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "a: b\r\n".repeat(5_000));
    for answer in [
        "",
        "\0\0\0\0",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 99999 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        &long_head,
        &many,
    ] {
        let receiver = Receiver::start([Answer::raw(answer)]).await;
        let error = fetch(&world, get(&receiver.url("/"))).await.unwrap_err();
        assert!(error.retry && !error.timed_out, "{error:?}");
    }
}

#[tokio::test]
async fn silence_ends_with_the_timeout() {
    let mut world = World::new().await;
    let receiver = Receiver::start([Answer::Silence]).await;
    let mut posted = Errand { schedule: three_retries(), ..errand(&receiver.url("/")) };
    posted.request.timeout_ms = 20;
    world.post(posted).await;
    world.settle(1).await;
    let delivery = world.one().await;
    assert_eq!(delivery.state, DeliveryState::Waiting);
    assert_eq!(delivery.attempts[0].error.as_deref(), Some("no answer within 20 ms"));
}

#[tokio::test]
async fn nobody_listens_is_worth_another_try() {
    let world = World::new().await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let error = fetch(&world, get(&format!("http://{address}/"))).await.unwrap_err();
    assert!(error.retry && error.message.starts_with("no connection to 127.0.0.1:"), "{error:?}");
}

#[tokio::test]
async fn calls_go_only_where_they_may() {
    let url = |port: u16, host: &str| format!("http://{host}:{port}/");
    for (egress, host, expected) in [
        (Egress::Allow, "127.0.0.1", Ok(200)),
        (Egress::Allow, "localhost", Ok(200)),
        (Egress::Allow, "any.name.localhost", Ok(200)),
        (Egress::Loopback, "localhost", Ok(200)),
        (Egress::Loopback, "[::ffff:127.0.0.1]", Ok(200)),
        (Egress::Loopback, "10.0.0.1", Err("calls to 10.0.0.1 are not allowed: egress is loopback")),
        (Egress::Deny, "127.0.0.1", Err("calls to the outside are not allowed: egress is deny")),
        (Egress::Deny, "example.com", Err("calls to the outside are not allowed: egress is deny")),
        (
            Egress::Allow,
            "169.254.169.254",
            Err("calls to 169.254.169.254 are not allowed: link-local addresses are never called"),
        ),
        (
            Egress::Allow,
            "0.0.0.0",
            Err("calls to 0.0.0.0 are not allowed: it is no address of a host; write 127.0.0.1"),
        ),
        // 169.254.169.254 and 127.0.0.1 as other programs write them; the resolver knows.
        (
            Egress::Allow,
            "0xa9fea9fe",
            Err("calls to 169.254.169.254 are not allowed: link-local addresses are never called"),
        ),
        (Egress::Loopback, "2130706433", Ok(200)),
    ] {
        let world = World::with(Options { egress, ..Options::default() }).await;
        let mut receiver = Receiver::start([]).await;
        let answer = fetch(&world, get(&url(receiver.address.port(), host))).await;
        assert_eq!(
            answer.as_ref().map(|answer| answer.status).map_err(|error| error.message.as_str()),
            expected,
            "{egress:?} {host}"
        );
        match expected {
            Ok(_) => drop(receiver.request().await),
            Err(_) => {
                assert!(!answer.unwrap_err().retry);
                receiver.heard_nothing().await;
            }
        }
    }
}

#[tokio::test]
async fn we_are_not_called_by_ourselves() {
    let world = World::new().await;
    let mut receiver = Receiver::start([]).await;
    world.deliveries.set_own_addresses(&[receiver.address]);
    for path in ["/_fanlight/reset", "/000000000000/q", "/?Action=Publish"] {
        let error = fetch(&world, get(&receiver.url(path))).await.unwrap_err();
        assert_eq!((error.retry, error.message.as_str()), (false, "Fanlight does not call itself"), "{path}");
    }
    receiver.heard_nothing().await;
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused_for_good() {
    let world = World::new().await;
    let receiver = Receiver::start([]).await;
    let url = receiver.url("/");
    let header = |name: &str, value: &str| {
        let headers = vec![(name.to_owned(), value.to_owned())];
        OutgoingRequest { headers, ..get(&url) }
    };
    for request in [
        header("a b", "x"),
        header("", "x"),
        header("a", "x\r\nb: y"),
        header("a", "\0"),
        OutgoingRequest { method: "GE T".to_owned(), ..get(&url) },
        OutgoingRequest { method: String::new(), ..get(&url) },
        get("ftp://localhost/"),
        get("http://user:secret@/"),
        OutgoingRequest {
            headers: (0..40_000).map(|n| (format!("h{n}"), "x".to_owned())).collect(),
            ..get(&url)
        },
    ] {
        let error = fetch(&world, request).await.unwrap_err();
        assert!(!error.retry && !error.message.contains("secret"), "{error:?}");
    }
    assert_eq!(
        fetch(&world, header("Ä-is-no-token".trim_start_matches('Ä'), "ü")).await.unwrap().status,
        200
    );
}
