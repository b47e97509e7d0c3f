//! What archives keep, for how long, and the rules that fill them.

use aws::AccountId;

use super::world::{BEGINNING_MS, DAY_MS, World};
use crate::api::inputs::{
    CreateArchiveInput, DeleteEventBusInput, DeleteRuleInput, DisableRuleInput, ListArchivesInput,
    PutRuleInput, RemoveTargetsInput, UpdateArchiveInput,
};
use crate::ops;

fn only(pattern: &str) -> CreateArchiveInput {
    CreateArchiveInput { event_pattern: Some(pattern.into()), ..Default::default() }
}

fn for_days(days: i32) -> CreateArchiveInput {
    CreateArchiveInput { retention_days: Some(days), ..Default::default() }
}

#[test]
fn an_archive_counts_what_its_pattern_lets_through() {
    let world = World::new();
    world.bus("orders");
    world.archive_all("orders", "all");
    world.archive("orders", "ones", only(r#"{"detail":{"n":[1]}}"#)).unwrap();
    world.listen("orders", "q");
    for number in [1, 2, 1] {
        world.put("orders", number);
    }
    world.put("default", 1);
    assert_eq!((world.count("all"), world.count("ones")), (3, 2));
    let bytes: usize = world.take("q").iter().map(|event| event.to_string().len()).sum();
    assert_eq!(world.described("all").unwrap().size_bytes, Some(i64::try_from(bytes).unwrap()));
}

#[test]
fn a_changed_pattern_holds_at_once_and_the_rest_stays() {
    let world = World::new();
    let input = CreateArchiveInput { description: Some("mine".into()), ..only(r#"{"detail":{"n":[1]}}"#) };
    world.archive("default", "a", input).unwrap();
    let input = UpdateArchiveInput {
        archive_name: "a".into(),
        event_pattern: Some(r#"{"detail":{"n":[2]}}"#.into()),
        ..Default::default()
    };
    world.run(ops::update_archive(&world.events, &world.call, input)).unwrap();
    world.put("default", 1);
    world.put("default", 2);
    assert_eq!(world.count("a"), 1);
    let found = world.described("a").unwrap();
    assert_eq!((found.description.as_deref(), found.retention_days), (Some("mine"), Some(0)));

    let nothing = UpdateArchiveInput { archive_name: "a".into(), ..Default::default() };
    let refused = world.run(ops::update_archive(&world.events, &world.call, nothing)).unwrap_err();
    assert_eq!(refused.kind.code, "ValidationException");
}

#[test]
fn events_go_when_their_time_is_over_and_not_a_moment_before() {
    let world = World::new();
    world.archive("default", "day", for_days(1)).unwrap();
    world.archive_all("default", "ever");
    // More than one step of the background.
    for number in 0..450 {
        world.put("default", number);
    }
    world.clock.advance_ms(1_000);
    world.put("default", 450);
    world.clock.set_ms(BEGINNING_MS + DAY_MS - 1);
    world.until("a look", || world.rows() == 902);
    world.clock.advance_ms(1);
    world.until("only the young one is left", || world.count("day") == 1);
    let size = world.described("day").unwrap().size_bytes.unwrap();
    assert!(size > 0 && size < 400, "{size}");
    world.clock.advance_ms(1_000);
    world.until("none is left", || world.count("day") == 0);
    assert_eq!(world.described("day").unwrap().size_bytes, Some(0));
    world.clock.advance_ms(400 * DAY_MS);
    assert_eq!((world.count("ever"), world.rows()), (451, 451));
}

#[test]
fn a_shorter_retention_holds_for_what_is_kept_already() {
    let world = World::new();
    world.archive_all("default", "a");
    world.put("default", 1);
    world.clock.advance_ms(2 * DAY_MS);
    world.put("default", 2);
    let input =
        UpdateArchiveInput { archive_name: "a".into(), retention_days: Some(1), ..Default::default() };
    world.run(ops::update_archive(&world.events, &world.call, input)).unwrap();
    world.until("the old one is gone", || world.count("a") == 1);
}

#[test]
fn a_deleted_archive_leaves_nothing_behind() {
    let world = World::new();
    world.archive_all("default", "a");
    for number in 0..250 {
        world.put("default", number);
    }
    world.delete_archive("a");
    assert_eq!(world.described("a").unwrap_err().message, "Archive a does not exist.");
    assert!(world.rules("default").is_empty());
    world.archive_all("default", "a");
    world.put("default", 1);
    world.until("the old events are gone", || world.rows() == 1);
    assert_eq!(world.count("a"), 1);
}

#[test]
fn the_rule_of_an_archive_is_shown_and_not_the_caller_s_to_change() {
    let mut world = World::new();
    world.bus("orders");
    world.archive("orders", "a", only(r#"{"source": ["shop"]}"#)).unwrap();
    let rules = world.rules("orders");
    let rule = rules.first().unwrap();
    assert_eq!(rule.name.as_deref(), Some("Events-Archive-a"));
    assert_eq!(rule.managed_by.as_deref(), Some("prod.vhs.events.aws.internal"));
    let pattern = r#"{"replay-name":[{"exists":false}],"source": ["shop"]}"#;
    assert_eq!(rule.event_pattern.as_deref(), Some(pattern));

    let (name, bus) = ("Events-Archive-a".to_owned(), Some("orders".to_owned()));
    let delete = |force| DeleteRuleInput { name: name.clone(), event_bus_name: bus.clone(), force };
    let disable = DisableRuleInput { name: name.clone(), event_bus_name: bus.clone() };
    let put = PutRuleInput {
        name: name.clone(),
        event_bus_name: bus.clone(),
        event_pattern: Some(r#"{"source":["x"]}"#.into()),
        ..Default::default()
    };
    let remove = |force| RemoveTargetsInput {
        rule: name.clone(),
        event_bus_name: bus.clone(),
        ids: vec![name.clone()],
        force,
    };
    let refusals = [
        world.run(ops::delete_rule(&world.events, &world.call, delete(None))).map(drop),
        world.run(ops::disable_rule(&world.events, &world.call, disable)).map(drop),
        world.run(ops::put_rule(&world.events, &world.call, put)).map(drop),
        world.run(ops::remove_targets(&world.events, &world.call, remove(None))).map(drop),
    ];
    for refused in refusals {
        assert_eq!(refused.unwrap_err().kind.code, "ManagedRuleException");
    }
    let bus_input = DeleteEventBusInput { name: "orders".into() };
    assert!(world.run(ops::delete_event_bus(&world.events, &world.call, bus_input)).is_err());

    world.restart();
    world.put("orders", 1);
    assert_eq!(world.count("a"), 1, "the rule fills it after a restart too");

    // With force it goes, and with it what fills the archive.
    world.run(ops::remove_targets(&world.events, &world.call, remove(Some(true)))).unwrap();
    world.run(ops::delete_rule(&world.events, &world.call, delete(Some(true)))).unwrap();
    world.put("orders", 2);
    let found = world.described("a").unwrap();
    assert_eq!((found.event_count, found.state.as_deref()), (Some(1), Some("DISABLED")));
}

#[test]
fn an_archive_that_is_refused_leaves_no_trace() {
    let world = World::new();
    world.listen("default", "Events-Archive-a");
    let refused = world.archive("default", "a", CreateArchiveInput::default()).unwrap_err();
    assert_eq!(refused.message, "Rule Events-Archive-a already exists.");
    assert!(world.described("a").is_err());
    world.put("default", 1);
    assert_eq!((world.rows(), world.numbers("Events-Archive-a")), (0, vec![1]));
}

#[test]
fn refusals_are_in_aws_s_words() {
    let world = World::new();
    world.archive_all("default", "a");
    let of = |bus: &str, name: &str, input| world.archive(bus, name, input).unwrap_err().message;
    assert_eq!(of("default", "a", CreateArchiveInput::default()), "Archive a already exists.");
    assert_eq!(of("nothing", "b", CreateArchiveInput::default()), "Event bus nothing does not exist.");
    let pattern = "Event pattern is not valid. Reason: Empty arrays are not allowed\n at [Source: \
                   (String)\"{\"source\": []}\"; line: 1, column: 14]";
    assert_eq!(of("default", "b", only(r#"{"source": []}"#)), pattern);

    let list = |input| world.run(ops::list_archives(&world.events, &world.call, input));
    let two = ListArchivesInput {
        name_prefix: Some("a".into()),
        state: Some("ENABLED".into()),
        ..Default::default()
    };
    assert!(list(two).unwrap_err().message.starts_with("At most one filter is allowed for ListArchives."));
    let unknown =
        ListArchivesInput { event_source_arn: Some(world.arn("event-bus/nothing")), ..Default::default() };
    assert_eq!(list(unknown).unwrap_err().message, "Event bus nothing does not exist.");
}

#[test]
fn an_account_that_is_forgotten_has_no_archives_left() {
    let world = World::new();
    world.archive_all("default", "a");
    world.put("default", 1);
    world.replay_all("a", "default", "again");
    let other = AccountId::parse("111111111111").unwrap();
    world.run(world.events.reset(Some(other))).unwrap();
    assert_eq!(world.count("a"), 1);
    world.run(world.events.reset(Some(world.call.account.clone()))).unwrap();
    assert!(world.described("a").is_err() && world.replay_of("again").is_err());
    world.until("no events are left", || world.rows() == 0);
}
