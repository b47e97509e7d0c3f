//! An event, flattened to its fields: path, value, and where in which arrays.

mod attributes;
pub(crate) mod flatten;
mod places;
pub(crate) mod scan;
mod skip;

use std::borrow::Cow;
use std::fmt;

pub use attributes::AttributeValue;
pub(crate) use places::{Place, Places};

use crate::path;
use flatten::Sink;

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ValueKind {
    Text,
    Number,
    /// `true`, `false` or `null`.
    Word,
}

/// A value of an event: the text of a string, or the literal of anything else.
#[derive(Clone, Debug)]
pub(crate) struct Value<'a> {
    pub(crate) kind: ValueKind,
    pub(crate) text: Cow<'a, str>,
}

/// One value of one field.
#[derive(Clone, Debug)]
pub(crate) struct Occurrence<'a> {
    /// What occurrences are sorted by: the hash of the path, or its number in a rule set.
    pub(crate) key: u64,
    pub(crate) node: u32,
    pub(crate) place: Place,
    pub(crate) value: Value<'a>,
}

/// A segment of a path of an event.
#[derive(Clone, Debug)]
pub(crate) struct Node<'a> {
    pub(crate) parent: u32,
    pub(crate) segment: Cow<'a, str>,
    pub(crate) hash: u64,
}

/// An event, parsed once and used against many patterns.
#[derive(Clone, Debug)]
pub struct Event<'a> {
    pub(crate) nodes: Vec<Node<'a>>,
    /// Sorted by the hash of their path.
    pub(crate) fields: Vec<Occurrence<'a>>,
    pub(crate) places: Places,
}

/// The text is not a JSON object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnObject;

impl fmt::Display for NotAnObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the text is not a JSON object")
    }
}

impl std::error::Error for NotAnObject {}

impl<'a> Event<'a> {
    /// Reads an event from the text of a JSON object. The whole text is checked.
    pub fn parse(json: &'a str) -> Result<Event<'a>, NotAnObject> {
        let mut event = Event::empty();
        flatten::object(json, &mut event)?;
        event.sort();
        Ok(event)
    }

    fn empty() -> Event<'a> {
        let root = Node { parent: 0, segment: Cow::Borrowed(""), hash: path::ROOT };
        let mut nodes = Vec::with_capacity(24);
        nodes.push(root);
        Event { nodes, fields: Vec::with_capacity(24), places: Places::default() }
    }

    fn sort(&mut self) {
        self.fields.sort_by_key(|field| field.key);
    }

    /// The occurrences of a field, and a copy of them if another path has the same hash.
    pub(crate) fn find(&self, path: &str, hash: u64) -> Cow<'_, [Occurrence<'a>]> {
        let from = self.fields.partition_point(|field| field.key < hash);
        let count = self.fields[from..].iter().take_while(|field| field.key == hash).count();
        let found = &self.fields[from..from + count];
        if found.iter().all(|field| self.has_path(field.node, path)) {
            return Cow::Borrowed(found);
        }
        Cow::Owned(found.iter().filter(|field| self.has_path(field.node, path)).cloned().collect())
    }

    fn has_path(&self, node: u32, path: &str) -> bool {
        let mut node = node as usize;
        let mut rest = Some(path);
        while node != 0 {
            let Some(path) = rest else { return false };
            let Node { parent, segment, .. } = &self.nodes[node];
            match path.rsplit_once('.') {
                Some((before, last)) if last == segment => rest = Some(before),
                None if path == segment => rest = None,
                _ => return false,
            }
            node = *parent as usize;
        }
        rest.is_none()
    }

    fn add_node(&mut self, parent: u32, segment: Cow<'a, str>, hash: u64) -> u32 {
        self.nodes.push(Node { parent, segment, hash: path::join(self.nodes[parent as usize].hash, hash) });
        (self.nodes.len() - 1) as u32
    }
}

impl<'a> Sink<'a> for Event<'a> {
    type Node = u32;

    fn root(&self) -> u32 {
        0
    }

    fn child(&mut self, node: u32, key: Cow<'a, str>) -> Option<u32> {
        let parent = node;
        let (hash, dotted) = path::hash(key.as_bytes());
        if !dotted {
            return Some(self.add_node(parent, key, hash));
        }
        Some(match key {
            Cow::Borrowed(key) => key.split('.').fold(parent, |parent, segment| {
                self.add_node(parent, Cow::Borrowed(segment), path::hash(segment.as_bytes()).0)
            }),
            Cow::Owned(key) => key.split('.').fold(parent, |parent, segment| {
                self.add_node(parent, Cow::Owned(segment.to_owned()), path::hash(segment.as_bytes()).0)
            }),
        })
    }

    fn wants_values(&self, _: u32) -> bool {
        true
    }

    fn wants_fields(&self, _: u32) -> bool {
        true
    }

    fn places(&mut self) -> &mut Places {
        &mut self.places
    }

    fn value(&mut self, node: u32, place: Place, value: Value<'a>) {
        let key = self.nodes[node as usize].hash;
        self.fields.push(Occurrence { key, node, place, value });
    }
}
