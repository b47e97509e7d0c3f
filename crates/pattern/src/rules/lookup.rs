//! The branches that a value of a field finds.

use super::field::{Field, Kind, Lengths};
use super::filing::point;
use super::keys::{self, Rolling};
use super::list::{Entry, Table};
use crate::address::ones;
use crate::event::Value;
use crate::matcher::Probe;

/// Adds what a value finds. All that match for this value are found; of those found, some do not match.
pub(super) fn find(table: &Table, at: u32, field: &Field, value: &Value<'_>, found: &mut Vec<Entry>) {
    let probe = Probe::new(value);
    let mut look = Look { table, at, field, found };
    if let Some(text) = probe.text() {
        look.text(text);
    }
    if let Some(literal) = probe.literal() {
        look.key(Kind::Literal, || keys::text(literal));
        look.number(&probe);
    }
    look.address(&probe);
    look.found.extend_from_slice(&field.any);
    if !field.buts.is_empty() {
        look.buts(&probe);
    }
}

/// Entries that are quickly looked through.
const FEW: usize = 16;

struct Look<'s, 'f> {
    table: &'s Table,
    at: u32,
    field: &'s Field,
    found: &'f mut Vec<Entry>,
}

impl Look<'_, '_> {
    fn key(&mut self, kind: Kind, operand: impl FnOnce() -> u64) {
        if self.field.uses(kind) {
            self.found.extend_from_slice(self.table.get(keys::key(self.at, kind, operand())));
        }
    }

    fn text(&mut self, text: &str) {
        let bytes = text.as_bytes();
        self.key(Kind::Text, || keys::text(text));
        self.key(Kind::Folded, || Rolling::of(lower(bytes.iter())));
        let field = self.field;
        if field.uses(Kind::Prefix) {
            self.rolling(Kind::Prefix, &field.prefixes, bytes.iter().copied());
        }
        if field.uses(Kind::Suffix) {
            self.rolling(Kind::Suffix, &field.suffixes, bytes.iter().rev().copied());
        }
        if field.uses(Kind::PrefixFolded) {
            self.rolling(Kind::PrefixFolded, &field.folded_prefixes, lower(bytes.iter()));
        }
        if field.uses(Kind::SuffixFolded) {
            self.rolling(Kind::SuffixFolded, &field.folded_suffixes, lower(bytes.iter().rev()));
        }
        if field.uses(Kind::Gram) {
            for length in keys::GRAMS.into_iter().filter(|length| field.grams.has(*length)) {
                for gram in bytes.windows(length).map(keys::gram).filter(|gram| field.may_have_gram(*gram)) {
                    self.key(Kind::Gram, || gram);
                }
            }
        }
    }

    /// Looks for every beginning of a text that has a length in use.
    fn rolling(&mut self, kind: Kind, lengths: &Lengths, bytes: impl Iterator<Item = u8>) {
        let mut rolling = Rolling::new();
        for (before, byte) in bytes.take(lengths.end().saturating_sub(1)).enumerate() {
            rolling.take(byte);
            if lengths.has(before + 1) {
                self.key(kind, || rolling.value());
            }
        }
    }

    fn number(&mut self, probe: &Probe<'_>) {
        let field = self.field;
        if !field.uses(Kind::Number) && field.ranges.len() == 0 {
            return;
        }
        let Some(number) = probe.nearest_number() else { return };
        let before = self.found.len();
        self.key(Kind::Number, || number.0);
        field.ranges.around(point(number), self.found);
        // Whether the number is comparable at all costs more than finding the rules does: it is asked only if something
        // is found that earlier values, of an array perhaps, did not find.
        let (old, new) = self.found.split_at(before);
        let nothing_new = old.len() <= FEW && new.iter().all(|entry| old.contains(entry));
        if nothing_new || probe.number().is_none() {
            self.found.truncate(before);
        }
    }

    fn address(&mut self, probe: &Probe<'_>) {
        let field = self.field;
        let one = field.uses(Kind::Address);
        if !one && field.blocks.len() == 0 {
            return;
        }
        let Some(digits) = probe.digits() else { return };
        for length in [8, 32] {
            if one && digits.count >= length {
                self.key(Kind::Address, || keys::address(digits.row & ones(length), length));
            }
        }
        field.blocks.around(digits.row, self.found);
    }

    /// What is excluded, as far as hashes tell, is only checked.
    fn buts(&mut self, probe: &Probe<'_>) {
        let excluded = match (probe.text(), self.field.uses(Kind::ButNumber)) {
            (Some(text), _) => self.table.get(keys::key(self.at, Kind::ButText, keys::text(text))),
            (None, true) => match probe.number() {
                Some(number) => self.table.get(keys::key(self.at, Kind::ButNumber, number.0)),
                None => &[],
            },
            (None, false) => &[],
        };
        let mut branches: Vec<u32> = excluded.iter().map(|entry| entry.branch()).collect();
        branches.sort_unstable();
        if branches.is_empty() {
            self.found.extend_from_slice(&self.field.buts);
            return;
        }
        self.found.extend(self.field.buts.iter().map(|entry| {
            let excluded = branches.binary_search(&entry.branch()).is_ok();
            if excluded { Entry::new(entry.branch(), true) } else { *entry }
        }));
    }
}

fn lower<'b>(bytes: impl Iterator<Item = &'b u8>) -> impl Iterator<Item = u8> {
    bytes.map(u8::to_ascii_lowercase)
}
