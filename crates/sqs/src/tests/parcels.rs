//! What other services send: parcels in, messages out.

use std::sync::Arc;

use aws::Arn;
use delivery::{Addressed, Attribute, AttributeValue, Deliver, Parcel, Undeliverable, UndeliverableKind};

use super::world::{World, bodies};
use crate::api::inputs::{ReceiveMessageInput, SendMessageInput};
use crate::api::types::Message;
use crate::index::Counts;
use crate::ops;

const FIFO: &[(&str, &str)] = &[("FifoQueue", "true")];
const TOPIC: &str = "arn:aws:sns:us-east-1:000000000000:t";
const RULE: &str = "arn:aws:events:us-east-1:000000000000:rule/r";

type Fates = Result<Vec<Result<(), Undeliverable>>, storage::Error>;

fn queue(name: &str) -> Arn {
    Arn::parse(&format!("arn:aws:sqs:us-east-1:000000000000:{name}")).unwrap()
}

fn text(body: &str) -> Parcel {
    Parcel::new(TOPIC, body)
}

fn of_group(body: &str, group: &str, deduplication_id: Option<&str>) -> Parcel {
    Parcel { group_id: Some(group.into()), deduplication_id: deduplication_id.map(Arc::from), ..text(body) }
}

/// What a sender does: hands parcels over inside a transaction of its own, which may then fail.
async fn post(world: &World, parcels: &[(Arn, Parcel)], committed: bool) -> Fates {
    let (sqs, parcels) = (Arc::clone(&world.sqs), parcels.to_vec());
    let posted = world.sqs.store.write(move |tx| {
        let addressed: Vec<Addressed<'_>> =
            parcels.iter().map(|(to, parcel)| Addressed { to, parcel }).collect();
        let fates = sqs.deliver(tx, &addressed)?;
        if committed { Ok(fates) } else { Err(storage::Error::Busy) }
    });
    posted.await
}

fn deliver(world: &World, parcels: &[(Arn, Parcel)]) -> Vec<Result<(), Undeliverable>> {
    world.run(post(world, parcels, true)).unwrap()
}

/// Delivers one parcel that is taken, and receives it.
fn carried(world: &World, name: &str, url: &str, parcel: Parcel) -> Message {
    assert_eq!(deliver(world, &[(queue(name), parcel)]), [Ok(())]);
    let input = ReceiveMessageInput {
        queue_url: url.into(),
        message_attribute_names: Some(vec!["All".into()]),
        message_system_attribute_names: Some(vec!["All".into()]),
        ..Default::default()
    };
    world.receive_with(input).unwrap().remove(0)
}

fn refused(world: &World, name: &str, parcel: Parcel) -> (String, String) {
    let fate = deliver(world, &[(queue(name), parcel)]).remove(0).unwrap_err();
    assert_eq!(fate.kind, UndeliverableKind::Refused);
    (fate.code, fate.message)
}

fn system<'a>(message: &'a Message, name: &str) -> Option<&'a str> {
    message.attributes.as_ref()?.get(name).map(String::as_str)
}

#[test]
fn one_transaction_reaches_a_hundred_queues() {
    let mut world = World::new();
    let urls: Vec<String> = (0..100).map(|n| world.create(&format!("q{n}"), &[]).unwrap()).collect();
    let shared = text("to all");
    let parcels: Vec<(Arn, Parcel)> = (0..100).map(|n| (queue(&format!("q{n}")), shared.clone())).collect();
    assert!(deliver(&world, &parcels).iter().all(Result::is_ok));
    world.restart();
    let received: Vec<Message> =
        urls.iter().map(|url| world.receive(url, 10, None).unwrap().remove(0)).collect();
    assert_eq!(bodies(&received), ["to all"; 100]);
    let mut ids: Vec<&str> = received.iter().map(|message| message.message_id.as_deref().unwrap()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 100, "each is a message of its own");
}

#[test]
fn parcels_to_one_queue_keep_their_order() {
    let world = World::new();
    let url = world.create("q", &[]).unwrap();
    let other = world.create("p", &[]).unwrap();
    let parcels = [("q", "a"), ("p", "b"), ("q", "c")].map(|(name, body)| (queue(name), text(body)));
    deliver(&world, &parcels);
    assert_eq!(bodies(&world.receive(&url, 10, None).unwrap()), ["a", "c"]);
    assert_eq!(bodies(&world.receive(&other, 10, None).unwrap()), ["b"]);
}

#[test]
fn a_sender_that_fails_has_sent_nothing() {
    let world = World::new();
    let url = world.create("q", &[]).unwrap();
    let fifo = world.create("q.fifo", FIFO).unwrap();
    world.send(&url, "before").unwrap();
    let parcels = [(queue("q"), text("lost")), (queue("q.fifo"), of_group("lost", "g", Some("d")))];
    assert!(world.run(post(&world, &parcels, false)).is_err());
    assert_eq!(world.counts(&url).unwrap(), Counts { visible: 1, in_flight: 0, delayed: 0 });
    assert_eq!(world.counts(&fifo).unwrap(), Counts::default());
    // Nor is anything remembered of it: the id is new to the queue.
    assert_eq!(deliver(&world, &parcels), [Ok(()), Ok(())]);
    assert_eq!(bodies(&world.receive(&url, 10, None).unwrap()), ["before", "lost"]);
    assert_eq!(bodies(&world.receive(&fifo, 10, None).unwrap()), ["lost"]);
}

#[test]
fn long_polls_wake_after_the_senders_commit() {
    let world = World::new();
    let urls = ["one", "two"].map(|name| world.create(name, &[]).unwrap());
    let received = world.run(async {
        let poll = |url: &str| {
            let input = ReceiveMessageInput {
                queue_url: url.into(),
                wait_time_seconds: Some(20),
                ..Default::default()
            };
            ops::receive_message(&world.sqs, &world.call, input)
        };
        let send = async {
            let to_both = |body: &str| [(queue("one"), text(body)), (queue("two"), text(body))];
            for _ in 0..20 {
                tokio::task::yield_now().await;
            }
            post(&world, &to_both("lost"), false).await.unwrap_err();
            for _ in 0..20 {
                tokio::task::yield_now().await;
            }
            post(&world, &to_both("kept"), true).await.unwrap()
        };
        let (one, two, fates) = tokio::join!(poll(&urls[0]), poll(&urls[1]), send);
        assert_eq!(fates, [Ok(()), Ok(())]);
        [one, two].map(|output| output.unwrap().messages.unwrap().remove(0))
    });
    assert_eq!(bodies(&received), ["kept", "kept"]);
}

#[test]
fn a_refused_parcel_leaves_its_neighbours() {
    let world = World::new();
    let url = world.create("q", &[]).unwrap();
    let parcels = [
        (queue("q"), text("a")),
        (queue("none"), text("b")),
        (queue("q"), text("control \u{1}")),
        (Arn { service: "sns".into(), ..queue("q") }, text("c")),
        (Arn { account: "111122223333".into(), ..queue("q") }, text("d")),
        (queue("q"), text("e")),
    ];
    let missing = Err(Undeliverable {
        code: "AWS.SimpleQueueService.NonExistentQueue".into(),
        message: "The specified queue does not exist.".into(),
        kind: UndeliverableKind::Missing,
    });
    let fates = deliver(&world, &parcels);
    assert_eq!([&fates[1], &fates[3], &fates[4]], [&missing; 3]);
    let control = fates[2].clone().unwrap_err();
    assert_eq!((control.code.as_str(), control.kind), ("InvalidMessageContents", UndeliverableKind::Refused));
    assert_eq!(bodies(&world.receive(&url, 10, None).unwrap()), ["a", "e"]);
}

#[test]
fn a_message_is_sent_by_its_service() {
    let world = World::new();
    let url = world.create("q", &[]).unwrap();
    let message = carried(&world, "q", &url, text("hello"));
    assert_eq!(message.md5_of_body.as_deref(), Some("5d41402abc4b2a76b9719d911017c592"));
    assert_eq!(system(&message, "SenderId"), Some("AIDAIT2UOQQY3AUEKVGXU"));
    assert_eq!(system(&message, "AWSTraceHeader"), None);
    let traced = Parcel { trace_header: Some("Root=1-2-3".into()), ..Parcel::new(RULE, "hello") };
    let message = carried(&world, "q", &url, traced);
    assert_eq!(system(&message, "SenderId"), Some("AIDAJXNJGGKNS7OSV23OI"));
    assert_eq!(system(&message, "AWSTraceHeader"), Some("Root=1-2-3"));
}

#[test]
fn attributes_travel_as_a_senders_do() {
    let world = World::new();
    let url = world.create("q", &[]).unwrap();
    let raw = Attribute {
        name: "raw".into(),
        data_type: "Binary".into(),
        value: AttributeValue::Bytes(vec![0, 255]),
    };
    let count =
        Attribute { name: "count".into(), data_type: "Number.int".into(), ..Attribute::text("", "7") };
    let attributes: Arc<[Attribute]> = [raw, count].into();
    let message = carried(&world, "q", &url, Parcel { attributes, ..text("a") });
    // The digest SDKs calculate of the two in the order of their names.
    assert_eq!(message.md5_of_message_attributes.as_deref(), Some("5ffe6202c11a656bbf64e62fec2c923b"));
    let attributes = message.message_attributes.unwrap();
    assert_eq!(attributes.get("count").unwrap().string_value.as_deref(), Some("7"));
    assert_eq!(attributes.get("raw").unwrap().binary_value.as_ref().unwrap().0, [0, 255]);

    let many: Arc<[Attribute]> = (0..11).map(|n| Attribute::text(format!("a{n}"), "v")).collect();
    let (code, words) = refused(&world, "q", Parcel { attributes: many, ..text("a") });
    assert_eq!(code, "InvalidParameterValue");
    assert_eq!(words, "Number of message attributes [11] exceeds the allowed maximum [10].");
    let empty: Arc<[Attribute]> = [Attribute::text("a", "")].into();
    let (_, words) = refused(&world, "q", Parcel { attributes: empty, ..text("a") });
    assert_eq!(words, "Message (user) attribute 'a' must contain a non-empty value of type 'String'.");
    assert_eq!(world.receive(&url, 10, Some(0)).unwrap().len(), 0);
}

#[test]
fn the_queue_bounds_and_delays_parcels() {
    let world = World::new();
    let url = world.create("q", &[("MaximumMessageSize", "1024"), ("DelaySeconds", "5")]).unwrap();
    let body = "x".repeat(1020);
    let attributes: Arc<[Attribute]> = [Attribute::text("a", "v")].into();
    let (code, words) = refused(&world, "q", Parcel { attributes, ..text(&body) });
    assert_eq!(code, "InvalidParameterValue");
    assert_eq!(words, "One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.");
    assert_eq!(deliver(&world, &[(queue("q"), text(&body))]), [Ok(())]);
    assert_eq!(world.counts(&url).unwrap(), Counts { visible: 0, in_flight: 0, delayed: 1 });
    world.pass_secs(5);
    assert_eq!(bodies(&world.receive(&url, 10, None).unwrap()), [body.as_str()]);
}

#[test]
fn a_fifo_queue_takes_what_has_a_group_and_an_id_once() {
    let world = World::new();
    let url = world.create("q.fifo", FIFO).unwrap();
    let (code, words) = refused(&world, "q.fifo", text("a"));
    assert_eq!(code, "MissingParameter");
    assert_eq!(words, "The request must contain the parameter MessageGroupId.");
    let (_, words) = refused(&world, "q.fifo", of_group("a", "g", None));
    assert_eq!(
        words,
        "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly"
    );
    let (_, words) = refused(&world, "q.fifo", of_group("a", "no group", Some("1")));
    assert!(words.starts_with("Value no group for parameter MessageGroupId is invalid."), "{words}");
    let parcels = [("a", "1"), ("b", "2"), ("again", "1")];
    let parcels = parcels.map(|(body, id)| (queue("q.fifo"), of_group(body, "g", Some(id))));
    assert_eq!(deliver(&world, &parcels), [Ok(()), Ok(()), Ok(())]);
    let received = world.receive(&url, 10, None).unwrap();
    assert_eq!(bodies(&received), ["a", "b"]);
    assert_eq!(system(&received[0], "MessageDeduplicationId"), Some("1"));
    assert_eq!(system(&received[0], "MessageGroupId"), Some("g"));
}

#[test]
fn a_fifo_queue_may_make_the_id_of_the_body() {
    let world = World::new();
    let url = world.create("q.fifo", &[FIFO[0], ("ContentBasedDeduplication", "true")]).unwrap();
    let parcels = ["a", "b", "a"].map(|body| (queue("q.fifo"), of_group(body, "g", None)));
    assert_eq!(deliver(&world, &parcels), [Ok(()), Ok(()), Ok(())]);
    world
        .send_with(SendMessageInput {
            queue_url: url.clone(),
            message_body: "b".into(),
            message_group_id: Some("g".into()),
            ..Default::default()
        })
        .unwrap();
    assert_eq!(bodies(&world.receive(&url, 10, None).unwrap()), ["a", "b"]);
}

#[test]
fn a_standard_queue_drops_the_deduplication_id_and_keeps_the_group() {
    let world = World::new();
    let url = world.create("q", &[]).unwrap();
    let parcels = [(); 2].map(|()| (queue("q"), of_group("a", "g", Some("1"))));
    assert_eq!(deliver(&world, &parcels), [Ok(()), Ok(())]);
    let received = world.receive(&url, 10, None).unwrap();
    assert_eq!(bodies(&received), ["a", "a"]);
    assert_eq!(system(&received[0], "MessageDeduplicationId"), None);
    assert_eq!(system(&received[0], "MessageGroupId"), Some("g"));
}
