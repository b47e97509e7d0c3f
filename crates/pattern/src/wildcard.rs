//! `wildcard`: `*` stands for any characters, `\*` and `\\` for the two characters themselves.

use std::fmt;

/// The texts between the stars; there is always one more than there are stars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wildcard {
    pub(crate) pieces: Box<[Box<str>]>,
}

impl Wildcard {
    /// Reads a wildcard, or says what is wrong with it. Positions count bytes of the value with its opening quote.
    pub(crate) fn parse(text: &str) -> Result<Wildcard, String> {
        let mut pieces = vec![String::new()];
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let next = chars.peek().map(|(_, next)| *next);
            match c {
                '*' if next == Some('*') => {
                    return Err(format!("Consecutive wildcard characters at pos {}", at + 1));
                }
                '*' => pieces.push(String::new()),
                '\\' if matches!(next, Some('*' | '\\')) => {
                    chars.next();
                    push(&mut pieces, next.unwrap_or(c));
                }
                '\\' => return Err(format!("Invalid escape character at pos {}", at + 1)),
                _ => push(&mut pieces, c),
            }
        }
        Ok(Wildcard { pieces: pieces.into_iter().map(String::into_boxed_str).collect() })
    }

    /// Whether a text fits.
    pub(crate) fn fits(&self, text: &str) -> bool {
        let (Some(first), Some(last)) = (self.pieces.first(), self.pieces.last()) else { return false };
        if self.pieces.len() == 1 {
            return **first == *text;
        }
        if text.len() < first.len() + last.len() {
            return false;
        }
        let (Some(rest), true) = (text.strip_prefix(&**first), text.ends_with(&**last)) else { return false };
        let mut rest = &rest[..rest.len() - last.len()];
        for piece in &self.pieces[1..self.pieces.len() - 1] {
            // The leftmost place leaves the most for those that follow.
            match find(rest, piece) {
                Some(at) => rest = &rest[at + piece.len()..],
                None => return false,
            }
        }
        true
    }
}

impl fmt::Display for Wildcard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pieces: Vec<String> =
            self.pieces.iter().map(|piece| piece.replace('\\', r"\\").replace('*', r"\*")).collect();
        f.write_str(&pieces.join("*"))
    }
}

/// The first place of a piece in a text.
fn find(text: &str, piece: &str) -> Option<usize> {
    // The standard search prepares itself for long texts; that costs more than a short one takes.
    let [first, ..] = piece.as_bytes() else { return Some(0) };
    if text.len() * piece.len() > 4096 {
        return text.find(piece);
    }
    let mut places = text.as_bytes().windows(piece.len()).enumerate();
    places.find(|(_, window)| window[0] == *first && *window == piece.as_bytes()).map(|(at, _)| at)
}

fn push(pieces: &mut [String], c: char) {
    if let Some(piece) = pieces.last_mut() {
        piece.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::Wildcard;

    fn check(pattern: &str, text: &str) -> bool {
        Wildcard::parse(pattern).unwrap_or_else(|why| panic!("{why}")).fits(text)
    }

    #[test]
    fn stars_stand_for_anything() {
        assert!(check("*", ""));
        assert!(check("a*c", "abc") && check("a*c", "ac") && !check("a*c", "acd"));
        assert!(check("*xyz*xyzw", "xyzxyzxyzw"));
        assert!(!check("ab*ba", "aba"));
        assert!(check("*ab*b*", "aabxb") && !check("*ab*b*", "ab"));
        assert!(check("", "") && !check("", "a"));
    }

    #[test]
    fn a_backslash_takes_the_meaning_away() {
        assert!(check(r"a\*b", "a*b") && !check(r"a\*b", "axb"));
        assert!(check(r"\\*", r"\x"));
        assert_eq!(Wildcard::parse("a**b"), Err("Consecutive wildcard characters at pos 2".to_owned()));
        assert_eq!(Wildcard::parse(r"é\a"), Err("Invalid escape character at pos 3".to_owned()));
    }
}
