//! A message as a sender hands it in: checked by itself first, then against its queue.
//!
//! The first half runs before the writer is asked for (digests cost microseconds), the second in the transaction.

use std::borrow::Cow;

use aws::Call;
use service::Error;
use shape::Map;

use super::digest::{self, Body, Md5Digest};
use super::fifo;
use super::message_attributes::{self, Attribute, Value};
use super::queue_attributes::Settings;
use crate::api::types::{MessageAttributeValue, MessageSystemAttributeValue};
use crate::errors::{invalid_value, message_too_long, missing_parameter, not_valid_for_queue_type};
use crate::rules::message_body;

/// What SendMessage and an entry of SendMessageBatch have in common.
pub(crate) struct Sending {
    /// The operation's name, which one refusal quotes.
    pub(crate) operation: &'static str,
    pub(crate) body: Body<'static>,
    pub(crate) delay_secs: Option<i32>,
    pub(crate) attributes: Option<Map<MessageAttributeValue>>,
    pub(crate) system_attributes: Option<Map<MessageSystemAttributeValue>>,
    pub(crate) group_id: Option<String>,
    pub(crate) deduplication_id: Option<String>,
}

/// A message that passed the checks that need no queue.
#[derive(Clone, Debug)]
pub(crate) struct Draft<'a> {
    pub(crate) body: Body<'a>,
    /// In the form of `message_attributes::to_bytes`.
    pub(crate) attributes: Option<Cow<'a, [u8]>>,
    pub(crate) attributes_md5: Option<Md5Digest>,
    pub(crate) system_attributes_md5: Option<Md5Digest>,
    pub(crate) trace_header: Option<String>,
    pub(crate) sender_id: Cow<'a, str>,
    pub(crate) delay_secs: Option<i64>,
    pub(crate) group_id: Option<String>,
    pub(crate) deduplication_id: Option<String>,
    /// Body and attributes; system attributes do not count.
    pub(crate) bytes: usize,
}

const DELAY_SECS_MAX: i64 = 900;

impl Draft<'_> {
    /// Checks what needs no queue.
    pub(crate) fn check(call: &Call, sending: Sending) -> Result<Self, Error> {
        message_body::check(sending.body.text())?;
        let delay_secs = sending.delay_secs.map(i64::from);
        if let Some(delay) = delay_secs.filter(|delay| !(0..=DELAY_SECS_MAX).contains(delay)) {
            return Err(invalid_value(delay, "DelaySeconds", "DelaySeconds must be >= 0 and <= 900."));
        }
        if let Some(id) = &sending.group_id {
            fifo::check_id("MessageGroupId", id)?;
        }
        if let Some(id) = &sending.deduplication_id {
            fifo::check_id("MessageDeduplicationId", id)?;
        }
        let attributes = message_attributes::check(sending.operation, sending.attributes)?;
        let system = message_attributes::check_system(sending.operation, sending.system_attributes)?;
        let digest_of =
            |attributes: &[Attribute]| (!attributes.is_empty()).then(|| digest::of_attributes(attributes));
        let system_attributes_md5 = digest_of(&system);
        let trace_header = system.into_iter().next().and_then(|attribute| match attribute.value {
            Value::Text(text) => Some(text),
            Value::Bytes(_) => None,
        });
        Ok(Self {
            attributes_md5: digest_of(&attributes),
            system_attributes_md5,
            trace_header: trace_header.or_else(|| call.trace_header.clone()),
            sender_id: Cow::Owned(call.account.to_string()),
            delay_secs,
            group_id: sending.group_id,
            deduplication_id: sending.deduplication_id,
            bytes: sending.body.text().len() + attributes.iter().map(Attribute::size).sum::<usize>(),
            body: sending.body,
            attributes: message_attributes::to_bytes(&attributes).map(Cow::Owned),
        })
    }

    /// Checks what depends on the queue; a FIFO queue's deduplication id is filled in.
    pub(crate) fn check_for(&mut self, queue: &Settings) -> Result<(), Error> {
        if self.bytes > queue.message_bytes_max {
            return Err(message_too_long(queue.message_bytes_max));
        }
        if !queue.fifo {
            return match &self.deduplication_id {
                Some(id) => Err(not_valid_for_queue_type(id, "MessageDeduplicationId")),
                None => Ok(()),
            };
        }
        if self.group_id.is_none() {
            return Err(missing_parameter("MessageGroupId"));
        }
        // A delay of its own is not for FIFO queues; 0 says nothing the queue does not say.
        if let Some(delay) = self.delay_secs.filter(|delay| *delay > 0) {
            return Err(not_valid_for_queue_type(delay, "DelaySeconds"));
        }
        if self.deduplication_id.is_none() && queue.content_deduplication {
            self.deduplication_id = Some(fifo::content_deduplication_id(self.body.text()));
        }
        if self.deduplication_id.is_none() { Err(fifo::no_deduplication_id()) } else { Ok(()) }
    }

    /// How long the message is hidden at first.
    pub(crate) fn delay_ms(&self, queue: &Settings) -> i64 {
        let own = self.delay_secs.filter(|_| !queue.fifo);
        own.unwrap_or(queue.delay_secs) * 1000
    }
}
