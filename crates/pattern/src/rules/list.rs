//! Short lists of branches, and the table that finds them.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::path;

/// A branch that may match: its number, and whether that still has to be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry(u32);

impl Entry {
    pub(super) fn new(branch: u32, check: bool) -> Entry {
        Entry(branch << 1 | u32::from(check))
    }

    pub(super) fn branch(self) -> u32 {
        self.0 >> 1
    }

    pub(super) fn wants_check(self) -> bool {
        self.0 & 1 == 1
    }
}

/// Branches filed under one thing. Nearly always it is one.
#[derive(Clone, Debug)]
enum List {
    One(Entry),
    #[expect(clippy::box_collection, reason = "keeps the table's rows at 24 bytes")]
    Many(Box<Vec<Entry>>),
}

/// Takes the hash as it is: keys are hashes.
#[derive(Clone, Copy, Default)]
pub(super) struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| hash.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// Mixes the numbers of a key.
#[derive(Clone, Copy, Default)]
pub(super) struct Mixing(u64);

impl Hasher for Mixing {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = path::join(self.0, number);
    }

    fn write_u128(&mut self, number: u128) {
        self.write_u64((number >> 64) as u64);
        self.write_u64(number as u64);
    }
}

pub(super) type ByHash<V> = HashMap<u64, V, BuildHasherDefault<AsItIs>>;

/// Where the branches are filed that something exact tells: the hash of a path, an operator and an operand. Two that
/// share a hash share a list; the check of a candidate tells them apart.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    lists: ByHash<List>,
}

impl Table {
    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.lists.is_empty()
    }

    pub(super) fn get(&self, key: u64) -> &[Entry] {
        match self.lists.get(&key) {
            None => &[],
            Some(List::One(entry)) => std::slice::from_ref(entry),
            Some(List::Many(entries)) => entries,
        }
    }

    pub(super) fn add(&mut self, key: u64, entry: Entry) {
        match self.lists.get_mut(&key) {
            None => {
                self.lists.insert(key, List::One(entry));
            }
            Some(List::Many(entries)) => entries.push(entry),
            Some(list) => {
                if let List::One(first) = *list {
                    *list = List::Many(Box::new(vec![first, entry]));
                }
            }
        }
    }

    pub(super) fn remove(&mut self, key: u64, entry: Entry) {
        match self.lists.get_mut(&key) {
            Some(List::Many(entries)) if entries.len() > 1 => forget(entries, entry),
            Some(_) => {
                self.lists.remove(&key);
            }
            None => {}
        }
    }
}

/// Takes an entry out of a list whose order does not matter.
pub(super) fn forget(entries: &mut Vec<Entry>, entry: Entry) {
    if let Some(at) = entries.iter().position(|other| *other == entry) {
        entries.swap_remove(at);
    }
}
