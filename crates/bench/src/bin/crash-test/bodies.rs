//! Message bodies that name their message and show any damage: a number, then as much text as the number says.

use crate::ledger::Key;

/// Longer than a database page now and then, so that messages span several.
const LENGTHS: [usize; 8] = [10, 40, 200, 700, 1_024, 90, 5_000, 300];

/// The body of message `key`.
pub(crate) fn text(key: Key) -> String {
    format!("m{key}:{}", bench::wire::text(LENGTHS[key % LENGTHS.len()] + key % 17))
}

/// The message a body claims to be.
pub(crate) fn key(body: &str) -> Option<Key> {
    body.strip_prefix('m')?.split(':').next()?.parse().ok()
}
