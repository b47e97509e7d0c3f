//! Subscriptions that hear a topic's past. Columns: `migrations/0005_archive.sql`.

use storage::{Error, Row, RowResult, Sql, Tx, params};

const SELECT_AT_WORK: &str = "SELECT subscription_id, topic_id, status, from_ms, to_ms, present_id, done_id FROM replays WHERE status IN ('Pending', 'In progress') AND subscription_id > ?1 ORDER BY subscription_id LIMIT 1";
const SELECT_IDS_AT_WORK: &str =
    "SELECT topic_id, subscription_id FROM replays WHERE status IN ('Pending', 'In progress')";
const SELECT_STATUS: &str = "SELECT status FROM replays WHERE subscription_id = ?1";
const UPSERT_REPLAY: &str = "INSERT OR REPLACE INTO replays (subscription_id, topic_id, status, from_ms, to_ms, present_id, done_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
const DELETE_REPLAY: &str = "DELETE FROM replays WHERE subscription_id = ?1";

/// How far a replay is. AWS: SNS Developer Guide, "Amazon SNS message replay for FIFO topic subscribers".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// It has not begun.
    Pending,
    /// It is telling what was.
    InProgress,
    /// It has told everything; new messages go to the subscription again.
    Completed,
    /// It could not.
    Failed,
}

impl Status {
    const ALL: [Self; 4] = [Self::Pending, Self::InProgress, Self::Completed, Self::Failed];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::InProgress => "In progress",
            Self::Completed => "Completed",
            Self::Failed => "Failed",
        }
    }

    fn read(text: &str) -> Self {
        Self::ALL.into_iter().find(|status| status.as_str() == text).unwrap_or(Self::Failed)
    }
}

/// A replay.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReplayRow {
    pub(crate) subscription_id: i64,
    pub(crate) topic_id: i64,
    pub(crate) status: Status,
    pub(crate) from_ms: i64,
    pub(crate) to_ms: Option<i64>,
    pub(crate) present_id: i64,
    pub(crate) done_id: i64,
}

/// The next subscription whose replay is not finished.
pub(crate) fn select_at_work(sql: &impl Sql, after: i64) -> Result<Option<ReplayRow>, Error> {
    sql.query_optional(SELECT_AT_WORK, params![after], read)
}

fn read(row: &Row<'_>) -> RowResult<ReplayRow> {
    Ok(ReplayRow {
        subscription_id: row.get(0)?,
        topic_id: row.get(1)?,
        status: Status::read(&row.get::<_, String>(2)?),
        from_ms: row.get(3)?,
        to_ms: row.get(4)?,
        present_id: row.get(5)?,
        done_id: row.get(6)?,
    })
}

/// The topics and subscriptions whose replays are not finished.
pub(crate) fn select_ids_at_work(sql: &impl Sql) -> Result<Vec<(i64, i64)>, Error> {
    sql.query_all(SELECT_IDS_AT_WORK, [], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// How far a subscription's replay is, if it has one.
pub(crate) fn select_status(sql: &impl Sql, subscription_id: i64) -> Result<Option<Status>, Error> {
    let found = sql.query_optional(SELECT_STATUS, params![subscription_id], |row| row.get::<_, String>(0))?;
    Ok(found.map(|status| Status::read(&status)))
}

/// Adds a subscription's replay, or replaces it.
pub(crate) fn put(tx: &Tx<'_>, row: &ReplayRow) -> Result<(), Error> {
    let row = params![
        row.subscription_id,
        row.topic_id,
        row.status.as_str(),
        row.from_ms,
        row.to_ms,
        row.present_id,
        row.done_id
    ];
    tx.execute(UPSERT_REPLAY, row).map(drop)
}

/// Removes a subscription's replay.
pub(crate) fn delete(tx: &Tx<'_>, subscription_id: i64) -> Result<(), Error> {
    tx.execute(DELETE_REPLAY, params![subscription_id]).map(drop)
}
