//! Event buses. Columns: `migrations/0001_buses.sql`.

use aws::{AccountId, Region};
use storage::{Error, Sql, Tx, params};

use crate::rules::bus_name::BusKey;

const SELECT_BUSES: &str = "SELECT id, account, region, name, created_at_ms, modified_at_ms, description, kms_key, dead_letter, log_config, event_source, policy FROM buses ORDER BY id";
const INSERT_BUS: &str = "INSERT INTO buses (account, region, name, created_at_ms, modified_at_ms, description, kms_key, dead_letter, log_config, event_source, policy) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
const UPDATE_BUS: &str = "UPDATE buses SET modified_at_ms = ?2, description = ?3, kms_key = ?4, dead_letter = ?5, log_config = ?6, policy = ?7 WHERE id = ?1";
const DELETE_BUS: &str = "DELETE FROM buses WHERE id = ?1";

/// A bus as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct BusRow {
    pub(crate) id: i64,
    pub(crate) key: BusKey,
    pub(crate) created_at_ms: i64,
    pub(crate) modified_at_ms: i64,
    pub(crate) description: Option<String>,
    pub(crate) kms_key: Option<String>,
    pub(crate) dead_letter: Option<String>,
    /// `LogConfig`, as [`kept`](super::kept) writes it.
    pub(crate) log_config: Option<String>,
    pub(crate) event_source: Option<String>,
    pub(crate) policy: Option<String>,
}

impl BusRow {
    /// A bus with nothing but a name.
    pub(crate) fn new(key: BusKey, now_ms: i64) -> Self {
        Self {
            id: 0,
            key,
            created_at_ms: now_ms,
            modified_at_ms: now_ms,
            description: None,
            kms_key: None,
            dead_letter: None,
            log_config: None,
            event_source: None,
            policy: None,
        }
    }
}

/// Every bus, in the order of their ids.
pub(crate) fn select_all(sql: &impl Sql) -> Result<Vec<BusRow>, Error> {
    sql.query_all(SELECT_BUSES, [], |row| {
        let (account, region): (String, String) = (row.get(1)?, row.get(2)?);
        Ok(BusRow {
            id: row.get(0)?,
            key: BusKey {
                account: AccountId::parse(&account).unwrap_or_default(),
                region: Region::parse(&region).unwrap_or_default(),
                name: row.get::<_, String>(3)?.into(),
            },
            created_at_ms: row.get(4)?,
            modified_at_ms: row.get(5)?,
            description: row.get(6)?,
            kms_key: row.get(7)?,
            dead_letter: row.get(8)?,
            log_config: row.get(9)?,
            event_source: row.get(10)?,
            policy: row.get(11)?,
        })
    })
}

/// Adds a bus; answers its id.
pub(crate) fn insert(tx: &Tx<'_>, bus: &BusRow) -> Result<i64, Error> {
    tx.execute(
        INSERT_BUS,
        params![
            bus.key.account.as_str(),
            bus.key.region.as_str(),
            &*bus.key.name,
            bus.created_at_ms,
            bus.modified_at_ms,
            bus.description,
            bus.kms_key,
            bus.dead_letter,
            bus.log_config,
            bus.event_source,
            bus.policy
        ],
    )?;
    Ok(tx.last_insert_rowid())
}

/// Writes what can change of a bus.
pub(crate) fn update(tx: &Tx<'_>, bus: &BusRow) -> Result<(), Error> {
    tx.execute(
        UPDATE_BUS,
        params![
            bus.id,
            bus.modified_at_ms,
            bus.description,
            bus.kms_key,
            bus.dead_letter,
            bus.log_config,
            bus.policy
        ],
    )
    .map(drop)
}

/// Removes a bus.
pub(crate) fn delete(tx: &Tx<'_>, id: i64) -> Result<(), Error> {
    tx.execute(DELETE_BUS, params![id]).map(drop)
}
