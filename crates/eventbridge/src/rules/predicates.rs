//! The model's patterns that no regular expression crate can run.

/// `^(?!\s*$).+`: one line at least, and not of white space alone. A dot is no line break.
pub(crate) fn is_not_blank(text: &str) -> bool {
    let is_break = |letter: char| matches!(letter, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
    !text.trim().is_empty() && !text.starts_with(is_break)
}

#[cfg(test)]
mod tests {
    use super::is_not_blank;

    #[test]
    fn white_space_alone_is_blank() {
        for (text, expected) in [("a", true), (" a", true), ("", false), (" \t", false), ("\na", false)] {
            assert_eq!(is_not_blank(text), expected, "{text:?}");
        }
    }
}
