//! Log records of buses.

use serde_json::Value;

use crate::api::inputs::{CreateEventBusInput, PutRuleInput, PutTargetsInput};
use crate::api::types::{DeadLetterConfig, LogConfig, Target};
use crate::ops;
use crate::tests::world::World;

const BUS: &str = "arn:aws:events:us-east-1:000000000000:event-bus/orders";

fn logging(level: &str, include_detail: &str) -> World {
    let world = World::new();
    let log_config =
        LogConfig { level: Some(level.to_owned()), include_detail: Some(include_detail.to_owned()) };
    let input =
        CreateEventBusInput { name: "orders".into(), log_config: Some(log_config), ..Default::default() };
    world.run(ops::create_event_bus(&world.events, &world.call, input)).unwrap();
    world
}

fn records(world: &World) -> Vec<Value> {
    let records = world.run(world.events.logs(BUS)).unwrap();
    records.iter().map(|record| serde_json::from_str(record).unwrap()).collect()
}

fn steps(world: &World) -> Vec<String> {
    let text = |record: &Value| record["message_type"].as_str().unwrap().to_owned();
    records(world).iter().map(text).collect()
}

/// Has the queue `missing` get every event, and another one what it does not take.
fn fail(world: &World) {
    let bus = Some("orders".to_owned());
    let rule = PutRuleInput {
        name: "lost".into(),
        event_bus_name: bus.clone(),
        event_pattern: Some(r#"{"source":["shop"]}"#.into()),
        ..Default::default()
    };
    world.run(ops::put_rule(&world.events, &world.call, rule)).unwrap();
    let arn = |name: &str| format!("arn:aws:sqs:us-east-1:000000000000:{name}");
    let target = Target {
        id: "1".into(),
        arn: arn("missing"),
        dead_letter_config: Some(DeadLetterConfig { arn: Some(arn("dead")) }),
        ..Default::default()
    };
    let input = PutTargetsInput { rule: "lost".into(), event_bus_name: bus, targets: vec![target] };
    world.run(ops::put_targets(&world.events, &world.call, input)).unwrap();
}

#[test]
fn an_event_nobody_wants_is_written_down() {
    let world = logging("INFO", "NONE");
    world.put(&world.call, "orders", None, "{\"secret\":1}");
    assert_eq!(steps(&world), ["EVENT_RECEIPT", "NO_STANDARD_RULES_MATCHED"]);
    let record = &records(&world)[0];
    assert_eq!((&record["resource_arn"], &record["log_level"]), (&BUS.into(), &"INFO".into()));
    assert_eq!(record["details"]["source"], "shop");
    assert_eq!(record["details"]["event_detail"], "REDACTED");
}

#[test]
fn the_way_to_a_queue() {
    let world = logging("TRACE", "FULL");
    world.listen(&world.call, "orders", "inbox");
    world.put(&world.call, "orders", None, "{\"n\":1}");
    assert_eq!(steps(&world), ["EVENT_RECEIPT", "RULE_MATCH", "INVOCATION_SUCCESS"]);
    let records = records(&world);
    assert_eq!(records[0]["details"]["event_detail"], serde_json::json!({ "n": 1 }));
    let rule = "arn:aws:events:us-east-1:000000000000:rule/orders/to-inbox";
    assert_eq!(records[1]["details"]["rule_arn"], rule);
    assert_eq!(records[2]["details"]["target_arn"], "arn:aws:sqs:us-east-1:000000000000:inbox");
}

#[test]
fn errors_alone() {
    let world = logging("ERROR", "NONE");
    world.listen(&world.call, "orders", "inbox");
    fail(&world);
    world.put(&world.call, "orders", None, "{}");
    assert_eq!(steps(&world), ["INVOCATION_FAILURE", "INVOCATION_DLQ"]);
    let error = &records(&world)[0]["error"];
    assert_eq!(error["error_message"], "The specified queue does not exist.");
}

#[test]
fn without_a_level_nothing_is_written() {
    let world = logging("OFF", "FULL");
    world.put(&world.call, "orders", None, "{}");
    world.put(&world.call, "default", None, "{}");
    assert_eq!(steps(&world), Vec::<String>::new());
}

#[test]
fn a_reset_takes_the_records_of_an_account() {
    let world = logging("INFO", "NONE");
    world.put(&world.call, "orders", None, "{}");
    world.run(world.events.reset(aws::AccountId::parse("111111111111"))).unwrap();
    assert_eq!(steps(&world).len(), 2);
    world.run(world.events.reset(Some(world.call.account.clone()))).unwrap();
    assert_eq!(steps(&world), Vec::<String>::new());
}
