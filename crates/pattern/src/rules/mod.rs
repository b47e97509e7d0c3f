//! Many patterns, asked at once: the cost follows what matches, not how many rules there are.
//!
//! # Design
//!
//! 1. **Read only what rules ask for.** A [`trie`] holds the paths of all conditions. The text of an event is scanned
//!    once; keys that are not in the trie are passed over with their values, unread.
//! 2. **File each branch once.** A rule matches if one of its branches does (there are several only with `$or`), and a
//!    branch only if all its conditions do. So it is enough to find it through one of them: the one that finds the fewest
//!    others with it, which is seen from how full the places are ([`filing`]). Of a thousand rules for one source with an
//!    id each, the first is filed under the source and the others under their ids.
//! 3. **Look up values** ([`lookup`]). Most operators become a hash: whole texts, numbers, addresses; beginnings and ends
//!    of texts, for each length in use; of a wildcard its beginning, its end, or up to eight bytes between two stars.
//!    All these stand in one table for all fields. Numeric ranges and CIDR blocks stand in [`intervals`].
//!    `anything-but` is the other way round: every value finds all of it, but for what the excluded value's hash names.
//!    What no index serves (`exists`, affixes under `anything-but`) is found by every value of its field.
//! 4. **Check what was found** with the matcher of one pattern (`branch.rs`), which alone knows array consistency,
//!    `exists: false` and everything that a hash does not say. Only a branch of one condition, found exactly, needs no
//!    check. So a mistake in an index can lose a match but never invent one; the tests hold the set against the
//!    single patterns and both against `naive.rs`.
//!
//! A branch that may match without any value, because all its conditions take `exists: false`, is checked always.

mod collect;
mod field;
mod filing;
mod intervals;
mod keys;
mod list;
mod lookup;
mod trie;

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

use crate::branch::{self, Found};
use crate::event::flatten;
use crate::event::{Event, NotAnObject};
use crate::pattern::{Parts, Pattern};
use collect::{Collected, Collector};
use filing::Filing;
use list::{Entry, Table, forget};
use trie::Trie;

/// Patterns under keys. Asking all of them costs about as much as asking those that match.
#[derive(Clone)]
pub struct RuleSet<K> {
    by_key: HashMap<K, u32>,
    rules: Vec<Option<Rule<K>>>,
    free_rules: Vec<u32>,
    branches: Vec<Branch>,
    free_branches: Vec<u32>,
    trie: Trie,
    table: Table,
    /// Branches that no value may be needed for.
    unfiled: Vec<Entry>,
}

#[derive(Clone)]
struct Rule<K> {
    key: K,
    parts: Arc<Parts>,
    /// Where in the trie the path of each condition is.
    fields: Box<[u32]>,
    branches: Box<[u32]>,
}

#[derive(Clone)]
struct Branch {
    rule: u32,
    /// Which of the rule's branches it is.
    number: u32,
    /// The field it is filed under.
    field: u32,
    filings: Box<[Filing]>,
}

impl<K: Clone + Eq + Hash + Ord> RuleSet<K> {
    /// A set without rules.
    pub fn new() -> Self {
        RuleSet {
            by_key: HashMap::new(),
            rules: Vec::new(),
            free_rules: Vec::new(),
            branches: Vec::new(),
            free_branches: Vec::new(),
            trie: Trie::new(),
            table: Table::default(),
            unfiled: Vec::new(),
        }
    }

    /// Adds a rule, or replaces the one with this key.
    pub fn insert(&mut self, key: K, pattern: &Pattern) {
        self.remove(&key);
        let parts = Arc::clone(&pattern.parts);
        let fields: Box<[u32]> =
            parts.conditions.iter().map(|condition| self.trie.add(&condition.path)).collect();
        let rule = take_slot(&mut self.rules, &mut self.free_rules, None);
        let branches =
            (0..parts.branches.len() as u32).map(|number| self.file(rule, number, &parts, &fields));
        let branches = branches.collect();
        self.by_key.insert(key.clone(), rule);
        self.rules[rule as usize] = Some(Rule { key, parts, fields, branches });
    }

    /// Removes a rule; tells whether there was one.
    pub fn remove(&mut self, key: &K) -> bool {
        let Some(at) = self.by_key.remove(key) else { return false };
        let Some(rule) = self.rules[at as usize].take() else { return false };
        self.free_rules.push(at);
        for number in &rule.branches {
            self.unfile(*number, &rule.parts);
        }
        for field in &rule.fields {
            self.trie.remove(*field);
        }
        true
    }

    /// The keys of the rules that an event matches, in their order.
    pub fn matches(&self, event: &Event<'_>) -> Vec<K> {
        self.ask(&Collected::from_event(&self.trie, event))
    }

    /// The same for the text of an event. Only what some rule asks for is read and checked: this is for texts that are
    /// known to be JSON, because they were parsed before or written here.
    pub fn matches_json(&self, json: &str) -> Result<Vec<K>, NotAnObject> {
        let mut collector = Collector::new(&self.trie);
        flatten::object(json, &mut collector)?;
        Ok(self.ask(&collector.finish()))
    }

    /// How many rules there are.
    pub fn len(&self) -> usize {
        self.by_key.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }

    /// Files a branch under the condition that finds it with the fewest others.
    fn file(&mut self, rule: u32, number: u32, parts: &Parts, fields: &[u32]) -> u32 {
        let conditions = &parts.branches[number as usize];
        let plans = conditions.iter().filter_map(|condition| {
            let field = fields[*condition as usize];
            let matchers = &parts.conditions[*condition as usize].matchers;
            Some((field, filing::plan(&self.table, field, self.trie.field(field), matchers)?))
        });
        let best = plans.min_by_key(|(_, plan)| plan.cost);
        let (field, filings) = best.map_or((trie::ROOT, Vec::new()), |(field, plan)| (field, plan.filings));
        let branch = Branch { rule, number, field, filings: filings.into() };
        let at = take_slot(&mut self.branches, &mut self.free_branches, branch);
        let Branch { filings, .. } = &self.branches[at as usize];
        if filings.is_empty() {
            self.unfiled.push(Entry::new(at, true));
        }
        for filing in filings {
            let entry = filing.entry(at, conditions.len() == 1);
            filing.add(&mut self.table, field, self.trie.field_mut(field), entry);
        }
        at
    }

    fn unfile(&mut self, at: u32, parts: &Parts) {
        let Branch { number, field, filings, .. } = &mut self.branches[at as usize];
        let single = parts.branches[*number as usize].len() == 1;
        let filings = std::mem::take(filings);
        if filings.is_empty() {
            forget(&mut self.unfiled, Entry::new(at, true));
        }
        for filing in &filings {
            filing.remove(&mut self.table, *field, self.trie.field_mut(*field), filing.entry(at, single));
        }
        self.free_branches.push(at);
    }

    fn ask(&self, event: &Collected<'_>) -> Vec<K> {
        let mut found: Vec<Entry> = self.unfiled.clone();
        for value in &event.values {
            if let Some(field) = self.trie.field(value.node) {
                lookup::find(&self.table, value.node, field, &value.value, &mut found);
            }
        }
        // Of two entries of one branch the one that needs no check comes first.
        found.sort_unstable();
        found.dedup_by_key(|entry| entry.branch());
        let mut keys: Vec<K> = found
            .iter()
            .filter(|entry| !entry.wants_check() || self.holds(entry.branch(), event))
            .filter_map(|entry| self.rule_of(entry.branch()).map(|rule| rule.key.clone()))
            .collect();
        keys.sort();
        keys.dedup();
        keys
    }

    /// Nothing is left of rules that were removed.
    #[cfg(test)]
    pub(crate) fn leaves_nothing(&self) -> bool {
        self.table.is_empty() && self.trie.is_empty() && self.unfiled.is_empty()
    }

    fn rule_of(&self, branch: u32) -> Option<&Rule<K>> {
        self.rules[self.branches[branch as usize].rule as usize].as_ref()
    }

    fn holds(&self, branch: u32, event: &Collected<'_>) -> bool {
        let Some(rule) = self.rule_of(branch) else { return false };
        let conditions = &rule.parts.branches[self.branches[branch as usize].number as usize];
        branch::holds(conditions.len(), &event.places, |at| {
            let condition = conditions[at] as usize;
            Found {
                matchers: &rule.parts.conditions[condition].matchers,
                occurrences: Cow::Borrowed(event.of(rule.fields[condition])),
            }
        })
    }
}

/// Puts a thing into a free slot, or a new one.
fn take_slot<T>(slots: &mut Vec<T>, free: &mut Vec<u32>, thing: T) -> u32 {
    if let Some(at) = free.pop() {
        slots[at as usize] = thing;
        return at;
    }
    slots.push(thing);
    (slots.len() - 1) as u32
}

impl<K: Clone + Eq + Hash + Ord> Default for RuleSet<K> {
    fn default() -> Self {
        RuleSet::new()
    }
}

impl<K> fmt::Debug for RuleSet<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RuleSet").field("rules", &self.by_key.len()).finish_non_exhaustive()
    }
}
