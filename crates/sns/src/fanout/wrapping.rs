//! Envelopes and signatures of one message, each made once.

use std::sync::Arc;

use failure::Failure;
use storage::Tx;

use super::{Accepted, Publisher};
use crate::envelope::{Envelope, Notification, unsubscribe_url};
use crate::registry::Topic;
use crate::rules::draft::Draft;
use crate::signing::{Place, Signature};

/// One message and what was wrapped around it. Subscribers of another protocol may be told another text.
pub(super) struct Wrapping<'a> {
    pub(super) message: &'a Accepted,
    topic: &'a Topic,
    made: Vec<Wrapped>,
}

/// A text, wrapped.
struct Wrapped {
    text: Arc<str>,
    signature: Option<Signature>,
    envelope: Envelope,
}

/// A message with the text that one protocol gets.
pub(crate) fn notification<'a>(
    topic_arn: &'a str,
    draft: &'a Draft,
    text: &'a str,
    sequence_number: Option<&'a str>,
    replayed: bool,
) -> Notification<'a> {
    Notification {
        message_id: &draft.message_id,
        topic_arn,
        subject: draft.subject.as_deref(),
        message: text,
        timestamp_ms: draft.published_at_ms,
        attributes: &draft.attributes,
        sequence_number,
        replayed,
    }
}

impl<'a> Wrapping<'a> {
    pub(super) fn of(topic: &'a Topic, message: &'a Accepted) -> Self {
        Self { message, topic, made: Vec::new() }
    }

    /// The message with this text.
    pub(super) fn notification(&self, text: &'a str) -> Notification<'a> {
        let Accepted { draft, sequence_number, replayed, .. } = self.message;
        notification(&self.topic.arn, draft, text, sequence_number.as_deref(), *replayed)
    }

    /// The envelope a subscriber gets.
    pub(super) fn envelope(
        &mut self,
        tx: &Tx<'_>,
        publisher: &Publisher,
        text: &'a Arc<str>,
        subscription_arn: &str,
    ) -> Result<Arc<str>, Failure> {
        let wrapped = self.wrapped(tx, publisher, text)?;
        Ok(wrapped.envelope.body(&unsubscribe_url(&publisher.base_url, subscription_arn)).into())
    }

    /// The signature of a text; messages of FIFO topics have none.
    pub(super) fn signature(
        &mut self,
        tx: &Tx<'_>,
        publisher: &Publisher,
        text: &'a Arc<str>,
    ) -> Result<Option<Signature>, Failure> {
        Ok(self.wrapped(tx, publisher, text)?.signature.clone())
    }

    fn wrapped(
        &mut self,
        tx: &Tx<'_>,
        publisher: &Publisher,
        text: &'a Arc<str>,
    ) -> Result<&Wrapped, Failure> {
        let known = self.made.iter().position(|wrapped| Arc::ptr_eq(&wrapped.text, text));
        let place = match known {
            Some(place) => place,
            None => {
                let signature = self.sign(tx, publisher, text)?;
                let envelope = self.notification(text).envelope(signature.as_ref());
                self.made.push(Wrapped { text: Arc::clone(text), signature, envelope });
                self.made.len() - 1
            }
        };
        Ok(&self.made[place])
    }

    fn sign(
        &self,
        tx: &Tx<'_>,
        publisher: &Publisher,
        text: &'a Arc<str>,
    ) -> Result<Option<Signature>, Failure> {
        if self.topic.settings.fifo {
            return Ok(None);
        }
        let beforehand = self.message.signatures.iter().find(|(known, _)| Arc::ptr_eq(known, text));
        if let Some((_, signature)) = beforehand {
            return Ok(Some(signature.clone()));
        }
        // Somebody subscribed since the publisher looked, or the publisher is a neighbour in its own transaction.
        let place = Place { region: &self.topic.row.key.region, base_url: &publisher.base_url };
        let canonical = self.notification(text).canonical();
        let version = self.topic.settings.signature_version;
        publisher.signer.sign_within(tx, &canonical, version, place).map(Some)
    }
}
