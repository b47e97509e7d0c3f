//! Replays. Columns: `migrations/0002_archives.sql`.

use aws::{AccountId, Region};
use storage::{Error, Row, RowResult, Sql, Tx, params};

use crate::archives::names::ScopedName;

const SELECT_REPLAYS: &str = "SELECT id, account, region, name, description, archive_id, archive_name, bus_id, destination, filter_arns, event_start_ms, event_end_ms, started_at_ms, state, state_reason, ended_at_ms, last_time_ms, last_sequence FROM event_replays WHERE account = ?1 AND region = ?2 ORDER BY name";
const SELECT_REPLAY: &str = "SELECT id, account, region, name, description, archive_id, archive_name, bus_id, destination, filter_arns, event_start_ms, event_end_ms, started_at_ms, state, state_reason, ended_at_ms, last_time_ms, last_sequence FROM event_replays WHERE account = ?1 AND region = ?2 AND name = ?3";
const SELECT_REPLAY_BY_ID: &str = "SELECT id, account, region, name, description, archive_id, archive_name, bus_id, destination, filter_arns, event_start_ms, event_end_ms, started_at_ms, state, state_reason, ended_at_ms, last_time_ms, last_sequence FROM event_replays WHERE id = ?1";
const SELECT_ACTIVE: &str = "SELECT id FROM event_replays WHERE ended_at_ms IS NULL ORDER BY id";
const COUNT_ACTIVE: &str =
    "SELECT COUNT(*) FROM event_replays WHERE ended_at_ms IS NULL AND account = ?1 AND region = ?2";
const INSERT_REPLAY: &str = "INSERT INTO event_replays (account, region, name, description, archive_id, archive_name, bus_id, destination, filter_arns, event_start_ms, event_end_ms, started_at_ms, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
const UPDATE_REPLAY: &str = "UPDATE event_replays SET state = ?2, state_reason = ?3, ended_at_ms = ?4, last_time_ms = ?5, last_sequence = ?6 WHERE id = ?1";
const SELECT_FIRST_END: &str = "SELECT MIN(ended_at_ms) FROM event_replays WHERE ended_at_ms IS NOT NULL";
const DELETE_ENDED: &str =
    "DELETE FROM event_replays WHERE id IN (SELECT id FROM event_replays WHERE ended_at_ms <= ?1 LIMIT ?2)";
const DELETE_OF_ACCOUNT: &str = "DELETE FROM event_replays WHERE ?1 IS NULL OR account = ?1";

/// Where a replay stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReplayState {
    Starting,
    Running,
    Cancelling,
    Completed,
    Cancelled,
    Failed,
}

impl ReplayState {
    /// AWS's name of it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Starting => "STARTING",
            Self::Running => "RUNNING",
            Self::Cancelling => "CANCELLING",
            Self::Completed => "COMPLETED",
            Self::Cancelled => "CANCELLED",
            Self::Failed => "FAILED",
        }
    }

    fn parse(text: &str) -> Self {
        let all = [Self::Starting, Self::Running, Self::Cancelling, Self::Completed, Self::Cancelled];
        all.into_iter().find(|state| state.as_str() == text).unwrap_or(Self::Failed)
    }
}

/// A replay as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct ReplayRow {
    pub(crate) id: i64,
    pub(crate) name: ScopedName,
    pub(crate) description: Option<String>,
    pub(crate) archive_id: i64,
    pub(crate) archive_name: String,
    pub(crate) bus_id: i64,
    pub(crate) destination: String,
    pub(crate) filter_arns: Option<Vec<String>>,
    pub(crate) event_start_ms: i64,
    pub(crate) event_end_ms: i64,
    pub(crate) started_at_ms: i64,
    pub(crate) state: ReplayState,
    pub(crate) state_reason: Option<String>,
    pub(crate) ended_at_ms: Option<i64>,
    /// Time and sequence of the last event that was sent.
    pub(crate) last: Option<(i64, i64)>,
}

impl ReplayRow {
    /// The ARN of the archive.
    pub(crate) fn archive_arn(&self) -> String {
        ScopedName { name: self.archive_name.clone(), ..self.name.clone() }.archive_arn()
    }
}

fn read_row(row: &Row<'_>) -> RowResult<ReplayRow> {
    let (account, region): (String, String) = (row.get(1)?, row.get(2)?);
    let filter_arns: Option<String> = row.get(9)?;
    let last: (Option<i64>, Option<i64>) = (row.get(16)?, row.get(17)?);
    Ok(ReplayRow {
        id: row.get(0)?,
        name: ScopedName {
            account: AccountId::parse(&account).unwrap_or_default(),
            region: Region::parse(&region).unwrap_or_default(),
            name: row.get(3)?,
        },
        description: row.get(4)?,
        archive_id: row.get(5)?,
        archive_name: row.get(6)?,
        bus_id: row.get(7)?,
        destination: row.get(8)?,
        filter_arns: filter_arns.map(|text| serde_json::from_str(&text).unwrap_or_default()),
        event_start_ms: row.get(10)?,
        event_end_ms: row.get(11)?,
        started_at_ms: row.get(12)?,
        state: ReplayState::parse(&row.get::<_, String>(13)?),
        state_reason: row.get(14)?,
        ended_at_ms: row.get(15)?,
        last: last.0.zip(last.1),
    })
}

/// The replays of an account and region, by name.
pub(crate) fn select_of(
    sql: &impl Sql,
    account: &AccountId,
    region: &Region,
) -> Result<Vec<ReplayRow>, Error> {
    sql.query_all(SELECT_REPLAYS, params![account.as_str(), region.as_str()], read_row)
}

/// The replay of a name.
pub(crate) fn select(sql: &impl Sql, name: &ScopedName) -> Result<Option<ReplayRow>, Error> {
    let key = params![name.account.as_str(), name.region.as_str(), name.name];
    sql.query_optional(SELECT_REPLAY, key, read_row)
}

/// The replay of an id.
pub(crate) fn select_by_id(sql: &impl Sql, id: i64) -> Result<Option<ReplayRow>, Error> {
    sql.query_optional(SELECT_REPLAY_BY_ID, params![id], read_row)
}

/// The ids of those that are not over.
pub(crate) fn select_active(sql: &impl Sql) -> Result<Vec<i64>, Error> {
    sql.query_all(SELECT_ACTIVE, [], |row| row.get(0))
}

/// How many of an account and region are not over.
pub(crate) fn count_active(sql: &impl Sql, account: &AccountId, region: &Region) -> Result<u32, Error> {
    sql.query_row(COUNT_ACTIVE, params![account.as_str(), region.as_str()], |row| row.get(0))
}

/// Adds a replay that has sent nothing yet.
pub(crate) fn insert(tx: &Tx<'_>, replay: &ReplayRow) -> Result<(), Error> {
    let filter_arns =
        replay.filter_arns.as_ref().map(|arns| serde_json::Value::from(arns.clone()).to_string());
    tx.execute(
        INSERT_REPLAY,
        params![
            replay.name.account.as_str(),
            replay.name.region.as_str(),
            replay.name.name,
            replay.description,
            replay.archive_id,
            replay.archive_name,
            replay.bus_id,
            replay.destination,
            filter_arns,
            replay.event_start_ms,
            replay.event_end_ms,
            replay.started_at_ms,
            replay.state.as_str()
        ],
    )
    .map(drop)
}

/// Writes how far a replay has come.
pub(crate) fn update(tx: &Tx<'_>, replay: &ReplayRow) -> Result<(), Error> {
    tx.execute(
        UPDATE_REPLAY,
        params![
            replay.id,
            replay.state.as_str(),
            replay.state_reason,
            replay.ended_at_ms,
            replay.last.map(|(time_ms, _)| time_ms),
            replay.last.map(|(_, sequence)| sequence)
        ],
    )
    .map(drop)
}

/// When the first of those that are over ended.
pub(crate) fn select_first_end(sql: &impl Sql) -> Result<Option<i64>, Error> {
    sql.query_row(SELECT_FIRST_END, [], |row| row.get(0))
}

/// Removes some that ended then or earlier.
pub(crate) fn delete_ended(tx: &Tx<'_>, until_ms: i64, most: u32) -> Result<(), Error> {
    tx.execute(DELETE_ENDED, params![until_ms, most]).map(drop)
}

/// Removes all of them, or those of one account.
pub(crate) fn delete_of(tx: &Tx<'_>, account: Option<&AccountId>) -> Result<(), Error> {
    tx.execute(DELETE_OF_ACCOUNT, params![account.map(AccountId::as_str)]).map(drop)
}
