//! Schedules and the clock: time that passes, jumps ahead, jumps back, or passes while nobody is there.

use std::time::Duration;

use super::world::{BEGINNING_MS, World};
use crate::api::inputs::{PutRuleInput, PutTargetsInput};
use crate::api::types::Target;
use crate::ops;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;

fn schedule(world: &World, name: &str, expression: &str) {
    let rule = PutRuleInput {
        name: name.into(),
        schedule_expression: Some(expression.into()),
        ..Default::default()
    };
    world.run(ops::put_rule(&world.events, &world.call, rule)).unwrap();
    let target = Target {
        id: "1".into(),
        arn: format!("arn:aws:sqs:us-east-1:000000000000:{name}"),
        ..Default::default()
    };
    let input = PutTargetsInput { rule: name.into(), targets: vec![target], ..Default::default() };
    world.run(ops::put_targets(&world.events, &world.call, input)).unwrap();
}

/// Waits until no rule is due and none fires later than `next_ms`.
fn caught_up(world: &World, next_ms: i64) {
    let shared = &world.events.shared;
    let waited = world.run(async {
        let caught_up = || {
            let registry = shared.lock();
            let rules = registry.by_id.values().flat_map(|bus| bus.rules.values());
            let mut fires = rules.map(|rule| rule.row.fires_at_ms);
            fires.all(|at_ms| at_ms.is_none_or(|at_ms| world.clock.now_ms() < at_ms && at_ms <= next_ms))
        };
        let looks = async {
            while !caught_up() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), looks).await
    });
    assert!(waited.is_ok(), "the schedules do not catch up");
}

/// When the events that arrived say they fired, in seconds after the beginning.
fn fired(world: &World) -> Vec<(String, i64)> {
    let at = |event: &serde_json::Value| clock::calendar::parse_iso8601(event["time"].as_str()?);
    let arrived = world.arrived().into_iter();
    arrived.map(|(queue, event)| (queue, (at(&event).unwrap() - BEGINNING_MS) / 1_000)).collect()
}

#[test]
fn every_moment_fires_however_far_the_clock_is_moved() {
    let world = World::new();
    schedule(&world, "daily", "rate(1 day)");
    // The beginning is a Sunday.
    schedule(&world, "workdays", "cron(0 8 ? * MON-FRI *)");
    world.clock.advance_ms(10 * DAY_MS);
    caught_up(&world, BEGINNING_MS + 12 * DAY_MS);
    let fired = fired(&world);
    let of =
        |name: &str| fired.iter().filter(|(queue, _)| queue == name).map(|(_, at)| *at).collect::<Vec<_>>();
    assert_eq!(of("daily"), (1..=10).map(|day| day * 86_400).collect::<Vec<_>>());
    assert_eq!(of("workdays").len(), 8);
    assert!(fired.is_sorted_by_key(|(_, at)| *at), "the oldest first: {fired:?}");
}

#[test]
fn more_moments_than_anybody_waits_for_are_left_out() {
    let world = World::new();
    schedule(&world, "minutely", "rate(1 minute)");
    schedule(&world, "daily", "rate(1 day)");
    world.clock.advance_ms(30 * DAY_MS);
    caught_up(&world, BEGINNING_MS + 31 * DAY_MS);
    let fired = fired(&world);
    let of = |name: &str| fired.iter().filter(|(queue, _)| queue == name).count();
    assert_eq!((of("minutely"), of("daily")), (10_000, 30));
    world.clock.advance_ms(MINUTE_MS);
    caught_up(&world, BEGINNING_MS + 31 * DAY_MS);
    assert_eq!(self::fired(&world).len(), 1, "it goes on");
}

#[test]
fn what_a_stopped_server_missed_fires_once() {
    let mut world = World::new();
    schedule(&world, "minutely", "rate(1 minute)");
    world.run(async { world.events.shutdown() });
    world.clock.advance_ms(10 * MINUTE_MS);
    world.restart();
    // What passes from here on is not missed.
    world.clock.advance_ms(2 * MINUTE_MS);
    caught_up(&world, BEGINNING_MS + 13 * MINUTE_MS);
    let at: Vec<i64> = fired(&world).iter().map(|(_, at)| *at).collect();
    assert_eq!(at, [60, 660, 720]);
}

#[test]
fn a_clock_that_goes_back_leaves_no_schedule_behind() {
    let world = World::new();
    schedule(&world, "minutely", "rate(1 minute)");
    schedule(&world, "daily", "cron(0 0 * * ? *)");
    world.clock.set_ms(BEGINNING_MS - DAY_MS);
    caught_up(&world, BEGINNING_MS);
    assert_eq!(fired(&world), [], "going back fires nothing");
    world.clock.advance_ms(3 * MINUTE_MS);
    caught_up(&world, BEGINNING_MS);
    assert_eq!(fired(&world).len(), 3);
    world.clock.advance_ms(DAY_MS / 2);
    caught_up(&world, BEGINNING_MS + DAY_MS);
    assert_eq!(fired(&world).iter().filter(|(queue, _)| queue == "daily").count(), 1);
}

#[test]
fn a_rule_of_the_future_fires_after_a_restart() {
    let mut world = World::new();
    world.clock.advance_ms(18 * DAY_MS);
    schedule(&world, "minutely", "rate(1 minute)");
    world.run(async { world.events.shutdown() });
    world.clock.set_ms(BEGINNING_MS);
    world.restart();
    world.clock.advance_ms(2 * MINUTE_MS);
    caught_up(&world, BEGINNING_MS + 3 * MINUTE_MS);
    assert_eq!(fired(&world).len(), 2);
}
