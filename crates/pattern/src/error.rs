//! Why a pattern is refused, in the words of the library that the service runs.

use std::fmt;

/// The words of Jackson for a source it does not show.
const REDACTED: &str = "REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled)";

/// Jackson quotes this much of a source.
const SOURCE_CHARS_MAX: usize = 500;

/// Whose refusal it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The text is not JSON.
    Syntax,
    /// The JSON is not a pattern.
    Pattern,
    /// The pattern is one, but more than the service takes.
    Limit,
}

/// Why a pattern is refused. It displays as what AWS prints after `Event pattern is not valid. Reason: `.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError {
    kind: Kind,
    reason: String,
    /// How the text is quoted in positions.
    source: String,
    /// Line and column, counted from one, in UTF-16 units.
    positions: Vec<(usize, usize)>,
}

/// A fault whose reason quotes another position.
pub(crate) struct Fault {
    pub(crate) pos: usize,
    pub(crate) reason: String,
    /// Where the quoted thing starts; `usize::MAX` is the root.
    pub(crate) quoted: usize,
    pub(crate) end: &'static str,
}

impl PatternError {
    /// The reason alone, without the lines that say where.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Whose refusal it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What SNS prints after `FilterPolicy: `. It says first that the JSON is broken, and does not show the source then
    /// (recorded: `test_subscribe_invalid_filter_policy`).
    pub fn in_filter_policy(&self) -> String {
        match self.kind {
            Kind::Syntax => {
                format!("failed to parse JSON. {}", self.to_string().replace(&self.source, REDACTED))
            }
            Kind::Pattern | Kind::Limit => self.to_string(),
        }
    }

    pub(crate) fn at(kind: Kind, reason: String, text: &str, pos: usize) -> Box<PatternError> {
        let positions = vec![line_and_column(text, pos)];
        Box::new(PatternError { kind, reason, source: quote(text), positions })
    }

    pub(crate) fn without_position(kind: Kind, reason: impl Into<String>) -> Box<PatternError> {
        let reason = reason.into();
        Box::new(PatternError { kind, reason, source: String::new(), positions: Vec::new() })
    }

    pub(crate) fn quoting(text: &str, fault: Fault) -> Box<PatternError> {
        let source = quote(text);
        // The root starts before the first column.
        let (line, column) =
            if fault.quoted == usize::MAX { (1, 0) } else { line_and_column(text, fault.quoted) };
        let reason =
            format!("{}[Source: {source}; line: {line}, column: {column}]{}", fault.reason, fault.end);
        let positions = vec![line_and_column(text, fault.pos)];
        Box::new(PatternError { kind: Kind::Syntax, reason, source, positions })
    }

    /// The library catches what goes wrong inside a list and throws it again with a second position.
    pub(crate) fn wrapped_at(mut self: Box<Self>, text: &str, pos: usize) -> Box<PatternError> {
        if self.positions.is_empty() {
            self.source = quote(text);
        }
        self.positions.push(line_and_column(text, pos));
        self
    }
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)?;
        for (line, column) in &self.positions {
            write!(f, "\n at [Source: {}; line: {line}, column: {column}]", self.source)?;
        }
        Ok(())
    }
}

impl std::error::Error for PatternError {}

fn line_and_column(text: &str, pos: usize) -> (usize, usize) {
    let before = text.get(..pos).unwrap_or(text);
    let mut line = 1;
    let mut start = 0;
    for (at, byte) in before.bytes().enumerate() {
        // A line ends with \n, \r\n or \r.
        let ends = byte == b'\n' || (byte == b'\r' && text.as_bytes().get(at + 1) != Some(&b'\n'));
        if ends {
            line += 1;
            start = at + 1;
        }
    }
    (line, before[start..].encode_utf16().count() + 1)
}

/// Jackson's way to quote the text it reads.
fn quote(text: &str) -> String {
    let units: usize = text.encode_utf16().count();
    let mut left = SOURCE_CHARS_MAX;
    let mut quoted = String::with_capacity(text.len().min(SOURCE_CHARS_MAX) + 12);
    quoted.push_str("(String)\"");
    for c in text.chars() {
        if left < c.len_utf16() {
            break;
        }
        left -= c.len_utf16();
        if c.is_control() && c != '\n' && c != '\r' {
            quoted.push_str(&format!("\\u{:04X}", u32::from(c)));
        } else {
            quoted.push(c);
        }
    }
    quoted.push('"');
    if units > SOURCE_CHARS_MAX {
        quoted.push_str(&format!("[truncated {} chars]", units - SOURCE_CHARS_MAX));
    }
    quoted
}
