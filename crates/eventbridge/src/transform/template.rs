//! Templates of input transformers: text with `<placeholders>`.
//!
//! A template is one JSON object or array, or else text: strings in quotes, one or several, or a lone placeholder. AWS
//! ("Common issues with transforming input"): strings need quotes, what is filled in is not escaped, JSON is passed on
//! without white space. Recorded: within the quotes of a text, objects and arrays lose their own quotes; within those of
//! a JSON template they keep them, so that the result is no JSON and nothing is delivered.

use std::borrow::Cow;
use std::collections::HashMap;

use super::path::Path;
use super::{InvalidInput, NotDeliverable, Variables};
use crate::event::json;

mod reserved;

use reserved::Reserved;

/// What a template may become, in bytes: four times what any target takes. A template of 8,192 characters could ask for
/// the whole event three hundred times.
const BODY_SIZE_MAX: usize = 4 * 1024 * 1024;

/// A template, compiled.
#[derive(Clone, Debug)]
pub(super) struct Template {
    /// One of each name.
    sources: Vec<Source>,
    pieces: Vec<Piece>,
    /// The result has to be JSON, and is sent without white space.
    is_json: bool,
}

#[derive(Clone, Debug)]
enum Piece {
    Text(String),
    /// What the source of that number gives, and whether that stands between quotes.
    Value {
        from: usize,
        quoted: bool,
    },
}

/// Where a placeholder's value comes from.
#[derive(Clone, Debug)]
enum Source {
    Event(Path),
    Reserved(Reserved),
}

/// One `<name>` in a template.
struct Placeholder<'a> {
    name: &'a str,
    /// The bytes of the template it takes, with its brackets.
    span: std::ops::Range<usize>,
    /// It stands between quotes.
    quoted: bool,
}

impl Template {
    pub(super) fn compile(
        template: &str,
        paths: &[(String, String)],
        target_id: &str,
    ) -> Result<Self, InvalidInput> {
        let paths: HashMap<&str, &str> =
            paths.iter().map(|(name, path)| (name.as_str(), path.as_str())).collect();
        let placeholders = placeholders(template);
        let (mut names, mut sources) = (Vec::new(), Vec::new());
        let (mut pieces, mut kept) = (Vec::new(), 0);
        for Placeholder { name, span, quoted } in &placeholders {
            let from = match names.iter().position(|known| known == name) {
                Some(known) => known,
                None => {
                    let source = Source::named(name, &paths);
                    sources.push(source.ok_or_else(|| InvalidInput::placeholder(target_id, name))?);
                    names.push(*name);
                    names.len() - 1
                }
            };
            let before = template.get(kept..span.start).unwrap_or_default();
            pieces.push(Piece::Text(before.to_owned()));
            pieces.push(Piece::Value { from, quoted: *quoted });
            kept = span.end;
        }
        pieces.push(Piece::Text(template.get(kept..).unwrap_or_default().to_owned()));
        let sketch = json::sequence(&sketch(template, &placeholders), json::ANY)
            .map_err(|at| InvalidInput::template(target_id, template, at))?;
        let is_json = sketch.values == 1 && sketch.text.starts_with(['{', '[']);
        Ok(Self { sources, pieces, is_json })
    }

    /// Whether the result has to be JSON.
    pub(super) fn is_json(&self) -> bool {
        self.is_json
    }

    /// The text with the values of an event.
    pub(super) fn render(&self, event: &str, variables: &Variables<'_>) -> Result<String, NotDeliverable> {
        // A template can name one placeholder thousands of times; the event is looked through once for each name.
        let values: Vec<Value<'_>> =
            self.sources.iter().map(|source| Value::of(source, event, variables, self.is_json)).collect();
        let mut out = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Value { from, quoted } => {
                    let Some(value) = values.get(*from) else { continue };
                    out.push_str(if *quoted { &value.quoted } else { &value.bare });
                }
            }
            if out.len() > BODY_SIZE_MAX {
                return Err(NotDeliverable::TooLong);
            }
        }
        if self.is_json {
            return json::compact(&out, json::ANY).ok_or(NotDeliverable::NotJson);
        }
        Ok(out)
    }
}

impl Source {
    fn named(name: &str, paths: &HashMap<&str, &str>) -> Option<Self> {
        match Reserved::named(name) {
            Some(reserved) => Some(Self::Reserved(reserved)),
            None => paths.get(name).map(|path| Self::Event(Path::parse(path))),
        }
    }
}

/// What a placeholder stands for in one event.
struct Value<'a> {
    /// Within quotes.
    quoted: Cow<'a, str>,
    /// Outside of them.
    bare: Cow<'a, str>,
}

impl<'a> Value<'a> {
    fn of(source: &Source, event: &'a str, variables: &Variables<'_>, is_json: bool) -> Self {
        let value = match source {
            Source::Event(path) => path.find(event),
            Source::Reserved(reserved) => Some(reserved.value(event, variables)),
        };
        let Some(bare) = value else {
            return Self { quoted: Cow::Borrowed(""), bare: Cow::Borrowed("\"\"") };
        };
        let quoted = if is_json { json::text_of(&bare) } else { without_quotes(&bare) };
        Self { quoted: Cow::Owned(quoted.into_owned()), bare }
    }
}

/// All placeholders of a template. They cannot be escaped, so that whatever stands between `<` and `>` is one.
fn placeholders(template: &str) -> Vec<Placeholder<'_>> {
    let (mut found, mut opened, mut quoted, mut escaped) = (Vec::new(), None, false, false);
    for (at, byte) in template.bytes().enumerate() {
        match (byte, opened) {
            (b'>', Some(start)) => {
                let name = template.get(start + 1..at).unwrap_or_default();
                found.push(Placeholder { name, span: start..at + 1, quoted });
                opened = None;
            }
            (b'<', _) => opened = Some(at),
            // Not within a placeholder: its name has no quotes.
            (b'"', _) if !escaped => {
                quoted = !quoted;
                opened = None;
            }
            _ => {}
        }
        escaped = byte == b'\\' && quoted && !escaped;
    }
    found
}

/// The template with a string of the same length in place of every bare placeholder, so that it can be read as JSON and
/// faults are where they are in the template. A placeholder before a colon stays: it cannot be an object's key.
fn sketch(template: &str, placeholders: &[Placeholder<'_>]) -> String {
    let mut bytes = template.as_bytes().to_vec();
    for Placeholder { span, quoted, .. } in placeholders {
        let after = template.get(span.end..).unwrap_or_default();
        if *quoted || after.trim_start().starts_with(':') {
            continue;
        }
        for at in [span.start, span.end - 1] {
            if let Some(byte) = bytes.get_mut(at) {
                *byte = b'"';
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A value as it stands within the quotes of a text: strings say what they say, objects and arrays lose their quotes.
fn without_quotes(value: &str) -> Cow<'_, str> {
    if !value.starts_with(['{', '[']) {
        return json::text_of(value);
    }
    let compact = json::compact(value, json::ANY);
    let compact = compact.as_deref().unwrap_or(value);
    let (mut out, mut escaped) = (String::with_capacity(compact.len()), false);
    for letter in compact.chars() {
        if escaped || letter != '"' {
            out.push(letter);
        }
        escaped = letter == '\\' && !escaped;
    }
    Cow::Owned(out)
}
