//! Schedules that are made to fire.

use super::world::{BEGINNING_MS, World};
use crate::api::inputs::{DisableRuleInput, PutRuleInput, PutTargetsInput};
use crate::api::types::Target;
use crate::ops;

const RULE: &str = "arn:aws:events:us-east-1:000000000000:rule/nightly";

fn scheduled() -> World {
    let world = World::new();
    let rule = PutRuleInput {
        name: "nightly".into(),
        schedule_expression: Some("rate(1 day)".into()),
        ..Default::default()
    };
    world.run(ops::put_rule(&world.events, &world.call, rule)).unwrap();
    let target = Target {
        id: "1".into(),
        arn: "arn:aws:sqs:us-east-1:000000000000:inbox".into(),
        ..Default::default()
    };
    let input = PutTargetsInput { rule: "nightly".into(), targets: vec![target], ..Default::default() };
    world.run(ops::put_targets(&world.events, &world.call, input)).unwrap();
    world
}

#[test]
fn a_schedule_fires_when_it_is_told_to_and_keeps_its_hours() {
    let world = scheduled();
    world.pass_secs(3_600);
    world.run(world.events.trigger(RULE)).unwrap();
    let [(queue, event)] = &world.arrived()[..] else { panic!("one event") };
    assert_eq!((queue.as_str(), &event["detail-type"]), ("inbox", &"Scheduled Event".into()));
    assert_eq!(event["time"], clock::calendar::iso8601(BEGINNING_MS + 3_600_000));
    assert_eq!(event["resources"][0], RULE);
    let fires =
        world.events.shared.lock().by_id.values().find_map(|bus| bus.rules["nightly"].row.fires_at_ms);
    assert_eq!(fires, Some(BEGINNING_MS + 86_400_000));
}

#[test]
fn a_disabled_one_too() {
    let world = scheduled();
    let input = DisableRuleInput { name: "nightly".into(), event_bus_name: None };
    world.run(ops::disable_rule(&world.events, &world.call, input)).unwrap();
    world.run(world.events.trigger(RULE)).unwrap();
    assert_eq!(world.arrived().len(), 1);
}

#[test]
fn what_has_no_schedule_is_refused() {
    let world = scheduled();
    world.listen(&world.call, "default", "q");
    for (arn, message) in [
        ("arn:aws:events:us-east-1:000000000000:rule/to-q", "Rule to-q has no schedule."),
        ("arn:aws:events:us-east-1:000000000000:rule/x", "Rule x does not exist on EventBus default."),
        (
            "arn:aws:events:us-east-1:000000000000:rule/aws.partner/a/b/x",
            "Rule x does not exist on EventBus aws.partner/a/b.",
        ),
        ("arn:aws:events:us-east-1:000000000000:event-bus/x", "Parameter RuleArn is not valid."),
        ("rule", "Parameter RuleArn is not valid."),
    ] {
        assert_eq!(world.run(world.events.trigger(arn)).unwrap_err().message, message, "{arn}");
    }
    assert_eq!(world.arrived(), []);
}
