//! Intervals, found by a point inside them.
//!
//! An interval is filed under the longest row of leading bits that both its ends share. Where the ends part, they lie on
//! either side of that node's middle; so a point left of the middle is inside if the interval begins at or before it,
//! and a point to the right if it ends at or after it. Both orders are kept: the search reads only what it finds, and one
//! node for each length in use.

use std::collections::{BTreeSet, HashMap};
use std::hash::BuildHasherDefault;

use super::list::{Entry, Mixing};

const BITS: u32 = 128;

#[derive(Clone, Debug, Default)]
struct Node {
    by_bottom: Ends,
    by_top: Ends,
}

/// Ends of intervals in their order.
#[derive(Clone, Debug)]
enum Ends {
    /// Nearly always there are few.
    Few(Vec<(u128, Entry)>),
    Many(BTreeSet<(u128, Entry)>),
}

const FEW: usize = 24;

impl Default for Ends {
    fn default() -> Self {
        Ends::Few(Vec::new())
    }
}

impl Ends {
    fn insert(&mut self, end: (u128, Entry)) -> bool {
        match self {
            Ends::Few(ends) => {
                let Err(at) = ends.binary_search(&end) else { return false };
                if ends.len() < FEW {
                    ends.reserve_exact(1);
                    ends.insert(at, end);
                } else {
                    *self = Ends::Many(ends.drain(..).chain([end]).collect());
                }
                true
            }
            Ends::Many(ends) => ends.insert(end),
        }
    }

    fn remove(&mut self, end: (u128, Entry)) -> bool {
        match self {
            Ends::Few(ends) => ends.binary_search(&end).map(|at| ends.remove(at)).is_ok(),
            Ends::Many(ends) => ends.remove(&end),
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Ends::Few(ends) => ends.is_empty(),
            Ends::Many(ends) => ends.is_empty(),
        }
    }

    /// The entries up to a point.
    fn up_to(&self, point: u128, found: &mut Vec<Entry>) {
        let within = |end: &&(u128, Entry)| end.0 <= point;
        match self {
            Ends::Few(ends) => found.extend(ends.iter().take_while(within).map(|end| end.1)),
            Ends::Many(ends) => found.extend(ends.iter().take_while(within).map(|end| end.1)),
        }
    }

    /// The entries from a point on.
    fn from(&self, point: u128, found: &mut Vec<Entry>) {
        let within = |end: &&(u128, Entry)| end.0 >= point;
        match self {
            Ends::Few(ends) => found.extend(ends.iter().rev().take_while(within).map(|end| end.1)),
            Ends::Many(ends) => found.extend(ends.iter().rev().take_while(within).map(|end| end.1)),
        }
    }
}

/// A set of intervals, both ends included.
#[derive(Clone, Debug, Default)]
pub(super) struct Intervals {
    nodes: HashMap<(u32, u128), Node, BuildHasherDefault<Mixing>>,
    /// How many nodes there are of each length.
    lengths: Vec<(u32, u32)>,
    count: usize,
}

impl Intervals {
    pub(super) fn len(&self) -> usize {
        self.count
    }

    pub(super) fn add(&mut self, bottom: u128, top: u128, entry: Entry) {
        let length = shared(bottom, top);
        let head = head(bottom, length);
        let lengths = &mut self.lengths;
        let node = self.nodes.entry((length, head)).or_insert_with(|| {
            match lengths.iter_mut().find(|(known, _)| *known == length) {
                Some((_, nodes)) => *nodes += 1,
                None => lengths.push((length, 1)),
            }
            Node::default()
        });
        node.by_bottom.insert((bottom, entry));
        self.count += usize::from(node.by_top.insert((top, entry)));
    }

    pub(super) fn remove(&mut self, bottom: u128, top: u128, entry: Entry) {
        let length = shared(bottom, top);
        let key = (length, head(bottom, length));
        let Some(node) = self.nodes.get_mut(&key) else { return };
        node.by_bottom.remove((bottom, entry));
        self.count -= usize::from(node.by_top.remove((top, entry)));
        if node.by_bottom.is_empty() {
            self.nodes.remove(&key);
            if let Some((_, nodes)) = self.lengths.iter_mut().find(|(known, _)| *known == length) {
                *nodes -= 1;
            }
            self.lengths.retain(|(_, nodes)| *nodes > 0);
        }
    }

    /// Adds the entries of the intervals around a point.
    pub(super) fn around(&self, point: u128, found: &mut Vec<Entry>) {
        for (length, _) in &self.lengths {
            let Some(node) = self.nodes.get(&(*length, head(point, *length))) else { continue };
            let right = *length < BITS && point >> (BITS - 1 - length) & 1 == 1;
            if right {
                node.by_top.from(point, found);
            } else {
                node.by_bottom.up_to(point, found);
            }
        }
    }
}

fn shared(bottom: u128, top: u128) -> u32 {
    (bottom ^ top).leading_zeros()
}

fn head(point: u128, length: u32) -> u128 {
    if length == 0 { 0 } else { point >> (BITS - length) }
}

#[cfg(test)]
mod tests {
    use super::Intervals;
    use crate::rules::list::Entry;

    #[test]
    fn a_point_finds_the_intervals_around_it() {
        let ends = [0, 1, 2, 3, 7, 8, 9, 100, u128::MAX - 1, u128::MAX];
        let all: Vec<(u128, u128)> = ends
            .iter()
            .flat_map(|bottom| ends.iter().filter(move |top| bottom <= top).map(move |top| (*bottom, *top)))
            .collect();
        let mut intervals = Intervals::default();
        for (number, (bottom, top)) in all.iter().enumerate() {
            intervals.add(*bottom, *top, Entry::new(number as u32, false));
        }
        for round in 0..2 {
            for point in ends.iter().copied().chain([4, 50, 1 << 90]) {
                let mut found = Vec::new();
                intervals.around(point, &mut found);
                found.sort();
                let wanted: Vec<Entry> = (0..all.len())
                    .filter(|number| round == 0 || number % 2 == 1)
                    .filter(|number| all[*number].0 <= point && point <= all[*number].1)
                    .map(|number| Entry::new(number as u32, false))
                    .collect();
                assert_eq!(found, wanted, "{point}");
            }
            for (number, (bottom, top)) in all.iter().enumerate().step_by(2) {
                intervals.remove(*bottom, *top, Entry::new(number as u32, false));
            }
        }
    }
}
