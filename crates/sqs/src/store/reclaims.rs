//! Rows of deleted and purged queues that wait to be reclaimed. Columns: `migrations/0001_queues.sql`.

use storage::{Error, Sql, Tx, params};

const INSERT_RECLAIM: &str = "INSERT INTO reclaims (queue_id, to_seq, after_seq) VALUES (?1, ?2, ?3) ON CONFLICT (queue_id, to_seq) DO UPDATE SET after_seq = min(after_seq, excluded.after_seq)";
const SELECT_RECLAIMS: &str = "SELECT queue_id, to_seq, after_seq FROM reclaims";
const UPDATE_RECLAIMS: &str = "UPDATE reclaims SET after_seq = ?1 WHERE after_seq < ?1";
const DELETE_RECLAIMED: &str = "DELETE FROM reclaims WHERE to_seq <= ?1";

/// Rows of one queue up to a sequence.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reclaim {
    pub(crate) queue_id: i64,
    pub(crate) to_seq: u64,
    /// Everything up to here was looked at.
    pub(crate) after_seq: u64,
}

/// Leaves the rows of a queue between two sequences to be reclaimed. A queue that is purged and then deleted does so twice
/// for the same end; the wider of the two is right.
pub(crate) fn insert(tx: &Tx<'_>, queue_id: i64, after_seq: u64, to_seq: u64) -> Result<(), Error> {
    tx.execute(INSERT_RECLAIM, params![queue_id, to_seq.cast_signed(), after_seq.cast_signed()]).map(drop)
}

/// Those that wait.
pub(crate) fn select_all(sql: &impl Sql) -> Result<Vec<Reclaim>, Error> {
    sql.query_all(SELECT_RECLAIMS, [], |row| {
        Ok(Reclaim {
            queue_id: row.get(0)?,
            to_seq: row.get::<_, i64>(1)?.cast_unsigned(),
            after_seq: row.get::<_, i64>(2)?.cast_unsigned(),
        })
    })
}

/// Notes that everything up to a sequence was looked at, for all of them; those that are done are gone.
pub(crate) fn advance(tx: &Tx<'_>, to_seq: u64) -> Result<(), Error> {
    // What has no sequence left to look at is as far as it can come.
    let to_seq = i64::try_from(to_seq).unwrap_or(i64::MAX);
    tx.execute(UPDATE_RECLAIMS, params![to_seq])?;
    tx.execute(DELETE_RECLAIMED, params![to_seq]).map(drop)
}
