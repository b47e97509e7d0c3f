//! Message bodies. AWS: API_SendMessage, MessageBody.

use service::Error;

use crate::errors::{invalid_message_contents, missing_parameter};

/// Refuses an empty body and characters that XML 1.0 cannot carry.
pub(crate) fn check(body: &str) -> Result<(), Error> {
    if body.is_empty() {
        return Err(missing_parameter("MessageBody"));
    }
    if is_xml_text(body) { Ok(()) } else { Err(invalid_message_contents()) }
}

/// Whether XML 1.0 can carry every character: `#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to
/// #x10FFFF`.
pub(crate) fn is_xml_text(text: &str) -> bool {
    // Only control characters and the encodings of U+FFFE and U+FFFF are refused; bytes tell both.
    let plain = |byte: &u8| *byte >= 0x20 || matches!(byte, 0x09 | 0x0A | 0x0D);
    let bytes = text.as_bytes();
    bytes.iter().all(plain)
        && !(bytes.contains(&0xEF) && text.chars().any(|letter| matches!(letter, '\u{FFFE}' | '\u{FFFF}')))
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
