//! Publishing: who gets what, once, in order, or not at all.

use aws::Arn;
use delivery::{Addressed, Attribute, Deliver, Parcel, Undeliverable};
use service::Error;
use shape::Map;

use super::world::World;
use crate::api::inputs::*;
use crate::api::outputs::{PublishBatchOutput, PublishOutput};
use crate::api::types::{MessageAttributeValue, PublishBatchRequestEntry};
use crate::ops;

const PHONE: &str = "+15551234567";

fn queue(name: &str) -> String {
    format!("arn:aws:sqs:us-east-1:000000000000:{name}")
}

fn subscribe(
    world: &World,
    topic: &str,
    protocol: &str,
    endpoint: &str,
    attributes: &[(&str, &str)],
) -> String {
    let input = SubscribeInput {
        topic_arn: topic.into(),
        protocol: protocol.into(),
        endpoint: Some(endpoint.into()),
        attributes: super::world::map(attributes).non_empty(),
        return_subscription_arn: Some(true),
    };
    world.run(ops::subscribe(&world.sns, &world.call, input)).unwrap().subscription_arn.unwrap()
}

fn raw(world: &World, topic: &str, name: &str) -> String {
    subscribe(world, topic, "sqs", &queue(name), &[("RawMessageDelivery", "true")])
}

fn input(topic: &str, message: &str) -> PublishInput {
    PublishInput { topic_arn: Some(topic.into()), message: message.into(), ..Default::default() }
}

fn publish(world: &World, input: PublishInput) -> Result<PublishOutput, Error> {
    world.run(ops::publish(&world.sns, &world.call, input))
}

fn entry(id: &str, message: &str) -> PublishBatchRequestEntry {
    PublishBatchRequestEntry { id: id.into(), message: message.into(), ..Default::default() }
}

fn publish_batch(
    world: &World,
    topic: &str,
    entries: Vec<PublishBatchRequestEntry>,
) -> Result<PublishBatchOutput, Error> {
    let input = PublishBatchInput { topic_arn: topic.into(), publish_batch_request_entries: entries };
    world.run(ops::publish_batch(&world.sns, &world.call, input))
}

fn text(value: &str) -> MessageAttributeValue {
    MessageAttributeValue {
        data_type: "String".into(),
        string_value: Some(value.into()),
        ..Default::default()
    }
}

fn attributes(pairs: &[(&str, &str)]) -> Option<Map<MessageAttributeValue>> {
    Some(pairs.iter().map(|(name, value)| (*name, text(value))).collect())
}

/// What the queues got: name and body.
fn heard(world: &World) -> Vec<(String, String)> {
    world.queues.take().into_iter().map(|(name, parcel)| (name, parcel.body.as_ref().to_owned())).collect()
}

fn pair(name: &str, body: &str) -> (String, String) {
    (name.to_owned(), body.to_owned())
}

#[test]
fn all_subscribers_hear_it_and_raw_bodies_are_shared() {
    let world = World::new();
    let topic = world.topic("t", &[]).unwrap();
    for name in ["a", "b", "c"] {
        raw(&world, &topic, name);
    }
    let input = PublishInput { message_attributes: attributes(&[("k", "v")]), ..input(&topic, "hello") };
    publish(&world, input).unwrap();
    let parcels = world.queues.take();
    let names: Vec<&str> = parcels.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["a", "b", "c"]);
    for (_, parcel) in &parcels {
        assert!(std::sync::Arc::ptr_eq(&parcel.body, &parcels[0].1.body), "one body for all");
        assert_eq!(&*parcel.attributes, [Attribute::text("k", "v")]);
        assert_eq!((&*parcel.source, &*parcel.body), (topic.as_str(), "hello"));
    }
}

#[test]
fn envelopes_differ_in_the_link_only_and_are_signed_once() {
    let world = World::new();
    let topic = world.topic("t", &[]).unwrap();
    let one = subscribe(&world, &topic, "sqs", &queue("a"), &[]);
    let two = subscribe(&world, &topic, "sqs", &queue("b"), &[]);
    let id = publish(&world, input(&topic, "hello")).unwrap().message_id.unwrap();
    let heard = heard(&world);
    let link = |arn: &str| format!("http://localhost:4566/?Action=Unsubscribe&SubscriptionArn={arn}");
    assert!(heard[0].1.contains(&link(&one)), "{}", heard[0].1);
    assert_eq!(heard[0].1.replace(&one, &two), heard[1].1);
    let envelope: serde_json::Value = serde_json::from_str(&heard[0].1).unwrap();
    assert_eq!((&envelope["MessageId"], &envelope["Message"]), (&id.into(), &"hello".into()));
    assert!(envelope["Signature"].as_str().is_some_and(|signature| signature.len() > 300));
}

#[test]
fn filters_look_at_attributes_or_at_the_body() {
    let world = World::new();
    let topic = world.topic("t", &[]).unwrap();
    let filtered = |name: &str, scope: &str| {
        let policy = [
            ("FilterPolicy", r#"{"k": ["v"]}"#),
            ("FilterPolicyScope", scope),
            ("RawMessageDelivery", "true"),
        ];
        subscribe(&world, &topic, "sqs", &queue(name), &policy);
    };
    filtered("attributes", "MessageAttributes");
    filtered("body", "MessageBody");
    publish(&world, PublishInput { message_attributes: attributes(&[("k", "v")]), ..input(&topic, "1") })
        .unwrap();
    assert_eq!(heard(&world), [pair("attributes", "1")]);
    publish(&world, input(&topic, r#"{"k": "v"}"#)).unwrap();
    assert_eq!(heard(&world), [pair("body", r#"{"k": "v"}"#)]);
    publish(&world, input(&topic, "neither")).unwrap();
    assert_eq!(heard(&world), []);
}

#[test]
fn each_protocol_gets_its_words_each_signed_for_itself() {
    let world = World::new();
    let topic = world.topic("t", &[]).unwrap();
    subscribe(&world, &topic, "sqs", &queue("a"), &[]);
    subscribe(&world, &topic, "sms", PHONE, &[]);
    let message = r#"{"default": "for all", "sqs": "for queues", "sms": "for phones"}"#;
    let structured = PublishInput { message_structure: Some("json".into()), ..input(&topic, message) };
    publish(&world, structured).unwrap();
    let envelope: serde_json::Value = serde_json::from_str(&heard(&world)[0].1).unwrap();
    assert_eq!(envelope["Message"], "for queues");
    let letters = world.letters();
    assert_eq!((letters.len(), letters[0].letter.message.as_str()), (1, "for phones"));
    assert_eq!(letters[0].letter.message_structure.as_deref(), Some("json"));
}

#[test]
fn a_queue_that_is_gone_has_a_dead_letter_queue() {
    let world = World::new();
    let topic = world.topic("t", &[]).unwrap();
    let redrive = format!(r#"{{"deadLetterTargetArn": "{}"}}"#, queue("dead"));
    let policy = [("RedrivePolicy", redrive.as_str()), ("RawMessageDelivery", "true")];
    let subscription = subscribe(&world, &topic, "sqs", &queue("missing"), &policy);
    raw(&world, &topic, "living");
    let id = publish(&world, input(&topic, "hello")).unwrap().message_id.unwrap();
    assert_eq!(heard(&world), [pair("living", "hello"), pair("dead", "hello")]);
    let failed = world.outbox();
    assert_eq!((failed.len(), &failed[0].message_id, &failed[0].owner), (1, &id, &subscription));
}

#[test]
fn what_is_refused_leaves_nothing() {
    let world = World::new();
    let topic = world.topic("t", &[("MaximumMessageSize", "1024")]).unwrap();
    raw(&world, &topic, "a");
    let code = |error: Error| (error.kind.code, error.message);
    for (input, message) in [
        (input(&topic, ""), "Invalid parameter: Empty message"),
        (input(&topic, &"a".repeat(1_025)), "Invalid parameter: Message too long"),
        (PublishInput { subject: Some(String::new()), ..input(&topic, "m") }, "Invalid parameter: Subject"),
        (
            PublishInput { topic_arn: None, ..input(&topic, "m") },
            "Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter",
        ),
        (
            PublishInput { message_deduplication_id: Some("d".into()), ..input(&topic, "m") },
            "Invalid parameter: MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter \
             that is not valid for this topic type",
        ),
    ] {
        assert_eq!(code(publish(&world, input).unwrap_err()), ("InvalidParameter", message.to_owned()));
    }
    let missing = publish(&world, input(&format!("{topic}-not"), "m")).unwrap_err();
    assert_eq!(code(missing), ("NotFound", "Topic does not exist".to_owned()));
    let bad = PublishBatchRequestEntry { message_structure: Some("json".into()), ..entry("b", "{}") };
    assert!(publish_batch(&world, &topic, vec![entry("a", "good"), bad]).is_err());
    assert_eq!(heard(&world), []);
}

#[test]
fn a_batch_answers_each_entry() {
    let world = World::new();
    let topic = world.topic("t", &[]).unwrap();
    raw(&world, &topic, "a");
    let output = publish_batch(&world, &topic, vec![entry("1", "one"), entry("2", "two")]).unwrap();
    let ids: Vec<_> = output.successful.unwrap().into_iter().map(|found| found.id.unwrap()).collect();
    assert_eq!((ids, output.failed), (vec!["1".to_owned(), "2".to_owned()], Some(Vec::new())));
    assert_eq!(heard(&world), [pair("a", "one"), pair("a", "two")]);
    let half = "a".repeat(131_073);
    let error = publish_batch(&world, &topic, vec![entry("1", &half), entry("2", &half)]).unwrap_err();
    assert_eq!(error.kind.code, "BatchRequestTooLong");
}

#[test]
fn a_fifo_topic_knows_a_message_again_for_five_minutes_and_after_a_restart() {
    let mut world = World::new();
    let topic =
        world.topic("t.fifo", &[("FifoTopic", "true"), ("ContentBasedDeduplication", "true")]).unwrap();
    subscribe(&world, &topic, "sqs", &queue("a.fifo"), &[("RawMessageDelivery", "true")]);
    let one = || PublishInput { message_group_id: Some("g".into()), ..input(&topic, "one") };
    let first = publish(&world, one()).unwrap();
    assert_eq!(first.sequence_number.as_deref(), Some("10000000000000001000"));
    let (_, parcel) = world.queues.take().remove(0);
    assert_eq!(parcel.group_id.as_deref(), Some("g"));
    assert_eq!(parcel.deduplication_id.map(|id| id.len()), Some(64));
    world.restart();
    world.clock.advance_ms(299_999);
    assert_eq!(publish(&world, one()).unwrap(), first);
    assert_eq!(heard(&world), []);
    world.clock.advance_ms(1);
    let again = publish(&world, one()).unwrap();
    assert_ne!(again.message_id, first.message_id);
    assert!(again.sequence_number > first.sequence_number);
    assert_eq!(heard(&world), [pair("a.fifo", "one")]);
}

#[test]
fn deduplication_is_by_topic_or_by_group() {
    let world = World::new();
    for (name, scope, expected) in [("a.fifo", "Topic", 1), ("b.fifo", "MessageGroup", 2)] {
        let topic = world.topic(name, &[("FifoTopic", "true"), ("FifoThroughputScope", scope)]).unwrap();
        subscribe(&world, &topic, "sqs", &queue("q.fifo"), &[("RawMessageDelivery", "true")]);
        for group in ["g1", "g2", "g1"] {
            let ids = PublishInput {
                message_group_id: Some(group.into()),
                message_deduplication_id: Some("d".into()),
                ..input(&topic, group)
            };
            publish(&world, ids).unwrap();
        }
        assert_eq!(heard(&world).len(), expected, "{scope}");
    }
}

#[test]
fn a_standard_topic_passes_group_and_trace_on() {
    let mut world = World::new();
    let topic = world.topic("t", &[]).unwrap();
    raw(&world, &topic, "a");
    world.call.trace_header = Some("Root=1-3152b799-8954dae64eda91bc9a23a7e8".into());
    publish(&world, PublishInput { message_group_id: Some("tenant".into()), ..input(&topic, "m") }).unwrap();
    let (_, parcel) = world.queues.take().remove(0);
    assert_eq!(parcel.group_id.as_deref(), Some("tenant"));
    assert_eq!(parcel.trace_header.as_deref(), world.call.trace_header.as_deref());
}

#[test]
fn neighbours_publish_in_their_own_transaction() {
    let world = World::new();
    let topic = world.topic("t", &[]).unwrap();
    subscribe(&world, &topic, "sqs", &queue("a"), &[]);
    let hand_over = |to: &str, body: &str| -> Result<(), Undeliverable> {
        let (to, parcel) = (Arn::parse(to).unwrap(), Parcel::new("arn:aws:events:us-east-1:0:rule/r", body));
        let sns = std::sync::Arc::clone(&world.sns);
        let fates = world
            .run(world.sns.store.write(move |tx| sns.deliver(tx, &[Addressed { to: &to, parcel: &parcel }])));
        fates.unwrap().remove(0)
    };
    assert_eq!(hand_over(&topic, "hello"), Ok(()));
    let envelope: serde_json::Value = serde_json::from_str(&heard(&world)[0].1).unwrap();
    assert_eq!(envelope["Message"], "hello");
    assert!(envelope["Signature"].is_string());
    assert_eq!(hand_over(&format!("{topic}-not"), "hello").unwrap_err().code, "NotFound");
    assert_eq!(hand_over(&topic, "").unwrap_err().code, "InvalidParameter");
    assert_eq!(heard(&world), []);
}

#[test]
fn phones_get_what_is_published_to_them() {
    let world = World::new();
    let to_phone = |number: &str| PublishInput {
        phone_number: Some(number.into()),
        message: "your code is 17".into(),
        ..Default::default()
    };
    let id = publish(&world, to_phone(PHONE)).unwrap().message_id.unwrap();
    let letters = world.letters();
    assert_eq!((letters[0].letter.to.as_str(), &letters[0].letter.message_id), (PHONE, &id));
    let error = publish(&world, to_phone("phone")).unwrap_err();
    assert_eq!(error.message, "Invalid parameter: PhoneNumber Reason: phone is not valid to publish to");
}

#[test]
fn a_reset_of_an_account_takes_what_it_subscribed_to() {
    let mut world = World::new();
    let ours = world.topic("t", &[]).unwrap();
    raw(&world, &ours, "ours");
    world.call = world.caller("111111111111", "us-east-1");
    let theirs = world.topic("t", &[]).unwrap();
    raw(&world, &ours, "missing-by-them");
    raw(&world, &theirs, "theirs");
    let account = world.call.account.clone();
    // Somebody else's queue was asked whether it wants to listen.
    drop(world.queues.take());
    world.run(world.sns.reset(Some(account))).unwrap();
    assert_eq!(world.sns.counts(), (1, 1));
    publish(&world, input(&ours, "hello")).unwrap();
    assert_eq!(heard(&world), [pair("ours", "hello")]);
    assert_eq!(publish(&world, input(&theirs, "hello")).unwrap_err().kind.code, "NotFound");
    world.run(world.sns.reset(None)).unwrap();
    assert_eq!(world.sns.counts(), (0, 0));
}
