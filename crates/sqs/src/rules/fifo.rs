//! What only FIFO queues take, and what they refuse. AWS: API_SendMessage.

use service::Error;
use sha2::{Digest, Sha256};

use super::digest::hex;
use crate::errors::{invalid_parameter, invalid_value};

const ID_CHARS_MAX: usize = 128;

/// How long a deduplication id is remembered, counted from the message it came with.
pub(crate) const DEDUPLICATION_WINDOW_MS: i64 = 5 * 60 * 1000;

/// Refuses an id that is not 1 to 128 alphanumeric and punctuation characters. `parameter` is its name.
pub(crate) fn check_id(parameter: &str, id: &str) -> Result<(), Error> {
    let fits = (1..=ID_CHARS_MAX).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic());
    if fits {
        return Ok(());
    }
    let reason =
        format!("{parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length.");
    Err(invalid_value(id, parameter, &reason))
}

/// The deduplication id a queue with content-based deduplication makes: the SHA-256 of the body.
pub(crate) fn content_deduplication_id(body: &str) -> String {
    hex(&Sha256::digest(body.as_bytes()))
}

/// Neither an id nor a queue that makes one.
pub(crate) fn no_deduplication_id() -> Error {
    invalid_parameter(
        "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
    )
}

/// A message's sequence number as a FIFO queue answers it: twenty digits that grow, not by one.
pub(crate) fn sequence_number(seq: u64) -> String {
    const FIRST: u128 = 18_800_000_000_000_000_000;
    (FIRST + u128::from(seq) * 256).to_string()
}
