//! Messages to people and devices: letters that stay here and can be read.

use std::sync::Arc;

use delivery::{Letter, LetterKind, Undeliverable, UndeliverableKind};
use failure::Failure;

use super::Round;
use super::wrapping::Wrapping;
use crate::envelope::unsubscribe_url;
use crate::mobile::{self, Words};
use crate::registry::Subscription;

/// What AWS writes above an e-mail without a subject.
const SUBJECT: &str = "AWS Notification Message";

impl<'a> Round<'a> {
    /// AWS: SNS Developer Guide, "Email notifications": below the message stands a link to unsubscribe.
    pub(super) fn to_mailbox(
        &self,
        wrapping: &mut Wrapping<'a>,
        subscription: &Subscription,
    ) -> Result<(), Failure> {
        let text = wrapping.message.draft.texts.to("email");
        let link = unsubscribe_url(&self.publisher.base_url, &subscription.arn);
        let message = format!(
            "{text}\n\n--\nIf you wish to stop receiving notifications from this topic, please click or visit the \
             link below to unsubscribe:\n{link}\n"
        );
        self.write_to(wrapping, subscription, LetterKind::Email, message)
    }

    pub(super) fn to_mailbox_in_json(
        &self,
        wrapping: &mut Wrapping<'a>,
        subscription: &Subscription,
    ) -> Result<(), Failure> {
        let text: &'a Arc<str> = wrapping.message.draft.texts.to("email-json");
        let envelope = wrapping.envelope(self.ledger.tx, self.publisher, text, &subscription.arn)?;
        self.write_to(wrapping, subscription, LetterKind::EmailJson, envelope.as_ref().to_owned())
    }

    pub(super) fn to_phone(
        &self,
        wrapping: &mut Wrapping<'a>,
        subscription: &Subscription,
    ) -> Result<(), Failure> {
        let key = &self.topic.row.key;
        let (number, words) = (&subscription.row.endpoint, self.words(wrapping, subscription));
        match mobile::letter_for_phone(self.ledger, &key.account, &key.region, number, &words)? {
            Some(letter) => self.keep(&letter),
            None => {
                let message = "The owner of the phone has opted out of SMS messages.".to_owned();
                let code = "OptedOut".to_owned();
                let reason = Undeliverable { code, message, kind: UndeliverableKind::Refused };
                self.give_up(wrapping, subscription, &reason)
            }
        }
    }

    pub(super) fn to_device(
        &self,
        wrapping: &mut Wrapping<'a>,
        subscription: &Subscription,
    ) -> Result<(), Failure> {
        let words = self.words(wrapping, subscription);
        match mobile::letter_for_endpoint(self.ledger, &subscription.row.endpoint, &words) {
            Ok(letter) => self.keep(&letter),
            Err(Failure::Refused(error)) => {
                let code = error.kind.code.to_owned();
                let kind = UndeliverableKind::Refused;
                self.give_up(wrapping, subscription, &Undeliverable { code, message: error.message, kind })
            }
            Err(failure) => Err(failure),
        }
    }

    fn words<'w>(&self, wrapping: &Wrapping<'a>, subscription: &'w Subscription) -> Words<'w>
    where
        'a: 'w,
    {
        let draft = &wrapping.message.draft;
        Words {
            by: Some((&self.topic.arn, &subscription.arn)),
            message_id: &draft.message_id,
            subject: draft.subject.as_deref(),
            texts: &draft.texts,
            attributes: &draft.attributes,
        }
    }

    fn write_to(
        &self,
        wrapping: &Wrapping<'a>,
        subscription: &Subscription,
        kind: LetterKind,
        message: String,
    ) -> Result<(), Failure> {
        let draft = &wrapping.message.draft;
        self.keep(&Letter {
            account: self.topic.row.key.account.clone(),
            region: self.topic.row.key.region.clone(),
            kind,
            to: subscription.row.endpoint.clone(),
            topic_arn: Some(self.topic.arn.clone()),
            subscription_arn: Some(subscription.arn.clone()),
            message_id: draft.message_id.clone(),
            subject: Some(draft.subject.clone().unwrap_or_else(|| SUBJECT.to_owned())),
            message,
            message_structure: draft.texts.is_structured().then(|| "json".to_owned()),
            attributes: draft.attributes.to_vec(),
        })
    }

    fn keep(&self, letter: &Letter) -> Result<(), Failure> {
        self.ledger.deliveries.letter(self.ledger.tx, letter)?;
        Ok(())
    }
}
