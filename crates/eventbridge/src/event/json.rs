//! JSON texts as texts: checked, stripped of white space and taken apart, never turned into a tree. So member order, the
//! way a number was written and the escapes of strings stay what the sender made them, and depth costs no stack.

use std::borrow::Cow;

/// What a text may hold besides being JSON.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Objects and arrays within each other.
    pub(crate) depth_max: usize,
    /// Whether an integer has to fit 64 bits with a sign.
    pub(crate) int64: bool,
}

/// Anything that is JSON.
pub(crate) const ANY: Bounds = Bounds { depth_max: usize::MAX, int64: false };

/// What was read of a text.
pub(crate) struct Compact {
    /// The values without white space between tokens, one after the other.
    pub(crate) text: String,
    /// How many values stand side by side at the top.
    pub(crate) values: usize,
}

/// The one value of `text` without white space between its tokens.
pub(crate) fn compact(text: &str, bounds: Bounds) -> Option<String> {
    sequence(text, bounds).ok().filter(|read| read.values == 1).map(|read| read.text)
}

/// Reads one value or several side by side; the error is the byte where that went wrong.
pub(crate) fn sequence(text: &str, bounds: Bounds) -> Result<Compact, usize> {
    let mut walk = Walk { text, pos: 0, bounds, out: String::with_capacity(text.len()) };
    let mut values = 0;
    walk.blank();
    while values == 0 || walk.pos < text.len() {
        walk.value().ok_or(walk.pos)?;
        values += 1;
        walk.blank();
    }
    Ok(Compact { text: walk.out, values })
}

/// A position in a text that is being checked, and what is kept of it.
struct Walk<'a> {
    text: &'a str,
    pos: usize,
    bounds: Bounds,
    out: String,
}

impl Walk<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.pos).copied()
    }

    fn blank(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.pos += 1;
        }
    }

    /// Passes white space and `byte`, which is kept, if that comes next.
    fn eat(&mut self, byte: u8) -> Option<()> {
        self.blank();
        (self.peek()? == byte).then_some(())?;
        self.pos += 1;
        self.out.push(char::from(byte));
        Some(())
    }

    /// One value. What is open stands on the heap: a text of brackets must not exhaust the stack.
    fn value(&mut self) -> Option<()> {
        let mut open: Vec<u8> = Vec::new();
        loop {
            self.blank();
            match self.peek()? {
                b'{' => {
                    self.eat(b'{')?;
                    self.bounded(&open)?;
                    if self.eat(b'}').is_none() {
                        open.push(b'}');
                        self.key()?;
                        continue;
                    }
                }
                b'[' => {
                    self.eat(b'[')?;
                    self.bounded(&open)?;
                    if self.eat(b']').is_none() {
                        open.push(b']');
                        continue;
                    }
                }
                b'"' => self.string()?,
                b'-' | b'0'..=b'9' => self.number()?,
                _ => self.word()?,
            }
            // A value has ended: what is open goes on, or closes.
            loop {
                let Some(&close) = open.last() else { return Some(()) };
                if self.eat(b',').is_some() {
                    if close == b'}' {
                        self.key()?;
                    }
                    break;
                }
                self.eat(close)?;
                open.pop();
            }
        }
    }

    /// One more may be opened.
    fn bounded(&self, open: &[u8]) -> Option<()> {
        (open.len() < self.bounds.depth_max).then_some(())
    }

    fn key(&mut self) -> Option<()> {
        self.blank();
        self.string()?;
        self.eat(b':')
    }

    fn keep_from(&mut self, start: usize) -> Option<()> {
        self.out.push_str(self.text.get(start..self.pos)?);
        Some(())
    }

    fn string(&mut self) -> Option<()> {
        let start = self.pos;
        (self.peek()? == b'"').then_some(())?;
        self.pos += 1;
        loop {
            let rest = self.text.as_bytes().get(self.pos..)?;
            self.pos += rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20))?;
            match self.peek()? {
                b'"' => break,
                b'\\' => {
                    self.pos += 1;
                    match self.peek()? {
                        b'u' => {
                            let digits = self.text.as_bytes().get(self.pos + 1..self.pos + 5)?;
                            digits.iter().all(u8::is_ascii_hexdigit).then_some(())?;
                            self.pos += 5;
                        }
                        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => self.pos += 1,
                        _ => return None,
                    }
                }
                _ => return None,
            }
        }
        self.pos += 1;
        self.keep_from(start)
    }

    fn number(&mut self) -> Option<()> {
        let start = self.pos;
        if self.peek() == Some(b'-') {
            self.pos += 1;
        }
        if self.peek()? == b'0' {
            self.pos += 1;
        } else {
            self.digits()?;
        }
        let whole = self.pos;
        if self.peek() == Some(b'.') {
            self.pos += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.pos += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.pos += 1;
            }
            self.digits()?;
        }
        if self.bounds.int64 && self.pos == whole {
            self.text.get(start..whole)?.parse::<i64>().ok()?;
        }
        self.ends_token()?;
        self.keep_from(start)
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.pos;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.pos += 1;
        }
        (self.pos > start).then_some(())
    }

    fn word(&mut self) -> Option<()> {
        let start = self.pos;
        let rest = self.text.get(start..)?;
        let word = ["true", "false", "null"].into_iter().find(|word| rest.starts_with(word))?;
        self.pos += word.len();
        self.ends_token()?;
        self.keep_from(start)
    }

    /// Numbers and words end at white space or punctuation: `01` and `nullnull` are not two values.
    fn ends_token(&self) -> Option<()> {
        let ends = self
            .peek()
            .is_none_or(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b',' | b']' | b'}' | b'"'));
        ends.then_some(())
    }
}

/// The members of an object: the key as it is written, with its quotes, and the text of the value. Of a text that is no
/// object there are none. It has to be JSON; white space is allowed.
pub(crate) fn members(object: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut items = Items::new(object, '{', '}');
    std::iter::from_fn(move || {
        let key = items.next_value()?;
        items.pass(':')?;
        let value = items.next_value()?;
        items.separator();
        Some((key, value))
    })
}

/// The elements of an array, as [`members`].
pub(crate) fn elements(array: &str) -> impl Iterator<Item = &str> {
    let mut items = Items::new(array, '[', ']');
    std::iter::from_fn(move || {
        let value = items.next_value()?;
        items.separator();
        Some(value)
    })
}

/// The value of a key. Of several, the last one counts, as with any reader that fills a map.
pub(crate) fn member<'a>(object: &'a str, key: &str) -> Option<&'a str> {
    members(object).filter(|(found, _)| text_of(found) == key).last().map(|(_, value)| value)
}

/// The object with more members at its end, each a name and the text that is its value, in the places of their namesakes;
/// nothing if the text is no object. The values of all others stay as they are written.
pub(crate) fn with_texts<'a>(
    object: &str,
    more: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Option<String> {
    let object = compact(object, ANY).filter(|object| object.starts_with('{'))?;
    let mut all: Vec<(Cow<'_, str>, Cow<'_, str>)> =
        members(&object).map(|(key, value)| (Cow::Borrowed(key), Cow::Borrowed(value))).collect();
    for (name, text) in more {
        all.retain(|(key, _)| text_of(key) != name);
        let (mut key, mut value) = (String::new(), String::new());
        push_string(&mut key, name);
        push_string(&mut value, text);
        all.push((Cow::Owned(key), Cow::Owned(value)));
    }
    let all: Vec<String> = all.iter().map(|(key, value)| format!("{key}:{value}")).collect();
    Some(format!("{{{}}}", all.join(",")))
}

/// What is left of an object or an array.
struct Items<'a> {
    rest: &'a str,
}

impl<'a> Items<'a> {
    fn new(container: &'a str, open: char, close: char) -> Self {
        let inside = container.trim().strip_prefix(open).and_then(|inside| inside.strip_suffix(close));
        Self { rest: inside.unwrap_or_default().trim_start() }
    }

    fn next_value(&mut self) -> Option<&'a str> {
        let (value, rest) = self.rest.split_at_checked(end_of_value(self.rest)?)?;
        self.rest = rest.trim_start();
        Some(value)
    }

    fn pass(&mut self, punctuation: char) -> Option<()> {
        self.rest = self.rest.strip_prefix(punctuation)?.trim_start();
        Some(())
    }

    fn separator(&mut self) {
        // After the last item there is none, and nothing is left.
        let _ = self.pass(',');
    }
}

/// How long the value is that begins here.
fn end_of_value(text: &str) -> Option<usize> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            if !in_string && depth == 0 {
                return Some(at + 1);
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            b',' | b':' | b' ' | b'\t' | b'\n' | b'\r' if depth == 0 => return (at > 0).then_some(at),
            _ => {}
        }
    }
    (depth == 0 && !in_string && !text.is_empty()).then_some(text.len())
}

/// What a string literal says, or the text of any other value. An escape that stands for half a character stays as it
/// is written.
pub(crate) fn text_of(value: &str) -> Cow<'_, str> {
    let Some(inside) = value.strip_prefix('"').and_then(|inside| inside.strip_suffix('"')) else {
        return Cow::Borrowed(value);
    };
    if !inside.contains('\\') {
        return Cow::Borrowed(inside);
    }
    serde_json::from_str(value).map_or(Cow::Borrowed(inside), Cow::Owned)
}

/// Appends a string literal.
pub(crate) fn push_string(out: &mut String, text: &str) {
    if text.bytes().any(|byte| matches!(byte, b'"' | b'\\' | 0..0x20)) {
        out.push_str(&serde_json::Value::from(text).to_string());
        return;
    }
    out.push('"');
    out.push_str(text);
    out.push('"');
}

#[cfg(test)]
mod tests;
