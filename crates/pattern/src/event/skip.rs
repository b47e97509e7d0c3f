//! Passing over an object or array of which nothing is wanted, eight bytes at a time and without looking at single ones.
//!
//! Of each word the quotes and brackets are marked. The exclusive or of all quotes before a byte says whether it is
//! inside a string; brackets inside strings do not count. Branches that depend on what the text says would cost more
//! than all of this: they are hard to foretell.

const WORD: usize = 8;
const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// `[` and `{`, `]` and `}` differ in this bit alone.
const FOLD: u64 = 0x20;

/// The position after the bracket that closes what was opened before `start`.
pub(super) fn end_of_container(bytes: &[u8], start: usize) -> Option<usize> {
    let mut state = State { depth: 1, in_string: 0, escaped: false };
    let (words, rest) = bytes.get(start..)?.as_chunks::<WORD>();
    let mut at = start;
    for word in words {
        if let Some(end) = state.word(word) {
            return Some(at + end);
        }
        at += WORD;
    }
    let mut word = [b' '; WORD];
    word[..rest.len()].copy_from_slice(rest);
    state.word(&word).map(|end| at + end)
}

struct State {
    depth: u64,
    /// All bits, or none.
    in_string: u64,
    /// The last byte was a backslash that escapes the next.
    escaped: bool,
}

/// Sets the high bit of each byte of a word of ASCII that equals another.
fn marks(word: u64, byte: u8) -> u64 {
    (HIGHS - (word ^ (ONES * u64::from(byte)))) & HIGHS
}

/// How many bytes are marked.
fn count(marks: u64) -> u64 {
    (marks >> 7).wrapping_mul(ONES) >> 56
}

impl State {
    /// Where in a word the container ends.
    fn word(&mut self, bytes: &[u8; WORD]) -> Option<usize> {
        let word = u64::from_le_bytes(*bytes);
        if word & HIGHS != 0 || self.escaped || marks(word, b'\\') != 0 {
            return self.bytes(bytes);
        }
        let folded = word | (ONES * FOLD);
        // The highest byte of `inside` says how the word ends.
        let mut inside = marks(word, b'"');
        inside ^= inside << 8;
        inside ^= inside << 16;
        inside ^= inside << 32;
        inside ^= self.in_string;
        let opened = count(marks(folded, b'{') & !inside);
        let closed = count(marks(folded, b'}') & !inside);
        if self.depth <= closed {
            return self.bytes(bytes);
        }
        self.in_string = 0_u64.wrapping_sub(inside >> 63);
        self.depth = self.depth + opened - closed;
        None
    }

    /// The same byte by byte: for words with escapes, for what is not ASCII, and where the end is near.
    fn bytes(&mut self, bytes: &[u8; WORD]) -> Option<usize> {
        for (at, byte) in bytes.iter().enumerate() {
            if std::mem::take(&mut self.escaped) {
                continue;
            }
            match byte {
                b'"' => self.in_string = !self.in_string,
                b'\\' => self.escaped = self.in_string != 0,
                b'{' | b'[' if self.in_string == 0 => self.depth += 1,
                b'}' | b']' if self.in_string == 0 => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return Some(at + 1);
                    }
                }
                _ => {}
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::end_of_container;

    #[test]
    fn the_end_is_found_wherever_it_is() {
        let inside = r#""a":[1,{"b":"}]\\"},"\"}"],"c":{},"d":"{{[[é","e":[[[]]]"#;
        for before in 0..40 {
            for filler in [" ", "x", "[]", r#""}""#, r#""\"""#, "日本"] {
                let text = format!("{}{inside}{}}} , {{ rest", filler.repeat(before), " ".repeat(before / 2));
                let wanted = text.find("} , { rest").map(|at| at + 1);
                assert_eq!(end_of_container(text.as_bytes(), 0), wanted, "{text}");
                assert_eq!(end_of_container(&text.as_bytes()[..text.len() - 10], 0), None);
            }
        }
    }
}
