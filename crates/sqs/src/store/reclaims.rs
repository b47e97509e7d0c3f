//! Rows of deleted and purged queues that wait to be reclaimed. Columns: `migrations/0001_queues.sql`.

use storage::{Error, Sql, Tx, params};

const INSERT_RECLAIM: &str =
    "INSERT OR REPLACE INTO reclaims (queue_id, to_seq, after_seq) VALUES (?1, ?2, 0)";
const SELECT_RECLAIM: &str = "SELECT queue_id, to_seq, after_seq FROM reclaims LIMIT 1";
const UPDATE_RECLAIM: &str = "UPDATE reclaims SET after_seq = ?3 WHERE queue_id = ?1 AND to_seq = ?2";
const DELETE_RECLAIM: &str = "DELETE FROM reclaims WHERE queue_id = ?1 AND to_seq = ?2";

/// Rows of one queue up to a sequence.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reclaim {
    pub(crate) queue_id: i64,
    pub(crate) to_seq: u64,
    /// Everything up to here was looked at.
    pub(crate) after_seq: u64,
}

/// Leaves the rows of a queue up to a sequence to be reclaimed.
pub(crate) fn insert(tx: &Tx<'_>, queue_id: i64, to_seq: u64) -> Result<(), Error> {
    tx.execute(INSERT_RECLAIM, params![queue_id, to_seq.cast_signed()]).map(drop)
}

/// One that waits.
pub(crate) fn select_one(sql: &impl Sql) -> Result<Option<Reclaim>, Error> {
    sql.query_optional(SELECT_RECLAIM, [], |row| {
        Ok(Reclaim {
            queue_id: row.get(0)?,
            to_seq: row.get::<_, i64>(1)?.cast_unsigned(),
            after_seq: row.get::<_, i64>(2)?.cast_unsigned(),
        })
    })
}

/// Notes how far one has come.
pub(crate) fn advance(tx: &Tx<'_>, reclaim: &Reclaim) -> Result<(), Error> {
    let row = params![reclaim.queue_id, reclaim.to_seq.cast_signed(), reclaim.after_seq.cast_signed()];
    tx.execute(UPDATE_RECLAIM, row).map(drop)
}

/// Notes that one is done.
pub(crate) fn delete(tx: &Tx<'_>, reclaim: &Reclaim) -> Result<(), Error> {
    tx.execute(DELETE_RECLAIM, params![reclaim.queue_id, reclaim.to_seq.cast_signed()]).map(drop)
}
