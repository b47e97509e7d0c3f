//! Message attributes as an event: SNS filters them when the policy's scope is `MessageAttributes`.

use std::borrow::Cow;

use super::flatten::{self, Sink};
use super::places::OUTSIDE;
use super::{Event, Value, ValueKind};

/// The value of a message attribute. Binary attributes are not looked at by filter policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttributeValue<'a> {
    /// Data type `String`.
    Text(&'a str),
    /// Data type `Number`.
    Number(&'a str),
    /// Data type `String.Array`: the text of a JSON array, each element of which is a value.
    Array(&'a str),
}

impl<'a> Event<'a> {
    /// Makes an event of message attributes. An array that is not valid JSON has no values.
    pub fn from_attributes(attributes: impl IntoIterator<Item = (&'a str, AttributeValue<'a>)>) -> Event<'a> {
        let mut event = Event::empty();
        for (name, value) in attributes {
            let Some(node) = event.child(0, Cow::Borrowed(name)) else { continue };
            let (kind, text) = match value {
                AttributeValue::Text(text) => (ValueKind::Text, text),
                AttributeValue::Number(text) => (ValueKind::Number, text.trim()),
                AttributeValue::Array(json) => {
                    let fields = event.fields.len();
                    if flatten::array(json, node, &mut event).is_err() {
                        event.fields.truncate(fields);
                    }
                    continue;
                }
            };
            event.value(node, OUTSIDE, Value { kind, text: Cow::Borrowed(text) });
        }
        event.sort();
        event
    }
}
