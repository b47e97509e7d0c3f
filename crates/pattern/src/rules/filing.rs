//! Where a branch is filed.
//!
//! A branch is filed under one of its conditions: the one that, as things are, finds it together with the fewest others.
//! Every alternative of that condition is filed, so that whatever value meets it finds the branch.

use super::field::{Field, Kind};
use super::keys::{self, Rolling};
use super::list::{Entry, Table, forget};
use crate::address::{AddressRange, ones};
use crate::matcher::Matcher;
use crate::number::Comparable;
use crate::wildcard::Wildcard;

/// One place where a branch is filed.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Filing {
    /// In the table. The number is the operand's length, where that matters.
    Key(Kind, u64, u32),
    Range(Comparable, Comparable),
    Block(Box<AddressRange>),
    Any,
    But,
    /// Not a place: a value that `anything-but` excludes.
    Excluded(Kind, u64),
}

/// Where to file a branch for one of its conditions.
pub(super) struct Plan {
    pub(super) filings: Vec<Filing>,
    /// How many branches a value that finds this one finds with it, roughly.
    pub(super) cost: usize,
}

/// A number as a point among intervals.
pub(super) fn point(number: Comparable) -> u128 {
    u128::from(number.0) << 64
}

/// The last row of digits that begins as a range ends: longer addresses lie in it, too.
fn end(range: &AddressRange) -> u128 {
    range.top | !ones(range.digits)
}

/// A condition's plan; none if it may be met without a value.
pub(super) fn plan(table: &Table, at: u32, field: Option<&Field>, matchers: &[Matcher]) -> Option<Plan> {
    let mut plan = Plan { filings: Vec::new(), cost: 0 };
    let buts = matchers.iter().filter(|matcher| is_plain_but(matcher)).count();
    for matcher in matchers {
        let planner = Planner { table, at, field };
        match matcher {
            Matcher::Absent => return None,
            // Two exclusions in one list exclude nothing together.
            Matcher::ButTexts(_) | Matcher::ButNumbers(_) if buts > 1 => planner.any(&mut plan),
            matcher => planner.add(matcher, &mut plan),
        }
    }
    Some(plan)
}

fn is_plain_but(matcher: &Matcher) -> bool {
    matches!(matcher, Matcher::ButTexts(_) | Matcher::ButNumbers(_))
}

struct Planner<'s> {
    table: &'s Table,
    at: u32,
    field: Option<&'s Field>,
}

impl Planner<'_> {
    fn add(&self, matcher: &Matcher, plan: &mut Plan) {
        match matcher {
            Matcher::Text(text) => self.key(Kind::Text, keys::text(text), 0, plan),
            Matcher::Literal(literal) => self.key(Kind::Literal, keys::text(literal), 0, plan),
            Matcher::Number(number) => self.key(Kind::Number, number.0, 0, plan),
            Matcher::Address(range) if range.bottom == range.top => {
                self.key(Kind::Address, keys::address(range.bottom, range.digits), 0, plan);
            }
            Matcher::Address(range) => {
                plan.filings.push(Filing::Block(range.clone()));
                plan.cost += 4 + self.field.map_or(0, |field| field.blocks.len() / 16);
            }
            Matcher::Range(bottom, top) => {
                plan.filings.push(Filing::Range(*bottom, *top));
                plan.cost += 16 + self.field.map_or(0, |field| field.ranges.len() / 4);
            }
            Matcher::Prefix(prefix) => self.prefix(prefix, plan),
            Matcher::Suffix(suffix) => self.suffix(suffix, plan),
            Matcher::Folded(folded) => match folded.plain() {
                Some(text) => self.key(Kind::Folded, Rolling::of(text.bytes()), 0, plan),
                None => self.any(plan),
            },
            Matcher::PrefixFolded(folded) => match folded.plain().map(without_last_quote) {
                Some(text) if !text.is_empty() => {
                    self.key(Kind::PrefixFolded, Rolling::of(text.bytes()), text.len() as u32, plan);
                }
                _ => self.any(plan),
            },
            Matcher::SuffixFolded(folded) => match folded.plain().map(without_first_quote) {
                Some(text) if !text.is_empty() => {
                    self.key(Kind::SuffixFolded, Rolling::of(text.bytes().rev()), text.len() as u32, plan);
                }
                _ => self.any(plan),
            },
            Matcher::Wildcard(wildcard) => self.wildcard(wildcard, plan),
            Matcher::ButTexts(texts) => {
                let hashes = texts.iter().map(|text| keys::text(text));
                self.but(Kind::ButText, hashes, plan);
            }
            Matcher::ButNumbers(numbers) => {
                self.but(Kind::ButNumber, numbers.iter().map(|number| number.0), plan);
            }
            Matcher::Exists
            | Matcher::ButPrefixes(_)
            | Matcher::ButSuffixes(_)
            | Matcher::ButFolded(_)
            | Matcher::ButWildcards(_) => self.any(plan),
            Matcher::Absent => {}
        }
    }

    fn crowd(&self, kind: Kind, operand: u64) -> usize {
        self.table.get(keys::key(self.at, kind, operand)).len()
    }

    fn key(&self, kind: Kind, operand: u64, length: u32, plan: &mut Plan) {
        plan.cost += self.crowd(kind, operand);
        plan.filings.push(Filing::Key(kind, operand, length));
    }

    fn any(&self, plan: &mut Plan) {
        plan.filings.push(Filing::Any);
        plan.cost += 1000 + self.field.map_or(0, |field| field.any.len());
    }

    fn but(&self, kind: Kind, excluded: impl Iterator<Item = u64>, plan: &mut Plan) {
        plan.filings.push(Filing::But);
        plan.filings.extend(excluded.map(|operand| Filing::Excluded(kind, operand)));
        plan.cost += 1000 + self.field.map_or(0, |field| field.buts.len());
    }

    fn prefix(&self, prefix: &str, plan: &mut Plan) {
        let prefix = without_last_quote(prefix);
        if prefix.is_empty() {
            return self.any(plan);
        }
        plan.cost += 1;
        self.key(Kind::Prefix, Rolling::of(prefix.bytes()), prefix.len() as u32, plan);
    }

    fn suffix(&self, suffix: &str, plan: &mut Plan) {
        let suffix = without_first_quote(suffix);
        if suffix.is_empty() {
            return self.any(plan);
        }
        plan.cost += 1;
        self.key(Kind::Suffix, Rolling::of(suffix.bytes().rev()), suffix.len() as u32, plan);
    }

    /// Files a wildcard under the text before its first star, after its last, or a few bytes between stars.
    fn wildcard(&self, wildcard: &Wildcard, plan: &mut Plan) {
        let (Some(first), Some(last)) = (wildcard.pieces.first(), wildcard.pieces.last()) else { return };
        if wildcard.pieces.len() == 1 {
            return self.key(Kind::Text, keys::text(first), 0, plan);
        }
        let mut best: Option<(usize, Filing)> = None;
        let mut offer = |length: usize, kind: Kind, operand: u64| {
            // Short texts are met by chance; and of texts that are alike the end tells more than the beginning.
            let cost = self.crowd(kind, operand)
                + [200, 60, 20, 8, 4, 2, 2, 2].get(length - 1).copied().unwrap_or(1);
            if best.as_ref().is_none_or(|(least, _)| cost <= *least) {
                best = Some((cost, Filing::Key(kind, operand, length as u32)));
            }
        };
        if !first.is_empty() {
            offer(first.len(), Kind::Prefix, Rolling::of(first.bytes()));
        }
        if !last.is_empty() {
            offer(last.len(), Kind::Suffix, Rolling::of(last.bytes().rev()));
        }
        for piece in &wildcard.pieces[1..wildcard.pieces.len() - 1] {
            let Some(length) = keys::GRAMS.into_iter().find(|length| *length <= piece.len()) else {
                continue;
            };
            for gram in piece.as_bytes().windows(length).take(GRAMS_TRIED) {
                // Grams cost the search more than the ends do.
                if length >= 4 || (first.is_empty() && last.is_empty()) {
                    offer(length, Kind::Gram, keys::gram(gram));
                }
            }
        }
        match best {
            Some((cost, filing)) => {
                plan.cost += cost;
                plan.filings.push(filing);
            }
            None => self.any(plan),
        }
    }
}

/// Grams of one piece that are looked at.
const GRAMS_TRIED: usize = 64;

/// A prefix that ends in a quote also matches the text that is the rest of it (see `matcher.rs`), so it is filed without.
fn without_last_quote(prefix: &str) -> &str {
    prefix.strip_suffix('"').unwrap_or(prefix)
}

fn without_first_quote(suffix: &str) -> &str {
    suffix.strip_prefix('"').unwrap_or(suffix)
}

impl Filing {
    /// Whether a branch of one condition that is found here matches for sure.
    fn is_exact(&self) -> bool {
        matches!(self, Filing::Range(..) | Filing::But)
    }

    pub(super) fn entry(&self, branch: u32, single: bool) -> Entry {
        Entry::new(branch, !(single && self.is_exact()))
    }

    pub(super) fn add(&self, table: &mut Table, at: u32, field: &mut Field, entry: Entry) {
        match self {
            Filing::Key(kind, operand, length) => {
                table.add(keys::key(at, *kind, *operand), entry);
                field.count(*kind, true);
                if *kind == Kind::Gram {
                    field.note_gram(*operand, true);
                }
                if let Some(lengths) = field.lengths(*kind) {
                    lengths.add(*length as usize);
                }
            }
            Filing::Excluded(kind, operand) => {
                table.add(keys::key(at, *kind, *operand), entry);
                field.count(*kind, true);
            }
            Filing::Range(bottom, top) => field.ranges.add(point(*bottom), point(*top), entry),
            Filing::Block(range) => field.blocks.add(range.bottom, end(range), entry),
            Filing::Any => field.any.push(entry),
            Filing::But => field.buts.push(entry),
        }
    }

    pub(super) fn remove(&self, table: &mut Table, at: u32, field: &mut Field, entry: Entry) {
        match self {
            Filing::Key(kind, operand, length) => {
                table.remove(keys::key(at, *kind, *operand), entry);
                field.count(*kind, false);
                if *kind == Kind::Gram {
                    field.note_gram(*operand, false);
                }
                if let Some(lengths) = field.lengths(*kind) {
                    lengths.remove(*length as usize);
                }
            }
            Filing::Excluded(kind, operand) => {
                table.remove(keys::key(at, *kind, *operand), entry);
                field.count(*kind, false);
            }
            Filing::Range(bottom, top) => field.ranges.remove(point(*bottom), point(*top), entry),
            Filing::Block(range) => field.blocks.remove(range.bottom, end(range), entry),
            Filing::Any => forget(&mut field.any, entry),
            Filing::But => forget(&mut field.buts, entry),
        }
    }
}

impl Field {
    fn lengths(&mut self, kind: Kind) -> Option<&mut super::field::Lengths> {
        match kind {
            Kind::Prefix => Some(&mut self.prefixes),
            Kind::Suffix => Some(&mut self.suffixes),
            Kind::PrefixFolded => Some(&mut self.folded_prefixes),
            Kind::SuffixFolded => Some(&mut self.folded_suffixes),
            Kind::Gram => Some(&mut self.grams),
            _ => None,
        }
    }
}
