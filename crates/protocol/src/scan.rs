//! Looking for the rare byte that needs attention in text that mostly needs none.

/// How many bytes are looked at together. The test of a whole chunk has no branch in it, so that the compiler turns
/// it into a few vector instructions; a kilobyte of plain text then costs tens of nanoseconds, not a microsecond.
const CHUNK_BYTES: usize = 16;

/// The place of the first byte at or after `from` that `wanted` holds for.
#[inline]
pub(crate) fn find(bytes: &[u8], from: usize, wanted: impl Fn(u8) -> bool) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let chunks = rest.chunks_exact(CHUNK_BYTES);
    let plain =
        chunks.take_while(|chunk| !chunk.iter().fold(false, |found, byte| found | wanted(*byte))).count();
    let skipped = plain * CHUNK_BYTES;
    rest[skipped..].iter().position(|byte| wanted(*byte)).map(|at| from + skipped + at)
}

/// Copies text, except that each byte `special` holds for is given to `escape`: what is written instead, and of how
/// many bytes, or `None` when the byte stands for itself after all.
#[inline]
pub(crate) fn copy_escaped<'a>(
    out: &mut Vec<u8>,
    bytes: &[u8],
    special: impl Fn(u8) -> bool,
    escape: impl Fn(&[u8]) -> Option<(usize, &'a [u8])>,
) {
    // Quotes make JSON documents, the most common of bodies, a quarter longer.
    out.reserve(bytes.len() + bytes.len() / 4);
    let (mut copied, mut at) = (0, 0);
    while at < bytes.len() {
        let end = bytes.len().min(at + CHUNK_BYTES);
        if !bytes[at..end].iter().fold(false, |found, byte| found | special(*byte)) {
            at = end;
            continue;
        }
        while at < end {
            let escaped = if special(bytes[at]) { escape(&bytes[at..]) } else { None };
            let Some((length, written)) = escaped else {
                at += 1;
                continue;
            };
            out.extend_from_slice(&bytes[copied..at]);
            out.extend_from_slice(written);
            at += length;
            copied = at;
        }
    }
    out.extend_from_slice(&bytes[copied..]);
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn the_first_wanted_byte_is_found_wherever_it_is() {
        for length in 0..70 {
            for at in 0..length {
                let mut bytes = vec![b'x'; length];
                bytes[at] = b'&';
                for from in 0..=length {
                    let expected = (from <= at).then_some(at);
                    assert_eq!(
                        find(&bytes, from, |byte| byte == b'&'),
                        expected,
                        "{at} of {length} from {from}"
                    );
                }
            }
        }
    }
}
