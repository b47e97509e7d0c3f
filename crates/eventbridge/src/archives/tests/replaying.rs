//! Replays: what comes again, in which order, how often, and what ends them.

use std::sync::atomic::Ordering;

use super::world::{BEGINNING_MS, DAY_MS, MINUTE_MS, World};
use crate::api::inputs::{ListReplaysInput, StartReplayInput};
use crate::api::types::ReplayDestination;
use crate::{Limits, Options, ops};

/// A bus with an archive that holds an event of each minute, and a queue that has forgotten them.
fn story(events: i64) -> World {
    story_with(events, Options::default())
}

fn story_with(events: i64, options: Options) -> World {
    let world = World::with(options);
    world.bus("orders");
    world.archive_all("orders", "a");
    world.listen("orders", "q");
    for number in 0..events {
        world.put_at("orders", number, Some(BEGINNING_MS + number * MINUTE_MS));
    }
    world.clock.set_ms(BEGINNING_MS + events * MINUTE_MS);
    world.take("q");
    world
}

fn named(name: &str) -> StartReplayInput {
    StartReplayInput { replay_name: name.into(), ..Default::default() }
}

fn step(world: &World) {
    world.run(world.events.write(|ledger| ledger.step_replay(1))).unwrap();
}

#[test]
fn an_empty_description_is_none() {
    let world = story(0);
    for (description, told) in [("", None), ("d", Some("d"))] {
        let name = format!("again{description}");
        let input = StartReplayInput { description: Some(description.into()), ..named(&name) };
        world.replay("a", "orders", input).unwrap();
        assert_eq!(world.replay_of(&name).unwrap().description.as_deref(), told);
    }
}

#[test]
fn events_come_again_as_they_were_in_the_order_of_their_times() {
    let world = World::new();
    world.archive_all("default", "a");
    world.listen("default", "q");
    let times = [2, 0, 1].map(|minutes| BEGINNING_MS + minutes * MINUTE_MS);
    for (number, time_ms) in times.into_iter().enumerate() {
        world.put_at("default", i64::try_from(number).unwrap(), Some(time_ms));
    }
    let first = world.take("q");
    world.clock.advance_ms(10 * MINUTE_MS);
    let started = world.replay("a", "default", named("again")).unwrap();
    assert_eq!(started.replay_arn.as_deref(), Some(&*world.arn("replay/again")));
    assert_eq!(started.state.as_deref(), Some("STARTING"));
    let found = world.ended("again", "COMPLETED");
    let again = world.take("q");
    for (event, at) in again.iter().zip([1, 2, 0]) {
        let mut expected: serde_json::Value = first.get(at).unwrap().clone();
        expected["replay-name"] = "again".into();
        assert_eq!(*event, expected);
    }
    assert_eq!(again.len(), 3);
    assert_eq!(found.event_last_replayed_time, Some(BEGINNING_MS + 2 * MINUTE_MS));
    assert_eq!(found.replay_end_time, Some(world.clock.now_ms()));
    assert_eq!((world.count("a"), world.rows()), (3, 3), "it is not archived again");
}

#[test]
fn only_events_of_the_range_come() {
    let world = story(5);
    for (name, first, last, expected) in [
        ("exact", BEGINNING_MS + MINUTE_MS, BEGINNING_MS + 3 * MINUTE_MS, vec![1, 2, 3]),
        // Events tell their time to the second.
        ("same second", BEGINNING_MS + MINUTE_MS + 999, BEGINNING_MS + 2 * MINUTE_MS - 1, vec![1]),
        ("between", BEGINNING_MS + 1_000, BEGINNING_MS + 59_999, vec![]),
    ] {
        let input = StartReplayInput { event_start_time: first, event_end_time: last, ..named(name) };
        world.replay("a", "orders", input).unwrap();
        let found = world.ended(name, "COMPLETED");
        assert_eq!(world.numbers("q"), expected, "{name}");
        assert_eq!(found.event_last_replayed_time.is_some(), !expected.is_empty());
    }
}

#[test]
fn only_chosen_rules_see_them() {
    let world = story(2);
    let chosen = world.listen("orders", "chosen");
    let destination = ReplayDestination { filter_arns: Some(vec![chosen.clone()]), ..Default::default() };
    world.replay("a", "orders", StartReplayInput { destination, ..named("again") }).unwrap();
    let found = world.ended("again", "COMPLETED");
    assert_eq!(found.destination.unwrap().filter_arns, Some(vec![chosen]));
    assert_eq!(world.numbers("chosen"), [0, 1]);
    assert!(world.take("q").is_empty());
}

#[test]
fn replayed_events_are_archived_by_no_bus_behind_theirs() {
    let world = story(2);
    world.bus("behind");
    world.rule("orders", "forward", &world.arn("event-bus/behind"));
    world.archive_all("behind", "b");
    world.listen("behind", "far");
    world.put("orders", 7);
    assert_eq!(world.count("b"), 1, "a forwarded event is archived where it arrives");
    world.replay_all("a", "orders", "again");
    world.ended("again", "COMPLETED");
    assert_eq!(world.numbers("far"), [7, 0, 1, 7]);
    assert_eq!(world.count("b"), 1);
}

#[test]
fn a_replay_goes_on_where_it_was_when_the_process_ended() {
    let mut world = story(300);
    world.events.shutdown();
    world.replay_all("a", "orders", "again");
    for _ in 0..100 {
        step(&world);
    }
    assert_eq!(world.state("again"), "RUNNING");
    world.restart();
    world.ended("again", "COMPLETED");
    assert_eq!(world.numbers("q"), (0..300).collect::<Vec<i64>>());
}

#[test]
fn what_could_not_be_sent_is_sent_again() {
    let world = story(3);
    let broken = world.break_queues(2);
    world.replay_all("a", "orders", "again");
    for _ in 0..2 {
        let before = broken.times.load(Ordering::SeqCst);
        world.until("a try", || broken.times.load(Ordering::SeqCst) < before);
        world.clock.advance_ms(1_000);
    }
    world.ended("again", "COMPLETED");
    assert_eq!(world.numbers("q"), [0, 1, 2], "each of them once");
}

#[test]
fn one_minute_with_many_events_takes_many_steps() {
    let world = World::new();
    world.archive_all("default", "a");
    world.listen("default", "q");
    for number in 0..120 {
        world.put("default", number);
    }
    world.take("q");
    world.events.shutdown();
    world.replay_all("a", "default", "again");
    for expected in [50, 50, 20, 0] {
        step(&world);
        assert_eq!(world.take("q").len(), expected);
    }
    assert_eq!(world.state("again"), "COMPLETED");
}

#[test]
fn a_cancelled_replay_sends_nothing_more() {
    let world = story(10);
    world.events.shutdown();
    world.replay_all("a", "orders", "again");
    step(&world);
    assert_eq!(world.cancel("again").unwrap().state.as_deref(), Some("CANCELLING"));
    let refused = world.cancel("again").unwrap_err();
    assert_eq!(refused.kind.code, "IllegalStatusException");
    step(&world);
    step(&world);
    let found = world.replay_of("again").unwrap();
    assert_eq!(found.state.as_deref(), Some("CANCELLED"));
    assert_eq!(found.replay_end_time, Some(world.clock.now_ms()));
    assert_eq!(world.numbers("q"), [0]);
}

#[test]
fn a_replay_of_a_deleted_archive_fails() {
    let world = story(10);
    world.events.shutdown();
    world.replay_all("a", "orders", "again");
    step(&world);
    world.delete_archive("a");
    step(&world);
    let found = world.replay_of("again").unwrap();
    assert_eq!(found.state.as_deref(), Some("FAILED"));
    assert_eq!(found.state_reason.as_deref(), Some("Archive a does not exist."));
}

#[test]
fn so_many_replays_run_at_a_time() {
    let limits = Limits { replays: 2, ..Default::default() };
    let world = story_with(1, Options { limits });
    world.events.shutdown();
    world.replay_all("a", "orders", "1");
    world.replay_all("a", "orders", "2");
    let refused = world.replay("a", "orders", named("3")).unwrap_err();
    assert_eq!(refused.kind.code, "LimitExceededException");
    assert_eq!(refused.message, "The requested resource exceeds the maximum number allowed.");
    world.cancel("1").unwrap();
    step(&world);
    world.replay_all("a", "orders", "3");
}

#[test]
fn expired_events_are_not_replayed_even_before_they_are_gone() {
    let world = story(2);
    world.events.shutdown();
    let input = crate::api::inputs::UpdateArchiveInput {
        archive_name: "a".into(),
        retention_days: Some(1),
        ..Default::default()
    };
    world.run(ops::update_archive(&world.events, &world.call, input)).unwrap();
    world.clock.advance_ms(DAY_MS);
    world.replay_all("a", "orders", "again");
    step(&world);
    assert_eq!((world.state("again").as_str(), world.rows()), ("COMPLETED", 2));
}

#[test]
fn an_ended_replay_is_shown_for_ninety_days() {
    let world = story(1);
    world.replay_all("a", "orders", "again");
    world.ended("again", "COMPLETED");
    world.clock.advance_ms(90 * DAY_MS - 1);
    assert_eq!(world.state("again"), "COMPLETED");
    world.clock.advance_ms(1);
    world.until("it is forgotten", || world.replay_of("again").is_err());
}

#[test]
fn refusals_are_in_aws_s_words() {
    let world = story(1);
    world.replay_all("a", "orders", "taken");
    let of = |archive: &str, bus: &str, input: StartReplayInput| {
        world.replay(archive, bus, input).unwrap_err().message
    };
    let times = |event_start_time, event_end_time| StartReplayInput {
        event_start_time,
        event_end_time,
        ..named("new")
    };
    let not_before =
        "Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.";
    assert_eq!(of("a", "orders", times(5, 5)), not_before);
    assert_eq!(of("a", "nothing", named("new")), "Event bus nothing does not exist.");
    assert_eq!(
        of("nothing", "orders", named("new")),
        "Parameter EventSourceArn is not valid. Reason: Archive nothing does not exist."
    );
    assert_eq!(
        of("a", "default", named("new")),
        "Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted."
    );
    assert_eq!(of("a", "orders", named("taken")), "Replay taken already exists.");
    assert_eq!(world.cancel("nothing").unwrap_err().message, "Replay nothing does not exist.");
    assert_eq!(world.replay_of("nothing").unwrap_err().message, "Replay nothing does not exist.");
}

#[test]
fn replays_are_listed_by_one_thing_at_a_time() {
    let world = story(1);
    world.archive_all("orders", "b");
    for (archive, name) in [("a", "x-1"), ("a", "x-2"), ("b", "y")] {
        world.replay_all(archive, "orders", name);
        world.ended(name, "COMPLETED");
    }
    let list = |input| {
        let output = world.run(ops::list_replays(&world.events, &world.call, input))?;
        Ok::<_, service::Error>(output.replays.unwrap().into_iter().filter_map(|replay| replay.replay_name))
    };
    let names = |input| list(input).unwrap().collect::<Vec<String>>();
    let prefix = ListReplaysInput { name_prefix: Some("x".into()), ..Default::default() };
    assert_eq!(names(prefix.clone()), ["x-1", "x-2"]);
    let source = ListReplaysInput { event_source_arn: Some(world.arn("archive/b")), ..Default::default() };
    assert_eq!(names(source), ["y"]);
    let state = |state: &str| ListReplaysInput { state: Some(state.into()), ..Default::default() };
    assert_eq!(names(state("COMPLETED")).len(), 3);
    assert_eq!(names(state("FAILED")), Vec::<String>::new());
    assert!(list(ListReplaysInput { state: Some("FAILED".into()), ..prefix }).is_err());
}
