//! Text that survives XML, whatever it holds.

use crate::scan::copy_escaped;

/// Writes text so that a parser gives it back as it was. A bare carriage return would come back as a line feed, so
/// it is written as a reference; characters XML 1.0 cannot hold in any spelling become U+FFFD, because a document
/// nobody can parse helps nobody.
pub(crate) fn write_text(out: &mut Vec<u8>, text: &str) {
    copy_escaped(out, text.as_bytes(), is_special, escape);
}

/// Whether a byte needs a second look. 0xEF is the first byte of U+FFFE and U+FFFF, among many others.
fn is_special(byte: u8) -> bool {
    let control = (byte < 0x20) & (byte != b'\t') & (byte != b'\n');
    control | (byte == b'&') | (byte == b'<') | (byte == b'>') | (byte == b'"') | (byte == 0xEF)
}

/// What is written for the character these bytes start with, and its length; `None` when it stands for itself.
fn escape(bytes: &[u8]) -> Option<(usize, &'static [u8])> {
    const REPLACEMENT: &[u8] = "\u{FFFD}".as_bytes();
    match bytes {
        [b'&', ..] => Some((1, b"&amp;")),
        [b'<', ..] => Some((1, b"&lt;")),
        [b'>', ..] => Some((1, b"&gt;")),
        [b'"', ..] => Some((1, b"&quot;")),
        [b'\r', ..] => Some((1, b"&#xD;")),
        [0xEF, 0xBF, 0xBE | 0xBF, ..] => Some((3, REPLACEMENT)),
        [0xEF, ..] => None,
        _ => Some((1, REPLACEMENT)),
    }
}

#[cfg(test)]
mod tests {
    use super::write_text;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mut out = Vec::new();
        write_text(&mut out, text);
        assert_eq!(String::from_utf8(out).as_deref(), Ok(expected));
    }

    #[test]
    fn text_is_escaped() {
        check("", "");
        check("plain 'text'\n\t", "plain 'text'\n\t");
        check("a<b>&\"c\"\r\n", "a&lt;b&gt;&amp;&quot;c&quot;&#xD;\n");
        check("é 😀 \u{FFFD} \u{F8FF} \u{FEFF}", "é 😀 \u{FFFD} \u{F8FF} \u{FEFF}");
        check("\0\u{1}x\u{1f}\u{FFFE}\u{FFFF}", "\u{FFFD}\u{FFFD}x\u{FFFD}\u{FFFD}\u{FFFD}");
    }
}
