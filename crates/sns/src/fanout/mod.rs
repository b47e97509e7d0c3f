//! Who gets what of a publish: filter, then protocol, then a parcel, an errand or a letter, all in the publisher's
//! transaction.
//!
//! Queues get their parcels in one call, whatever their number. What is the same for many subscribers is made once: raw
//! bodies are shared, envelopes differ in one link.

mod filters;
mod letters;
mod wrapping;

use std::sync::Arc;

use aws::Arn;
use delivery::{
    Addressed, Attribute, DeadLetter, Errand, LocalFailure, Parcel, Undeliverable, UndeliverableKind,
};
use failure::Failure;

use self::filters::Filters;
use self::wrapping::Wrapping;
pub(crate) use self::wrapping::notification;
use crate::envelope::{Kind, unsubscribe_url};
use crate::ledger::Ledger;
use crate::outside::{self, Posting};
use crate::registry::{Subscription, Topic};
use crate::rules::delivery_policy::Effective;
use crate::rules::draft::Draft;
use crate::rules::message_size;
use crate::signing::{Signature, Signer};

/// Who publishes: what is needed of it to write to subscribers.
#[derive(Clone, Debug)]
pub(crate) struct Publisher {
    pub(crate) signer: Arc<Signer>,
    /// Where links lead.
    pub(crate) base_url: String,
}

/// Signatures, by the text each is of.
pub(crate) type Signatures = Vec<(Arc<str>, Signature)>;

/// A message that a topic accepted.
#[derive(Clone, Debug)]
pub(crate) struct Accepted {
    pub(crate) draft: Draft,
    /// Of a FIFO topic.
    pub(crate) sequence_number: Option<String>,
    /// Whether it comes from the archive of a FIFO topic.
    pub(crate) replayed: bool,
    /// What was signed beforehand.
    pub(crate) signatures: Signatures,
}

/// The texts of a message that somebody will get in an envelope with a signature, as things stand.
pub(crate) fn texts_to_sign(topic: &Topic, draft: &Draft) -> Vec<Arc<str>> {
    let mut texts: Vec<Arc<str>> = Vec::new();
    if topic.settings.fifo {
        return texts;
    }
    let mut filters = Filters::of(draft);
    for subscription in topic.subscriptions.values().filter(|subscription| is_signed_for(subscription)) {
        let text = draft.texts.to(&subscription.row.protocol);
        let known = texts.iter().any(|known| Arc::ptr_eq(known, text));
        if !known && filters.let_through(subscription) {
            texts.push(Arc::clone(text));
            if !draft.texts.is_structured() {
                break;
            }
        }
    }
    texts
}

fn is_signed_for(subscription: &Subscription) -> bool {
    let row = &subscription.row;
    let enveloped = match row.protocol.as_str() {
        "sqs" | "http" | "https" => !subscription.settings.raw,
        "lambda" | "email-json" => true,
        "firehose" => !subscription.settings.raw && subscription.settings.dead_letter_queue.is_some(),
        _ => false,
    };
    enveloped && !row.pending
}

/// Hands messages to all of a topic's subscribers that want them.
pub(crate) fn fan_out(
    ledger: &Ledger<'_>,
    publisher: &Publisher,
    topic: i64,
    messages: &[Accepted],
) -> Result<(), Failure> {
    let topic = ledger.topic(topic)?;
    let mut round = Round::begin(ledger, publisher, topic);
    for message in messages {
        let mut filters = Filters::of(&message.draft);
        let mut wrapping = Wrapping::of(topic, message);
        for subscription in topic.subscriptions.values() {
            // Who hears the past again gets this one from the archive, in its turn.
            let listens = !subscription.row.pending && !subscription.replaying;
            if listens && filters.let_through(subscription) {
                round.hand_out(&mut wrapping, subscription)?;
            }
        }
    }
    round.end()
}

/// Hands messages to one subscriber, if it wants them.
pub(crate) fn hand_to(
    ledger: &Ledger<'_>,
    publisher: &Publisher,
    topic: &Topic,
    subscription: &Subscription,
    messages: &[Accepted],
) -> Result<(), Failure> {
    let mut round = Round::begin(ledger, publisher, topic);
    for message in messages {
        if Filters::of(&message.draft).let_through(subscription) {
            round.hand_out(&mut Wrapping::of(topic, message), subscription)?;
        }
    }
    round.end()
}

/// One round through the subscribers.
struct Round<'a> {
    ledger: &'a Ledger<'a>,
    publisher: &'a Publisher,
    topic: &'a Topic,
    /// The topic's ARN, as parcels share it.
    source: Arc<str>,
    no_attributes: Arc<[Attribute]>,
    for_queues: Vec<ForQueue<'a>>,
}

/// What a queue will get.
struct ForQueue<'a> {
    subscription: &'a Subscription,
    to: &'a Arn,
    message_id: &'a str,
    parcel: Parcel,
}

impl<'a> Round<'a> {
    fn begin(ledger: &'a Ledger<'a>, publisher: &'a Publisher, topic: &'a Topic) -> Self {
        Self {
            ledger,
            publisher,
            topic,
            source: Arc::from(topic.arn.as_str()),
            no_attributes: Arc::default(),
            for_queues: Vec::new(),
        }
    }

    fn hand_out(
        &mut self,
        wrapping: &mut Wrapping<'a>,
        subscription: &'a Subscription,
    ) -> Result<(), Failure> {
        let protocol = subscription.row.protocol.as_str();
        if !message_size::is_taken_by(protocol, wrapping.message.draft.bytes) {
            return self.too_large(wrapping, subscription);
        }
        match protocol {
            "sqs" => self.enqueue(wrapping, subscription),
            "http" | "https" => self.to_server(wrapping, subscription),
            "lambda" => self.to_function(wrapping, subscription),
            "firehose" => self.to_stream(wrapping, subscription),
            "email" => self.to_mailbox(wrapping, subscription),
            "email-json" => self.to_mailbox_in_json(wrapping, subscription),
            "sms" => self.to_phone(wrapping, subscription),
            "application" => self.to_device(wrapping, subscription),
            _ => Ok(()),
        }
    }

    /// Hands the queues their parcels, and records what they do not take.
    fn end(self) -> Result<(), Failure> {
        let parcels: Vec<Addressed<'_>> =
            self.for_queues.iter().map(|one| Addressed { to: one.to, parcel: &one.parcel }).collect();
        if parcels.is_empty() {
            return Ok(());
        }
        let fates = self.ledger.deliveries.deliver(self.ledger.tx, &parcels)?;
        for (one, fate) in self.for_queues.iter().zip(fates) {
            if let Err(reason) = fate {
                self.record(one.subscription, one.message_id, one.parcel.clone(), &reason)?;
            }
        }
        Ok(())
    }

    fn enqueue(
        &mut self,
        wrapping: &mut Wrapping<'a>,
        subscription: &'a Subscription,
    ) -> Result<(), Failure> {
        let Some(to) = subscription.settings.endpoint.as_ref().filter(|endpoint| endpoint.service == "sqs")
        else {
            return self.nowhere(wrapping, subscription);
        };
        let parcel = self.parcel(wrapping, subscription)?;
        let message_id = &wrapping.message.draft.message_id;
        self.for_queues.push(ForQueue { subscription, to, message_id, parcel });
        Ok(())
    }

    fn to_server(&self, wrapping: &mut Wrapping<'a>, subscription: &Subscription) -> Result<(), Failure> {
        let policy = Effective::of_attributes(&self.topic.row.attributes, &subscription.row.attributes);
        let parcel = self.parcel(wrapping, subscription)?;
        let posting = Posting {
            message_id: &wrapping.message.draft.message_id,
            body: parcel.body.as_ref().to_owned(),
            dead_letter: dead_letter(subscription, || Ok(parcel))?,
        };
        let raw = subscription.settings.raw;
        let errand = outside::http(self.topic, subscription, Kind::Notification, raw, &policy, posting);
        self.post(&errand)
    }

    fn to_function(&self, wrapping: &mut Wrapping<'a>, subscription: &Subscription) -> Result<(), Failure> {
        let Some(function) = &subscription.settings.endpoint else {
            return self.nowhere(wrapping, subscription);
        };
        let link = unsubscribe_url(&self.publisher.base_url, &subscription.arn);
        let text = wrapping.message.draft.texts.to("lambda");
        let signature = wrapping.signature(self.ledger.tx, self.publisher, text)?;
        let body = wrapping.notification(text).lambda_event(signature.as_ref(), &subscription.arn, &link);
        let posting = Posting {
            message_id: &wrapping.message.draft.message_id,
            body,
            dead_letter: dead_letter(subscription, || self.parcel(wrapping, subscription))?,
        };
        self.post(&outside::lambda(self.topic, subscription, function, posting))
    }

    fn to_stream(&self, wrapping: &mut Wrapping<'a>, subscription: &Subscription) -> Result<(), Failure> {
        let Some(stream) = &subscription.settings.endpoint else {
            return self.nowhere(wrapping, subscription);
        };
        let text = wrapping.message.draft.texts.to("firehose");
        let body = if subscription.settings.raw {
            outside::raw_record(text)
        } else {
            let link = unsubscribe_url(&self.publisher.base_url, &subscription.arn);
            wrapping.notification(text).stream_record(&link)
        };
        let posting = Posting {
            message_id: &wrapping.message.draft.message_id,
            body,
            dead_letter: dead_letter(subscription, || self.parcel(wrapping, subscription))?,
        };
        self.post(&outside::firehose(self.topic, subscription, stream, posting))
    }

    fn post(&self, errand: &Errand) -> Result<(), Failure> {
        self.ledger.deliveries.post(self.ledger.tx, errand)?;
        Ok(())
    }

    /// A message for one subscriber: as it is, or in its envelope.
    fn parcel(&self, wrapping: &mut Wrapping<'a>, subscription: &Subscription) -> Result<Parcel, Failure> {
        let draft = &wrapping.message.draft;
        let text = draft.texts.to(&subscription.row.protocol);
        let (body, attributes) = if subscription.settings.raw {
            (Arc::clone(text), Arc::clone(&draft.attributes))
        } else {
            let body = wrapping.envelope(self.ledger.tx, self.publisher, text, &subscription.arn)?;
            (body, Arc::clone(&self.no_attributes))
        };
        Ok(Parcel {
            source: Arc::clone(&self.source),
            body,
            attributes,
            group_id: draft.group_id.clone(),
            deduplication_id: draft.deduplication_id.clone(),
            trace_header: draft.trace_header.clone(),
        })
    }

    /// Records what cannot be delivered, and hands it to the subscription's dead-letter queue.
    fn record(
        &self,
        subscription: &Subscription,
        message_id: &str,
        parcel: Parcel,
        reason: &Undeliverable,
    ) -> Result<(), Failure> {
        let body = Arc::clone(&parcel.body);
        let dead_letter = dead_letter(subscription, || Ok(parcel))?;
        let failure = LocalFailure {
            account: &self.topic.row.key.account,
            region: &self.topic.row.key.region,
            service: "sns",
            owner: &subscription.arn,
            source: &self.topic.arn,
            message_id,
            target: &subscription.row.endpoint,
            body: &body,
            dead_letter: dead_letter.as_ref(),
        };
        self.ledger.deliveries.record_local(self.ledger.tx, &failure, reason)?;
        Ok(())
    }

    /// What was to be delivered has no chance.
    fn give_up(
        &self,
        wrapping: &mut Wrapping<'a>,
        subscription: &Subscription,
        reason: &Undeliverable,
    ) -> Result<(), Failure> {
        let parcel = self.parcel(wrapping, subscription)?;
        self.record(subscription, &wrapping.message.draft.message_id, parcel, reason)
    }

    /// The endpoint is none.
    fn nowhere(&self, wrapping: &mut Wrapping<'a>, subscription: &Subscription) -> Result<(), Failure> {
        let reason = Undeliverable {
            code: "NotFound".to_owned(),
            message: format!("There is no endpoint {}.", subscription.row.endpoint),
            kind: UndeliverableKind::Missing,
        };
        self.give_up(wrapping, subscription, &reason)
    }

    /// There are such subscriptions only where they were made before they were refused.
    fn too_large(&self, wrapping: &mut Wrapping<'a>, subscription: &Subscription) -> Result<(), Failure> {
        let reason = Undeliverable {
            code: "InvalidParameter".to_owned(),
            message: format!("Messages of more than 256 KiB do not go to {}.", subscription.row.protocol),
            kind: UndeliverableKind::Refused,
        };
        self.give_up(wrapping, subscription, &reason)
    }
}

/// Where a message goes when it cannot be delivered. What is no queue would have us deliver to ourselves.
fn dead_letter(
    subscription: &Subscription,
    parcel: impl FnOnce() -> Result<Parcel, Failure>,
) -> Result<Option<DeadLetter>, Failure> {
    let queue = subscription.settings.dead_letter_queue.as_ref();
    let queue = queue.filter(|queue| Arn::parse(queue).is_some_and(|arn| arn.service == "sqs"));
    queue
        .map(|queue| Ok(DeadLetter { queue: queue.clone(), parcel: parcel()?, with_reasons: false }))
        .transpose()
}
