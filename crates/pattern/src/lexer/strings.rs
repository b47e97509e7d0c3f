//! Strings and names, with their escapes.

use std::borrow::Cow;

use super::{Lexer, describe};
use crate::error::{Kind, PatternError};

impl<'a> Lexer<'a> {
    /// Reads a name of which `first` is passed already.
    pub(super) fn read_name(&mut self, first: u8) -> Result<Cow<'a, str>, Box<PatternError>> {
        if first != b'"' {
            return Err(self.unexpected("was expecting double-quote to start field name"));
        }
        self.finish_string("name")
    }

    /// Reads on to the closing quote of a string whose opening quote is passed.
    pub(super) fn finish_string(&mut self, what: &str) -> Result<Cow<'a, str>, Box<PatternError>> {
        let start = self.pos;
        let mut written: Option<String> = None;
        let mut plain_from = start;
        loop {
            let Some(byte) = self.peek() else {
                return Err(self.end_of_input(match what {
                    "name" => " in field name",
                    _ => ": was expecting closing quote for a string value",
                }));
            };
            self.pos += 1;
            match byte {
                b'"' => {
                    let plain = &self.text[plain_from..self.pos - 1];
                    return Ok(match written {
                        None => Cow::Borrowed(plain),
                        Some(text) => Cow::Owned(text + plain),
                    });
                }
                b'\\' => {
                    let text = written.get_or_insert_default();
                    text.push_str(&self.text[plain_from..self.pos - 1]);
                    let c = self.escape()?;
                    written.get_or_insert_default().push(c);
                    plain_from = self.pos;
                }
                0..b' ' => {
                    let reason = format!(
                        "Illegal unquoted character ({}): has to be escaped using backslash to be included in {what}",
                        describe(byte as char)
                    );
                    return Err(PatternError::at(Kind::Syntax, reason, self.text, self.pos - 1));
                }
                _ => {}
            }
        }
    }

    fn escape(&mut self) -> Result<char, Box<PatternError>> {
        let Some(byte) = self.peek() else {
            return Err(self.end_of_input(" in character escape sequence"));
        };
        self.pos += 1;
        if byte == b'u' {
            let unit = self.hex_unit()?;
            return Ok(self.paired(unit));
        }
        unescape(self.text, self.pos - 1).map(|(c, _)| c).ok_or_else(|| {
            let (c, start) = self.last_char();
            let reason = format!("Unrecognized character escape {}", describe(c));
            PatternError::at(Kind::Syntax, reason, self.text, start)
        })
    }

    fn hex_unit(&mut self) -> Result<u32, Box<PatternError>> {
        let mut unit = 0;
        for _ in 0..4 {
            let Some(byte) = self.peek() else {
                return Err(self.end_of_input(" in character escape sequence"));
            };
            self.pos += 1;
            let Some(digit) = (byte as char).to_digit(16) else {
                return Err(self.unexpected("expected a hex-digit for character escape sequence"));
            };
            unit = unit * 16 + digit;
        }
        Ok(unit)
    }

    /// The character of a UTF-16 unit, with the unit that follows where they are a pair.
    fn paired(&mut self, unit: u32) -> char {
        let (c, after) = paired(self.text, self.pos, unit);
        self.pos = after;
        c
    }
}

/// The character of an escape whose backslash ends before `at`, and where it ends itself.
pub(crate) fn unescape(text: &str, at: usize) -> Option<(char, usize)> {
    let c = match text.as_bytes().get(at)? {
        byte @ (b'"' | b'\\' | b'/') => *byte as char,
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return Some(paired(text, at + 5, hex_unit(text.as_bytes().get(at + 1..at + 5)?)?)),
        _ => return None,
    };
    Some((c, at + 1))
}

/// The character of a UTF-16 unit that ends at `at`, with the unit that follows where they are a pair. Half a pair
/// becomes `?`, as it does when Java writes it as UTF-8.
fn paired(text: &str, at: usize, unit: u32) -> (char, usize) {
    if let Some(c) = char::from_u32(unit) {
        return (c, at);
    }
    let rest = text.as_bytes().get(at..at + 6);
    let low = rest.filter(|rest| rest.starts_with(b"\\u")).and_then(|rest| hex_unit(&rest[2..]));
    match low {
        Some(low) if unit < 0xdc00 && (0xdc00..0xe000).contains(&low) => {
            (char::from_u32(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00)).unwrap_or('?'), at + 6)
        }
        _ => ('?', at),
    }
}

fn hex_unit(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |unit, byte| Some(unit * 16 + (*byte as char).to_digit(16)?))
}
