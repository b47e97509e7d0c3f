//! Receipt handles: opaque to callers, the way back to one receive of one message for us.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use service::Error;

use crate::errors::{receipt_handle_is_invalid, receipt_handle_of_another_queue};

/// One receive of one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ReceiptHandle {
    pub(crate) queue_id: i64,
    pub(crate) seq: u64,
    /// The message's receive count when the handle was given: a later receive has a later handle.
    pub(crate) received: u32,
}

/// Real handles begin like this; so do ours, and it tells them from garbage.
const PREFIX: [u8; 3] = [0x01, 0x01, 0x01];
const BYTES: usize = 3 + 8 + 8 + 4 + 4;

impl ReceiptHandle {
    /// The text a receive answers.
    pub(crate) fn encode(self) -> String {
        let mut bytes = [0; BYTES];
        bytes[..3].copy_from_slice(&PREFIX);
        bytes[3..11].copy_from_slice(&self.queue_id.to_be_bytes());
        bytes[11..19].copy_from_slice(&self.seq.to_be_bytes());
        bytes[19..23].copy_from_slice(&self.received.to_be_bytes());
        let check = checksum(&bytes[..23]);
        bytes[23..].copy_from_slice(&check.to_be_bytes());
        // What stands behind the prefix is stirred, so that handles do not look alike.
        stir(&mut bytes[3..], check);
        STANDARD.encode(bytes)
    }

    /// Reads a handle back that is to be one of this queue's; anything we did not write is refused.
    pub(crate) fn decode(text: &str, queue_id: i64) -> Result<Self, Error> {
        let handle = Self::read(text).ok_or_else(|| receipt_handle_is_invalid(text))?;
        if handle.queue_id == queue_id { Ok(handle) } else { Err(receipt_handle_of_another_queue(text)) }
    }

    fn read(text: &str) -> Option<Self> {
        let mut bytes: [u8; BYTES] = STANDARD.decode(text).ok()?.try_into().ok()?;
        let check = u32::from_be_bytes(bytes[23..].try_into().ok()?);
        stir(&mut bytes[3..23], check);
        if bytes[..3] != PREFIX || checksum(&bytes[..23]) != check {
            return None;
        }
        Some(Self {
            queue_id: i64::from_be_bytes(bytes[3..11].try_into().ok()?),
            seq: u64::from_be_bytes(bytes[11..19].try_into().ok()?),
            received: u32::from_be_bytes(bytes[19..23].try_into().ok()?),
        })
    }
}

/// FNV-1a: enough to tell a mistyped or foreign handle; a handle is no secret.
fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811C_9DC5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

/// Exclusive-ors the first twenty bytes with a stream grown from `seed`; doing it twice undoes it.
fn stir(bytes: &mut [u8], seed: u32) {
    let mut state = seed | 1;
    for byte in bytes.iter_mut().take(20) {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        *byte ^= state as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_comes_back_as_it_was() {
        for (queue_id, seq, received) in [(1, 1, 1), (i64::MAX, u64::MAX, u32::MAX), (42, 1 << 40, 7)] {
            let handle = ReceiptHandle { queue_id, seq, received };
            assert_eq!(ReceiptHandle::decode(&handle.encode(), queue_id), Ok(handle));
        }
    }

    #[test]
    fn what_we_did_not_write_is_refused() {
        let handle = ReceiptHandle { queue_id: 3, seq: 9, received: 1 }.encode();
        for place in 0..handle.len() {
            let mut letters = handle.clone().into_bytes();
            letters[place] = if letters[place] == b'A' { b'B' } else { b'A' };
            let text = String::from_utf8_lossy(&letters);
            assert_eq!(ReceiptHandle::decode(&text, 3), Err(receipt_handle_is_invalid(&text)));
        }
        for text in ["", "garbage", "AQEB", "ÄÄÄÄ"] {
            assert_eq!(ReceiptHandle::decode(text, 3), Err(receipt_handle_is_invalid(text)));
        }
    }

    #[test]
    fn a_handle_of_another_queue_is_refused_in_other_words() {
        let handle = ReceiptHandle { queue_id: 3, seq: 9, received: 1 }.encode();
        let refusal = ReceiptHandle::decode(&handle, 4).unwrap_err();
        assert_eq!(refusal.kind.code, "ReceiptHandleIsInvalid");
        assert_eq!(refusal.message, format!("The receipt handle \"{handle}\" is not valid for this queue."));
    }
}
