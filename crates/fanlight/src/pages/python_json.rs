//! JSON as Python writes it, with a space after each comma and colon: people search it with `grep`.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

struct Spaced;

impl Formatter for Spaced {
    fn begin_array_value<W: Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }
}

pub(super) fn write(value: &serde_json::Value) -> String {
    let mut bytes = Vec::new();
    // Neither a value nor a vector can fail to be written.
    let _ = value.serialize(&mut Serializer::with_formatter(&mut bytes, Spaced));
    String::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #[test]
    fn commas_and_colons_are_followed_by_a_space() {
        let value = serde_json::json!({ "a": [1, 2], "b": { "c": "d" } });
        assert_eq!(super::write(&value), r#"{"a": [1, 2], "b": {"c": "d"}}"#);
    }
}
