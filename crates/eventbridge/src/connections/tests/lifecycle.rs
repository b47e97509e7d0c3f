//! Connections and API destinations as they come and go.

use aws::AccountId;

use super::world::{BEGINNING_MS, World, api_key, basic, o_auth, token};
use crate::api::inputs::*;
use crate::api::types::*;
use crate::ops;

#[tokio::test]
async fn a_connection_is_described_without_its_secrets() {
    let world = World::new().await;
    let arn = world.create("c", "API_KEY", api_key()).await.unwrap();
    let found = world.describe("c").await.unwrap();
    assert!(arn.starts_with("arn:aws:events:us-east-1:000000000000:connection/c/"), "{arn}");
    assert_eq!(found.connection_arn, Some(arn));
    assert_eq!(found.connection_state.as_deref(), Some("AUTHORIZED"));
    assert_eq!(found.last_authorized_time, Some(BEGINNING_MS));
    let secret = found.secret_arn.clone().unwrap();
    let id = secret
        .strip_prefix("arn:aws:secretsmanager:us-east-1:000000000000:secret:events!connection/c/")
        .unwrap_or_else(|| panic!("{secret}"));
    assert_eq!((id.len(), id.as_bytes()[36]), (43, b'-'));
    let shown = found.auth_parameters.clone().unwrap().api_key_auth_parameters.unwrap();
    assert_eq!(shown.api_key_name.as_deref(), Some("X-Api-Key"));
    assert!(!format!("{found:?}").contains("canary"));
}

#[tokio::test]
async fn parameters_have_to_fit_their_kind() {
    let world = World::new().await;
    let mut both = basic();
    both.api_key_auth_parameters = api_key().api_key_auth_parameters;
    for (kind, parameters) in [
        ("API_KEY", basic()),
        ("BASIC", api_key()),
        ("BASIC", Default::default()),
        ("BASIC", both),
        ("OAUTH_CLIENT_CREDENTIALS", basic()),
        ("OAUTH_CLIENT_CREDENTIALS", o_auth("ftp://h/".into(), "POST")),
    ] {
        let refused = world.create("c", kind, parameters).await.unwrap_err();
        assert_eq!(refused.kind.code, "ValidationException", "{kind}");
    }
    world.create("c", "BASIC", basic()).await.unwrap();
    let again = world.create("c", "BASIC", basic()).await.unwrap_err();
    assert_eq!(again.message, "Connection c already exists.");
}

#[tokio::test]
async fn an_update_keeps_what_it_does_not_name() {
    let world = World::new().await;
    world.create("c", "BASIC", basic()).await.unwrap();
    let update = |kind: Option<&str>, parameters: Option<UpdateConnectionAuthRequestParameters>| {
        let input = UpdateConnectionInput {
            name: "c".into(),
            authorization_type: kind.map(str::to_owned),
            auth_parameters: parameters,
            ..Default::default()
        };
        ops::update_connection(&world.events, &world.call, input)
    };
    let named = UpdateConnectionAuthRequestParameters {
        basic_auth_parameters: Some(UpdateConnectionBasicAuthRequestParameters {
            username: Some("Jasmine".into()),
            password: None,
        }),
        ..Default::default()
    };
    update(None, Some(named)).await.unwrap();
    let shown = world.describe("c").await.unwrap().auth_parameters.unwrap();
    assert_eq!(shown.basic_auth_parameters.unwrap().username.as_deref(), Some("Jasmine"));
    assert!(update(Some("API_KEY"), None).await.is_err(), "nothing is known of a key");
    let key = UpdateConnectionAuthRequestParameters {
        api_key_auth_parameters: Some(UpdateConnectionApiKeyAuthRequestParameters {
            api_key_name: Some("k".into()),
            api_key_value: Some("v".into()),
        }),
        ..Default::default()
    };
    update(Some("API_KEY"), Some(key)).await.unwrap();
    let found = world.describe("c").await.unwrap();
    assert_eq!(found.authorization_type.as_deref(), Some("API_KEY"));
    assert_eq!(found.auth_parameters.unwrap().basic_auth_parameters, None);
}

#[tokio::test]
async fn a_deauthorized_connection_has_no_secrets_until_it_gets_some() {
    let world = World::new().await;
    let arn = world.create("c", "API_KEY", api_key()).await.unwrap();
    world.destination("d", &arn, "/").await;
    let input = DeauthorizeConnectionInput { name: "c".into() };
    ops::deauthorize_connection(&world.events, &world.call, input).await.unwrap();
    let found = world.stands("c", "DEAUTHORIZED").await;
    assert_eq!((found.auth_parameters, found.secret_arn), (None, None));
    let input = DescribeApiDestinationInput { name: "d".into() };
    let destination = ops::describe_api_destination(&world.events, &world.call, input).await.unwrap();
    assert_eq!(destination.api_destination_state.as_deref(), Some("INACTIVE"));
    let input = UpdateConnectionInput { name: "c".into(), ..Default::default() };
    let output = ops::update_connection(&world.events, &world.call, input).await.unwrap();
    assert_eq!(output.connection_state.as_deref(), Some("DEAUTHORIZED"));
}

#[tokio::test]
async fn o_auth_connections_are_authorized_in_the_background() {
    let mut world = World::new().await;
    world.receiver.answer(200, &token("canary-token", 3_600));
    let url = world.receiver.url("/token?tenant=t");
    world.create("c", "OAUTH_CLIENT_CREDENTIALS", o_auth(url, "POST")).await.unwrap();
    let request = world.receiver.request().await;
    assert_eq!(request.line, "POST /token?tenant=t HTTP/1.1");
    assert_eq!(request.header("content-type"), Some("application/x-www-form-urlencoded; charset=utf-8"));
    assert_eq!(request.body, "client_id=me&client_secret=canary%20client&grant_type=client_credentials");
    let found = world.stands("c", "AUTHORIZED").await;
    assert_eq!(found.last_authorized_time, Some(BEGINNING_MS));
    assert!(!format!("{found:?}").contains("canary"));
}

#[tokio::test]
async fn one_that_is_refused_says_why() {
    let mut world = World::new().await;
    for (status, body, reason) in [
        (403, "canary", "The authorization endpoint returned HTTP status 403."),
        (200, "{\"token\":\"canary\"}", "The authorization endpoint returned no access_token."),
    ] {
        world.receiver.answer(status, body);
        let url = world.receiver.url("/token");
        world.create("c", "OAUTH_CLIENT_CREDENTIALS", o_auth(url, "GET")).await.unwrap();
        let line = world.receiver.request().await.line;
        let query = "client_id=me&client_secret=canary%20client&grant_type=client_credentials";
        assert_eq!(line, format!("GET /token?{query} HTTP/1.1"));
        let found = world.stands("c", "DEAUTHORIZED").await;
        assert_eq!(found.state_reason.as_deref(), Some(reason));
        let input = DeleteConnectionInput { name: "c".into() };
        ops::delete_connection(&world.events, &world.call, input).await.unwrap();
    }
}

#[tokio::test]
async fn what_is_not_there_is_named() {
    let world = World::new().await;
    let connection = world.describe("x").await.unwrap_err();
    assert_eq!(connection.message, "Failed to describe the connection(s). Connection 'x' does not exist.");
    let input = DescribeApiDestinationInput { name: "x".into() };
    let destination = ops::describe_api_destination(&world.events, &world.call, input).await.unwrap_err();
    assert_eq!(
        destination.message,
        "Failed to describe the api-destination(s). An api-destination 'x' does not exist."
    );
    let input = CreateApiDestinationInput {
        name: "d".into(),
        connection_arn: "arn:aws:events:us-east-1:000000000000:connection/x/1".into(),
        http_method: "POST".into(),
        invocation_endpoint: "https://example.com/".into(),
        ..Default::default()
    };
    let refused = ops::create_api_destination(&world.events, &world.call, input).await.unwrap_err();
    assert_eq!(refused.kind.code, "ResourceNotFoundException");
}

#[tokio::test]
async fn a_reset_takes_them_along() {
    let world = World::new().await;
    let arn = world.create("c", "API_KEY", api_key()).await.unwrap();
    world.destination("d", &arn, "/").await;
    world.events.reset(Some(AccountId::parse("111111111111").unwrap())).await.unwrap();
    assert!(world.describe("c").await.is_ok());
    world.events.reset(None).await.unwrap();
    assert!(world.describe("c").await.is_err());
    let input = ListApiDestinationsInput::default();
    let left = ops::list_api_destinations(&world.events, &world.call, input).await.unwrap();
    assert_eq!(left.api_destinations, Some(Vec::new()));
}
