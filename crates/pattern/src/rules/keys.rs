//! Hashes under which operands stand in the table, and values look for them.

use super::field::Kind;
use crate::path;

/// The key of an operand of a field.
pub(super) fn key(field: u32, kind: Kind, operand: u64) -> u64 {
    path::join(path::join(u64::from(field), kind as u64), operand)
}

/// The hash of a whole text.
pub(super) fn text(text: &str) -> u64 {
    path::hash(text.as_bytes()).0
}

/// An address, or the leading digits of one.
pub(super) fn address(row: u128, digits: u32) -> u64 {
    path::join(path::join(u64::from(digits), (row >> 64) as u64), row as u64)
}

/// A hash that grows byte by byte: that of a prefix is met on the way to that of the whole.
#[derive(Clone, Copy)]
pub(super) struct Rolling(u64);

impl Rolling {
    pub(super) fn new() -> Rolling {
        Rolling(0xcbf2_9ce4_8422_2325)
    }

    pub(super) fn take(&mut self, byte: u8) {
        self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }

    pub(super) fn of(bytes: impl Iterator<Item = u8>) -> u64 {
        let mut rolling = Rolling::new();
        bytes.for_each(|byte| rolling.take(byte));
        rolling.value()
    }

    pub(super) fn value(self) -> u64 {
        self.0 ^ self.0 >> 29
    }
}

/// The lengths that grams have.
pub(super) const GRAMS: [usize; 4] = [8, 4, 2, 1];

/// A gram as a number: up to eight bytes, with their count.
pub(super) fn gram(bytes: &[u8]) -> u64 {
    let word = match *bytes {
        [a, b, c, d, e, f, g, h] => u64::from_le_bytes([a, b, c, d, e, f, g, h]),
        [a, b, c, d] => u64::from(u32::from_le_bytes([a, b, c, d])),
        _ => bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)),
    };
    word ^ (bytes.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
