//! Who may do what to a bus of somebody else.

use aws::Call;
use service::Error;

use super::world::World;
use crate::api::inputs::{
    DeleteEventBusInput, DeleteRuleInput, DescribeEventBusInput, DescribeRuleInput, DisableRuleInput,
    ListRulesInput, ListTargetsByRuleInput, PutPermissionInput, PutRuleInput, PutTargetsInput,
    RemovePermissionInput, UpdateEventBusInput,
};
use crate::api::types::Target;
use crate::ops;

const STRANGER: &str = "111122223333";
const BUS: &str = "arn:aws:events:us-east-1:000000000000:event-bus/orders";
const PATTERN: &str = r#"{"source":["shop"]}"#;
const QUEUE: &str = "arn:aws:sqs:us-east-1:000000000000:q";

fn world() -> (World, Call) {
    let world = World::new();
    world.bus(&world.call, "orders");
    let stranger = world.caller(STRANGER, "us-east-1");
    (world, stranger)
}

fn put_rule(world: &World, call: &Call, bus: &str, pattern: &str) -> Result<(), Error> {
    let input = PutRuleInput {
        name: "r".into(),
        event_bus_name: Some(bus.into()),
        event_pattern: Some(pattern.into()),
        ..Default::default()
    };
    world.run(ops::put_rule(&world.events, call, input)).map(drop)
}

fn put_target(world: &World, call: &Call) -> Result<(), Error> {
    let target = Target { id: "1".into(), arn: QUEUE.into(), ..Default::default() };
    let input = PutTargetsInput { rule: "r".into(), event_bus_name: Some(BUS.into()), targets: vec![target] };
    world.run(ops::put_targets(&world.events, call, input)).map(drop)
}

fn set_policy(world: &World, statement: &str) {
    let input = PutPermissionInput {
        event_bus_name: Some("orders".into()),
        policy: Some(format!(r#"{{"Statement":[{statement}]}}"#)),
        ..Default::default()
    };
    world.run(ops::put_permission(&world.events, &world.call, input)).unwrap();
}

fn denied(action: &str, resource: &str) -> String {
    format!(
        "User: arn:aws:iam::{STRANGER}:root is not authorized to perform: events:{action} on resource: \
         arn:aws:events:us-east-1:000000000000:{resource} because no resource-based policy allows the \
         events:{action} action"
    )
}

#[test]
fn a_stranger_does_nothing_to_a_bus() {
    let (world, stranger) = world();
    put_rule(&world, &world.call, BUS, PATTERN).unwrap();
    let (name, rule) = (|| Some(BUS.to_owned()), || "r".to_owned());
    let is_denied = |told: Result<(), Error>, action: &str, resource: &str| {
        let told = told.unwrap_err();
        assert_eq!(told.kind.code, "AccessDeniedException");
        assert_eq!(told.message, denied(action, resource));
    };
    is_denied(put_rule(&world, &stranger, BUS, PATTERN), "PutRule", "rule/orders/r");
    is_denied(put_target(&world, &stranger), "PutTargets", "rule/orders/r");
    macro_rules! check {
        ($operation:ident, $input:expr, $action:expr, $resource:expr) => {
            let told = world.run(ops::$operation(&world.events, &stranger, $input));
            is_denied(told.map(drop), $action, $resource);
        };
    }
    let input = DescribeRuleInput { name: rule(), event_bus_name: name() };
    check!(describe_rule, input, "DescribeRule", "rule/orders/r");
    let input = DeleteRuleInput { name: rule(), event_bus_name: name(), ..Default::default() };
    check!(delete_rule, input, "DeleteRule", "rule/orders/r");
    let input = DisableRuleInput { name: rule(), event_bus_name: name() };
    check!(disable_rule, input, "DisableRule", "rule/orders/r");
    let input = ListTargetsByRuleInput { rule: rule(), event_bus_name: name(), ..Default::default() };
    check!(list_targets_by_rule, input, "ListTargetsByRule", "rule/orders/r");
    let input = ListRulesInput { event_bus_name: name(), ..Default::default() };
    check!(list_rules, input, "ListRules", "rule/orders/*");
    check!(
        describe_event_bus,
        DescribeEventBusInput { name: name() },
        "DescribeEventBus",
        "event-bus/orders"
    );
    let input = UpdateEventBusInput { name: name(), ..Default::default() };
    check!(update_event_bus, input, "UpdateEventBus", "event-bus/orders");
    let input = DeleteEventBusInput { name: BUS.into() };
    check!(delete_event_bus, input, "DeleteEventBus", "event-bus/orders");
    let input = PutPermissionInput {
        event_bus_name: name(),
        policy: Some(r#"{"Statement":[]}"#.into()),
        ..Default::default()
    };
    check!(put_permission, input, "PutPermission", "event-bus/orders");
    let input = RemovePermissionInput {
        event_bus_name: name(),
        remove_all_permissions: Some(true),
        ..Default::default()
    };
    check!(remove_permission, input, "RemovePermission", "event-bus/orders");
    // A bus that is not there answers the same.
    let nothing = "arn:aws:events:us-east-1:000000000000:event-bus/nothing";
    is_denied(put_rule(&world, &stranger, nothing, PATTERN), "PutRule", "rule/nothing/r");
}

#[test]
fn a_guest_makes_rules_and_changes_their_own() {
    let (world, guest) = world();
    set_policy(
        &world,
        r#"{"Effect":"Allow","Principal":{"AWS":"111122223333"},
        "Action":["events:PutRule","events:PutTargets","events:DescribeRule","events:ListRules"],
        "Resource":"arn:aws:events:us-east-1:000000000000:rule/orders/*","Condition":{"StringEqualsIfExists":
        {"events:creatorAccount":"${aws:PrincipalAccount}","events:source":"shop"}}}"#,
    );
    assert!(put_rule(&world, &guest, BUS, r#"{"source":["else"]}"#).is_err());
    put_rule(&world, &guest, BUS, PATTERN).unwrap();
    put_target(&world, &guest).unwrap();
    let input = DescribeRuleInput { name: "r".into(), event_bus_name: Some(BUS.into()) };
    let rule = world.run(ops::describe_rule(&world.events, &guest, input)).unwrap();
    assert_eq!(rule.created_by.as_deref(), Some(STRANGER));
    let input = ListRulesInput { event_bus_name: Some(BUS.into()), ..Default::default() };
    let rules = world.run(ops::list_rules(&world.events, &guest, input)).unwrap();
    assert_eq!(rules.rules.map(|rules| rules.len()), Some(1));
    world.put(&world.call, "orders", None, "{}");
    assert_eq!(world.arrived().len(), 1);
    let input = DisableRuleInput { name: "r".into(), event_bus_name: Some(BUS.into()) };
    assert!(world.run(ops::disable_rule(&world.events, &guest, input)).is_err());
    let other = world.caller("444455556666", "us-east-1");
    assert!(put_rule(&world, &other, BUS, PATTERN).is_err());
}

#[test]
fn a_bus_of_another_region_is_not_for_this_one() {
    let (world, _) = world();
    let elsewhere = "arn:aws:events:eu-west-1:000000000000:event-bus/default";
    let told = put_rule(&world, &world.call, elsewhere, PATTERN).unwrap_err();
    assert_eq!(told.kind.code, "ValidationException");
    assert_eq!(told.message, "Cross-region api call is not allowed.");
    let input = DescribeEventBusInput { name: Some(elsewhere.into()) };
    assert!(world.run(ops::describe_event_bus(&world.events, &world.call, input)).is_err());
}
