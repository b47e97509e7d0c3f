//! What FIFO topics accepted: what they know again, and how many they count. Columns: `migrations/0004_fifo.sql`.

use storage::{Error, Sql, Tx, params};

const SELECT_DEDUPLICATION: &str = "SELECT message_id, sequence FROM topic_deduplications WHERE topic_id = ?1 AND scope = ?2 AND deduplication_id = ?3 AND expires_at_ms > ?4";
const UPSERT_DEDUPLICATION: &str = "INSERT OR REPLACE INTO topic_deduplications (topic_id, scope, deduplication_id, message_id, sequence, expires_at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
const DELETE_EXPIRED: &str = "DELETE FROM topic_deduplications WHERE (topic_id, scope, deduplication_id) IN (SELECT topic_id, scope, deduplication_id FROM topic_deduplications WHERE expires_at_ms <= ?1 LIMIT 4)";
const NEXT_SEQUENCE: &str = "INSERT INTO topic_sequences (topic_id, last) VALUES (?1, 1) ON CONFLICT (topic_id) DO UPDATE SET last = last + 1 RETURNING last";
const DELETE_ALL: [&str; 2] = [
    "DELETE FROM topic_deduplications WHERE topic_id = ?1",
    "DELETE FROM topic_sequences WHERE topic_id = ?1",
];

/// What a deduplication id is remembered under.
pub(crate) struct DeduplicationKey<'a> {
    pub(crate) topic_id: i64,
    /// The message group when the topic deduplicates by group, or nothing.
    pub(crate) scope: &'a str,
    pub(crate) deduplication_id: &'a str,
}

/// The message that was accepted under this key: its id and its place.
pub(crate) fn select_original(
    sql: &impl Sql,
    key: &DeduplicationKey<'_>,
    now_ms: i64,
) -> Result<Option<(String, u64)>, Error> {
    let found = params![key.topic_id, key.scope, key.deduplication_id, now_ms];
    sql.query_optional(SELECT_DEDUPLICATION, found, |row| {
        Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs()))
    })
}

/// Remembers a message under this key, and forgets some that have expired: more than are remembered, so that they
/// cannot heap up.
pub(crate) fn remember(
    tx: &Tx<'_>,
    key: &DeduplicationKey<'_>,
    message_id: &str,
    sequence: u64,
    expires_at_ms: i64,
) -> Result<(), Error> {
    tx.execute(DELETE_EXPIRED, params![tx.now_ms()])?;
    let row = params![
        key.topic_id,
        key.scope,
        key.deduplication_id,
        message_id,
        sequence.cast_signed(),
        expires_at_ms
    ];
    tx.execute(UPSERT_DEDUPLICATION, row).map(drop)
}

/// The place of a topic's next message, counted from 1.
pub(crate) fn next_sequence(tx: &Tx<'_>, topic_id: i64) -> Result<u64, Error> {
    tx.query_row(NEXT_SEQUENCE, params![topic_id], |row| Ok(row.get::<_, i64>(0)?.unsigned_abs()))
}

/// Forgets a topic.
pub(crate) fn delete(tx: &Tx<'_>, topic_id: i64) -> Result<(), Error> {
    for statement in DELETE_ALL {
        tx.execute(statement, params![topic_id])?;
    }
    Ok(())
}
