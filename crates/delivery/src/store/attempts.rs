//! What became of each attempt. Columns: `migrations/0001_outbox.sql`.

use aws::AccountId;
use storage::{Error, Sql, Tx, params};

use crate::Attempt;

const INSERT_ATTEMPT: &str = "INSERT OR REPLACE INTO attempts (errand_id, number, at_ms, status, error, duration_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
const SELECT_ATTEMPTS: &str =
    "SELECT number, at_ms, status, error, duration_ms FROM attempts WHERE errand_id = ?1 ORDER BY number";
const DELETE_ATTEMPTS: &str = "DELETE FROM attempts WHERE errand_id = ?1";
const DELETE_ALL: &str =
    "DELETE FROM attempts WHERE errand_id IN (SELECT id FROM outbox WHERE ?1 IS NULL OR account = ?1)";

/// Notes an attempt.
pub(crate) fn insert(tx: &Tx<'_>, errand_id: i64, attempt: &Attempt) -> Result<(), Error> {
    let Attempt { number, at_ms, status, error, duration_ms } = attempt;
    let duration_ms = i64::try_from(*duration_ms).unwrap_or(i64::MAX);
    tx.execute(INSERT_ATTEMPT, params![errand_id, number, at_ms, status, error, duration_ms]).map(drop)
}

/// The attempts of an errand, in their order.
pub(crate) fn select(sql: &impl Sql, errand_id: i64) -> Result<Vec<Attempt>, Error> {
    sql.query_all(SELECT_ATTEMPTS, params![errand_id], |row| {
        Ok(Attempt {
            number: row.get(0)?,
            at_ms: row.get(1)?,
            status: row.get(2)?,
            error: row.get(3)?,
            duration_ms: row.get::<_, i64>(4)?.unsigned_abs(),
        })
    })
}

/// Forgets the attempts of an errand.
pub(crate) fn delete(tx: &Tx<'_>, errand_id: i64) -> Result<(), Error> {
    tx.execute(DELETE_ATTEMPTS, params![errand_id]).map(drop)
}

/// Forgets every attempt, or those of one account; the rows in the outbox have to be there still.
pub(crate) fn delete_all(tx: &Tx<'_>, account: Option<&AccountId>) -> Result<(), Error> {
    tx.execute(DELETE_ALL, params![account.map(AccountId::as_str)]).map(drop)
}
