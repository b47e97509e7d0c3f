//! A reader of JSON tokens that fails in the words, and at the positions, of the Jackson parser.
//!
//! AWS prints what Jackson says about a pattern, so three of its habits are kept: a field's name is read together with
//! the first token of its value; a string is read to its end only when somebody asks for its text or for the next
//! token; and text after the outermost value is never looked at. Jackson since 2.16 (what the service runs, as
//! its recorded answers show) gives the position *of* a wrong character and the position *after* a wrong token.

mod literals;
mod strings;

use std::borrow::Cow;

use crate::error::{Fault, Kind, PatternError};
pub(crate) use strings::unescape;

/// Containers inside containers; Jackson's own limit (`StreamReadConstraints`).
const DEPTH_MAX: usize = 1000;

/// What a token is. Its text is asked for with [`Lexer::text`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    StartObject,
    EndObject,
    StartArray,
    EndArray,
    Name,
    Text,
    Number,
    True,
    False,
    Null,
    /// After the outermost value, or nothing at all.
    End,
}

#[derive(Clone, Copy)]
struct Scope {
    /// `{` or `[`.
    open: u8,
    start: usize,
    has_entries: bool,
}

/// Reads tokens from a text.
pub(crate) struct Lexer<'a> {
    text: &'a str,
    pos: usize,
    token: Token,
    /// The first token of the value, read with the name before it.
    after_name: Option<Token>,
    token_start: usize,
    /// A string was begun and not yet read to its end.
    unfinished: bool,
    name: Cow<'a, str>,
    value: Cow<'a, str>,
    scopes: Vec<Scope>,
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Lexer {
            text,
            pos: 0,
            token: Token::End,
            after_name: None,
            token_start: 0,
            unfinished: false,
            name: Cow::Borrowed(""),
            value: Cow::Borrowed(""),
            scopes: Vec::new(),
        }
    }

    /// The name of the field the reader is in.
    pub(crate) fn name(&self) -> Cow<'a, str> {
        self.name.clone()
    }

    /// The text of the current token; a string is read to its end.
    pub(crate) fn text(&mut self) -> Result<Cow<'a, str>, Box<PatternError>> {
        if self.unfinished {
            self.value = self.finish_string("string value")?;
            self.unfinished = false;
        }
        Ok(match self.token {
            Token::StartObject => Cow::Borrowed("{"),
            Token::EndObject => Cow::Borrowed("}"),
            Token::StartArray => Cow::Borrowed("["),
            Token::EndArray => Cow::Borrowed("]"),
            Token::Name => self.name.clone(),
            Token::Text | Token::Number => self.value.clone(),
            Token::True => Cow::Borrowed("true"),
            Token::False => Cow::Borrowed("false"),
            Token::Null => Cow::Borrowed("null"),
            Token::End => Cow::Borrowed(""),
        })
    }

    /// Reads the next token.
    pub(crate) fn next(&mut self) -> Result<Token, Box<PatternError>> {
        if let Some(token) = self.after_name.take() {
            self.enter(token)?;
            self.token = token;
            return Ok(token);
        }
        if self.unfinished {
            self.finish_string("string value")?;
            self.unfinished = false;
        }
        let Some(mut byte) = self.skip_space()? else {
            self.token = self.at_end()?;
            return Ok(self.token);
        };
        if byte == b']' || byte == b'}' {
            self.token = self.close(byte)?;
            return Ok(self.token);
        }
        if self.wants_comma() {
            byte = self.skip_comma(byte)?;
        }
        if self.in_object() {
            self.name = self.read_name(byte)?;
            let first = self.skip_colon()?;
            self.after_name = Some(self.read_value(first)?);
            self.token = Token::Name;
        } else {
            let token = self.read_value(byte)?;
            self.enter(token)?;
            self.token = token;
        }
        Ok(self.token)
    }

    /// An error found by whoever reads the tokens, at the current position.
    pub(crate) fn fault(&self, reason: impl Into<String>) -> Box<PatternError> {
        PatternError::at(Kind::Pattern, reason.into(), self.text, self.pos)
    }

    /// The same error once more, wrapped at the current position: errors inside lists carry two positions.
    pub(crate) fn wrap(&self, error: Box<PatternError>) -> Box<PatternError> {
        error.wrapped_at(self.text, self.pos)
    }

    fn in_object(&self) -> bool {
        self.scopes.last().is_some_and(|scope| scope.open == b'{')
    }

    fn wants_comma(&mut self) -> bool {
        match self.scopes.last_mut() {
            Some(scope) => std::mem::replace(&mut scope.has_entries, true),
            None => false,
        }
    }

    fn enter(&mut self, token: Token) -> Result<(), Box<PatternError>> {
        let open = match token {
            Token::StartObject => b'{',
            Token::StartArray => b'[',
            _ => return Ok(()),
        };
        if self.scopes.len() >= DEPTH_MAX {
            return Err(self.syntax(format!(
                "Document nesting depth ({}) exceeds the maximum allowed ({DEPTH_MAX}, from \
                 `StreamReadConstraints.getMaxNestingDepth()`)",
                DEPTH_MAX + 1
            )));
        }
        self.scopes.push(Scope { open, start: self.token_start, has_entries: false });
        Ok(())
    }

    fn close(&mut self, byte: u8) -> Result<Token, Box<PatternError>> {
        let (open, token) = if byte == b']' { (b'[', Token::EndArray) } else { (b'{', Token::EndObject) };
        match self.scopes.last() {
            Some(scope) if scope.open == open => {
                self.scopes.pop();
                Ok(token)
            }
            Some(scope) => Err(self.mismatched(byte, scope.open, scope.start)),
            None => Err(self.mismatched(byte, if byte == b']' { b'{' } else { b'[' }, usize::MAX)),
        }
    }

    fn mismatched(&self, byte: u8, open: u8, start: usize) -> Box<PatternError> {
        let (wanted, what) = if open == b'[' { (']', "Array") } else { ('}', "Object") };
        let what = if start == usize::MAX { "root" } else { what };
        let reason = format!(
            "Unexpected close marker '{}': expected '{wanted}' (for {what} starting at ",
            byte as char
        );
        PatternError::quoting(self.text, Fault { pos: self.pos - 1, reason, quoted: start, end: ")" })
    }

    fn at_end(&self) -> Result<Token, Box<PatternError>> {
        let Some(scope) = self.scopes.last() else { return Ok(Token::End) };
        let what = if scope.open == b'[' { "Array" } else { "Object" };
        let reason = format!("Unexpected end-of-input: expected close marker for {what} (start marker at ");
        Err(PatternError::quoting(self.text, Fault { pos: self.pos, reason, quoted: scope.start, end: ")" }))
    }

    fn end_of_input(&self, where_: &str) -> Box<PatternError> {
        self.syntax(format!("Unexpected end-of-input{where_}"))
    }

    fn syntax(&self, reason: String) -> Box<PatternError> {
        PatternError::at(Kind::Syntax, reason, self.text, self.pos)
    }

    /// An error about the character just passed.
    fn unexpected(&self, reason: &str) -> Box<PatternError> {
        let (c, start) = self.last_char();
        let reason = format!("Unexpected character ({}): {reason}", describe(c));
        PatternError::at(Kind::Syntax, reason, self.text, start)
    }

    /// The character before the current position, of which perhaps one byte only was passed.
    fn last_char(&self) -> (char, usize) {
        let start = (0..self.pos).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0);
        (self.text[start..].chars().next().unwrap_or(' '), start)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.pos).copied()
    }

    /// Passes white space and the byte after it, which it returns.
    fn skip_space(&mut self) -> Result<Option<u8>, Box<PatternError>> {
        while let Some(byte) = self.peek() {
            self.pos += 1;
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => {}
                b'/' => {
                    return Err(self.unexpected(
                        "maybe a (non-standard) comment? (not recognized as one since Feature 'ALLOW_COMMENTS' not \
                         enabled for parser)",
                    ));
                }
                0..b' ' => {
                    return Err(self.syntax(format!(
                        "Illegal character ({}): only regular white space (\\r, \\n, \\t) is allowed between tokens",
                        describe(byte as char)
                    )));
                }
                _ => return Ok(Some(byte)),
            }
        }
        Ok(None)
    }

    fn skip_comma(&mut self, byte: u8) -> Result<u8, Box<PatternError>> {
        let what = if self.in_object() { "Object" } else { "Array" };
        if byte != b',' {
            return Err(self.unexpected(&format!("was expecting comma to separate {what} entries")));
        }
        self.skip_space()?.ok_or_else(|| self.end_of_input(&format!(" within/between {what} entries")))
    }

    fn skip_colon(&mut self) -> Result<u8, Box<PatternError>> {
        let colon = self.skip_space()?.ok_or_else(|| self.end_of_input(" within/between Object entries"))?;
        if colon != b':' {
            return Err(self.unexpected("was expecting a colon to separate field name and value"));
        }
        self.skip_space()?.ok_or_else(|| self.end_of_input(" within/between Object entries"))
    }
}

/// Jackson's way to name a character in a message.
fn describe(c: char) -> String {
    let mut unit = [0; 2];
    let code = u32::from(c.encode_utf16(&mut unit)[0]);
    // Half of a pair is no character to Java.
    let c = if c.len_utf16() == 2 { '?' } else { c };
    if c.is_control() {
        format!("(CTRL-CHAR, code {code})")
    } else if code > 255 {
        format!("'{c}' (code {code} / 0x{code:x})")
    } else {
        format!("'{c}' (code {code})")
    }
}
