//! What one service hands to another, or to a dead-letter queue.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A message on its way from one resource to another. Cloning is cheap: a fan-out shares what its parcels share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    /// The ARN of the resource that sends: a topic, a rule, a bus.
    pub source: Arc<str>,
    /// The body, for a queue; the message, for a topic; the event's JSON, for a bus.
    pub body: Arc<str>,
    /// Message attributes, in the order of their names.
    pub attributes: Arc<[Attribute]>,
    /// The message group, for FIFO resources and fair queues.
    pub group_id: Option<Arc<str>>,
    /// The deduplication id, for FIFO resources.
    pub deduplication_id: Option<Arc<str>>,
    /// The `X-Amzn-Trace-Id` it travels under.
    pub trace_header: Option<Arc<str>>,
}

impl Parcel {
    /// A parcel with nothing but a body.
    pub fn new(source: impl Into<Arc<str>>, body: impl Into<Arc<str>>) -> Self {
        Self {
            source: source.into(),
            body: body.into(),
            attributes: Arc::default(),
            group_id: None,
            deduplication_id: None,
            trace_header: None,
        }
    }
}

/// A message attribute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// `String`, `Number`, `Binary` …
    pub data_type: String,
    /// Its value.
    pub value: AttributeValue,
}

impl Attribute {
    /// A `String` attribute.
    pub fn text(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), data_type: "String".to_owned(), value: AttributeValue::Text(value.into()) }
    }
}

/// The value of a message attribute; numbers and arrays travel as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AttributeValue {
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}
