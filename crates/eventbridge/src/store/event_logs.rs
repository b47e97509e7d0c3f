//! Log records of buses. Columns: `migrations/0005_logs.sql`.

use aws::AccountId;
use storage::{Error, Sql, Tx, params};

/// The newest rows that are kept, of all buses together.
const KEPT_MAX: i64 = 10_000;

const INSERT: &str = "INSERT INTO event_logs (account, bus_arn, record) VALUES (?1, ?2, ?3)";
const SELECT_LATEST: &str =
    "SELECT record FROM event_logs WHERE bus_arn = ?1 ORDER BY sequence DESC LIMIT ?2";
const DELETE_OLD: &str = "DELETE FROM event_logs WHERE sequence <= ?1";
const DELETE_ALL: &str = "DELETE FROM event_logs";
const DELETE_OF_ACCOUNT: &str = "DELETE FROM event_logs WHERE account = ?1";

/// Adds a record. The oldest one makes room, so that nothing needs to be reclaimed later.
pub(crate) fn insert(tx: &Tx<'_>, account: &AccountId, bus_arn: &str, record: &str) -> Result<(), Error> {
    tx.execute(INSERT, params![account.as_str(), bus_arn, record])?;
    tx.execute(DELETE_OLD, params![tx.last_insert_rowid() - KEPT_MAX]).map(drop)
}

/// The newest records of a bus, the newest first.
pub(crate) fn select_latest(sql: &impl Sql, bus_arn: &str, most: u32) -> Result<Vec<String>, Error> {
    sql.query_all(SELECT_LATEST, params![bus_arn, most], |row| row.get(0))
}

/// Removes all records, or those of an account's buses.
pub(crate) fn delete_of(tx: &Tx<'_>, account: Option<&AccountId>) -> Result<(), Error> {
    match account {
        Some(account) => tx.execute(DELETE_OF_ACCOUNT, params![account.as_str()]).map(drop),
        None => tx.execute(DELETE_ALL, []).map(drop),
    }
}
