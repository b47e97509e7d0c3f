//! What an endpoint is told when it is subscribed or unsubscribed, and how it gets there.
//!
//! AWS: SNS Developer Guide, "HTTP/HTTPS subscription confirmation JSON format" and "… unsubscribe confirmation …";
//! "Fanout to Amazon SQS queues in a different account" (the queue gets the same document as a message).

use aws::Call;
use delivery::{Addressed, Letter, LetterKind, LocalFailure, Parcel};
use failure::Failure;
use service::Error;

use crate::Sns;
use crate::envelope::{Confirmation, Kind, subscribe_url};
use crate::ledger::Ledger;
use crate::outside::{self, Posting};
use crate::registry::{Subscription, Topic};
use crate::rules::delivery_policy::Effective;
use crate::rules::topic_arn::TopicKey;
use crate::signing::Place;

/// A question to an endpoint, or a goodbye; signed before the transaction it is sent in.
#[derive(Clone, Debug)]
pub(crate) struct Invitation {
    kind: Kind,
    /// What the answer has to hold.
    pub(crate) token: String,
    message_id: String,
    url: String,
    /// The document.
    body: String,
}

/// What an invitation is about.
pub(crate) struct About<'a> {
    pub(crate) topic: &'a TopicKey,
    /// The subscription that ends; a question names none.
    pub(crate) subscription_arn: &'a str,
    pub(crate) signature_version: u8,
}

impl Invitation {
    /// Writes and signs one.
    pub(crate) async fn write(
        sns: &Sns,
        call: &Call,
        kind: Kind,
        token: String,
        about: About<'_>,
    ) -> Result<Self, Error> {
        let topic_arn = about.topic.arn();
        let message_id = sns.clock.uuid_v4().to_string();
        let url = subscribe_url(&call.base_url, &topic_arn, &token);
        let confirmation = Confirmation {
            kind,
            message_id: &message_id,
            token: &token,
            topic_arn: &topic_arn,
            subscription_arn: about.subscription_arn,
            subscribe_url: &url,
            timestamp_ms: sns.clock.now_ms(),
        };
        let place = Place { region: &about.topic.region, base_url: &call.base_url };
        let signature = sns.signer.sign(&confirmation.canonical(), about.signature_version, place).await?;
        let body = confirmation.body(Some(&signature));
        Ok(Self { kind, token, message_id, url, body })
    }

    /// Sends it with the transaction.
    pub(crate) fn send(
        &self,
        ledger: &Ledger<'_>,
        topic: &Topic,
        subscription: &Subscription,
    ) -> Result<(), Failure> {
        match subscription.row.protocol.as_str() {
            "http" | "https" => self.post(ledger, topic, subscription),
            "email" => self.mail(ledger, topic, subscription, LetterKind::Email),
            "email-json" => self.mail(ledger, topic, subscription, LetterKind::EmailJson),
            "sqs" => self.hand_over(ledger, topic, subscription),
            _ => Ok(()),
        }
    }

    fn post(&self, ledger: &Ledger<'_>, topic: &Topic, subscription: &Subscription) -> Result<(), Failure> {
        let effective = Effective::of_attributes(&topic.row.attributes, &subscription.row.attributes);
        let posting = Posting { message_id: &self.message_id, body: self.body.clone(), dead_letter: None };
        let errand = outside::http(topic, subscription, self.kind, false, &effective, posting);
        ledger.deliveries.post(ledger.tx, &errand)?;
        Ok(())
    }

    fn mail(
        &self,
        ledger: &Ledger<'_>,
        topic: &Topic,
        subscription: &Subscription,
        kind: LetterKind,
    ) -> Result<(), Failure> {
        let (subject, sentence) = match self.kind {
            Kind::UnsubscribeConfirmation => (
                "AWS Notification - Unsubscribe Confirmation",
                format!(
                    "Your subscription to the topic below has been deactivated:\n{}\n\nIf this was in error, click or \
                     visit the link below to restore it:\n{}",
                    topic.arn, self.url
                ),
            ),
            Kind::Notification | Kind::SubscriptionConfirmation => (
                "AWS Notification - Subscription Confirmation",
                format!(
                    "You have chosen to subscribe to the topic:\n{}\n\nTo confirm this subscription, click or visit the \
                     link below (If this was in error no action is necessary):\n{}",
                    topic.arn, self.url
                ),
            ),
        };
        let message = if kind == LetterKind::EmailJson { self.body.clone() } else { sentence };
        let letter = Letter {
            account: topic.row.key.account.clone(),
            region: topic.row.key.region.clone(),
            kind,
            to: subscription.row.endpoint.clone(),
            topic_arn: Some(topic.arn.clone()),
            subscription_arn: Some(subscription.arn.clone()),
            message_id: self.message_id.clone(),
            subject: Some(subject.to_owned()),
            message,
            message_structure: None,
            attributes: Vec::new(),
        };
        Ok(ledger.deliveries.letter(ledger.tx, &letter)?)
    }

    fn hand_over(
        &self,
        ledger: &Ledger<'_>,
        topic: &Topic,
        subscription: &Subscription,
    ) -> Result<(), Failure> {
        let Some(queue) = &subscription.settings.endpoint else { return Ok(()) };
        let mut parcel = Parcel::new(topic.arn.as_str(), self.body.as_str());
        if queue.resource.ends_with(".fifo") {
            parcel.group_id = Some(topic.arn.as_str().into());
            parcel.deduplication_id = Some(self.message_id.as_str().into());
        }
        let fates = ledger.deliveries.deliver(ledger.tx, &[Addressed { to: queue, parcel: &parcel }])?;
        if let Some(Err(reason)) = fates.into_iter().next() {
            let failure = LocalFailure {
                account: &topic.row.key.account,
                region: &topic.row.key.region,
                service: "sns",
                owner: &subscription.arn,
                source: &topic.arn,
                message_id: &self.message_id,
                target: &subscription.row.endpoint,
                body: &self.body,
                dead_letter: None,
            };
            ledger.deliveries.record_local(ledger.tx, &failure, &reason)?;
        }
        Ok(())
    }
}
