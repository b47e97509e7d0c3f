//! How much may be published. AWS: SNS Developer Guide, "Publishing large messages with Amazon SNS".

use service::Error;

use crate::errors::{batch_request_too_long, message_too_long};

/// What every topic takes, and every endpoint: 256 KiB.
pub(crate) const ORDINARY_BYTES_MAX: usize = 262_144;

/// To how many endpoints at most larger ones go. AWS: API_SetTopicAttributes, MaximumMessageSize.
pub(crate) const LARGE_SUBSCRIPTIONS_MAX: usize = 100;

/// Protocols that take more than that.
const LARGE_PROTOCOLS: [&str; 3] = ["sqs", "lambda", "firehose"];

/// Refuses a message that is larger than its topic takes.
pub(crate) fn check(bytes: usize, bytes_max: usize) -> Result<(), Error> {
    if bytes > bytes_max { Err(message_too_long()) } else { Ok(()) }
}

/// Refuses a batch that is larger than its topic takes all together; a topic for small messages takes as many bytes of
/// them as any other.
pub(crate) fn check_batch(bytes: usize, bytes_max: usize) -> Result<(), Error> {
    if bytes > bytes_max.max(ORDINARY_BYTES_MAX) { Err(batch_request_too_long()) } else { Ok(()) }
}

/// Whether an endpoint of this protocol takes a message of this size.
pub(crate) fn is_taken_by(protocol: &str, bytes: usize) -> bool {
    bytes <= ORDINARY_BYTES_MAX || LARGE_PROTOCOLS.contains(&protocol)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_limited() {
        assert!(check(1_024, 1_024).is_ok());
        assert!(check(1_025, 1_024).is_err());
        assert!(check_batch(ORDINARY_BYTES_MAX, 1_024).is_ok());
        assert!(check_batch(ORDINARY_BYTES_MAX + 1, 1_024).is_err());
        assert!(check_batch(1_048_576, 1_048_576).is_ok());
        assert!(is_taken_by("email", ORDINARY_BYTES_MAX) && !is_taken_by("email", ORDINARY_BYTES_MAX + 1));
        assert!(is_taken_by("sqs", ORDINARY_BYTES_MAX + 1));
    }
}
