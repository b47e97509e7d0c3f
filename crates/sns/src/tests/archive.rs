//! Archives of FIFO topics, and subscriptions that hear them again.

use clock::calendar::iso8601_ms;

use super::world::{BEGINNING_MS, World, map};
use crate::api::inputs::{
    GetSubscriptionAttributesInput, PublishInput, SetSubscriptionAttributesInput, SubscribeInput,
    UnsubscribeInput,
};
use crate::archive::{Step, step};
use crate::ops;
use crate::rules::replay_policy::ReplayPolicy;

const THIRTY_DAYS: &str = r#"{"MessageRetentionPeriod":"30"}"#;
const DAY_SECS: i64 = 24 * 60 * 60;

struct Archive {
    world: World,
    topic: String,
}

/// Each message with whether it says it was replayed.
type Heard = Vec<(String, bool)>;

fn archive(policy: &str) -> Archive {
    let world = World::new();
    let attributes =
        [("FifoTopic", "true"), ("ContentBasedDeduplication", "true"), ("ArchivePolicy", policy)];
    let topic = world.topic("news.fifo", &attributes).unwrap();
    Archive { world, topic }
}

fn policy(from_ms: i64, to_ms: Option<i64>) -> String {
    let end = to_ms.map(|to_ms| format!(r#","EndingPoint":"{}""#, iso8601_ms(to_ms))).unwrap_or_default();
    format!(r#"{{"PointType":"Timestamp","StartingPoint":"{}"{end}}}"#, iso8601_ms(from_ms))
}

impl Archive {
    fn publish(&self, message: &str) {
        let input = PublishInput {
            topic_arn: Some(self.topic.clone()),
            message: message.into(),
            message_group_id: Some("g".into()),
            ..Default::default()
        };
        self.world.run(ops::publish(&self.world.sns, &self.world.call, input)).unwrap();
    }

    fn listen(&self, queue: &str, attributes: &[(&str, &str)]) -> String {
        let input = SubscribeInput {
            topic_arn: self.topic.clone(),
            protocol: "sqs".into(),
            endpoint: Some(format!("arn:aws:sqs:us-east-1:000000000000:{queue}.fifo")),
            attributes: map(attributes).non_empty(),
            ..Default::default()
        };
        let output = self.world.run(ops::subscribe(&self.world.sns, &self.world.call, input)).unwrap();
        output.subscription_arn.unwrap()
    }

    fn replay(&self, subscription: &str, policy: &str) {
        let input = SetSubscriptionAttributesInput {
            subscription_arn: subscription.into(),
            attribute_name: "ReplayPolicy".into(),
            attribute_value: Some(policy.into()),
        };
        self.world.run(ops::set_subscription_attributes(&self.world.sns, &self.world.call, input)).unwrap();
    }

    fn status(&self, subscription: &str) -> Option<String> {
        let input = GetSubscriptionAttributesInput { subscription_arn: subscription.into() };
        let output = ops::get_subscription_attributes(&self.world.sns, &self.world.call, input);
        self.world.run(output).unwrap().attributes.unwrap().get("ReplayStatus").cloned()
    }

    /// Does what the background has to do.
    fn settle(&self) -> usize {
        let mut steps = 0;
        while self.world.run(step(&self.world.sns, 0)).unwrap() != Step::Nothing {
            steps += 1;
        }
        steps
    }

    /// What a queue was told since it was last asked for.
    fn heard(&self) -> Heard {
        let told = self.world.queues.take().into_iter().map(|(_, parcel)| {
            let envelope: serde_json::Value = serde_json::from_str(&parcel.body).unwrap();
            let message = envelope["Message"].as_str().unwrap().to_owned();
            (message, envelope.get("Replayed") == Some(&serde_json::Value::Bool(true)))
        });
        told.collect()
    }
}

fn old(messages: &[&str]) -> Heard {
    messages.iter().map(|message| ((*message).to_owned(), true)).collect()
}

fn new(messages: &[&str]) -> Heard {
    messages.iter().map(|message| ((*message).to_owned(), false)).collect()
}

#[test]
fn a_replay_tells_what_was_as_it_was() {
    let archive = archive(THIRTY_DAYS);
    archive.listen("first", &[]);
    archive.publish("one");
    archive.world.pass_secs(60);
    archive.publish("two");
    let originals = archive.world.queues.take();
    archive.listen("second", &[("ReplayPolicy", &policy(BEGINNING_MS, None))]);
    archive.settle();
    let again = archive.world.queues.take();
    assert_eq!((originals.len(), again.len()), (2, 2));
    for ((_, original), (queue, again)) in originals.iter().zip(&again) {
        assert_eq!(queue, "second.fifo");
        assert_eq!(
            (&original.group_id, &original.deduplication_id),
            (&again.group_id, &again.deduplication_id)
        );
        let read = |body: &str| serde_json::from_str::<serde_json::Value>(body).unwrap();
        let (original, again) = (read(&original.body), read(&again.body));
        for member in ["Message", "MessageId", "Timestamp", "SequenceNumber", "TopicArn"] {
            assert_eq!(original[member], again[member], "{member}");
        }
    }
}

#[test]
fn new_messages_wait_for_the_old_ones() {
    let archive = archive(THIRTY_DAYS);
    archive.publish("old");
    let subscription = archive.listen("queue", &[("ReplayPolicy", &policy(BEGINNING_MS, None))]);
    archive.publish("new");
    archive.settle();
    assert_eq!(archive.heard(), [old(&["old"]), new(&["new"])].concat());
    assert_eq!(archive.status(&subscription).as_deref(), Some("Completed"));
    archive.publish("newest");
    assert_eq!(archive.heard(), new(&["newest"]));
    assert_eq!(archive.settle(), 0);
}

#[test]
fn a_replay_keeps_to_its_points() {
    let archive = archive(THIRTY_DAYS);
    for message in ["one", "two", "three"] {
        archive.publish(message);
        archive.world.pass_secs(10);
    }
    let at = |secs: i64| BEGINNING_MS + secs * 1_000;
    archive.listen("queue", &[("ReplayPolicy", &policy(at(10), Some(at(19))))]);
    archive.settle();
    assert_eq!(archive.heard(), old(&["two"]));
    // What comes after the replay is told, whatever its end.
    archive.publish("four");
    assert_eq!(archive.heard(), new(&["four"]));
}

#[test]
fn a_replay_goes_on_after_a_restart() {
    let mut archive = archive(THIRTY_DAYS);
    // Ten steps: the background may take some of them meanwhile.
    let messages: Vec<String> = (0..640).map(|number| format!("message {number}")).collect();
    messages.iter().for_each(|message| archive.publish(message));
    let subscription = archive.listen("queue", &[("ReplayPolicy", &policy(BEGINNING_MS, None))]);
    assert!(matches!(archive.world.run(step(&archive.world.sns, 0)), Ok(Step::Told(_))));
    let mut heard = archive.heard();
    assert_eq!(archive.status(&subscription).as_deref(), Some("In progress"));
    archive.world.restart();
    // Still from the archive, not past it.
    archive.publish("new");
    archive.settle();
    heard.extend(archive.heard());
    let expected: Vec<&str> = messages.iter().map(String::as_str).collect();
    assert_eq!(heard, [old(&expected), new(&["new"])].concat());
    assert_eq!(archive.status(&subscription).as_deref(), Some("Completed"));
}

#[test]
fn an_archive_forgets() {
    let archive = archive(r#"{"MessageRetentionPeriod":"1"}"#);
    archive.publish("old");
    archive.world.pass_secs(DAY_SECS - 1);
    archive.publish("young");
    let subscription = archive.listen("queue", &[("ReplayPolicy", &policy(BEGINNING_MS, None))]);
    archive.settle();
    assert_eq!(archive.heard(), old(&["old", "young"]));
    archive.world.pass_secs(1);
    archive.replay(&subscription, &policy(BEGINNING_MS, None));
    archive.settle();
    assert_eq!(archive.heard(), old(&["young"]));
    let left = archive.world.run(archive.world.sns.store.read(|read| {
        let topic = crate::store::archive::next_topic(read, 0)?.unwrap();
        crate::store::archive::select_times(read, topic, 0, 10)
    }));
    assert_eq!(left.map(|left| left.len()).ok(), Some(1));
}

#[test]
fn an_archive_that_ended_is_not_told_by_the_next() {
    let archive = archive(THIRTY_DAYS);
    archive.publish("old");
    archive.world.set_topic(&archive.topic, "ArchivePolicy", "{}").unwrap();
    archive.publish("unkept");
    archive.world.pass_secs(1);
    archive.world.set_topic(&archive.topic, "ArchivePolicy", THIRTY_DAYS).unwrap();
    archive.publish("kept");
    archive.listen("queue", &[("ReplayPolicy", &policy(BEGINNING_MS, None))]);
    archive.settle();
    assert_eq!(archive.heard(), old(&["kept"]));
}

#[test]
fn a_replay_without_its_archive_fails_and_turns_to_the_present() {
    let archive = archive(THIRTY_DAYS);
    archive.publish("old");
    let subscription = archive.listen("queue", &[]);
    archive.world.set_topic(&archive.topic, "ArchivePolicy", "{}").unwrap();
    // The operations refuse it, so it is begun behind their back.
    let arn = subscription.clone();
    let begun = archive.world.sns.write(move |ledger| {
        let (topic, id) = ledger.find_subscription(&arn)?;
        let policy = ReplayPolicy { starting_point_ms: 0, ending_point_ms: None };
        crate::archive::replay(ledger, topic, id, Some(&policy))
    });
    archive.world.run(begun).unwrap();
    archive.settle();
    assert_eq!(archive.status(&subscription).as_deref(), Some("Failed"));
    assert!(archive.heard().is_empty());
    archive.publish("new");
    assert_eq!(archive.heard(), new(&["new"]));
}

#[test]
fn a_subscription_that_ends_ends_its_replay() {
    let archive = archive(THIRTY_DAYS);
    archive.publish("old");
    archive.settle();
    let subscription = archive.listen("queue", &[]);
    archive.replay(&subscription, &policy(BEGINNING_MS, None));
    archive.settle();
    archive.world.queues.take();
    let input = UnsubscribeInput { subscription_arn: subscription };
    archive.world.run(ops::unsubscribe(&archive.world.sns, &archive.world.call, input)).unwrap();
    archive.settle();
    assert!(archive.heard().is_empty());
}
