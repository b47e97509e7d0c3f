//! Blobs are base64 on every wire here; the sentences are those of the AWS framework that reads them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use shape::Unreadable;

/// The bytes of a base64 text.
pub(crate) fn decode(text: &str) -> Result<Vec<u8>, Unreadable> {
    STANDARD.decode(text).map_err(|_| {
        Unreadable(if text.len().is_multiple_of(4) {
            "Invalid Base64 encoded data".to_owned()
        } else {
            format!("Base64 encoded length is expected a multiple of 4 bytes but found: {}", text.len())
        })
    })
}

/// The base64 text of some bytes.
pub(crate) fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}
