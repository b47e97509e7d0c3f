//! What PutTargets refuses and what it keeps.

use super::world::World;
use crate::api::inputs::{ListTargetsByRuleInput, PutRuleInput, PutTargetsInput};
use crate::api::types::{
    DeadLetterConfig, InputTransformer, RunCommandParameters, RunCommandTarget, SqsParameters, Target,
};
use crate::ops;

const ROLE: &str = "arn:aws:iam::000000000000:role/r";

fn world() -> World {
    let world = World::new();
    let rule = PutRuleInput {
        name: "r".into(),
        event_pattern: Some(r#"{"source":["shop"]}"#.into()),
        ..Default::default()
    };
    world.run(ops::put_rule(&world.events, &world.call, rule)).unwrap();
    world
}

fn put(world: &World, target: Target) -> Result<(), String> {
    let input = PutTargetsInput { rule: "r".into(), event_bus_name: None, targets: vec![target] };
    let put = world.run(ops::put_targets(&world.events, &world.call, input));
    put.map(drop).map_err(|refused| refused.message.to_string())
}

fn target(resource: &str) -> Target {
    Target { id: "1".into(), arn: format!("arn:aws:{resource}"), ..Default::default() }
}

fn with_role(resource: &str) -> Target {
    Target { role_arn: Some(ROLE.into()), ..target(resource) }
}

#[test]
fn a_bus_elsewhere_keeps_its_role() {
    for bus in ["us-east-1:111111111111", "eu-west-1:000000000000"] {
        let (world, resource) = (world(), format!("events:{bus}:event-bus/default"));
        let refused = Err(format!("RoleArn is required for target arn:aws:{resource}."));
        assert_eq!(put(&world, target(&resource)), refused);
        assert_eq!(put(&world, with_role(&resource)), Ok(()));
        assert_eq!(put(&world, target(&resource)), Ok(()));
        let input = ListTargetsByRuleInput { rule: "r".into(), ..Default::default() };
        let listed = world.run(ops::list_targets_by_rule(&world.events, &world.call, input)).unwrap();
        assert_eq!(listed.targets.unwrap_or_default(), [with_role(&resource)]);
        // Another bus is another target, whatever its id.
        let other = format!("events:{bus}:event-bus/other");
        assert!(put(&world, target(&other)).is_err());
    }
}

#[test]
fn what_one_kind_of_target_does_not_take() {
    let world = world();
    let logs = "logs:us-east-1:000000000000:log-group:/aws/events/g";
    let bus = "events:us-east-1:111111111111:event-bus/default";
    let template =
        |template: &str| Some(InputTransformer { input_template: template.into(), ..Default::default() });
    let document = "ssm:us-east-1:000000000000:document/d";
    let fifo = |group: &str| {
        let parameters = SqsParameters { message_group_id: Some(group.into()) };
        Target { sqs_parameters: Some(parameters), ..target("sqs:us-east-1:000000000000:q.fifo") }
    };
    let run_command = RunCommandParameters {
        run_command_targets: vec![RunCommandTarget { key: "tag:a".into(), values: vec!["b".into()] }],
    };
    let dead = |arn: &str| {
        let config = DeadLetterConfig { arn: Some(arn.into()) };
        Target { dead_letter_config: Some(config), ..target("sqs:us-east-1:000000000000:q") }
    };
    for (target, refused) in [
        (with_role(logs), Some(format!("RoleArn is not supported for target arn:aws:{logs}."))),
        (
            Target { input_transformer: template(r#""text""#), ..target(logs) },
            Some("Input for target 1 is not a valid JSON text.".into()),
        ),
        (Target { input_transformer: template(r#"{"timestamp":"1","message":"m"}"#), ..target(logs) }, None),
        (
            Target { input: Some("{}".into()), ..with_role(bus) },
            Some(format!("Input is not supported for target arn:aws:{bus}.")),
        ),
        (
            Target { input_path: Some("$.detail".into()), ..with_role(bus) },
            Some(format!("InputPath is not supported for target arn:aws:{bus}.")),
        ),
        (Target { input: Some("{}".into()), ..target("events:us-east-1:000000000000:event-bus/b") }, None),
        (with_role(document), Some("Parameter RunCommandParameters is not valid for target1.".into())),
        (Target { run_command_parameters: Some(run_command), ..with_role(document) }, None),
        (with_role("ssm:us-east-1:000000000000:automation-definition/d:$DEFAULT"), None),
        (fifo(""), Some("Parameter(s) SqsParameters must be specified for target: 1.".into())),
        (fifo("g"), None),
        (target("execute-api:us-east-1:000000000000:a/prod/POST/x"), None),
        (
            dead("arn:aws:sqs:eu-west-1:000000000000:q"),
            Some(
                "Parameter DeadLetterConfig.Arn is not valid. Reason: The dead-letter queue must be in the Region of \
                 the rule."
                    .into(),
            ),
        ),
        (dead("arn:aws:sqs:us-east-1:111111111111:q"), None),
    ] {
        assert_eq!(put(&world, target.clone()).err(), refused, "{target:?}");
    }
}
