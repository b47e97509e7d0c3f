//! Reads JSON bytes, eight at a time where that is possible.

use std::borrow::Cow;

use super::skip;
use crate::lexer;

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// Marks the high bit of each byte of a word that equals another; bytes after the first mark may be marked wrongly.
fn marks(word: u64, byte: u8) -> u64 {
    let zeroed = word ^ (ONES * byte as u64);
    zeroed.wrapping_sub(ONES) & !zeroed & HIGHS
}

/// Marks bytes below a space, in the same way.
fn controls(word: u64) -> u64 {
    word.wrapping_sub(ONES * 0x20) & !word & HIGHS
}

/// A position in a JSON text.
pub(crate) struct Scan<'a> {
    text: &'a str,
    pos: usize,
}

impl<'a> Scan<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Scan { text, pos: 0 }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.pos).copied()
    }

    /// Passes white space and one byte, which it returns.
    pub(crate) fn token(&mut self) -> Option<u8> {
        loop {
            let byte = self.peek()?;
            self.pos += 1;
            if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return Some(byte);
            }
        }
    }

    /// Nothing but white space is left.
    pub(crate) fn at_end(&mut self) -> Option<()> {
        self.token().is_none().then_some(())
    }

    /// A string whose opening quote is passed.
    pub(crate) fn string(&mut self) -> Option<Cow<'a, str>> {
        let start = self.pos;
        match self.stop()? {
            b'"' => Some(Cow::Borrowed(self.text.get(start..self.pos - 1)?)),
            b'\\' => self.escaped(start).map(Cow::Owned),
            _ => None,
        }
    }

    /// Passes bytes up to and with the first quote, backslash or control character, which it returns.
    fn stop(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while let Some(word) = bytes.get(self.pos..).and_then(|rest| rest.first_chunk::<8>()) {
            let word = u64::from_le_bytes(*word);
            let found = marks(word, b'"') | marks(word, b'\\') | controls(word);
            if found != 0 {
                self.pos += (found.trailing_zeros() / 8) as usize + 1;
                return bytes.get(self.pos - 1).copied();
            }
            self.pos += 8;
        }
        loop {
            let byte = self.peek()?;
            self.pos += 1;
            if byte == b'"' || byte == b'\\' || byte < b' ' {
                return Some(byte);
            }
        }
    }

    /// The rest of a string in which a backslash was just passed.
    fn escaped(&mut self, start: usize) -> Option<String> {
        let mut text = self.text.get(start..self.pos - 1)?.to_owned();
        loop {
            let (c, after) = lexer::unescape(self.text, self.pos)?;
            text.push(c);
            self.pos = after;
            match self.stop()? {
                b'"' => {
                    text.push_str(self.text.get(after..self.pos - 1)?);
                    return Some(text);
                }
                b'\\' => text.push_str(self.text.get(after..self.pos - 1)?),
                _ => return None,
            }
        }
    }

    /// A number or a word whose first byte is passed.
    pub(crate) fn literal(&mut self) -> Option<&'a str> {
        let start = self.pos - 1;
        let bytes = self.text.as_bytes();
        let rest = &bytes[start..];
        let length = match rest[0] {
            b't' if rest.starts_with(b"true") => 4,
            b'f' if rest.starts_with(b"false") => 5,
            b'n' if rest.starts_with(b"null") => 4,
            b'-' | b'0'..=b'9' => number(rest)?,
            _ => return None,
        };
        self.pos = start + length;
        self.text.get(start..self.pos)
    }

    /// Passes a value of which nothing is wanted. What is inside is not checked.
    pub(crate) fn skip_value(&mut self) -> Option<()> {
        match self.token()? {
            b'"' => self.skip_string(),
            b'{' | b'[' => self.skip_container(),
            _ => {
                while self.peek().is_some_and(|byte| !matches!(byte, b',' | b'}' | b']') && byte > b' ') {
                    self.pos += 1;
                }
                Some(())
            }
        }
    }

    /// Passes the rest of a string.
    pub(crate) fn skip_string(&mut self) -> Option<()> {
        loop {
            match self.stop()? {
                b'"' => return Some(()),
                b'\\' => self.pos += 1,
                _ => return None,
            }
        }
    }

    /// Passes the rest of an object or array.
    pub(crate) fn skip_container(&mut self) -> Option<()> {
        self.pos = skip::end_of_container(self.text.as_bytes(), self.pos)?;
        Some(())
    }
}

/// The length of the number that a text begins with.
fn number(bytes: &[u8]) -> Option<usize> {
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut at = usize::from(bytes[0] == b'-');
    match bytes.get(at)? {
        b'0' if bytes.get(at + 1).is_some_and(u8::is_ascii_digit) => return None,
        b'0'..=b'9' => at += digits(at),
        _ => return None,
    }
    if bytes.get(at) == Some(&b'.') {
        let count = digits(at + 1);
        (count > 0).then_some(())?;
        at += 1 + count;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let count = digits(at.min(bytes.len()));
        (count > 0).then_some(())?;
        at += count;
    }
    Some(at)
}
