//! What a message's state is after a restart: as it was sent, or as it was written since.

use std::path::Path;

use clock::Clock;
use storage::{Durability, Location, Migrations, Store};

use super::world::{World, bodies};
use crate::api::inputs::{SendMessageInput, SetQueueAttributesInput};
use crate::index::Counts;
use crate::store::first_version;
use crate::{Options, ops};

fn delayed(url: &str, body: &str, delay_secs: i32) -> SendMessageInput {
    SendMessageInput {
        queue_url: url.into(),
        message_body: body.into(),
        delay_seconds: Some(delay_secs),
        ..Default::default()
    }
}

fn of_group(url: &str, group: &str, body: &str) -> SendMessageInput {
    SendMessageInput {
        queue_url: url.into(),
        message_body: body.into(),
        message_group_id: Some(group.into()),
        message_deduplication_id: Some(body.into()),
        ..Default::default()
    }
}

/// A clock that was steered is real again after a restart; a machine's may be set back.
#[test]
fn what_could_be_received_before_the_clock_was_set_back_can_be_received_after() {
    let mut world = World::new();
    let standard = world.create("q", &[]).unwrap();
    let fifo = world.create("q.fifo", &[("FifoQueue", "true")]).unwrap();
    world.pass_secs(3600);
    world.send(&standard, "acknowledged").unwrap();
    world.send_with(of_group(&fifo, "g", "first")).unwrap();
    world.clock.advance_ms(-3_600_000);
    world.restart();
    world.send_with(of_group(&fifo, "g", "second")).unwrap();
    assert_eq!(bodies(&world.receive(&standard, 10, None).unwrap()), ["acknowledged"]);
    assert_eq!(bodies(&world.receive(&fifo, 10, None).unwrap()), ["first", "second"]);
}

#[test]
fn what_was_never_received_stands_where_it_stood() {
    let mut world = World::new();
    let url = world.create("q", &[]).unwrap();
    world.send(&url, "now").unwrap();
    world.send_with(delayed(&url, "later", 60)).unwrap();
    let sent_at = world.clock.now_ms().to_string();
    world.pass_secs(10);
    world.restart();
    assert_eq!(world.counts(&url).unwrap(), Counts { visible: 1, in_flight: 0, delayed: 1 });
    world.pass_secs(50);
    let received = world.receive(&url, 10, None).unwrap();
    assert_eq!(bodies(&received), ["now", "later"]);
    for message in received {
        let attributes = message.attributes.unwrap();
        assert_eq!(attributes.get("SentTimestamp"), Some(&sent_at));
        assert_eq!(attributes.get("ApproximateReceiveCount").map(String::as_str), Some("1"));
    }
}

#[test]
fn groups_keep_their_order_and_their_locks() {
    let mut world = World::new();
    let url = world.create("q.fifo", &[("FifoQueue", "true")]).unwrap();
    for (group, body) in [("1", "a"), ("2", "b"), ("1", "c"), ("2", "d")] {
        world.send_with(of_group(&url, group, body)).unwrap();
    }
    assert_eq!(bodies(&world.receive(&url, 1, Some(30)).unwrap()), ["a"]);
    world.restart();
    assert_eq!(world.counts(&url).unwrap(), Counts { visible: 3, in_flight: 1, delayed: 0 });
    assert_eq!(bodies(&world.receive(&url, 10, Some(30)).unwrap()), ["b", "d"]);
    world.pass_secs(30);
    world.restart();
    assert_eq!(bodies(&world.receive(&url, 2, Some(30)).unwrap()), ["a", "c"]);
}

#[test]
fn another_delay_of_what_was_never_received_is_kept() {
    let mut world = World::new();
    let url = world.create("q.fifo", &[("FifoQueue", "true"), ("DelaySeconds", "60")]).unwrap();
    world.send_with(of_group(&url, "1", "a")).unwrap();
    let attributes = [("DelaySeconds", "10".to_owned())].into_iter().collect();
    let input = SetQueueAttributesInput { queue_url: url.clone(), attributes };
    world.run(ops::set_queue_attributes(&world.sqs, &world.call, input)).unwrap();
    world.restart();
    assert_eq!(world.counts(&url).unwrap().delayed, 1);
    world.pass_secs(10);
    let received = world.receive(&url, 1, None).unwrap();
    let attributes = received[0].attributes.as_ref().unwrap();
    assert_eq!(attributes.get("ApproximateReceiveCount").map(String::as_str), Some("1"));
}

#[test]
fn a_dead_letter_keeps_its_receives() {
    let mut world = World::new();
    let dead = world.create("dead", &[]).unwrap();
    let policy = r#"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":1}"#;
    let url = world.create("q", &[("RedrivePolicy", policy)]).unwrap();
    world.send(&url, "poison").unwrap();
    for expected in [1, 0] {
        assert_eq!(world.receive(&url, 1, Some(0)).unwrap().len(), expected);
    }
    world.restart();
    let letters = world.receive(&dead, 1, None).unwrap();
    let attributes = letters[0].attributes.as_ref().unwrap();
    assert_eq!(attributes.get("ApproximateReceiveCount").map(String::as_str), Some("2"));
}

fn fill_first_version(directory: &Path) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let location = Location::Directory(directory.to_owned());
        let options = storage::Options::new(location, Durability::None, Clock::steered(0));
        let first = Migrations { steps: &crate::MIGRATIONS.steps[..1], ..crate::MIGRATIONS };
        let store = Store::open(options, &[first]).unwrap();
        store.write(|tx| first_version::fill(tx)).await.unwrap();
        store.close().await;
    });
}

#[test]
fn messages_of_the_first_version_stand_where_they_stood() {
    let world = World::after(Options::default(), fill_first_version);
    let url = format!("{}/000000000000/q.fifo", world.call.base_url);
    assert_eq!(world.counts(&url).unwrap(), Counts { visible: 0, in_flight: 1, delayed: 1 });
    world.pass_secs(30);
    let received = world.receive(&url, 10, None).unwrap();
    let about = |name: &str| -> Vec<&str> {
        received.iter().map(|m| m.attributes.as_ref().unwrap().get(name).unwrap().as_str()).collect()
    };
    assert_eq!(about("MessageGroupId"), ["1", "2"]);
    assert_eq!(about("ApproximateReceiveCount"), ["3", "1"]);
    for message in &received {
        world.delete(&url, message.receipt_handle.as_deref().unwrap()).unwrap();
    }
    assert_eq!(world.counts(&url).unwrap(), Counts { visible: 0, in_flight: 0, delayed: 0 });
}
