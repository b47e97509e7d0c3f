//! What is published, and which target should get it.
//!
//! A message is a JSON object, so that a filter can look into it, and names its number, so that every delivery
//! names its publish. Its kind stands in the object and beside it.

use serde_json::{Value, json};

use super::ledger::Key;

/// A queue and the kinds of messages it gets.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Queue {
    pub(crate) name: &'static str,
    kinds: &'static str,
}

impl Queue {
    pub(crate) const fn new(name: &'static str, kinds: &'static str) -> Self {
        Self { name, kinds }
    }
}

/// Who gets what. The endpoint's place is behind the queues; it gets everything.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) queues: &'static [Queue],
}

impl Plan {
    pub(crate) const fn hook(self) -> usize {
        self.queues.len()
    }

    /// Queues and endpoint.
    pub(crate) const fn targets(self) -> usize {
        self.queues.len() + 1
    }

    pub(crate) fn target_name(self, target: usize) -> &'static str {
        self.queues.get(target).map_or("the HTTP endpoint", |queue| queue.name)
    }

    /// Whether a target should get a message.
    pub(crate) fn wants(self, target: usize, key: Key) -> bool {
        self.queues.get(target).is_none_or(|queue| queue.kinds.contains(kind(key)))
    }
}

pub(crate) fn kind(key: Key) -> &'static str {
    ["a", "b", "c"][key % 3]
}

/// The text of message `key`. Some are longer than a database page.
pub(crate) fn text(key: Key) -> String {
    const LENGTHS: [usize; 7] = [10, 40, 700, 1_024, 5_000, 90, 300];
    let filling = bench::wire::text(LENGTHS[key % LENGTHS.len()] + key % 17);
    json!({ "number": key, "kind": kind(key), "text": filling }).to_string()
}

/// One delivery, out of its envelope.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Opened {
    pub(crate) text: String,
    pub(crate) kind: Option<String>,
    /// The publish's id, which only an envelope tells.
    pub(crate) publish_id: Option<String>,
}

impl Opened {
    /// Something that nobody published.
    pub(crate) fn foreign(why: &str, text: &str) -> Self {
        Self { text: format!("{why}: {text}"), kind: None, publish_id: None }
    }

    /// The number this delivery claims, if all of it fits that number.
    pub(crate) fn key(&self) -> Option<Key> {
        let claimed: Value = serde_json::from_str(&self.text).ok()?;
        let key = usize::try_from(claimed["number"].as_u64()?).ok()?;
        (self.kind.as_deref() == Some(kind(key)) && self.text == text(key)).then_some(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_that_lost_its_kind_or_a_byte_is_not_recognised() {
        let opened = |text: &str, kind: Option<&str>| {
            Opened { text: text.to_owned(), kind: kind.map(str::to_owned), publish_id: None }.key()
        };
        assert_eq!(opened(&text(5), Some("c")), Some(5));
        assert_eq!(opened(&text(5), None), None);
        assert_eq!(opened(&text(5), Some("a")), None);
        assert_eq!(opened(&text(5)[1..], Some("c")), None);
    }

    #[test]
    fn the_endpoint_wants_every_kind_and_a_queue_its_own() {
        const PLAN: Plan = Plan { queues: &[Queue::new("all", "abc"), Queue::new("some", "ac")] };
        let wanted = |key| (0..PLAN.targets()).filter(|&target| PLAN.wants(target, key)).count();
        assert_eq!([wanted(0), wanted(1), wanted(2)], [3, 2, 3]);
    }
}
