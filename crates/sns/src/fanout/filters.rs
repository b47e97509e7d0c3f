//! Whether a subscription's filter policy lets a message through.

use std::sync::Arc;

use delivery::AttributeValue;
use pattern::Event;
use pattern::filter_policy::Scope;

use crate::registry::Subscription;
use crate::rules::draft::Draft;

/// A message as filter policies see it, read once for all of them.
pub(super) struct Filters<'a> {
    draft: &'a Draft,
    attributes: Option<Event<'a>>,
    /// By its text: nothing when it is no JSON object, which matches no policy.
    bodies: Vec<(&'a Arc<str>, Option<Event<'a>>)>,
}

impl<'a> Filters<'a> {
    pub(super) fn of(draft: &'a Draft) -> Self {
        Self { draft, attributes: None, bodies: Vec::new() }
    }

    pub(super) fn let_through(&mut self, subscription: &Subscription) -> bool {
        let Some(filter) = &subscription.settings.filter else { return true };
        match filter.scope {
            Scope::MessageAttributes => filter.pattern.matches(self.attributes()),
            Scope::MessageBody => {
                self.body(&subscription.row.protocol).is_some_and(|body| filter.pattern.matches(body))
            }
        }
    }

    fn attributes(&mut self) -> &Event<'a> {
        let draft = self.draft;
        self.attributes.get_or_insert_with(|| {
            let values = draft.attributes.iter().filter_map(|attribute| match &attribute.value {
                AttributeValue::Text(text) => {
                    Some((attribute.name.as_str(), read(&attribute.data_type, text)))
                }
                AttributeValue::Bytes(_) => None,
            });
            Event::from_attributes(values)
        })
    }

    /// The words for one protocol, as an event.
    fn body(&mut self, protocol: &str) -> Option<&Event<'a>> {
        let text = self.draft.texts.to(protocol);
        let known = self.bodies.iter().position(|(known, _)| Arc::ptr_eq(known, text));
        let place = known.unwrap_or_else(|| {
            self.bodies.push((text, Event::parse(text).ok()));
            self.bodies.len() - 1
        });
        self.bodies.get(place)?.1.as_ref()
    }
}

/// A label behind the type does not matter, but `String.Array` is a type.
fn read<'a>(data_type: &str, text: &'a str) -> pattern::AttributeValue<'a> {
    if data_type == "String.Array" {
        pattern::AttributeValue::Array(text)
    } else if data_type.starts_with("Number") {
        pattern::AttributeValue::Number(text)
    } else {
        pattern::AttributeValue::Text(text)
    }
}
