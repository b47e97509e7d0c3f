//! Reads from an event what rules ask for.

use std::borrow::Cow;

use super::trie::{self, Trie};
use crate::event::flatten::Sink;
use crate::event::{Event, Occurrence, Place, Places, Value};

/// The values of an event whose fields are in the trie, sorted by their field.
pub(super) struct Collected<'e> {
    pub(super) values: Vec<Occurrence<'e>>,
    pub(super) places: Cow<'e, Places>,
}

impl<'e> Collected<'e> {
    /// The values of one field.
    pub(super) fn of(&self, field: u32) -> &[Occurrence<'e>] {
        let key = u64::from(field);
        let from = self.values.partition_point(|value| value.key < key);
        let count = self.values[from..].iter().take_while(|value| value.key == key).count();
        &self.values[from..from + count]
    }

    /// From an event that was read before.
    pub(super) fn from_event(trie: &Trie, event: &'e Event<'_>) -> Collected<'e> {
        let mut steps: Vec<Option<u32>> = Vec::with_capacity(event.nodes.len());
        for (at, node) in event.nodes.iter().enumerate() {
            let parent = if at == 0 { None } else { steps.get(node.parent as usize).copied().flatten() };
            steps.push(if at == 0 {
                Some(trie::ROOT)
            } else {
                parent.and_then(|parent| trie.follow(parent, node))
            });
        }
        let values = event.fields.iter().filter_map(|field| {
            let at = steps[field.node as usize].filter(|at| trie.reads_values(*at))?;
            let value = Value { kind: field.value.kind, text: Cow::Borrowed(&*field.value.text) };
            Some(Occurrence { key: u64::from(at), node: at, place: field.place, value })
        });
        let mut collected = Collected { values: values.collect(), places: Cow::Borrowed(&event.places) };
        collected.sort();
        collected
    }

    pub(super) fn sort(&mut self) {
        self.values.sort_by_key(|value| value.key);
    }
}

/// Collects while the text of an event is read.
pub(super) struct Collector<'t, 'a> {
    pub(super) trie: &'t Trie,
    pub(super) values: Vec<Occurrence<'a>>,
    pub(super) places: Places,
}

impl<'t, 'a> Collector<'t, 'a> {
    pub(super) fn new(trie: &'t Trie) -> Self {
        Collector { trie, values: Vec::with_capacity(8), places: Places::default() }
    }

    pub(super) fn finish(self) -> Collected<'a> {
        let mut collected = Collected { values: self.values, places: Cow::Owned(self.places) };
        collected.sort();
        collected
    }
}

impl<'a> Sink<'a> for Collector<'_, 'a> {
    type Node = u32;

    fn root(&self) -> u32 {
        trie::ROOT
    }

    fn child(&mut self, node: u32, key: Cow<'a, str>) -> Option<u32> {
        self.trie.child(node, &key)
    }

    fn wants_values(&self, node: u32) -> bool {
        self.trie.reads_values(node)
    }

    fn wants_fields(&self, node: u32) -> bool {
        self.trie.reads_fields(node)
    }

    fn places(&mut self) -> &mut Places {
        &mut self.places
    }

    fn value(&mut self, node: u32, place: Place, value: Value<'a>) {
        self.values.push(Occurrence { key: u64::from(node), node, place, value });
    }
}
