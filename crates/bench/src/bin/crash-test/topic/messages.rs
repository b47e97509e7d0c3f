//! What is published, and which subscriber should get it.
//!
//! A message is a JSON object, so that a filter policy can look into it, and names its number, so that every
//! delivery names its publish. Its kind stands in the object and in a message attribute.

use serde_json::{Value, json};

use super::ledger::Key;

/// A queue and how it is subscribed.
pub(super) struct Queue {
    pub(super) name: &'static str,
    pub(super) raw: bool,
    /// Filter policy and its scope.
    pub(super) filter: Option<(&'static str, &'static str)>,
    /// The only kind that the filter lets through.
    only: Option<&'static str>,
}

const fn all(name: &'static str, raw: bool) -> Queue {
    Queue { name, raw, filter: None, only: None }
}

pub(super) const QUEUES: [Queue; 5] = [
    all("all-raw", true),
    all("all-enveloped", false),
    all("all-too", true),
    Queue {
        filter: Some((r#"{"kind":["a"]}"#, "MessageAttributes")),
        only: Some("a"),
        ..all("only-a", true)
    },
    Queue { filter: Some((r#"{"kind":["b"]}"#, "MessageBody")), only: Some("b"), ..all("only-b", false) },
];

/// The endpoint's place behind the queues: it gets everything, in envelopes.
pub(super) const HOOK: usize = QUEUES.len();

/// Queues and endpoint.
pub(super) const TARGETS: usize = QUEUES.len() + 1;

pub(super) fn target_name(target: usize) -> &'static str {
    QUEUES.get(target).map_or("the HTTP endpoint", |queue| queue.name)
}

/// Whether a subscriber should get a message.
pub(super) fn wants(target: usize, key: Key) -> bool {
    let only = QUEUES.get(target).and_then(|queue| queue.only);
    only.is_none_or(|only| only == kind(key))
}

/// `c` is in neither of the filtered queues.
pub(super) fn kind(key: Key) -> &'static str {
    ["a", "b", "c"][key % 3]
}

/// The text of message `key`. Some are longer than a database page.
pub(super) fn text(key: Key) -> String {
    const LENGTHS: [usize; 7] = [10, 40, 700, 1_024, 5_000, 90, 300];
    let filling = bench::wire::text(LENGTHS[key % LENGTHS.len()] + key % 17);
    json!({ "number": key, "kind": kind(key), "text": filling }).to_string()
}

/// One delivery, out of its envelope.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Opened {
    pub(super) text: String,
    pub(super) kind: Option<String>,
    /// The publish's id, which only an envelope tells.
    pub(super) publish_id: Option<String>,
}

impl Opened {
    /// The number this delivery claims, if all of it fits that number.
    pub(super) fn key(&self) -> Option<Key> {
        let claimed: Value = serde_json::from_str(&self.text).ok()?;
        let key = usize::try_from(claimed["number"].as_u64()?).ok()?;
        (self.kind.as_deref() == Some(kind(key)) && self.text == text(key)).then_some(key)
    }
}

/// Opens a notification's JSON; what is none is taken as it is, and then fits no number.
pub(super) fn open_envelope(body: &str) -> Opened {
    let envelope: Value = serde_json::from_str(body).unwrap_or_default();
    let string = |value: &Value| value.as_str().map(str::to_owned);
    if envelope["Type"] != "Notification" {
        return Opened { text: format!("no notification: {body}"), kind: None, publish_id: None };
    }
    Opened {
        text: string(&envelope["Message"]).unwrap_or_default(),
        kind: string(&envelope["MessageAttributes"]["kind"]["Value"]),
        publish_id: string(&envelope["MessageId"]),
    }
}

/// Opens one message of a ReceiveMessage answer.
pub(super) fn open(queue: &Queue, message: &Value) -> Opened {
    let body = message["Body"].as_str().unwrap_or_default();
    if !queue.raw {
        return open_envelope(body);
    }
    let kind = message["MessageAttributes"]["kind"]["StringValue"].as_str().map(str::to_owned);
    Opened { text: body.to_owned(), kind, publish_id: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_and_enveloped_deliveries_are_the_same_message() {
        let raw = json!({ "Body": text(4), "MessageAttributes": { "kind": { "StringValue": "b" } } });
        assert_eq!(open(&QUEUES[0], &raw).key(), Some(4));
        let attributes = json!({ "kind": { "Type": "String", "Value": "b" } });
        let envelope = json!({
            "Type": "Notification", "MessageId": "id4", "Message": text(4), "MessageAttributes": attributes,
        });
        let opened = open(&QUEUES[1], &json!({ "Body": envelope.to_string() }));
        assert_eq!((opened.key(), opened.publish_id.as_deref()), (Some(4), Some("id4")));
        // Raw delivery where an envelope was asked for, and the other way round.
        assert_eq!(open(&QUEUES[1], &raw).key(), None);
        assert_eq!(open(&QUEUES[0], &json!({ "Body": envelope.to_string() })).key(), None);
    }

    #[test]
    fn a_delivery_that_lost_its_attribute_or_a_byte_is_not_recognised() {
        let opened = |text: &str, kind: Option<&str>| {
            Opened { text: text.to_owned(), kind: kind.map(str::to_owned), publish_id: None }.key()
        };
        assert_eq!(opened(&text(5), Some("c")), Some(5));
        assert_eq!(opened(&text(5), None), None);
        assert_eq!(opened(&text(5), Some("a")), None);
        assert_eq!(opened(&text(5)[1..], Some("c")), None);
    }

    #[test]
    fn a_kind_is_wanted_by_all_or_by_all_but_one() {
        let wanted = |key| (0..TARGETS).filter(|&target| wants(target, key)).count();
        assert_eq!([wanted(0), wanted(1), wanted(2)], [5, 5, 4]);
    }
}
