//! What only FIFO topics take, and what they ask for. AWS: API_Publish; SNS Developer Guide, "Amazon SNS message
//! delivery for FIFO topics", "Amazon SNS message deduplication for FIFO topics".

use service::Error;
use sha2::{Digest, Sha256};

use crate::errors::{
    deduplication_id_is_required, invalid_id, message_group_is_required, not_for_this_topic_type,
};
use crate::rules::topic_attributes::TopicSettings;

const ID_CHARS_MAX: usize = 128;

/// How long a deduplication id is remembered.
pub(crate) const DEDUPLICATION_WINDOW_MS: i64 = 5 * 60 * 1000;

/// Refuses an id that is not 1 to 128 alphanumeric and punctuation characters. `parameter` is its name.
pub(crate) fn check_id(parameter: &str, id: &str) -> Result<(), Error> {
    let fits = (1..=ID_CHARS_MAX).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic());
    if fits { Ok(()) } else { Err(invalid_id(parameter)) }
}

/// Refuses ids that a topic of this type does not take, or misses.
pub(crate) fn check_type(
    settings: &TopicSettings,
    group_id: Option<&str>,
    deduplication_id: Option<&str>,
) -> Result<(), Error> {
    if !settings.fifo {
        // A group is passed on to fair queues.
        return match deduplication_id {
            Some(_) => Err(not_for_this_topic_type("MessageDeduplicationId")),
            None => Ok(()),
        };
    }
    if group_id.is_none() {
        return Err(message_group_is_required());
    }
    if deduplication_id.is_none() && !settings.content_deduplication {
        return Err(deduplication_id_is_required());
    }
    Ok(())
}

/// The deduplication id a topic with content-based deduplication makes: the SHA-256 of the message, without attributes.
pub(crate) fn content_deduplication_id(message: &str) -> String {
    Sha256::digest(message.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The sequence number of a topic's nth message: twenty digits that grow, not by one.
pub(crate) fn sequence_number(count: u64) -> String {
    const FIRST: u128 = 10_000_000_000_000_000_000;
    (FIRST + u128::from(count) * 1_000).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_short_and_visible() {
        for id in ["a", "!~", &"a".repeat(128)] {
            assert!(check_id("MessageGroupId", id).is_ok(), "{id}");
        }
        for id in ["", "a b", "ü", "\t", &"a".repeat(129)] {
            assert!(check_id("MessageGroupId", id).is_err(), "{id}");
        }
    }

    /// Recorded: test_message_to_fifo_sqs.
    #[test]
    fn a_digest_is_the_sha_256_in_hex() {
        let expected = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
        assert_eq!(content_deduplication_id("hello"), expected);
    }

    #[test]
    fn sequence_numbers_have_twenty_digits() {
        assert_eq!(sequence_number(3), "10000000000000003000");
        assert_eq!(sequence_number(u64::from(u32::MAX) * 1_000).len(), 20);
    }
}
