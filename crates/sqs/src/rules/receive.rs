//! Which attributes a receive answers. AWS: API_ReceiveMessage, MessageSystemAttributeNames and
//! MessageAttributeNames.

use service::Error;
use shape::Map;

use super::digest::{self, hex};
use super::fifo::sequence_number;
use super::message_attributes::{self, Attribute};
use crate::api::types::{Message, MessageAttributeValue};
use crate::errors::unknown_attribute;
use crate::messages::{Delivered, message_id_text};

/// The names there are. AWS: API_ReceiveMessage, MessageSystemAttributeNames.
const SYSTEM_ATTRIBUTES: &[&str] = &[
    "All",
    "SenderId",
    "SentTimestamp",
    "ApproximateReceiveCount",
    "ApproximateFirstReceiveTimestamp",
    "SequenceNumber",
    "MessageDeduplicationId",
    "MessageGroupId",
    "AWSTraceHeader",
    "DeadLetterQueueSourceArn",
];

/// The names a caller asks for.
pub(crate) struct Filter {
    system: Vec<String>,
    user: Vec<String>,
}

impl Filter {
    /// Refuses system attributes that do not exist.
    pub(crate) fn new(system: Vec<String>, user: Vec<String>) -> Result<Self, Error> {
        match system.iter().find(|name| !SYSTEM_ATTRIBUTES.contains(&name.as_str())) {
            Some(name) => Err(unknown_attribute(name)),
            None => Ok(Self { system, user }),
        }
    }

    /// Every attribute there is.
    pub(crate) fn everything() -> Self {
        Self { system: vec!["All".to_owned()], user: vec!["All".to_owned()] }
    }

    /// The message as a receive answers it.
    pub(crate) fn message(&self, delivered: Delivered, receipt_handle: String, fifo: bool) -> Message {
        let attributes = self.message_attributes(delivered.message.attributes.as_deref());
        let wire: Map<MessageAttributeValue> =
            attributes.iter().map(|attribute| (attribute.name.clone(), attribute.to_wire())).collect();
        Message {
            message_id: Some(message_id_text(delivered.message.message_id)),
            receipt_handle: Some(receipt_handle),
            md5_of_body: Some(hex(&delivered.message.body_md5)),
            attributes: self.system_attributes(&delivered, fifo).non_empty(),
            md5_of_message_attributes: (!attributes.is_empty())
                .then(|| hex(&digest::of_attributes(&attributes))),
            message_attributes: wire.non_empty(),
            body: Some(delivered.message.body.into_owned()),
        }
    }

    /// The message attributes among the stored ones.
    fn message_attributes(&self, stored: Option<&[u8]>) -> Vec<Attribute> {
        if self.user.is_empty() || stored.is_none() {
            return Vec::new();
        }
        let attributes = message_attributes::from_bytes(stored).into_iter();
        attributes.filter(|attribute| message_attributes::is_wanted(&attribute.name, &self.user)).collect()
    }

    /// The system attributes; what this queue or message does not have is skipped.
    fn system_attributes(&self, delivered: &Delivered, fifo: bool) -> Map<String> {
        let mut attributes = Map::new();
        if self.system.is_empty() {
            return attributes;
        }
        let Delivered { seq, sent_at_ms, message, claimed } = delivered;
        let all = self.system.iter().any(|name| name == "All");
        let mut add = |name: &str, value: Option<String>| {
            if let Some(value) = value
                && (all || self.system.iter().any(|wanted| wanted == name))
            {
                attributes.insert(name, value);
            }
        };
        add("SenderId", Some(message.sender_id.to_string()));
        add("SentTimestamp", Some(sent_at_ms.to_string()));
        add("ApproximateReceiveCount", Some(claimed.received.to_string()));
        add("ApproximateFirstReceiveTimestamp", Some(claimed.first_received_at_ms.to_string()));
        add("SequenceNumber", fifo.then(|| sequence_number(*seq)));
        add("MessageDeduplicationId", message.deduplication_id.clone());
        add("MessageGroupId", claimed.group_id.clone());
        add("AWSTraceHeader", message.trace_header.clone());
        add("DeadLetterQueueSourceArn", message.dead_letter_source.clone());
        attributes
    }
}
