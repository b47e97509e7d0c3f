//! Bytes that everybody sends.

mod support;

use support::{World, body, json, rest, status, until};
use tokio::io::AsyncWriteExt;

const CLOSE: &str = "Connection: close\r\n";

fn authorization(access_key: &str, region: &str) -> String {
    format!(
        "{CLOSE}Authorization: AWS4-HMAC-SHA256 Credential={access_key}/20261120/{region}/sample/aws4_request, \
         SignedHeaders=host, Signature=0\r\n"
    )
}

/// As SDKs sign for a global endpoint.
fn of_regions(regions: &str) -> String {
    format!(
        "{CLOSE}Authorization: AWS4-ECDSA-P256-SHA256 Credential=111122223333/20261120/sample/aws4_request, \
         SignedHeaders=host, Signature=0\r\nX-Amz-Region-Set: {regions}\r\n"
    )
}

#[tokio::test]
async fn both_protocols_reach_the_operation() {
    let world = World::new().await;
    let answer = world.send(json("Echo", CLOSE, r#"{"Text":"ü"}"#)).await;
    assert_eq!((status(&answer), body(&answer)), ("200", r#"{"Text":"ü"}"#));
    assert!(answer.contains("content-type: application/x-amz-json-1.0\r\n"), "{answer}");
    let form = "Action=Echo&Text=a%20b";
    let answer = world
        .send(format!(
            "POST / HTTP/1.1\r\nHost: localhost\r\n{CLOSE}Content-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\n\r\n{form}",
            form.len()
        ))
        .await;
    assert!(body(&answer).contains("<EchoResult><Text>a b</Text></EchoResult>"), "{answer}");
    let answer = world.send(format!("GET /?{form} HTTP/1.1\r\nHost: localhost\r\n{CLOSE}\r\n")).await;
    assert!(body(&answer).contains("<EchoResult><Text>a b</Text></EchoResult>"), "{answer}");
}

#[tokio::test]
async fn the_request_id_is_the_same_in_header_and_body() {
    let world = World::new().await;
    let answer = world.send(format!("GET /?Action=Echo HTTP/1.1\r\nHost: localhost\r\n{CLOSE}\r\n")).await;
    let header = answer.lines().find_map(|line| line.strip_prefix("x-amzn-requestid: ")).unwrap();
    assert_eq!(header.len(), 36);
    assert!(answer.contains(&format!("<RequestId>{header}</RequestId>")), "{answer}");
}

#[tokio::test]
async fn the_path_stands_for_parameters() {
    let world = World::new().await;
    let answer = world.send(format!("GET /a/b?Action=Echo HTTP/1.1\r\nHost: localhost\r\n{CLOSE}\r\n")).await;
    assert!(body(&answer).contains("<Text>/a/b</Text>"), "{answer}");
}

#[tokio::test]
async fn account_region_and_base_url_are_the_callers() {
    let world = World::new().await;
    for (headers, expected) in [
        (CLOSE.to_owned(), "000000000000 us-east-1 http://localhost:4566"),
        (authorization("123456789012", "eu-west-1"), "123456789012 eu-west-1 http://localhost:4566"),
        (authorization("AKIAEXAMPLE", "cn-north-1"), "000000000000 cn-north-1 http://localhost:4566"),
        (authorization("test", "NOWHERE!"), "000000000000 us-east-1 http://localhost:4566"),
        (format!("{CLOSE}Authorization: Bearer x\r\n"), "000000000000 us-east-1 http://localhost:4566"),
        (format!("{CLOSE}X-Forwarded-Proto: https\r\n"), "000000000000 us-east-1 https://localhost:4566"),
        (
            format!("{CLOSE}X-Forwarded-Proto: HTTPS , http\r\n"),
            "000000000000 us-east-1 https://localhost:4566",
        ),
        (
            format!("{CLOSE}X-Forwarded-Proto: http, https\r\n"),
            "000000000000 us-east-1 http://localhost:4566",
        ),
        (of_regions("*"), "111122223333 us-east-1 http://localhost:4566"),
        (of_regions("eu-west-1,us-east-2"), "111122223333 eu-west-1 http://localhost:4566"),
        (
            format!("{CLOSE}X-Forwarded-Host: evil.example\r\n"),
            "000000000000 us-east-1 http://localhost:4566",
        ),
    ] {
        let answer = world.send(json("Who", &headers, "{}")).await;
        assert_eq!(body(&answer), format!("{{\"Text\":\"{expected}\"}}"), "{headers}");
    }
    let presigned = "X-Amz-Credential=123456789012%2F20261120%2Feu-west-1%2Fsample%2Faws4_request";
    let answer =
        world.send(format!("GET /?Action=Who&{presigned} HTTP/1.1\r\nHost: [::1]:1\r\n{CLOSE}\r\n")).await;
    assert!(body(&answer).contains("<Text>123456789012 eu-west-1 http://[::1]:1</Text>"), "{answer}");
}

#[tokio::test]
async fn a_proxied_request_keeps_its_host() {
    let world = World::new().await;
    let line = "GET http://sample.us-east-1.amazonaws.com/?Action=Who HTTP/1.1\r\nHost: ignored.example\r\n";
    let answer = world.send(format!("{line}{CLOSE}\r\n")).await;
    assert!(body(&answer).contains("http://sample.us-east-1.amazonaws.com</Text>"), "{answer}");
}

#[tokio::test]
async fn http_1_0_needs_no_host() {
    let world = World::new().await;
    let answer = world.send("GET /?Action=Who HTTP/1.0\r\n\r\n").await;
    assert!(body(&answer).contains(&format!("http://{}</Text>", world.address)), "{answer}");
}

#[tokio::test]
async fn unreadable_requests_get_the_frameworks_answers() {
    let world = World::new().await;
    let answer = world.send(format!("GET / HTTP/1.1\r\nHost: localhost\r\n{CLOSE}\r\n")).await;
    assert_eq!((status(&answer), body(&answer)), ("404", "<UnknownOperationException/>\n"));
    let answer = world.send(json("Nothing", CLOSE, "{}")).await;
    assert_eq!(status(&answer), "400");
    assert!(body(&answer).contains("com.amazon.coral.service#UnknownOperationException"), "{answer}");
    for text in ["{", "[]", "nothing", "{\"Text\":1}", "{\"Text\":{}}"] {
        let answer = world.send(json("Echo", CLOSE, text)).await;
        assert_eq!(status(&answer), "400", "{text}");
        assert!(body(&answer).contains("com.amazon.coral.service#SerializationException"), "{answer}");
    }
}

#[tokio::test]
async fn a_pipeline_is_answered_in_order() {
    let world = World::new().await;
    let requests: String = (0..3).map(|n| json("Echo", "", &format!("{{\"Text\":\"{n}\"}}"))).collect();
    let answer = world.send(requests + &json("Echo", CLOSE, r#"{"Text":"end"}"#)).await;
    let at = |text: &str| answer.find(&format!("{{\"Text\":\"{text}\"}}")).unwrap_or(usize::MAX);
    assert!(
        at("0") < at("1") && at("1") < at("2") && at("2") < at("end") && at("end") < usize::MAX,
        "{answer}"
    );
}

#[tokio::test]
async fn pages_are_served_beside_the_services() {
    let world = World::new().await;
    let answer = world.send(format!("GET /page HTTP/1.1\r\nHost: localhost\r\n{CLOSE}\r\n")).await;
    assert_eq!(body(&answer), "page for 000000000000");
    let signed = authorization("123456789012", "eu-west-1");
    let answer = world.send(format!("GET /page HTTP/1.1\r\nHost: localhost\r\n{signed}\r\n")).await;
    assert_eq!(body(&answer), "page for 123456789012");
    let answer = world.send(format!("HEAD /page HTTP/1.1\r\nHost: localhost\r\n{CLOSE}\r\n")).await;
    assert_eq!((status(&answer), body(&answer)), ("200", ""));
}

#[tokio::test]
async fn signatures_are_verified_when_asked_to() {
    let key = signature::Key {
        access_key: "AKIAEXAMPLE".into(),
        secret_key: signature::SecretKey::new("secret"),
        account: aws::AccountId::parse("111122223333").unwrap(),
    };
    let world = World::with(|settings| settings.keys = Some(vec![key])).await;
    let answer = world.send(json("Echo", CLOSE, "{}")).await;
    assert_eq!(status(&answer), "403");
    assert!(answer.contains("x-amzn-query-error: MissingAuthenticationToken;Sender"), "{answer}");
    assert_eq!(
        body(&answer),
        r#"{"__type":"com.amazon.coral.service#MissingAuthenticationTokenException","message":"Request is missing Authentication Token"}"#
    );
    let answer = world
        .send(json(
            "Echo",
            &authorization("AKIAOTHER", "us-east-1").replace("SignedHeaders", "X-Amz-Date"),
            "{}",
        ))
        .await;
    assert_eq!(status(&answer), "400");
    let dated = authorization("AKIAOTHER", "us-east-1") + "X-Amz-Date: 20261120T204000Z\r\n";
    let answer = world.send(json("Echo", &dated, "{}")).await;
    assert_eq!(status(&answer), "403");
    assert!(body(&answer).contains("UnrecognizedClientException"), "{answer}");
    let dated = authorization("AKIAEXAMPLE", "us-east-1") + "X-Amz-Date: 20261120T204000Z\r\n";
    let form = "GET /?Action=Echo HTTP/1.1\r\nHost: localhost\r\n";
    let answer = world.send(format!("{form}{dated}\r\n")).await;
    assert_eq!(status(&answer), "403");
    assert!(body(&answer).contains("<Code>SignatureDoesNotMatch</Code>"), "{answer}");
}

/// Callers sign by the wall clock; ours may be anywhere.
#[tokio::test]
async fn a_steered_clock_does_not_spoil_signatures() {
    let secret_key = signature::SecretKey::new("secret");
    let account = aws::AccountId::parse("111122223333").unwrap();
    let access_key = "AKIAEXAMPLE".to_owned();
    let key = signature::Key { access_key, secret_key: secret_key.clone(), account };
    let clock = clock::Clock::steered(0);
    let own = clock.clone();
    let world = World::with(|settings| (settings.keys, settings.clock) = (Some(vec![key]), own)).await;
    let signed = |at_ms: i64| {
        let mut headers = http::HeaderMap::new();
        headers.insert("host", http::HeaderValue::from_static("localhost:4566"));
        let request = signature::Request {
            method: "GET",
            path: "/",
            query: "Action=Who",
            headers: &headers,
            body: b"",
        };
        let scope = signature::Scope {
            access_key: "AKIAEXAMPLE",
            secret_key: &secret_key,
            region: "us-east-1",
            service: "sample",
        };
        let signature::Signed { date, authorization } = signature::sign(&request, &scope, at_ms);
        let head = "GET /?Action=Who HTTP/1.1\r\nHost: localhost:4566\r\n";
        format!("{head}{CLOSE}X-Amz-Date: {date}\r\nAuthorization: {authorization}\r\n\r\n")
    };
    let answer = world.send(signed(clock.wall_ms())).await;
    assert!(body(&answer).contains("<Text>111122223333 us-east-1"), "{answer}");
    clock.advance_ms(3_600_000);
    assert_eq!(status(&world.send(signed(clock.wall_ms())).await), "200");
    let answer = world.send(signed(clock.now_ms())).await;
    assert!(body(&answer).contains("Signature expired"), "{answer}");
}

#[tokio::test]
async fn web_pages_of_strangers_get_nowhere() {
    let world = World::with(|settings| settings.allow_origins = vec!["http://localhost:3000".into()]).await;
    for (headers, expected) in [
        ("Origin: http://evil.example\r\n", "403"),
        ("Origin: null\r\n", "403"),
        ("Sec-Fetch-Site: cross-site\r\n", "403"),
        ("Origin: http://localhost:4566\r\n", "200"),
        ("Origin: http://localhost:3000\r\n", "200"),
        ("", "200"),
    ] {
        let answer = world.send(json("Echo", &format!("{headers}{CLOSE}"), "{}")).await;
        assert_eq!(status(&answer), expected, "{headers}");
        let shared = answer.contains("access-control-allow-origin: http://localhost:3000\r\n");
        assert_eq!(shared, headers.contains(":3000"), "{answer}");
        let page = format!("GET /page HTTP/1.1\r\nHost: localhost:4566\r\n{headers}{CLOSE}\r\n");
        assert_eq!(status(&world.send(page).await), expected, "{headers}");
    }
    let rebound = json("Echo", CLOSE, "{}").replace("localhost:4566", "evil.example:4566");
    let answer = world.send(rebound).await;
    assert_eq!(status(&answer), "403");
    assert!(body(&answer).contains("com.amazon.coral.service#AccessDeniedException"), "{answer}");
}

#[tokio::test]
async fn preflights_are_answered_for_allowed_origins_only() {
    let world = World::with(|settings| settings.allow_origins = vec!["http://localhost:3000".into()]).await;
    let preflight = |origin: &str| {
        format!(
            "OPTIONS / HTTP/1.1\r\nHost: localhost:4566\r\nOrigin: {origin}\r\nAccess-Control-Request-Method: POST\r\n\
             Access-Control-Request-Headers: x-amz-target\r\n{CLOSE}\r\n"
        )
    };
    let answer = world.send(preflight("http://localhost:3000")).await;
    assert_eq!(status(&answer), "204");
    assert!(answer.contains("access-control-allow-headers: x-amz-target\r\n"), "{answer}");
    let answer = world.send(preflight("http://evil.example")).await;
    assert_eq!(status(&answer), "403");
    assert!(!answer.contains("access-control"), "{answer}");
}

#[tokio::test]
async fn stopping_answers_what_waits() {
    let mut world = World::new().await;
    let mut idle = world.connect().await;
    idle.write_all(json("Echo", "", "{}").as_bytes()).await.unwrap();
    until(&mut idle, "{}").await;
    let mut waiting = world.connect().await;
    waiting.write_all(json("Wait", "", "{}").as_bytes()).await.unwrap();
    world.sample.waits.notified().await;
    let address = world.address;
    world.stop();
    assert_eq!(body(&rest(&mut waiting).await), r#"{"Text":"released"}"#);
    assert_eq!(rest(&mut idle).await, "");
    world.stopped().await;
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn connections_beyond_the_limit_wait_their_turn() {
    let world = World::with(|settings| settings.limits.connections_max = 1).await;
    let mut first = world.connect().await;
    first.write_all(json("Echo", "", r#"{"Text":"1"}"#).as_bytes()).await.unwrap();
    until(&mut first, "}").await;
    let mut second = world.connect().await;
    second.write_all(json("Echo", CLOSE, r#"{"Text":"2"}"#).as_bytes()).await.unwrap();
    first.write_all(json("Echo", CLOSE, r#"{"Text":"3"}"#).as_bytes()).await.unwrap();
    assert_eq!(body(&rest(&mut first).await), r#"{"Text":"3"}"#);
    assert_eq!(body(&rest(&mut second).await), r#"{"Text":"2"}"#);
}
