//! One alternative of a pattern's list, and what it says to a value.
//!
//! event-ruler compares strings with their quotes on. Two habits follow and are kept: what is not a string has no quotes
//! and so no prefix or suffix; and a prefix that ends in a quote also matches the string that is the rest of it.

use std::cell::Cell;

use crate::address::{AddressRange, Digits};
use crate::event::{Value, ValueKind};
use crate::fold::Folded;
use crate::number::Comparable;
use crate::wildcard::Wildcard;

/// One alternative.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Matcher {
    /// A string, whole.
    Text(Box<str>),
    /// `true`, `false`, `null`, or a number that is not comparable: by its literal.
    Literal(Box<str>),
    Number(Comparable),
    /// Both ends included.
    Range(Comparable, Comparable),
    /// A CIDR block, or a string that is an address.
    Address(Box<AddressRange>),
    Prefix(Box<str>),
    Suffix(Box<str>),
    PrefixFolded(Folded),
    SuffixFolded(Folded),
    Folded(Folded),
    Wildcard(Wildcard),
    Exists,
    Absent,
    ButTexts(Box<[Box<str>]>),
    ButNumbers(Box<[Comparable]>),
    ButPrefixes(Box<[Box<str>]>),
    ButSuffixes(Box<[Box<str>]>),
    ButFolded(Box<[Folded]>),
    ButWildcards(Box<[Wildcard]>),
}

/// A value under test: what it is as a number and as an address is found once.
pub(crate) struct Probe<'v> {
    value: &'v Value<'v>,
    number: Cell<Option<Option<Comparable>>>,
    digits: Cell<Option<Option<Digits>>>,
}

impl<'v> Probe<'v> {
    pub(crate) fn new(value: &'v Value<'v>) -> Self {
        Probe { value, number: Cell::new(None), digits: Cell::new(None) }
    }

    /// The text of a string.
    pub(crate) fn text(&self) -> Option<&'v str> {
        (self.value.kind == ValueKind::Text).then_some(&*self.value.text)
    }

    /// The literal of what is not a string.
    pub(crate) fn literal(&self) -> Option<&'v str> {
        (self.value.kind != ValueKind::Text).then_some(&*self.value.text)
    }

    pub(crate) fn number(&self) -> Option<Comparable> {
        if self.value.kind != ValueKind::Number {
            return None;
        }
        if let Some(number) = self.number.get() {
            return number;
        }
        let number = Comparable::parse(&self.value.text);
        self.number.set(Some(number));
        number
    }

    /// The nearest double, whether the number is comparable or not.
    pub(crate) fn nearest_number(&self) -> Option<Comparable> {
        if self.value.kind == ValueKind::Number { Comparable::nearest(&self.value.text) } else { None }
    }

    /// The digits by which the value is compared with addresses.
    pub(crate) fn digits(&self) -> Option<Digits> {
        if let Some(digits) = self.digits.get() {
            return digits;
        }
        let digits = match self.value.kind {
            ValueKind::Text => Digits::of_text(&self.value.text),
            ValueKind::Number => Some(Digits::of_number(&self.value.text)),
            ValueKind::Word => None,
        };
        self.digits.set(Some(digits));
        digits
    }
}

impl Matcher {
    /// Whether a value is what this asks for. [`Matcher::Absent`] asks for no value.
    pub(crate) fn takes(&self, probe: &Probe<'_>) -> bool {
        let text = probe.text();
        match self {
            Matcher::Text(wanted) => text == Some(wanted),
            Matcher::Literal(wanted) => probe.literal() == Some(wanted),
            Matcher::Number(wanted) => probe.number() == Some(*wanted),
            Matcher::Range(bottom, top) => {
                probe.number().is_some_and(|number| *bottom <= number && number <= *top)
            }
            Matcher::Address(range) => {
                let hidden = range.beside_numbers && probe.number().is_some();
                !hidden && probe.digits().is_some_and(|digits| range.holds(digits))
            }
            Matcher::Prefix(prefix) => text.is_some_and(|text| has_prefix(text, prefix)),
            Matcher::Suffix(suffix) => text.is_some_and(|text| has_suffix(text, suffix)),
            Matcher::PrefixFolded(prefix) => text.is_some_and(|text| has_folded_prefix(text, prefix)),
            Matcher::SuffixFolded(suffix) => text.is_some_and(|text| has_folded_suffix(text, suffix)),
            Matcher::Folded(wanted) => text.is_some_and(|text| wanted.equals(text)),
            Matcher::Wildcard(wildcard) => text.is_some_and(|text| wildcard.fits(text)),
            Matcher::Exists => true,
            Matcher::Absent => false,
            Matcher::ButTexts(texts) => text.is_none_or(|text| texts.iter().all(|but| **but != *text)),
            Matcher::ButNumbers(numbers) => probe.number().is_none_or(|number| !numbers.contains(&number)),
            Matcher::ButPrefixes(prefixes) => {
                text.is_none_or(|text| !prefixes.iter().any(|prefix| has_prefix(text, prefix)))
            }
            Matcher::ButSuffixes(suffixes) => {
                text.is_none_or(|text| !suffixes.iter().any(|suffix| has_suffix(text, suffix)))
            }
            Matcher::ButFolded(texts) => text.is_none_or(|text| !texts.iter().any(|but| but.equals(text))),
            Matcher::ButWildcards(wildcards) => {
                text.is_none_or(|text| !wildcards.iter().any(|wildcard| wildcard.fits(text)))
            }
        }
    }
}

fn has_prefix(text: &str, prefix: &str) -> bool {
    text.starts_with(prefix) || prefix.strip_suffix('"') == Some(text)
}

fn has_suffix(text: &str, suffix: &str) -> bool {
    text.ends_with(suffix) || suffix.strip_prefix('"') == Some(text)
}

fn has_folded_prefix(text: &str, prefix: &Folded) -> bool {
    prefix.strip_prefix(text).is_some()
        || prefix.strip_prefix(&format!("{text}\"")).is_some_and(str::is_empty)
}

fn has_folded_suffix(text: &str, suffix: &Folded) -> bool {
    suffix.strip_suffix(text).is_some()
        || suffix.strip_suffix(&format!("\"{text}")).is_some_and(str::is_empty)
}
