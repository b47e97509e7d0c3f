//! What text a wire can carry.

/// Whether XML 1.0 can carry every character: `#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to
/// #x10FFFF`. JSON carries them all; services that answer, or once answered, in XML refuse the others in both.
pub fn is_xml_text(text: &str) -> bool {
    // Only control characters and the encodings of U+FFFE and U+FFFF are refused; bytes tell both. Looked at in
    // pieces without a way out in their midst, which the compiler turns into wide comparisons: this runs over every
    // body that is sent.
    let (mut refused, mut suspicious) = (false, false);
    for piece in text.as_bytes().chunks(64) {
        for byte in piece {
            refused |= *byte < 0x20 && !matches!(*byte, 0x09 | 0x0A | 0x0D);
            suspicious |= *byte == 0xEF;
        }
        if refused {
            return false;
        }
    }
    !(suspicious && text.chars().any(|letter| matches!(letter, '\u{FFFE}' | '\u{FFFF}')))
}

#[cfg(test)]
mod tests {
    use super::is_xml_text;

    #[test]
    fn text_is_told_from_what_xml_cannot_carry() {
        for text in ["a", "\t\r\n", "\u{7f}\u{85}", "\u{FFFD}", "\u{1F600}", "\u{10FFFF}", "\u{E000}"] {
            assert!(is_xml_text(text), "{text:?}");
        }
        for text in ["\0", "a\u{8}", "\u{13}", "\u{1f}b", "\u{FFFE}", "ok \u{FFFF}"] {
            assert!(!is_xml_text(text), "{text:?}");
        }
    }
}
