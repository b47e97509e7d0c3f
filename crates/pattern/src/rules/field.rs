//! What rules ask of one field, as far as the shared table does not say it: which operators are in use, with operands of
//! which lengths, and what cannot be looked up by a hash.

use super::intervals::Intervals;
use super::list::Entry;

/// Operators whose operands are looked up by their hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    /// Without ASCII case.
    Folded,
    Literal,
    Number,
    /// One address.
    Address,
    Prefix,
    Suffix,
    PrefixFolded,
    SuffixFolded,
    /// A few bytes somewhere in a text.
    Gram,
    /// What `anything-but` excludes.
    ButText,
    ButNumber,
}

pub(super) const KINDS: usize = 12;

/// How often each length is in use.
#[derive(Clone, Debug, Default)]
pub(super) struct Lengths(Vec<u32>);

impl Lengths {
    pub(super) fn add(&mut self, length: usize) {
        if self.0.len() <= length {
            self.0.resize(length + 1, 0);
        }
        self.0[length] += 1;
    }

    pub(super) fn remove(&mut self, length: usize) {
        if let Some(uses) = self.0.get_mut(length) {
            *uses = uses.saturating_sub(1);
        }
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    pub(super) fn has(&self, length: usize) -> bool {
        self.0.get(length).is_some_and(|uses| *uses > 0)
    }

    /// One more than the largest in use.
    pub(super) fn end(&self) -> usize {
        self.0.len()
    }
}

/// Says quickly that a gram is not in use. It never forgets one while any is in use.
#[derive(Clone, Debug, Default)]
struct GramFilter(Vec<u64>);

const FILTER_BITS: u32 = 16;

impl GramFilter {
    fn place(gram: u64) -> (usize, u64) {
        let bit = gram.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - FILTER_BITS);
        ((bit / 64) as usize, 1 << (bit % 64))
    }

    fn add(&mut self, gram: u64) {
        self.0.resize(1 << (FILTER_BITS - 6), 0);
        let (word, bit) = GramFilter::place(gram);
        self.0[word] |= bit;
    }

    fn may_have(&self, gram: u64) -> bool {
        let (word, bit) = GramFilter::place(gram);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }
}

/// One field.
#[derive(Clone, Debug, Default)]
pub(super) struct Field {
    uses: [u32; KINDS],
    pub(super) prefixes: Lengths,
    pub(super) suffixes: Lengths,
    pub(super) folded_prefixes: Lengths,
    pub(super) folded_suffixes: Lengths,
    pub(super) grams: Lengths,
    gram_filter: GramFilter,
    /// Numeric ranges.
    pub(super) ranges: Intervals,
    /// CIDR blocks.
    pub(super) blocks: Intervals,
    /// Every value finds these.
    pub(super) any: Vec<Entry>,
    /// `anything-but` of texts or numbers: every value finds these, but those that its exclusion excludes.
    pub(super) buts: Vec<Entry>,
}

impl Field {
    pub(super) fn uses(&self, kind: Kind) -> bool {
        self.uses[kind as usize] > 0
    }

    pub(super) fn may_have_gram(&self, gram: u64) -> bool {
        self.gram_filter.may_have(gram)
    }

    /// Notes a gram that came into use, or that one went out of use.
    pub(super) fn note_gram(&mut self, gram: u64, more: bool) {
        if more {
            self.gram_filter.add(gram);
        } else if !self.uses(Kind::Gram) {
            self.gram_filter = GramFilter::default();
        }
    }

    pub(super) fn count(&mut self, kind: Kind, more: bool) {
        let uses = &mut self.uses[kind as usize];
        *uses = if more { *uses + 1 } else { uses.saturating_sub(1) };
    }
}
