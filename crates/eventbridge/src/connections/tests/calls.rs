//! The calls API destinations get, as they come.

use delivery::DeliveryState;

use super::world::{World, api_key, basic, o_auth, token};
use crate::api::inputs::{DeleteConnectionInput, UpdateApiDestinationInput, UpdateConnectionInput};
use crate::api::types::*;
use crate::ops;

fn parameter(name: &str) -> (Option<String>, Option<String>, Option<bool>) {
    (Some(name.to_owned()), Some(format!("canary {name}")), Some(true))
}

/// One header, one query parameter and one member of the body, named `h`, `q` and `b`.
fn invocation() -> ConnectionHttpParameters {
    let ((h, hv, hs), (q, qv, qs), (b, bv, bs)) = (parameter("h"), parameter("q"), parameter("b"));
    ConnectionHttpParameters {
        header_parameters: Some(vec![ConnectionHeaderParameter { key: h, value: hv, is_value_secret: hs }]),
        query_string_parameters: Some(vec![ConnectionQueryStringParameter {
            key: q,
            value: qv,
            is_value_secret: qs,
        }]),
        body_parameters: Some(vec![ConnectionBodyParameter { key: b, value: bv, is_value_secret: bs }]),
    }
}

fn target(arn: String) -> Target {
    Target { arn, input: Some(r#"{"a":1,"b":2}"#.into()), ..Default::default() }
}

#[tokio::test]
async fn a_call_is_aws_s_to_the_letter() {
    let mut world = World::new().await;
    let connection = world.create("c", "BASIC", basic()).await.unwrap();
    let arn = world.destination("d", &connection, "/orders/*?x=1").await;
    let http = HttpParameters {
        path_parameter_values: Some(vec!["$.detail.id".into()]),
        header_parameters: Some(
            [("X-Kind", "$.detail-type"), ("Host", "evil"), ("User-Agent", "evil")]
                .map(|(name, value)| (name, value.to_owned()))
                .into_iter()
                .collect(),
        ),
        query_string_parameters: Some([("y", "ü".to_owned())].into_iter().collect()),
    };
    world.aim("r", Target { http_parameters: Some(http), ..target(arn) }).await;
    world.put(r#"{"id":"a/b"}"#).await;
    let request = world.receiver.request().await;
    assert_eq!(request.line, "POST /orders/a%2Fb?x=1&y=%C3%BC HTTP/1.1");
    for (name, value) in [
        ("user-agent", "Amazon/EventBridge/ApiDestinations"),
        ("content-type", "application/json; charset=utf-8"),
        ("range", "bytes=0-1048575"),
        ("accept-encoding", "gzip,deflate"),
        ("connection", "close"),
        ("x-kind", "t"),
        // RFC 7617's own example.
        ("authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
    ] {
        assert_eq!(request.header(name), Some(value), "{name}");
    }
    assert!(!format!("{request:?}").contains("evil"));
    assert_eq!(request.body, r#"{"a":1,"b":2}"#);
    world.settle(1).await;
    assert_eq!(world.outbox().await[0].state, DeliveryState::Delivered);
}

#[tokio::test]
async fn a_connection_adds_its_parameters_and_nobody_else_sees_them() {
    let mut world = World::new().await;
    let parameters =
        CreateConnectionAuthRequestParameters { invocation_http_parameters: Some(invocation()), ..api_key() };
    let connection = world.create("c", "API_KEY", parameters).await.unwrap();
    let arn = world.destination("d", &connection, "/?q=mine").await;
    world.aim("r", target(arn)).await;
    world.receiver.answer(404, "");
    world.put("{}").await;
    let request = world.receiver.request().await;
    assert_eq!(request.line, "POST /?q=canary%20q HTTP/1.1");
    assert_eq!(request.header("h"), Some("canary h"));
    assert_eq!(request.header("x-api-key"), Some("canary-key"));
    assert_eq!(request.body, r#"{"a":1,"b":"canary b"}"#);
    world.settle(1).await;
    let outbox = world.outbox().await;
    assert_eq!(outbox[0].state, DeliveryState::Dead);
    assert!(!format!("{outbox:?}").contains("canary"));
    let described = world.describe("c").await.unwrap();
    assert!(!format!("{described:?}").contains("canary"));
}

#[tokio::test]
async fn a_body_keeps_its_numbers_beside_what_the_connection_adds() {
    let mut world = World::new().await;
    let parameters =
        CreateConnectionAuthRequestParameters { invocation_http_parameters: Some(invocation()), ..api_key() };
    let connection = world.create("c", "API_KEY", parameters).await.unwrap();
    let arn = world.destination("d", &connection, "/").await;
    let detail = Some("$.detail".to_owned());
    world.aim("r", Target { input_path: detail, ..Target { arn, ..Default::default() } }).await;
    for (put, sent) in [
        (
            r#"{"n":0.10000000000000000555,"b":12345678901234.123456789,"d":1E2}"#,
            r#"{"n":0.10000000000000000555,"d":1E2,"b":"canary b"}"#,
        ),
        (r#"{"n":1e400}"#, r#"{"n":1e400,"b":"canary b"}"#),
    ] {
        world.put(put).await;
        assert_eq!(world.receiver.request().await.body, sent);
        world.settle(1).await;
    }
}

#[tokio::test]
async fn tokens_are_kept_renewed_in_time_and_when_refused() {
    let mut world = World::new().await;
    world.receiver.answer(200, &token("one", 120));
    let url = world.receiver.url("/token");
    let connection = world.create("c", "OAUTH_CLIENT_CREDENTIALS", o_auth(url, "POST")).await.unwrap();
    assert!(world.receiver.request().await.line.contains("/token"));
    world.stands("c", "AUTHORIZED").await;
    let arn = world.destination("d", &connection, "/").await;
    world.aim("r", target(arn)).await;
    // It is good for one more minute, then renewed before it is used.
    world.clock.advance_ms(59_000);
    world.put("{}").await;
    assert_eq!(world.receiver.request().await.header("authorization"), Some("Bearer one"));
    world.settle(1).await;
    world.clock.advance_ms(2_000);
    world.receiver.answer(200, &token("two", 3_600));
    world.put("{}").await;
    assert!(world.receiver.request().await.line.contains("/token"));
    assert_eq!(world.receiver.request().await.header("authorization"), Some("Bearer two"));
    world.settle(1).await;
    // Refused, it is renewed and the call made again at once.
    world.clock.advance_ms(1_000);
    world.receiver.answer(401, "");
    world.receiver.answer(200, &token("three", 3_600));
    world.put("{}").await;
    assert_eq!(world.receiver.request().await.header("authorization"), Some("Bearer two"));
    assert!(world.receiver.request().await.line.contains("/token"));
    assert_eq!(world.receiver.request().await.header("authorization"), Some("Bearer three"));
    world.settle(1).await;
    world.receiver.heard_nothing();
    assert!(!format!("{:?}", world.outbox().await).contains("Bearer"));
}

#[tokio::test]
async fn a_connection_whose_token_is_refused_recovers_with_the_next_call() {
    let mut world = World::new().await;
    world.receiver.answer(500, "");
    let url = world.receiver.url("/token");
    let connection = world.create("c", "OAUTH_CLIENT_CREDENTIALS", o_auth(url, "POST")).await.unwrap();
    world.receiver.request().await;
    world.stands("c", "DEAUTHORIZED").await;
    let arn = world.destination("d", &connection, "/").await;
    world.aim("r", target(arn)).await;
    world.receiver.answer(500, "");
    world.put("{}").await;
    world.receiver.request().await;
    world.settle(1).await;
    assert_eq!(world.outbox().await[0].state, DeliveryState::Waiting);
    world.receiver.answer(200, &token("one", 3_600));
    world.clock.advance_ms(2_000);
    world.receiver.request().await;
    assert_eq!(world.receiver.request().await.header("authorization"), Some("Bearer one"));
    world.settle(1).await;
    assert_eq!(world.outbox().await[0].state, DeliveryState::Delivered);
    world.stands("c", "AUTHORIZED").await;
}

#[tokio::test]
async fn a_refused_key_deauthorizes_until_an_update() {
    let mut world = World::new().await;
    let connection = world.create("c", "API_KEY", api_key()).await.unwrap();
    let arn = world.destination("d", &connection, "/").await;
    world.aim("r", target(arn)).await;
    for status in [401, 407] {
        world.receiver.answer(status, "");
        world.put("{}").await;
        world.receiver.request().await;
        world.settle(1).await;
        let found = world.stands("c", "DEAUTHORIZED").await;
        assert_eq!(found.state_reason, Some(format!("The endpoint returned HTTP status {status}.")));
        assert!(found.secret_arn.is_some());
        // The attempts that are left still have the key.
        world.clock.advance_ms(5_000);
        assert_eq!(world.receiver.request().await.header("x-api-key"), Some("canary-key"));
        world.settle(1).await;
        assert_eq!(world.outbox().await[0].state, DeliveryState::Delivered);
        world.stands("c", "DEAUTHORIZED").await;
        let key = UpdateConnectionApiKeyAuthRequestParameters {
            api_key_value: Some("canary-key".into()),
            ..Default::default()
        };
        let input = UpdateConnectionInput {
            name: "c".into(),
            auth_parameters: Some(UpdateConnectionAuthRequestParameters {
                api_key_auth_parameters: Some(key),
                ..Default::default()
            }),
            ..Default::default()
        };
        ops::update_connection(&world.events, &world.call, input).await.unwrap();
        assert_eq!(world.stands("c", "AUTHORIZED").await.state_reason, None);
    }
}

#[tokio::test]
async fn other_refusals_leave_a_connection_as_it_is() {
    let mut world = World::new().await;
    let connection = world.create("c", "API_KEY", api_key()).await.unwrap();
    let arn = world.destination("d", &connection, "/").await;
    world.aim("r", target(arn)).await;
    world.receiver.answer(403, "");
    world.put("{}").await;
    world.settle(1).await;
    world.stands("c", "AUTHORIZED").await;
}

#[tokio::test]
async fn secrets_outlive_a_restart() {
    let mut world = World::new().await;
    let connection = world.create("c", "API_KEY", api_key()).await.unwrap();
    let arn = world.destination("d", &connection, "/").await;
    world.aim("r", target(arn)).await;
    world.restart().await;
    world.put("{}").await;
    assert_eq!(world.receiver.request().await.header("x-api-key"), Some("canary-key"));
}

#[tokio::test]
async fn without_its_connection_a_call_is_given_up() {
    let mut world = World::new().await;
    let connection = world.create("c", "API_KEY", api_key()).await.unwrap();
    let arn = world.destination("d", &connection, "/").await;
    world.aim("r", target(arn)).await;
    let input = DeleteConnectionInput { name: "c".into() };
    ops::delete_connection(&world.events, &world.call, input).await.unwrap();
    world.put("{}").await;
    world.settle(1).await;
    world.receiver.heard_nothing();
    let outbox = world.outbox().await;
    assert_eq!(outbox[0].state, DeliveryState::Dead);
    assert_eq!(outbox[0].error, Some(format!("Connection '{connection}' does not exist.")));
}

#[tokio::test]
async fn an_updated_destination_is_called_as_it_is_now() {
    let mut world = World::new().await;
    let connection = world.create("c", "API_KEY", api_key()).await.unwrap();
    let arn = world.destination("d", &connection, "/old").await;
    world.aim("r", target(arn)).await;
    let input = UpdateApiDestinationInput {
        name: "d".into(),
        http_method: Some("PUT".into()),
        invocation_endpoint: Some(world.receiver.url("/new")),
        ..Default::default()
    };
    ops::update_api_destination(&world.events, &world.call, input).await.unwrap();
    world.put("{}").await;
    assert_eq!(world.receiver.request().await.line, "PUT /new HTTP/1.1");
}

#[tokio::test]
async fn a_log_stream_is_made_before_the_first_call() {
    let mut world = World::new().await;
    let arn = "arn:aws:logs:us-east-1:000000000000:log-group:/aws/events/orders".to_owned();
    world.aim("r", Target { arn, ..Default::default() }).await;
    world.put("{}").await;
    let made = world.receiver.request().await;
    assert_eq!(made.header("x-amz-target"), Some("Logs_20140328.CreateLogStream"));
    let put = world.receiver.request().await;
    assert_eq!(put.header("x-amz-target"), Some("Logs_20140328.PutLogEvents"));
    let stream = |body: &str| -> serde_json::Value {
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        serde_json::json!([body["logGroupName"], body["logStreamName"]])
    };
    assert_eq!(stream(&made.body), stream(&put.body));
    assert_eq!(stream(&put.body)[0], "/aws/events/orders");
}
