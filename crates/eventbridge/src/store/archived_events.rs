//! What archives hold. Columns: `migrations/0002_archives.sql`.

use storage::{Error, Sql, Tx, params};

const INSERT_EVENT: &str = "INSERT INTO archived_events (archive_id, time_ms, archived_at_ms, bytes, event) VALUES (?1, ?2, ?3, ?4, ?5)";
// Two statements, because SQLite does not look up (time_ms, sequence) > (?, ?) in one when the second is the row id.
const SELECT_OF_TIME: &str = "SELECT sequence, time_ms, event FROM archived_events WHERE archive_id = ?1 AND archived_at_ms > ?2 AND time_ms = ?3 AND sequence > ?4 ORDER BY sequence LIMIT ?5";
const SELECT_LATER: &str = "SELECT sequence, time_ms, event FROM archived_events WHERE archive_id = ?1 AND archived_at_ms > ?2 AND time_ms > ?3 AND time_ms <= ?4 ORDER BY time_ms, sequence LIMIT ?5";
const SELECT_OLDEST: &str = "SELECT MIN(archived_at_ms) FROM archived_events WHERE archive_id = ?1";
const DELETE_EXPIRED: &str = "DELETE FROM archived_events WHERE sequence IN (SELECT sequence FROM archived_events WHERE archive_id = ?1 AND archived_at_ms <= ?2 ORDER BY archived_at_ms LIMIT ?3) RETURNING bytes";
const DELETE_SOME: &str = "DELETE FROM archived_events WHERE sequence IN (SELECT sequence FROM archived_events WHERE archive_id = ?1 LIMIT ?2)";

/// An event as an archive holds it.
#[derive(Clone, Debug)]
pub(crate) struct ArchivedEventRow {
    pub(crate) sequence: i64,
    pub(crate) time_ms: i64,
    pub(crate) event: String,
}

/// Which events of an archive are wanted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    pub(crate) archive_id: i64,
    /// Time and sequence they lie behind.
    pub(crate) after: (i64, i64),
    /// The last time wanted.
    pub(crate) until_ms: i64,
    /// What was archived then or earlier is kept no more.
    pub(crate) expired_until_ms: i64,
}

/// Adds an event to an archive.
pub(crate) fn insert(
    tx: &Tx<'_>,
    archive_id: i64,
    time_ms: i64,
    archived_at_ms: i64,
    event: &str,
) -> Result<(), Error> {
    let bytes = i64::try_from(event.len()).unwrap_or(i64::MAX);
    tx.execute(INSERT_EVENT, params![archive_id, time_ms, archived_at_ms, bytes, event]).map(drop)
}

/// The next events in the order of their times, as long as `fits` says so.
pub(crate) fn select_next(
    sql: &impl Sql,
    wanted: &Wanted,
    most: usize,
    mut fits: impl FnMut(&ArchivedEventRow) -> bool,
) -> Result<Vec<ArchivedEventRow>, Error> {
    let (after_ms, after_sequence) = wanted.after;
    let mut events = Vec::new();
    for (statement, end) in [(SELECT_OF_TIME, after_sequence), (SELECT_LATER, wanted.until_ms)] {
        let mut statement = sql.prepare(statement)?;
        let most_sql = i64::try_from(most).unwrap_or(i64::MAX);
        let mut rows =
            statement.query(params![wanted.archive_id, wanted.expired_until_ms, after_ms, end, most_sql])?;
        while let Some(row) = rows.next()? {
            let event = ArchivedEventRow { sequence: row.get(0)?, time_ms: row.get(1)?, event: row.get(2)? };
            if events.len() >= most || !fits(&event) {
                return Ok(events);
            }
            events.push(event);
        }
    }
    Ok(events)
}

/// When the oldest event of an archive was archived.
pub(crate) fn select_oldest(sql: &impl Sql, archive_id: i64) -> Result<Option<i64>, Error> {
    sql.query_row(SELECT_OLDEST, params![archive_id], |row| row.get(0))
}

/// Removes some events that were archived then or earlier; answers their sizes.
pub(crate) fn delete_expired(
    tx: &Tx<'_>,
    archive_id: i64,
    until_ms: i64,
    most: u32,
) -> Result<Vec<i64>, Error> {
    tx.query_all(DELETE_EXPIRED, params![archive_id, until_ms, most], |row| row.get(0))
}

/// Removes some events, whatever their age; answers how many.
pub(crate) fn delete_some(tx: &Tx<'_>, archive_id: i64, most: u32) -> Result<usize, Error> {
    tx.execute(DELETE_SOME, params![archive_id, most])
}

/// How many events there are in all archives.
#[cfg(test)]
pub(crate) fn count(sql: &impl Sql) -> Result<i64, Error> {
    sql.query_row("SELECT COUNT(*) FROM archived_events", [], |row| row.get(0))
}
