//! Paths of fields: segments between dots, and their hashes.
//!
//! `{"a":{"b":1}}` and `{"a.b":1}` have one path, `a.b`. So keys are split at their dots and a path is a row of segments,
//! whichever way it was written.

const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
const DOTS: u64 = 0x2e2e_2e2e_2e2e_2e2e;
const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// The hash of the path that has no segments.
pub(crate) const ROOT: u64 = 0x243f_6a88_85a3_08d3;

/// The hash of a path and one more segment.
pub(crate) fn join(path: u64, segment: u64) -> u64 {
    let mixed = (path ^ segment).wrapping_mul(MIX);
    (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9).rotate_left(23)
}

/// The hash of a row of bytes, and whether a dot is in it.
pub(crate) fn hash(bytes: &[u8]) -> (u64, bool) {
    let mut hash = (bytes.len() as u64).wrapping_mul(MIX);
    let mut dots = 0;
    let mut take = |word: u64| {
        hash = (hash ^ word).wrapping_mul(MIX);
        hash ^= hash >> 32;
        let zeroed = word ^ DOTS;
        dots |= zeroed.wrapping_sub(ONES) & !zeroed & HIGHS;
    };
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        take(u64::from_le_bytes(*word));
    }
    if !rest.is_empty() {
        if let Some(last) = bytes.last_chunk::<8>() {
            take(u64::from_le_bytes(*last));
        } else if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
            take(u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32);
        } else {
            take(rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)));
        }
    }
    (hash, dots != 0)
}

/// The hash of a whole path.
pub(crate) fn hash_of(path: &str) -> u64 {
    path.split('.').fold(ROOT, |path, segment| join(path, hash(segment.as_bytes()).0))
}

#[cfg(test)]
mod tests {
    use super::hash;

    #[test]
    fn dots_are_seen_wherever_they_are() {
        for length in 0..40 {
            let mut bytes = vec![b'x'; length];
            assert!(!hash(&bytes).1);
            for at in 0..length {
                bytes[at] = b'.';
                assert!(hash(&bytes).1, "{at} of {length}");
                bytes[at] = b'x';
            }
        }
    }
}
