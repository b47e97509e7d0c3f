//! Which updates authorize anew, and connections to private APIs.

use super::world::{World, api_key, basic, o_auth, token};
use crate::api::inputs::*;
use crate::api::types::*;
use crate::ops;

const PRIVATE: &str =
    "arn:aws:vpc-lattice:us-east-1:000000000000:resourceconfiguration/rcfg-0123456789abcdefg";

fn at(arn: &str) -> ConnectivityResourceParameters {
    ConnectivityResourceParameters {
        resource_parameters: ConnectivityResourceConfigurationArn { resource_configuration_arn: arn.into() },
    }
}

async fn update(world: &World, input: UpdateConnectionInput) {
    let input = UpdateConnectionInput { name: "c".into(), ..input };
    ops::update_connection(&world.events, &world.call, input).await.unwrap();
}

fn basic_update() -> UpdateConnectionAuthRequestParameters {
    UpdateConnectionAuthRequestParameters {
        basic_auth_parameters: Some(UpdateConnectionBasicAuthRequestParameters {
            username: Some("Jasmine".into()),
            password: Some("open".into()),
        }),
        ..Default::default()
    }
}

#[tokio::test]
async fn a_description_alone_authorizes_nothing() {
    let world = World::new().await;
    world.create("c", "BASIC", basic()).await.unwrap();
    let authorized = world.describe("c").await.unwrap().last_authorized_time;
    world.clock.advance_ms(1_000);
    update(&world, UpdateConnectionInput { description: Some("d".into()), ..Default::default() }).await;
    let found = world.describe("c").await.unwrap();
    assert_eq!(found.last_authorized_time, authorized);
    assert_ne!(found.last_modified_time, authorized);
    let parameters = Some(basic_update());
    update(&world, UpdateConnectionInput { auth_parameters: parameters, ..Default::default() }).await;
    assert_ne!(world.describe("c").await.unwrap().last_authorized_time, authorized);
}

#[tokio::test]
async fn parameters_of_another_kind_have_no_effect() {
    let world = World::new().await;
    world.create("c", "API_KEY", api_key()).await.unwrap();
    let before = world.describe("c").await.unwrap();
    for kind in [None, Some("API_KEY".to_owned())] {
        let input = UpdateConnectionInput {
            authorization_type: kind,
            auth_parameters: Some(basic_update()),
            ..Default::default()
        };
        update(&world, input).await;
        assert_eq!(world.describe("c").await.unwrap(), before);
    }
}

#[tokio::test]
async fn a_connection_to_a_private_api_is_active() {
    let mut world = World::new().await;
    let create = |name: &str, kind: &str, parameters| CreateConnectionInput {
        name: name.into(),
        authorization_type: kind.into(),
        auth_parameters: parameters,
        invocation_connectivity_parameters: Some(at(PRIVATE)),
        ..Default::default()
    };
    let made = ops::create_connection(&world.events, &world.call, create("c", "BASIC", basic())).await;
    let made = made.unwrap();
    assert_eq!(made.connection_state.as_deref(), Some("ACTIVE"));
    assert!(world.describe("c").await.unwrap().last_authorized_time.is_some());
    world.destination("d", &made.connection_arn.unwrap(), "/").await;
    let input = DescribeApiDestinationInput { name: "d".into() };
    let destination = ops::describe_api_destination(&world.events, &world.call, input).await.unwrap();
    assert_eq!(destination.api_destination_state.as_deref(), Some("ACTIVE"));

    world.receiver.answer(200, &token("one", 3_600));
    let o_auth = o_auth(world.receiver.url("/token"), "POST");
    let made = create("o", "OAUTH_CLIENT_CREDENTIALS", o_auth);
    let made = ops::create_connection(&world.events, &world.call, made).await.unwrap();
    assert_eq!(made.connection_state.as_deref(), Some("AUTHORIZING"));
    world.receiver.request().await;
    world.stands("o", "ACTIVE").await;
}

#[tokio::test]
async fn an_empty_arn_is_the_way_back_to_a_public_api() {
    let world = World::new().await;
    let create = CreateConnectionInput {
        name: "c".into(),
        authorization_type: "BASIC".into(),
        auth_parameters: CreateConnectionAuthRequestParameters {
            connectivity_parameters: Some(at(PRIVATE)),
            ..basic()
        },
        invocation_connectivity_parameters: Some(at("")),
        ..Default::default()
    };
    // Where tokens would come from does not make the API a private one.
    let made = ops::create_connection(&world.events, &world.call, create).await.unwrap();
    assert_eq!(made.connection_state.as_deref(), Some("AUTHORIZED"));
    let shown = |found: crate::api::outputs::DescribeConnectionOutput| {
        let of_tokens = found.auth_parameters.and_then(|given| given.connectivity_parameters);
        let arn = |given: Option<DescribeConnectionConnectivityParameters>| {
            given.map(|given| given.resource_parameters.resource_configuration_arn)
        };
        (found.connection_state.unwrap(), arn(found.invocation_connectivity_parameters), arn(of_tokens))
    };
    let private = Some(PRIVATE.to_owned());
    assert_eq!(shown(world.describe("c").await.unwrap()), ("AUTHORIZED".into(), None, private.clone()));
    for (given, state, told) in [(PRIVATE, "ACTIVE", private), ("", "AUTHORIZED", None)] {
        let input = UpdateConnectionInput {
            invocation_connectivity_parameters: Some(at(given)),
            auth_parameters: Some(UpdateConnectionAuthRequestParameters {
                connectivity_parameters: Some(at(given)),
                ..Default::default()
            }),
            ..Default::default()
        };
        update(&world, input).await;
        assert_eq!(shown(world.describe("c").await.unwrap()), (state.to_owned(), told.clone(), told));
    }
}
