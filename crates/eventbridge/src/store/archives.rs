//! Archives, and how much each holds. Columns: `migrations/0002_archives.sql`.

use aws::{AccountId, Region};
use storage::{Error, Row, RowResult, Sql, Tx, params};

use crate::archives::names::ScopedName;
use crate::rules::bus_name::BusKey;

const SELECT_ARCHIVES: &str = "SELECT id, account, region, name, bus_id, bus_name, description, event_pattern, retention_days, kms_key, created_at_ms, events, bytes FROM archives JOIN archive_sizes ON archive_id = id ORDER BY id";
const SELECT_ARCHIVE: &str = "SELECT id, account, region, name, bus_id, bus_name, description, event_pattern, retention_days, kms_key, created_at_ms, events, bytes FROM archives JOIN archive_sizes ON archive_id = id WHERE account = ?1 AND region = ?2 AND name = ?3";
const SELECT_ARCHIVE_BY_ID: &str = "SELECT id, account, region, name, bus_id, bus_name, description, event_pattern, retention_days, kms_key, created_at_ms, events, bytes FROM archives JOIN archive_sizes ON archive_id = id WHERE id = ?1";
const INSERT_ARCHIVE: &str = "INSERT INTO archives (account, region, name, bus_id, bus_name, description, event_pattern, retention_days, kms_key, created_at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
const UPDATE_ARCHIVE: &str = "UPDATE archives SET description = ?2, event_pattern = ?3, retention_days = ?4, kms_key = ?5 WHERE id = ?1";
const DELETE_ARCHIVE: &str = "DELETE FROM archives WHERE id = ?1";
const INSERT_SIZE: &str = "INSERT INTO archive_sizes (archive_id, events, bytes) VALUES (?1, 0, 0)";
const UPDATE_SIZE: &str =
    "UPDATE archive_sizes SET events = events + ?2, bytes = bytes + ?3 WHERE archive_id = ?1";
const DELETE_SIZE: &str = "DELETE FROM archive_sizes WHERE archive_id = ?1";
const INSERT_DELETED: &str = "INSERT INTO deleted_archives (archive_id) VALUES (?1)";
const SELECT_DELETED: &str = "SELECT archive_id FROM deleted_archives LIMIT 1";
const DELETE_DELETED: &str = "DELETE FROM deleted_archives WHERE archive_id = ?1";

const MS_PER_DAY: i64 = 86_400_000;

/// An archive as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct ArchiveRow {
    pub(crate) id: i64,
    pub(crate) name: ScopedName,
    pub(crate) bus_id: i64,
    pub(crate) bus_name: String,
    pub(crate) description: Option<String>,
    pub(crate) event_pattern: Option<String>,
    pub(crate) retention_days: i32,
    pub(crate) kms_key: Option<String>,
    pub(crate) created_at_ms: i64,
    pub(crate) events: i64,
    pub(crate) bytes: i64,
}

impl ArchiveRow {
    /// The ARN of the bus whose events it keeps.
    pub(crate) fn bus_arn(&self) -> String {
        let ScopedName { account, region, .. } = &self.name;
        let name = self.bus_name.as_str().into();
        BusKey { account: account.clone(), region: region.clone(), name }.arn()
    }

    /// How long an event is kept, unless for ever.
    pub(crate) fn retention_ms(&self) -> Option<i64> {
        (self.retention_days > 0).then(|| i64::from(self.retention_days) * MS_PER_DAY)
    }

    /// What was archived then or earlier is kept no more.
    pub(crate) fn expired_until_ms(&self, now_ms: i64) -> i64 {
        self.retention_ms().map_or(i64::MIN, |retention_ms| now_ms.saturating_sub(retention_ms))
    }
}

fn read_row(row: &Row<'_>) -> RowResult<ArchiveRow> {
    let (account, region): (String, String) = (row.get(1)?, row.get(2)?);
    Ok(ArchiveRow {
        id: row.get(0)?,
        name: ScopedName {
            account: AccountId::parse(&account).unwrap_or_default(),
            region: Region::parse(&region).unwrap_or_default(),
            name: row.get(3)?,
        },
        bus_id: row.get(4)?,
        bus_name: row.get(5)?,
        description: row.get(6)?,
        event_pattern: row.get(7)?,
        retention_days: row.get(8)?,
        kms_key: row.get(9)?,
        created_at_ms: row.get(10)?,
        events: row.get(11)?,
        bytes: row.get(12)?,
    })
}

/// Every archive, in the order of their ids.
pub(crate) fn select_all(sql: &impl Sql) -> Result<Vec<ArchiveRow>, Error> {
    sql.query_all(SELECT_ARCHIVES, [], read_row)
}

/// The archive of a name.
pub(crate) fn select(sql: &impl Sql, name: &ScopedName) -> Result<Option<ArchiveRow>, Error> {
    let key = params![name.account.as_str(), name.region.as_str(), name.name];
    sql.query_optional(SELECT_ARCHIVE, key, read_row)
}

/// The archive of an id.
pub(crate) fn select_by_id(sql: &impl Sql, id: i64) -> Result<Option<ArchiveRow>, Error> {
    sql.query_optional(SELECT_ARCHIVE_BY_ID, params![id], read_row)
}

/// Adds an empty archive; answers its id.
pub(crate) fn insert(tx: &Tx<'_>, archive: &ArchiveRow) -> Result<i64, Error> {
    tx.execute(
        INSERT_ARCHIVE,
        params![
            archive.name.account.as_str(),
            archive.name.region.as_str(),
            archive.name.name,
            archive.bus_id,
            archive.bus_name,
            archive.description,
            archive.event_pattern,
            archive.retention_days,
            archive.kms_key,
            archive.created_at_ms
        ],
    )?;
    let id = tx.last_insert_rowid();
    tx.execute(INSERT_SIZE, params![id])?;
    Ok(id)
}

/// Writes what can change of an archive.
pub(crate) fn update(tx: &Tx<'_>, archive: &ArchiveRow) -> Result<(), Error> {
    tx.execute(
        UPDATE_ARCHIVE,
        params![
            archive.id,
            archive.description,
            archive.event_pattern,
            archive.retention_days,
            archive.kms_key
        ],
    )
    .map(drop)
}

/// Adds to what an archive holds, or takes away.
pub(crate) fn add_size(tx: &Tx<'_>, id: i64, events: i64, bytes: i64) -> Result<(), Error> {
    tx.execute(UPDATE_SIZE, params![id, events, bytes]).map(drop)
}

/// Removes an archive; its events go later.
pub(crate) fn delete(tx: &Tx<'_>, id: i64) -> Result<(), Error> {
    tx.execute(DELETE_ARCHIVE, params![id])?;
    tx.execute(DELETE_SIZE, params![id])?;
    tx.execute(INSERT_DELETED, params![id]).map(drop)
}

/// A deleted archive that may still have events.
pub(crate) fn select_deleted(sql: &impl Sql) -> Result<Option<i64>, Error> {
    sql.query_optional(SELECT_DELETED, [], |row| row.get(0))
}

/// The events of a deleted archive are gone.
pub(crate) fn delete_deleted(tx: &Tx<'_>, id: i64) -> Result<(), Error> {
    tx.execute(DELETE_DELETED, params![id]).map(drop)
}
