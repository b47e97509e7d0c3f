//! Values that are not strings: numbers, `true`, `false`, `null`, and everything that only looks like one.

use std::borrow::Cow;

use super::{Lexer, Token, describe};
use crate::error::{Kind, PatternError};

/// What Jackson was expecting where it found something else.
const VALUES: &str = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

const AFTER_MINUS: &str = "expected digit (0-9) to follow minus sign, for valid numeric value";

const PLUS: &str = "JSON spec does not allow numbers to have plus signs: enable \
                    `JsonReadFeature.ALLOW_LEADING_PLUS_SIGN_FOR_NUMBERS` to allow";

/// An unknown word is quoted up to this many characters.
const WORD_CHARS_MAX: usize = 256;

impl<'a> Lexer<'a> {
    /// Reads a value of which `first`, its first byte, is passed already. A string is only begun.
    pub(super) fn read_value(&mut self, first: u8) -> Result<Token, Box<PatternError>> {
        self.token_start = self.pos - 1;
        match first {
            b'"' => {
                self.unfinished = true;
                Ok(Token::Text)
            }
            b'{' => Ok(Token::StartObject),
            b'[' => Ok(Token::StartArray),
            b'}' => Err(self.unexpected("expected a value")),
            b't' => self.word("true", Token::True),
            b'f' => self.word("false", Token::False),
            b'n' => self.word("null", Token::Null),
            b'-' | b'0'..=b'9' => self.number(first),
            b'+' => Err(self.not_a_number('+', PLUS, self.pos)),
            _ => Err(self.odd_value()),
        }
    }

    fn word(&mut self, word: &str, token: Token) -> Result<Token, Box<PatternError>> {
        for byte in word.bytes().skip(1) {
            if self.peek() != Some(byte) {
                return Err(self.unknown_word());
            }
            self.pos += 1;
        }
        match self.text[self.pos..].chars().next() {
            Some(c) if is_word_char(c) => Err(self.unknown_word()),
            _ => Ok(token),
        }
    }

    fn odd_value(&mut self) -> Box<PatternError> {
        let (c, start) = self.last_char();
        if c.is_alphabetic() || c == '_' || c == '$' {
            self.pos = start + c.len_utf8();
            return self.unknown_word();
        }
        self.unexpected(&format!("expected a valid value {VALUES}"))
    }

    fn unknown_word(&mut self) -> Box<PatternError> {
        let mut chars = self.text[self.token_start..self.pos].chars().count();
        while let Some(c) = self.text[self.pos..].chars().next().filter(|c| is_word_char(*c)) {
            self.pos += c.len_utf8();
            chars += 1;
            if chars >= WORD_CHARS_MAX {
                break;
            }
        }
        let word = &self.text[self.token_start..self.pos];
        let more = if chars >= WORD_CHARS_MAX { "..." } else { "" };
        self.syntax(format!("Unrecognized token '{word}{more}': was expecting {VALUES}"))
    }

    fn number(&mut self, first: u8) -> Result<Token, Box<PatternError>> {
        let mut lead = first;
        if first == b'-' {
            lead = self.digit(AFTER_MINUS)?;
        }
        if lead == b'0' {
            if self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                return Err(self.syntax("Invalid numeric value: Leading zeroes not allowed".to_owned()));
            }
        } else {
            self.digits();
        }
        if self.peek() == Some(b'.') {
            self.pos += 1;
            self.digit("Decimal point not followed by a digit")?;
            self.digits();
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.pos += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.pos += 1;
            }
            self.digit("Exponent indicator not followed by a digit")?;
            self.digits();
        }
        self.value = Cow::Borrowed(&self.text[self.token_start..self.pos]);
        if self.scopes.is_empty() && self.peek().is_some_and(|byte| !byte.is_ascii_whitespace()) {
            self.pos += 1;
            return Err(self.unexpected("Expected space separating root-level values"));
        }
        Ok(Token::Number)
    }

    fn digits(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.pos += 1;
        }
    }

    /// The byte passed, if it is a digit. Behind a point or an exponent Jackson has not passed the wrong character yet,
    /// and points at the one before.
    fn digit(&mut self, otherwise: &str) -> Result<u8, Box<PatternError>> {
        let Some(byte) = self.peek() else { return Err(self.end_of_input(" in a Number value")) };
        self.pos += 1;
        if byte.is_ascii_digit() {
            return Ok(byte);
        }
        let (c, start) = self.last_char();
        let behind_minus = otherwise == AFTER_MINUS;
        Err(self.not_a_number(c, otherwise, if behind_minus { start } else { start.saturating_sub(1) }))
    }

    fn not_a_number(&self, c: char, why: &str, at: usize) -> Box<PatternError> {
        let reason = format!("Unexpected character ({}) in numeric value: {why}", describe(c));
        PatternError::at(Kind::Syntax, reason, self.text, at)
    }
}

/// Java's `isJavaIdentifierPart`, near enough.
fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}
