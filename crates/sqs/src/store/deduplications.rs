//! What FIFO queues accepted in the last five minutes. Columns: `migrations/0001_queues.sql`.

use storage::{Error, Sql, Tx, params};

const SELECT_DEDUPLICATION: &str = "SELECT seq, message_id FROM deduplications WHERE queue_id = ?1 AND scope = ?2 AND deduplication_id = ?3 AND expires_at_ms > ?4";
const UPSERT_DEDUPLICATION: &str = "INSERT OR REPLACE INTO deduplications (queue_id, scope, deduplication_id, seq, message_id, expires_at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
const DELETE_EXPIRED: &str = "DELETE FROM deduplications WHERE (queue_id, scope, deduplication_id) IN (SELECT queue_id, scope, deduplication_id FROM deduplications WHERE expires_at_ms <= ?1 LIMIT ?2)";

/// What a deduplication id is remembered under.
pub(crate) struct DeduplicationKey<'a> {
    pub(crate) queue_id: i64,
    /// The message group when the queue deduplicates by group, or nothing.
    pub(crate) scope: &'a str,
    pub(crate) deduplication_id: &'a str,
}

/// The message that was accepted under this key, as its sequence and id.
pub(crate) fn select(
    sql: &impl Sql,
    key: &DeduplicationKey<'_>,
    now_ms: i64,
) -> Result<Option<(u64, [u8; 16])>, Error> {
    let found = params![key.queue_id, key.scope, key.deduplication_id, now_ms];
    sql.query_optional(SELECT_DEDUPLICATION, found, |row| {
        Ok((row.get::<_, i64>(0)?.cast_unsigned(), row.get(1)?))
    })
}

/// Remembers a message under this key.
pub(crate) fn insert(
    tx: &Tx<'_>,
    key: &DeduplicationKey<'_>,
    seq: u64,
    message_id: [u8; 16],
    expires_at_ms: i64,
) -> Result<(), Error> {
    let row =
        params![key.queue_id, key.scope, key.deduplication_id, seq.cast_signed(), message_id, expires_at_ms];
    tx.execute(UPSERT_DEDUPLICATION, row).map(drop)
}

/// Forgets some of what has expired and gives their number.
pub(crate) fn delete_expired(tx: &Tx<'_>, now_ms: i64, limit: i64) -> Result<usize, Error> {
    tx.execute(DELETE_EXPIRED, params![now_ms, limit])
}
