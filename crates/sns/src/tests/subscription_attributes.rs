//! What a subscription is set to, its limits, and how it ends.

use serde_json::Value;
use service::Error;

use super::subscriptions::{HOUR, QUEUE, message};
use super::world::World;
use crate::api::inputs::*;
use crate::{Limits, Options, ops};

#[test]
fn links_work_in_every_region() {
    let world = World::new();
    let elsewhere = world.caller("000000000000", "eu-west-1");
    let input = CreateTopicInput { name: "t".into(), ..Default::default() };
    let topic = world.run(ops::create_topic(&world.sns, &elsewhere, input)).unwrap().topic_arn.unwrap();
    let arn = world.subscribe_as(&elsewhere, (&topic, "email", "a@example.com"), &[], true).unwrap();
    let token = world.sns.subscription_token(&arn).unwrap();
    assert_eq!(message(world.confirm_as(&world.call, &topic, &token, None)), "Invalid parameter: TopicArn");
    assert_eq!(world.confirm_as(&world.passer_by(), &topic, &token, None).unwrap(), arn);
    assert_eq!(message(world.unsubscribe_as(&world.call, &arn)), "Invalid parameter: SubscriptionArn");
    world.unsubscribe_as(&world.passer_by(), &arn).unwrap();
    assert_eq!(world.sns.counts().1, 0);
}

#[test]
fn unsubscribed_it_is_gone_and_ending_it_twice_is_no_error() {
    let world = World::new();
    let topic = world.topic_t();
    let arn = world.subscribed((&topic, "sqs", QUEUE), &[]).unwrap();
    for _ in 0..2 {
        world.unsubscribe_as(&world.call, &arn).unwrap();
    }
    assert!(world.subscribers(&topic).is_empty());
    assert_eq!(message(world.shown(&arn, "Owner")), "Subscription does not exist");
    assert_eq!(
        message(world.unsubscribe_as(&world.call, "nothing")),
        "Invalid parameter: SubscriptionArn Reason: An ARN must have at least 6 elements, not 1"
    );
}

#[test]
fn what_nobody_confirmed_yet_cannot_be_ended() {
    let world = World::new();
    let topic = world.topic_t();
    let (arn, _) = world.asked(&topic, "email", "a@example.com");
    for call in [world.call.clone(), world.passer_by(), world.caller("111111111111", "us-east-1")] {
        assert_eq!(
            message(world.unsubscribe_as(&call, &arn)),
            "Invalid parameter: SubscriptionArn Reason: Cannot unsubscribe a subscription that is pending confirmation"
        );
    }
    assert_eq!(world.sns.counts().1, 1);
    // It is over now, and ending what is not there is no error.
    world.pass_secs(48 * HOUR);
    world.unsubscribe_as(&world.call, &arn).unwrap();
    assert_eq!(world.sns.counts().1, 0);
}

#[test]
fn a_goodbye_can_be_taken_back_for_two_days() {
    let world = World::new();
    let topic = world.topic_t();
    let filter = ("FilterPolicy", r#"{"a": ["b"]}"#);
    let arn = world.subscribed((&topic, "http", "http://127.0.0.1:9/"), &[filter]).unwrap();
    let token = world.sns.subscription_token(&arn).unwrap();
    world.confirm_as(&world.call, &topic, &token, None).unwrap();
    world.unsubscribe_as(&world.passer_by(), &arn).unwrap();
    let posted = world.posted();
    let goodbye = posted.last().unwrap();
    assert_eq!(goodbye["Type"], "UnsubscribeConfirmation");
    assert!(goodbye["Message"].as_str().unwrap().contains(&arn));
    let token = goodbye["Token"].as_str().unwrap();
    assert_eq!(world.confirm_as(&world.passer_by(), &topic, token, None).unwrap(), arn);
    assert_eq!(world.shown(&arn, "FilterPolicy").unwrap().as_deref(), Some(filter.1));
    assert_eq!(world.confirm_as(&world.passer_by(), &topic, token, None).unwrap(), arn);
    world.unsubscribe_as(&world.call, &arn).unwrap();
    let posted = world.posted();
    let token = posted.last().unwrap()["Token"].as_str().unwrap();
    world.pass_secs(48 * HOUR);
    let late = world.confirm_as(&world.passer_by(), &topic, token, None);
    assert_eq!(message(late), "Invalid parameter: Token");
}

#[test]
fn who_asks_for_authentication_is_unsubscribed_by_its_owners_only() {
    let world = World::new();
    let topic = world.topic_t();
    let (arn, token) = world.asked(&topic, "http", "http://127.0.0.1:9/");
    world.confirm_as(&world.call, &topic, &token, Some("true")).unwrap();
    for call in [world.passer_by(), world.caller("111111111111", "us-east-1")] {
        let refused = world.unsubscribe_as(&call, &arn).unwrap_err();
        assert_eq!((refused.kind.code, refused.kind.status), ("AuthorizationError", 403));
    }
    world.unsubscribe_as(&world.call, &arn).unwrap();
    assert!(world.subscribers(&topic).is_empty());
}

#[test]
fn an_unsigned_wish_for_authentication_is_not_heard() {
    let world = World::new();
    let topic = world.topic_t();
    let (arn, token) = world.asked(&topic, "email", "a@example.com");
    world.confirm_as(&world.passer_by(), &topic, &token, Some("true")).unwrap();
    world.unsubscribe_as(&world.passer_by(), &arn).unwrap();
    let letters = world.letters();
    let subject = letters.last().unwrap().letter.subject.clone();
    assert_eq!(subject.as_deref(), Some("AWS Notification - Unsubscribe Confirmation"));
}

#[test]
fn attributes_are_set_shown_and_kept() {
    let mut world = World::new();
    let topic = world.topic_t();
    let arn = world.subscribed((&topic, "sqs", QUEUE), &[]).unwrap();
    world.set_shown(&arn, "FilterPolicyScope", "MessageBody").unwrap();
    assert_eq!(world.shown(&arn, "FilterPolicyScope").unwrap(), None);
    world.set_shown(&arn, "FilterPolicy", r#"{"a": {"b": ["c"]}}"#).unwrap();
    world.set_shown(&arn, "RawMessageDelivery", "true").unwrap();
    let dead = r#"{"deadLetterTargetArn": "arn:aws:sqs:us-east-1:000000000000:dead"}"#;
    world.set_shown(&arn, "RedrivePolicy", dead).unwrap();
    let names = ["FilterPolicyScope", "RawMessageDelivery", "RedrivePolicy", "SubscriptionPrincipal"];
    let see = |world: &World| names.map(|name| world.shown(&arn, name).unwrap().unwrap());
    let before = see(&world);
    assert_eq!(before[..3], ["MessageBody", "true", dead]);
    world.restart();
    assert_eq!(see(&world), before);
    world.set_shown(&arn, "FilterPolicy", "").unwrap();
    assert_eq!(world.shown(&arn, "FilterPolicyScope").unwrap(), None);
}

#[test]
fn what_cannot_be_set_is_refused_in_aws_words() {
    let world = World::new();
    let topic = world.topic_t();
    let arn = world.subscribed((&topic, "sqs", QUEUE), &[]).unwrap();
    for (name, value, expected) in [
        ("Colour", "blue", "AttributeName"),
        ("RawMessageDelivery", "maybe", "RawMessageDelivery: Invalid value [maybe]. Must be true or false."),
        (
            "RedrivePolicy",
            r#"{"deadLetterTargetArn": "nothing"}"#,
            "RedrivePolicy: deadLetterTargetArn is an invalid arn",
        ),
        (
            "FilterPolicy",
            r#"{"object": {"key": ["value"]}}"#,
            "Filter policy scope MessageAttributes does not support nested filter policy",
        ),
    ] {
        assert_eq!(message(world.set_shown(&arn, name, value)), format!("Invalid parameter: {expected}"));
    }
    let refused = world.subscribed((&topic, "sqs", &format!("{QUEUE}2")), &[("RawMessageDelivery", "maybe")]);
    assert_eq!(
        message(refused),
        "Invalid parameter: Attributes Reason: RawMessageDelivery: Invalid value [maybe]. Must be true or false."
    );
}

#[test]
fn a_dead_letter_queue_is_taken_away_by_no_value() {
    let world = World::new();
    let topic = world.topic_t();
    let dead = r#"{"deadLetterTargetArn": "arn:aws:sqs:us-east-1:000000000000:dead"}"#;
    let arn = world.subscribed((&topic, "sqs", QUEUE), &[("RedrivePolicy", dead)]).unwrap();
    assert!(
        message(world.set_shown(&arn, "RedrivePolicy", "")).starts_with("Invalid parameter: RedrivePolicy: ")
    );
    let refused = world.subscribed((&topic, "sqs", &format!("{QUEUE}2")), &[("RedrivePolicy", "")]);
    assert!(message(refused).starts_with("Invalid parameter: Attributes Reason: RedrivePolicy: "));
    let input = SetSubscriptionAttributesInput {
        subscription_arn: arn.clone(),
        attribute_name: "RedrivePolicy".into(),
        attribute_value: None,
    };
    world.run(ops::set_subscription_attributes(&world.sns, &world.call, input)).unwrap();
    assert_eq!(world.shown(&arn, "RedrivePolicy").unwrap(), None);
    let fifo = dead.replace("dead\"", "dead.fifo\"");
    assert_eq!(
        message(world.set_shown(&arn, "RedrivePolicy", &fifo)),
        "Invalid parameter: RedrivePolicy: must use a standard queue as DLQ for a standard Topic."
    );
}

#[test]
fn a_redrive_policy_says_nothing_about_tries() {
    let world = World::new();
    let topic = world.topic_t();
    let policy =
        r#"{"deadLetterTargetArn": "arn:aws:sqs:us-east-1:000000000000:dead", "maxReceiveCount": 5}"#;
    let arn = world.subscribed((&topic, "sqs", QUEUE), &[]).unwrap();
    let reason = "RedrivePolicy: invalid JSON. Attribute maxReceiveCount is unknown.";
    let expected = format!("Invalid parameter: {reason}");
    assert_eq!(message(world.set_shown(&arn, "RedrivePolicy", policy)), expected);
    let refused = world.subscribed((&topic, "sqs", &format!("{QUEUE}2")), &[("RedrivePolicy", policy)]);
    assert_eq!(message(refused), format!("Invalid parameter: Attributes Reason: {reason}"));
}

#[test]
fn large_messages_go_to_those_who_take_them() {
    let world = World::new();
    let topic = world.topic_t();
    let large = |size: &str| world.set_topic(&topic, "MaximumMessageSize", size);
    let phone = (&*topic, "sms", "+15551234567");
    let arn = world.subscribed(phone, &[]).unwrap();
    large("262144").unwrap();
    assert!(message(large("262145")).contains("MaximumMessageSize: For values above 262144"));
    let input = UnsubscribeInput { subscription_arn: arn };
    world.run(ops::unsubscribe(&world.sns, &world.call, input)).unwrap();
    // One that nobody confirmed in time is as good as gone.
    world.subscribed((&topic, "email", "a@example.com"), &[]).unwrap();
    assert!(large("262145").is_err());
    world.pass_secs(3 * 86_400);
    large("262145").unwrap();
    assert!(message(world.subscribed(phone, &[])).contains("do not support sms subscriptions"));
    for n in 0..101 {
        world.subscribed((&topic, "sqs", &format!("{QUEUE}{n}")), &[]).unwrap();
    }
    assert!(message(large("300000")).contains("100 or fewer subscriptions"));
    world.set_topic(&topic, "DisplayName", "still fine").unwrap();
    large("262144").unwrap();
    world.subscribed(phone, &[]).unwrap();
}

#[test]
fn http_shows_the_policy_in_effect_and_queues_show_none() {
    let world = World::new();
    let topic = world.topic_t();
    let http = world.subscribed((&topic, "http", "http://127.0.0.1:9/"), &[]).unwrap();
    let effective = world.shown(&http, "EffectiveDeliveryPolicy").unwrap().unwrap();
    let effective: Value = serde_json::from_str(&effective).unwrap();
    assert_eq!(effective["healthyRetryPolicy"]["numRetries"], 3);
    let queue = world.subscribed((&topic, "sqs", QUEUE), &[]).unwrap();
    assert_eq!(world.shown(&queue, "EffectiveDeliveryPolicy").unwrap(), None);
}

#[test]
fn there_is_room_for_so_many() {
    let limits =
        Limits { filter_policies_a_topic: 2, filter_policies: 3, fifo_subscriptions: 1, ..Limits::default() };
    let world = World::with(Options { limits, ..Options::default() });
    let (one, two) = (world.topic("one", &[]).unwrap(), world.topic("two", &[]).unwrap());
    let filter = ("FilterPolicy", r#"{"a": ["b"]}"#);
    let queue = |n: usize| format!("{QUEUE}{n}");
    let subscribe = |topic: &str, n: usize| world.subscribed((topic, "sqs", &queue(n)), &[filter]);
    subscribe(&one, 1).unwrap();
    let second = subscribe(&one, 2).unwrap();
    assert_eq!(subscribe(&one, 3).unwrap_err().kind.code, "FilterPolicyLimitExceeded");
    subscribe(&two, 1).unwrap();
    assert_eq!(subscribe(&two, 2).unwrap_err().kind.code, "FilterPolicyLimitExceeded");
    let plain = world.subscribed((&two, "sqs", &queue(9)), &[]).unwrap();
    let refused = world.set_shown(&plain, filter.0, filter.1).unwrap_err();
    assert_eq!(refused.kind.code, "FilterPolicyLimitExceeded");
    world.set_shown(&second, filter.0, r#"{"a": ["c"]}"#).unwrap();
    let fifo = world.topic("t.fifo", &[("FifoTopic", "true")]).unwrap();
    world.subscribed((&fifo, "sqs", &queue(1)), &[]).unwrap();
    let refused = world.subscribed((&fifo, "sqs", &queue(2)), &[]).unwrap_err();
    assert_eq!(refused.kind.code, "SubscriptionLimitExceeded");
}

#[test]
fn lists_come_in_pages_of_a_hundred() {
    let world = World::new();
    let topic = world.topic_t();
    for n in 0..101 {
        world.subscribed((&topic, "sqs", &format!("{QUEUE}{n}")), &[]).unwrap();
    }
    let (first, next) = world.listed(None);
    let (second, end) = world.listed(next);
    assert_eq!((first.len(), second.len(), end), (100, 1, None));
    assert_eq!(second[0].endpoint, Some(format!("{QUEUE}100")));
    let theirs = world.caller("111111111111", "us-east-1");
    let none = world.run(ops::list_subscriptions(&world.sns, &theirs, ListSubscriptionsInput::default()));
    assert_eq!(none.unwrap().subscriptions.unwrap().len(), 0);
    let input = ListSubscriptionsInput { next_token: Some("never given".into()) };
    let refused = world.run(ops::list_subscriptions(&world.sns, &world.call, input));
    assert_eq!(message(refused), "Invalid parameter: NextToken");
}

#[test]
fn a_replay_needs_an_archive() {
    let world = World::new();
    let fifo = world.topic("t.fifo", &[("FifoTopic", "true")]).unwrap();
    let policy = r#"{"PointType": "Timestamp", "StartingPoint": "2025-01-01T00:00:00.000Z"}"#;
    let to = (&*fifo, "sqs", QUEUE);
    assert!(message(world.subscribed(to, &[("ReplayPolicy", policy)])).contains("ArchivePolicy"));
    let arn = world.subscribed(to, &[]).unwrap();
    assert!(message(world.set_shown(&arn, "ReplayPolicy", policy)).contains("ArchivePolicy"));
    world.set_topic(&fifo, "ArchivePolicy", r#"{"MessageRetentionPeriod": "30"}"#).unwrap();
    world.set_shown(&arn, "ReplayPolicy", policy).unwrap();
    assert_eq!(world.shown(&arn, "ReplayPolicy").unwrap().as_deref(), Some(policy));
    assert!(world.shown(&arn, "ReplayStatus").unwrap().is_some());
    world.set_shown(&arn, "ReplayPolicy", "").unwrap();
    assert_eq!(world.shown(&arn, "ReplayStatus").unwrap(), None);
}

#[test]
fn a_refused_job_leaves_no_trace() {
    let world = World::new();
    let topic = world.topic_t();
    let arn = world.subscribed((&topic, "sqs", QUEUE), &[]).unwrap();
    let key = arn.clone();
    let failed: Result<(), Error> = world.run(world.sns.write(move |ledger| {
        let (topic, id) = ledger.find_subscription(&key)?;
        ledger.delete_subscription(topic, id)?;
        Err(service::internal_failure().into())
    }));
    assert!(failed.is_err());
    assert_eq!(world.subscribers(&topic), [arn]);
}
