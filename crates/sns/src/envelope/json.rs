//! JSON laid out as SNS lays it out, in which members keep their order.

use std::fmt::Write as _;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use delivery::{Attribute, AttributeValue};

/// How an object looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// A member a line, as queues and HTTP endpoints get it.
    Lines,
    /// No spaces, as functions and streams get it.
    Compact,
}

/// An object that is being written.
pub(super) struct Object {
    out: String,
    layout: Layout,
    empty: bool,
}

impl Object {
    pub(super) fn begin(layout: Layout, capacity: usize) -> Self {
        let mut out = String::with_capacity(capacity);
        out.push('{');
        Self { out, layout, empty: true }
    }

    /// Goes on with an object whose first members are written already.
    pub(super) fn resume(layout: Layout) -> Self {
        Self { out: String::new(), layout, empty: false }
    }

    /// What is written so far.
    pub(super) fn pause(self) -> String {
        self.out
    }

    pub(super) fn end(mut self) -> String {
        self.out.push_str(match self.layout {
            Layout::Lines => "\n}",
            Layout::Compact => "}",
        });
        self.out
    }

    pub(super) fn text(&mut self, name: &str, value: &str) {
        self.name(name);
        quote(&mut self.out, value);
    }

    /// A member that is there only with a value.
    pub(super) fn optional(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(name, value);
        }
    }

    /// A member whose value is JSON already.
    pub(super) fn json(&mut self, name: &str, json: &str) {
        self.name(name);
        self.out.push_str(json);
    }

    /// The name of a member whose value follows.
    pub(super) fn name(&mut self, name: &str) {
        let comma = if std::mem::take(&mut self.empty) { "" } else { "," };
        // Writing to a String does not fail.
        let _ = match self.layout {
            Layout::Lines => write!(self.out, "{comma}\n  \"{name}\" : "),
            Layout::Compact => write!(self.out, "{comma}\"{name}\":"),
        };
    }

    pub(super) fn attributes(&mut self, attributes: &[Attribute]) {
        self.name("MessageAttributes");
        let (open, colon, close) = match self.layout {
            Layout::Lines => ("\n    ", " : ", "\n  }"),
            Layout::Compact => ("", ":", "}"),
        };
        self.out.push('{');
        for (place, attribute) in attributes.iter().enumerate() {
            self.out.push_str(if place == 0 { "" } else { "," });
            self.out.push_str(open);
            quote(&mut self.out, &attribute.name);
            self.out.push_str(colon);
            self.out.push_str("{\"Type\":");
            quote(&mut self.out, &attribute.data_type);
            self.out.push_str(",\"Value\":");
            match &attribute.value {
                AttributeValue::Text(text) => quote(&mut self.out, text),
                AttributeValue::Bytes(bytes) => quote(&mut self.out, &BASE64_STANDARD.encode(bytes)),
            }
            self.out.push('}');
        }
        self.out.push_str(if attributes.is_empty() { "}" } else { close });
    }
}

/// Appends a JSON string. What need not be escaped is not; of what needs it there are two characters that a queue takes
/// in no other spelling, since XML cannot carry them: U+FFFE and U+FFFF.
pub(super) fn quote(out: &mut String, text: &str) {
    out.reserve(text.len() + 2);
    out.push('"');
    let mut written = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= b' ' && byte != b'"' && byte != b'\\' && byte != 0xEF {
            continue;
        }
        let escaped = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0x08 => "\\b",
            0x0c => "\\f",
            0xEF => match text.as_bytes().get(at + 1..at + 3) {
                Some([0xBF, 0xBE]) => "\\uFFFE",
                Some([0xBF, 0xBF]) => "\\uFFFF",
                _ => continue,
            },
            _ => "",
        };
        out.push_str(text.get(written..at).unwrap_or_default());
        written = at + if byte == 0xEF { 3 } else { 1 };
        if escaped.is_empty() {
            // Writing to a String does not fail.
            let _ = write!(out, "\\u{byte:04X}");
        } else {
            out.push_str(escaped);
        }
    }
    out.push_str(text.get(written..).unwrap_or_default());
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn strings_read_back_as_they_were() {
        let all: String = (0..0x2100).filter_map(char::from_u32).chain("🎈".chars()).collect();
        for text in ["", "plain", "say \"hello\"", "a\\b\n\r\t", "grüße 🎈", &all] {
            let mut out = String::new();
            quote(&mut out, text);
            assert_eq!(serde_json::from_str::<String>(&out).ok().as_deref(), Some(text), "{out}");
        }
    }

    #[test]
    fn what_a_queue_refuses_is_spelled_otherwise() {
        let mut out = String::new();
        quote(&mut out, "a\u{FFFE}\u{FFFD}b\u{FFFF}\u{1}ﬀ");
        assert_eq!(out, "\"a\\uFFFE\u{FFFD}b\\uFFFF\\u0001ﬀ\"");
        assert_eq!(serde_json::from_str::<String>(&out).unwrap(), "a\u{FFFE}\u{FFFD}b\u{FFFF}\u{1}ﬀ");
    }
}
