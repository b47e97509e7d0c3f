//! The order of a FIFO queue: strict within a message group, groups in turn.
//!
//! A group can give its messages from the front up to the first hidden one. So a message in flight locks all that
//! were sent after it, a delayed one likewise, and when a timeout ends, what stands before the next hidden message
//! is free again. Groups that can give have a *turn*; a receive drains the group whose turn comes first, then the
//! next. A group loses its turn when it is received from and gets a new one, behind the others, when it can give
//! again.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::groups::GroupNumber;
use super::{Counts, Offer, Place, Standing};

#[derive(Clone, Copy, Debug)]
struct Entry {
    visible_at_ms: i64,
    standing: Standing,
    hidden: bool,
}

#[derive(Debug, Default)]
struct Group {
    messages: BTreeMap<u64, Entry>,
    turn: Option<u64>,
}

#[derive(Debug, Default)]
pub(crate) struct FifoIndex {
    groups: HashMap<GroupNumber, Group>,
    turns: BTreeMap<u64, GroupNumber>,
    next_turn: u64,
    /// The hidden messages by when they become visible.
    hidden: BTreeSet<(i64, u64, GroupNumber)>,
    total: usize,
    in_flight: usize,
    /// The group this receive takes from, and the groups it has taken from.
    receiving: Vec<GroupNumber>,
    /// The last message of the current group taken in this receive with a timeout of zero.
    passed: Option<(GroupNumber, u64)>,
}

impl FifoIndex {
    pub(super) fn insert(&mut self, place: Place, standing: Standing, now_ms: i64) {
        let (visible_at_ms, seq) = place;
        let hidden = visible_at_ms > now_ms;
        if hidden {
            self.hidden.insert((visible_at_ms, seq, standing.group));
            self.in_flight += usize::from(standing.received > 0);
        }
        self.total += 1;
        let group = self.groups.entry(standing.group).or_default();
        group.messages.insert(seq, Entry { visible_at_ms, standing, hidden });
        self.settle(standing.group);
    }

    pub(super) fn remove(&mut self, place: Place, group: GroupNumber) -> Option<Standing> {
        let entry = self.groups.get_mut(&group)?.messages.remove(&place.1)?;
        self.total -= 1;
        if entry.hidden {
            self.hidden.remove(&(entry.visible_at_ms, place.1, group));
            self.in_flight -= usize::from(entry.standing.received > 0);
        }
        self.settle(group);
        Some(entry.standing)
    }

    pub(super) fn promote(&mut self, now_ms: i64) {
        while let Some((visible_at_ms, seq, number)) = self.hidden.first().copied() {
            if visible_at_ms > now_ms {
                break;
            }
            self.hidden.pop_first();
            if let Some(entry) = self.groups.get_mut(&number).and_then(|group| group.messages.get_mut(&seq)) {
                entry.hidden = false;
                self.in_flight -= usize::from(entry.standing.received > 0);
            }
            self.settle(number);
        }
    }

    pub(super) fn peek(&self) -> Option<Offer> {
        if let Some((number, passed)) = self.passed
            && let Some((seq, entry)) = self.groups.get(&number)?.messages.range(passed + 1..).next()
            && !entry.hidden
        {
            return Some(offer(*seq, entry));
        }
        let next = self.turns.values().find(|number| !self.is_passed(**number))?;
        let (seq, entry) = self.groups.get(next)?.messages.first_key_value()?;
        Some(offer(*seq, entry))
    }

    pub(super) fn claim(&mut self, offer: &Offer, until_ms: i64, now_ms: i64) {
        let number = offer.group;
        let Some(group) = self.groups.get_mut(&number) else { return };
        let Some(entry) = group.messages.get_mut(&offer.seq) else { return };
        entry.visible_at_ms = until_ms;
        entry.standing.received += 1;
        entry.hidden = until_ms > now_ms;
        if entry.hidden {
            self.hidden.insert((until_ms, offer.seq, number));
            self.in_flight += 1;
        }
        if self.receiving.last() != Some(&number) {
            self.receiving.push(number);
        }
        self.passed = Some((number, offer.seq));
    }

    pub(super) fn end_receive(&mut self) {
        self.passed = None;
        for number in std::mem::take(&mut self.receiving) {
            self.lose_turn(number);
            self.settle(number);
        }
    }

    pub(super) fn next_due_ms(&self) -> Option<i64> {
        self.hidden.first().map(|(visible_at_ms, ..)| *visible_at_ms)
    }

    pub(super) fn counts(&self) -> Counts {
        let delayed = self.hidden.len() - self.in_flight;
        Counts { visible: self.total - self.hidden.len(), in_flight: self.in_flight, delayed }
    }

    pub(super) fn for_each(&self, mut look: impl FnMut(Place, &Standing)) {
        for (seq, entry) in self.groups.values().flat_map(|group| &group.messages) {
            look((entry.visible_at_ms, *seq), &entry.standing);
        }
    }

    fn is_passed(&self, number: GroupNumber) -> bool {
        self.receiving.contains(&number)
    }

    /// Gives or takes the group's turn after a change; a group without messages is forgotten. The groups of a
    /// receive that is under way are settled at its end.
    fn settle(&mut self, number: GroupNumber) {
        if self.is_passed(number) {
            return;
        }
        let Some(group) = self.groups.get_mut(&number) else { return };
        let can_give = group.messages.first_key_value().is_some_and(|(_, entry)| !entry.hidden);
        if can_give && group.turn.is_none() {
            group.turn = Some(self.next_turn);
            self.turns.insert(self.next_turn, number);
            self.next_turn += 1;
        } else if !can_give {
            self.lose_turn(number);
        }
        if self.groups.get(&number).is_some_and(|group| group.messages.is_empty()) {
            self.groups.remove(&number);
        }
    }

    fn lose_turn(&mut self, number: GroupNumber) {
        if let Some(turn) = self.groups.get_mut(&number).and_then(|group| group.turn.take()) {
            self.turns.remove(&turn);
        }
    }
}

fn offer(seq: u64, entry: &Entry) -> Offer {
    let Standing { sent_at_ms, received, group } = entry.standing;
    Offer { seq, sent_at_ms, received, group }
}
