//! The paths that rules ask for. What is not in here is passed over when an event is read.

use super::field::Field;
use super::list::ByHash;
use crate::event::Node;
use crate::path;

pub(super) const ROOT: u32 = 0;

#[derive(Clone, Debug)]
struct Step {
    parent: u32,
    segment: Box<str>,
    hash: u64,
    /// Conditions whose path goes through here, or ends here.
    users: u32,
    /// Conditions whose path ends here.
    readers: u32,
    children: u32,
    /// How the field's values find rules.
    field: Option<Box<Field>>,
}

/// A tree of path segments.
#[derive(Clone, Debug)]
pub(super) struct Trie {
    steps: Vec<Step>,
    free: Vec<u32>,
    by_hash: ByHash<u32>,
}

impl Trie {
    pub(super) fn new() -> Trie {
        let root = Step {
            parent: 0,
            segment: "".into(),
            hash: path::ROOT,
            users: 1,
            readers: 0,
            children: 0,
            field: None,
        };
        Trie { steps: vec![root], free: Vec::new(), by_hash: ByHash::default() }
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.by_hash.is_empty() && self.steps.iter().all(|step| step.field.is_none())
    }

    /// A place for a path, with one more condition that reads it.
    pub(super) fn add(&mut self, path: &str) -> u32 {
        let mut at = ROOT;
        for segment in path.split('.') {
            let hash = path::join(self.steps[at as usize].hash, path::hash(segment.as_bytes()).0);
            at = match self.find(at, segment, hash) {
                Some(next) => next,
                None => self.grow(at, segment, hash),
            };
            self.steps[at as usize].users += 1;
        }
        self.steps[at as usize].readers += 1;
        at
    }

    /// One condition less reads a path.
    pub(super) fn remove(&mut self, at: u32) {
        self.steps[at as usize].readers -= 1;
        let mut at = at;
        while at != ROOT {
            let step = &mut self.steps[at as usize];
            step.users -= 1;
            let (parent, unused, hash) = (step.parent, step.users == 0, step.hash);
            if unused {
                step.field = None;
                self.by_hash.remove(&hash);
                self.steps[parent as usize].children -= 1;
                self.free.push(at);
            }
            at = parent;
        }
    }

    /// The step for a key below a path, if rules ask for it or for something below it.
    pub(super) fn child(&self, at: u32, key: &str) -> Option<u32> {
        let (hash, dotted) = path::hash(key.as_bytes());
        if !dotted {
            return self.find(at, key, path::join(self.steps[at as usize].hash, hash));
        }
        key.split('.').try_fold(at, |at, segment| {
            let hash = path::join(self.steps[at as usize].hash, path::hash(segment.as_bytes()).0);
            self.find(at, segment, hash)
        })
    }

    /// The same for a segment of an event whose parent stands here at `at`.
    pub(super) fn follow(&self, at: u32, node: &Node<'_>) -> Option<u32> {
        self.find(at, &node.segment, node.hash)
    }

    pub(super) fn reads_values(&self, at: u32) -> bool {
        self.steps[at as usize].readers > 0
    }

    pub(super) fn reads_fields(&self, at: u32) -> bool {
        self.steps[at as usize].children > 0
    }

    pub(super) fn field(&self, at: u32) -> Option<&Field> {
        self.steps[at as usize].field.as_deref()
    }

    pub(super) fn field_mut(&mut self, at: u32) -> &mut Field {
        self.steps[at as usize].field.get_or_insert_default()
    }

    fn find(&self, parent: u32, segment: &str, hash: u64) -> Option<u32> {
        let at = *self.by_hash.get(&hash)?;
        let step = &self.steps[at as usize];
        (step.parent == parent && *step.segment == *segment).then_some(at)
    }

    fn grow(&mut self, parent: u32, segment: &str, hash: u64) -> u32 {
        let step =
            Step { parent, segment: segment.into(), hash, users: 0, readers: 0, children: 0, field: None };
        let at = match self.free.pop() {
            Some(at) => {
                self.steps[at as usize] = step;
                at
            }
            None => {
                self.steps.push(step);
                (self.steps.len() - 1) as u32
            }
        };
        self.by_hash.insert(hash, at);
        self.steps[parent as usize].children += 1;
        at
    }
}
