//! Global endpoints.

use aws::Call;
use service::Error;

use crate::api::inputs::*;
use crate::api::outputs::DescribeEndpointOutput;
use crate::api::types::{
    EndpointEventBus, FailoverConfig, Primary, ReplicationConfig, RoutingConfig, Secondary,
};
use crate::ops;
use crate::tests::world::World;

const ROLE: &str = "arn:aws:iam::000000000000:role/events";

fn bus(region: &str, account: &str, name: &str) -> EndpointEventBus {
    EndpointEventBus { event_bus_arn: format!("arn:aws:events:{region}:{account}:event-bus/{name}") }
}

fn routing(secondary: &str) -> RoutingConfig {
    RoutingConfig {
        failover_config: FailoverConfig {
            primary: Primary { health_check: "arn:aws:route53:::healthcheck/1".into() },
            secondary: Secondary { route: secondary.into() },
        },
    }
}

fn input() -> CreateEndpointInput {
    CreateEndpointInput {
        name: "e".into(),
        event_buses: vec![
            bus("us-east-1", "000000000000", "orders"),
            bus("eu-west-1", "000000000000", "orders"),
        ],
        role_arn: Some(ROLE.into()),
        routing_config: routing("eu-west-1"),
        ..Default::default()
    }
}

fn state(state: &str) -> Option<ReplicationConfig> {
    Some(ReplicationConfig { state: Some(state.into()) })
}

fn describe(world: &World, call: &Call, home: Option<&str>) -> Result<DescribeEndpointOutput, Error> {
    let input = DescribeEndpointInput { name: "e".into(), home_region: home.map(str::to_owned) };
    world.run(ops::describe_endpoint(&world.events, call, input))
}

/// An endpoint whose buses have a listener each, named after its region.
fn listened(replication: &str) -> (World, String) {
    let world = World::new();
    for region in ["us-east-1", "eu-west-1"] {
        let call = world.caller("000000000000", region);
        world.bus(&call, "orders");
        world.listen(&call, "orders", region);
    }
    let input = CreateEndpointInput { replication_config: state(replication), ..input() };
    world.run(ops::create_endpoint(&world.events, &world.call, input)).unwrap();
    let id = describe(&world, &world.call, None).unwrap().endpoint_id.unwrap();
    (world, id)
}

/// Who gets an event that is put from a region, and the region the event shows.
fn path(world: &World, id: &str, from: &str) -> Vec<(String, String)> {
    world.put(&world.caller("000000000000", from), "orders", Some(id), "{}");
    let region = |event: &serde_json::Value| event["region"].as_str().unwrap_or_default().to_owned();
    world.arrived().iter().map(|(queue, event)| (queue.clone(), region(event))).collect()
}

fn hop(queue: &str, region: &str) -> (String, String) {
    (queue.to_owned(), region.to_owned())
}

#[test]
fn replicated_events_go_to_both_buses_and_show_where_they_were_put() {
    let (mut world, id) = listened("ENABLED");
    let east = [hop("us-east-1", "us-east-1"), hop("eu-west-1", "us-east-1")];
    assert_eq!(path(&world, &id, "us-east-1"), east);
    assert_eq!(
        path(&world, &id, "eu-west-1"),
        [hop("eu-west-1", "eu-west-1"), hop("us-east-1", "eu-west-1")]
    );
    world.restart();
    assert_eq!(path(&world, &id, "us-east-1"), east);
}

#[test]
fn without_replication_the_bus_of_the_callers_region_gets_them_or_the_primary_one() {
    let (world, id) = listened("DISABLED");
    for (from, to) in [("us-east-1", "us-east-1"), ("eu-west-1", "eu-west-1"), ("ap-south-1", "us-east-1")] {
        assert_eq!(path(&world, &id, from), [hop(to, from)]);
    }
}

#[test]
fn an_unknown_id_fails_the_request() {
    let world = World::new();
    let input = PutEventsInput { entries: Vec::new(), endpoint_id: Some("abcde.veo".into()) };
    let error = world.run(ops::put_events(&world.events, &world.call, input)).unwrap_err();
    assert_eq!(error.kind.code, "ResourceNotFoundException");
}

#[test]
fn it_is_at_home_in_one_region() {
    let (world, id) = listened("ENABLED");
    let elsewhere = world.caller("000000000000", "eu-west-1");
    assert!(describe(&world, &elsewhere, None).is_err());
    let found = describe(&world, &elsewhere, Some("us-east-1")).unwrap();
    assert_eq!(found.endpoint_url, Some(format!("https://{id}.endpoint.events.amazonaws.com")));
    assert_eq!(found.state.as_deref(), Some("ACTIVE"));
    let list = |home: Option<&str>| {
        let input = ListEndpointsInput { home_region: home.map(str::to_owned), ..Default::default() };
        world.run(ops::list_endpoints(&world.events, &elsewhere, input)).unwrap().endpoints.unwrap().len()
    };
    assert_eq!((list(None), list(Some("us-east-1"))), (0, 1));
    assert!(describe(&world, &world.caller("111111111111", "us-east-1"), None).is_err());
}

#[test]
fn what_does_not_fit_together_is_refused() {
    let world = World::new();
    let home = |name: &str| bus("us-east-1", "000000000000", name);
    let far = |name: &str| bus("eu-west-1", "000000000000", name);
    for (buses, secondary, role, expected) in [
        (vec![home("a"), far("a")], "eu-west-1", Some(ROLE), None),
        (vec![far("a"), home("a")], "eu-west-1", Some(ROLE), None),
        (vec![home("a"), far("b")], "eu-west-1", Some(ROLE), Some("EventBuses")),
        (vec![home("a"), home("a")], "us-east-1", Some(ROLE), Some("EventBuses")),
        (vec![home("a"), far("a")], "eu-west-2", Some(ROLE), Some("EventBuses")),
        (vec![home("a"), bus("eu-west-1", "111111111111", "a")], "eu-west-1", Some(ROLE), Some("EventBuses")),
        (vec![home("a"), far("a")], "eu-west-1", None, Some("RoleArn")),
    ] {
        let name = world.clock.uuid_v4().to_string();
        let input = CreateEndpointInput {
            name,
            event_buses: buses.clone(),
            routing_config: routing(secondary),
            role_arn: role.map(str::to_owned),
            ..Default::default()
        };
        let made = world.run(ops::create_endpoint(&world.events, &world.call, input));
        match expected {
            None => assert!(made.is_ok(), "{buses:?}: {made:?}"),
            Some(parameter) => {
                let error = made.unwrap_err();
                assert_eq!(error.kind.code, "ValidationException");
                let begin = format!("Parameter {parameter} is not valid.");
                assert!(error.message.starts_with(&begin), "{buses:?}: {}", error.message);
            }
        }
    }
}

#[test]
fn a_change_leaves_the_rest() {
    let (world, id) = listened("ENABLED");
    world.pass_secs(60);
    let change = UpdateEndpointInput {
        name: "e".into(),
        description: Some("Ours".into()),
        replication_config: state("DISABLED"),
        ..Default::default()
    };
    let output = world.run(ops::update_endpoint(&world.events, &world.call, change)).unwrap();
    assert_eq!(output.endpoint_id.as_deref(), Some(&*id));
    let found = describe(&world, &world.call, None).unwrap();
    assert_eq!(found.description.as_deref(), Some("Ours"));
    assert_eq!((found.replication_config, found.role_arn), (state("DISABLED"), Some(ROLE.into())));
    assert_eq!(
        (found.event_buses, found.routing_config),
        (Some(input().event_buses), Some(routing("eu-west-1")))
    );
    assert_eq!(found.last_modified_time, found.creation_time.map(|at_ms| at_ms + 60_000));
}

#[test]
fn a_reset_takes_the_endpoints_of_an_account() {
    let (world, _) = listened("ENABLED");
    world.run(world.events.reset(aws::AccountId::parse("111111111111"))).unwrap();
    assert!(describe(&world, &world.call, None).is_ok());
    world.run(world.events.reset(Some(world.call.account.clone()))).unwrap();
    assert!(describe(&world, &world.call, None).is_err());
}
