//! Why an event does not match a pattern, for the question "why does my rule not fire?".

use std::fmt;

use crate::branch;
use crate::event::{Event, ValueKind};
use crate::matcher::Matcher;
use crate::number::Comparable;
use crate::pattern::{Branch, Pattern};

/// The first field that stands in the way of a match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The field, with dots.
    pub path: String,
    /// What the pattern wants there: one of these.
    pub wanted: Vec<String>,
    /// What the event has there, as JSON; nothing if the field is missing.
    pub found: Vec<String>,
    /// Each field matches by itself, but only in different elements of one array.
    pub only_in_different_elements: bool,
}

/// The first mismatch of an event and a pattern; none if it matches. Of a pattern with `$or` the branch is taken that
/// fits best.
pub fn explain(pattern: &Pattern, event: &Event<'_>) -> Option<Mismatch> {
    if pattern.matches(event) {
        return None;
    }
    let branches = pattern.parts.branches.iter();
    let best = branches.min_by_key(|branch| failing(pattern, event, branch).count())?;
    let first = failing(pattern, event, best).next();
    let number = first.or_else(|| best.last().copied())?;
    let condition = &pattern.parts.conditions[number as usize];
    let found = event.find(&condition.path, condition.hash);
    Some(Mismatch {
        path: condition.path.to_string(),
        wanted: condition.matchers.iter().map(describe).collect(),
        found: found.iter().map(|field| json(field.value.kind, &field.value.text)).collect(),
        only_in_different_elements: first.is_none(),
    })
}

/// The conditions of a branch that fail by themselves.
fn failing<'p>(
    pattern: &'p Pattern,
    event: &'p Event<'_>,
    branch: &'p Branch,
) -> impl Iterator<Item = u32> + 'p {
    branch.iter().copied().filter(|number| {
        let condition = &pattern.parts.conditions[*number as usize];
        let found = event.find(&condition.path, condition.hash);
        let absent = condition.matchers.contains(&Matcher::Absent);
        (!absent || !found.is_empty()) && !found.iter().any(|field| branch::takes(&condition.matchers, field))
    })
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Mismatch { path, wanted, found, only_in_different_elements } = self;
        let wanted = wanted.join(", ");
        if *only_in_different_elements {
            return write!(
                f,
                "the fields match, but in different elements of an array; the last is {path}: [{wanted}]"
            );
        }
        match &found[..] {
            [] => write!(f, "{path}: the pattern wants [{wanted}], the event has no such field"),
            [one] => write!(f, "{path}: the pattern wants [{wanted}], the event has {one}"),
            several => {
                write!(f, "{path}: the pattern wants [{wanted}], the event has {}", several.join(" and "))
            }
        }
    }
}

fn json(kind: ValueKind, text: &str) -> String {
    if kind != ValueKind::Text {
        return text.to_owned();
    }
    let mut json = String::with_capacity(text.len() + 2);
    json.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => json.extend(['\\', c]),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            c if c < ' ' => json.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => json.push(c),
        }
    }
    json.push('"');
    json
}

/// A range as a pattern would write it. An open end is kept as the next number inside; the one outside reads shorter.
fn numeric(bottom: Comparable, top: Comparable) -> String {
    let end = |closed: Comparable, open: Comparable, operator: &str| {
        let (closed, open) = (closed.to_string(), open.to_string());
        if open.len() < closed.len() {
            format!("\"{operator}\",{open}")
        } else {
            format!("\"{operator}=\",{closed}")
        }
    };
    let mut ends = Vec::new();
    if bottom != Comparable::MIN {
        ends.push(end(bottom, bottom.down(), ">"));
    }
    if top != Comparable::MAX {
        ends.push(end(top, top.up(), "<"));
    }
    format!("[{}]", ends.join(","))
}

/// An alternative as a pattern would write it.
fn describe(matcher: &Matcher) -> String {
    let text = |text: &str| json(ValueKind::Text, text);
    let list = |texts: &[Box<str>]| texts.iter().map(|each| text(each)).collect::<Vec<_>>().join(",");
    let operator = |name: &str, value: String| format!("{{\"{name}\":{value}}}");
    let but = |value: String| operator("anything-but", value);
    match matcher {
        Matcher::Text(wanted) => text(wanted),
        Matcher::Literal(literal) => literal.to_string(),
        Matcher::Number(number) => number.to_string(),
        Matcher::Range(bottom, top) => operator("numeric", numeric(*bottom, *top)),
        Matcher::Address(range) if range.bottom == range.top => text(&range.to_string()),
        Matcher::Address(range) => operator("cidr", text(&range.to_string())),
        Matcher::Prefix(prefix) => operator("prefix", text(prefix)),
        Matcher::Suffix(suffix) => operator("suffix", text(suffix)),
        Matcher::PrefixFolded(prefix) => {
            operator("prefix", operator("equals-ignore-case", text(&prefix.lower())))
        }
        Matcher::SuffixFolded(suffix) => {
            operator("suffix", operator("equals-ignore-case", text(&suffix.lower())))
        }
        Matcher::Folded(wanted) => operator("equals-ignore-case", text(&wanted.lower())),
        Matcher::Wildcard(wildcard) => operator("wildcard", text(&wildcard.to_string())),
        Matcher::Exists => operator("exists", "true".to_owned()),
        Matcher::Absent => operator("exists", "false".to_owned()),
        Matcher::ButTexts(texts) => but(format!("[{}]", list(texts))),
        Matcher::ButNumbers(numbers) => {
            but(format!("[{}]", numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")))
        }
        Matcher::ButPrefixes(texts) => but(operator("prefix", format!("[{}]", list(texts)))),
        Matcher::ButSuffixes(texts) => but(operator("suffix", format!("[{}]", list(texts)))),
        Matcher::ButFolded(texts) => {
            let texts: Vec<_> = texts.iter().map(|each| text(&each.lower())).collect();
            but(operator("equals-ignore-case", format!("[{}]", texts.join(","))))
        }
        Matcher::ButWildcards(wildcards) => {
            let texts: Vec<_> = wildcards.iter().map(|each| text(&each.to_string())).collect();
            but(operator("wildcard", format!("[{}]", texts.join(","))))
        }
    }
}
