//! What is to be done. Columns: `migrations/0001_outbox.sql`.

use aws::AccountId;
use storage::{Error, Sql, Tx, params};

use super::Json;
use crate::{DeadLetter, Judge, Request, Schedule};

const INSERT_ERRAND: &str = "INSERT INTO errands (service, source, message_id, method, target, headers, body, \
     timeout_ms, authorization, schedule, judge, dead_letter) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
const SELECT_ERRAND: &str = "SELECT errands.service, method, target, headers, body, timeout_ms, authorization, schedule, \
     judge, dead_letter, account, attempts, posted_at_ms, error \
     FROM errands JOIN outbox USING (id) WHERE id = ?1 AND state = 0";
const DELETE_ERRAND: &str = "DELETE FROM errands WHERE id = ?1";
const DELETE_ERRANDS: &str =
    "DELETE FROM errands WHERE id IN (SELECT id FROM outbox WHERE ?1 IS NULL OR account = ?1)";

/// What is to be done, on its way into its table.
pub(crate) struct NewErrand<'a> {
    pub(crate) service: &'a str,
    pub(crate) source: &'a str,
    pub(crate) message_id: &'a str,
    pub(crate) request: &'a Request,
    pub(crate) schedule: &'a Schedule,
    pub(crate) judge: Judge,
    pub(crate) dead_letter: Option<&'a DeadLetter>,
}

/// An errand that waits, with all that an attempt needs.
#[derive(Debug)]
pub(crate) struct WaitingErrand {
    pub(crate) id: i64,
    pub(crate) service: String,
    pub(crate) account: AccountId,
    pub(crate) request: Request,
    pub(crate) schedule: Schedule,
    pub(crate) judge: Judge,
    pub(crate) dead_letter: Option<DeadLetter>,
    /// Attempts made before.
    pub(crate) attempts: u32,
    pub(crate) posted_at_ms: i64,
    /// Why the last of them failed.
    pub(crate) error: Option<String>,
}

/// Adds an errand.
pub(crate) fn insert(tx: &Tx<'_>, errand: &NewErrand<'_>) -> Result<i64, Error> {
    let request = errand.request;
    tx.execute(
        INSERT_ERRAND,
        params![
            errand.service,
            errand.source,
            errand.message_id,
            request.method,
            Json(&request.target),
            Json(&request.headers),
            request.body,
            i64::try_from(request.timeout_ms).unwrap_or(i64::MAX),
            request.authorization,
            Json(errand.schedule),
            Json(errand.judge),
            errand.dead_letter.map(Json),
        ],
    )?;
    Ok(tx.last_insert_rowid())
}

/// An errand, if it still waits.
pub(crate) fn select_waiting(sql: &impl Sql, id: i64) -> Result<Option<WaitingErrand>, Error> {
    sql.query_optional(SELECT_ERRAND, params![id], |row| {
        let account: String = row.get(10)?;
        Ok(WaitingErrand {
            id,
            service: row.get(0)?,
            account: AccountId::parse(&account).unwrap_or_default(),
            request: Request {
                method: row.get(1)?,
                target: row.get::<_, Json<_>>(2)?.0,
                headers: row.get::<_, Json<_>>(3)?.0,
                body: row.get(4)?,
                timeout_ms: row.get::<_, i64>(5)?.unsigned_abs(),
                authorization: row.get(6)?,
            },
            schedule: row.get::<_, Json<_>>(7)?.0,
            judge: row.get::<_, Json<_>>(8)?.0,
            dead_letter: row.get::<_, Option<Json<_>>>(9)?.map(|json| json.0),
            attempts: row.get(11)?,
            posted_at_ms: row.get(12)?,
            error: row.get(13)?,
        })
    })
}

/// Removes an errand.
pub(crate) fn delete(tx: &Tx<'_>, id: i64) -> Result<(), Error> {
    tx.execute(DELETE_ERRAND, params![id]).map(drop)
}

/// Removes every errand, or those of one account; their rows in the outbox have to be there still.
pub(crate) fn delete_all(tx: &Tx<'_>, account: Option<&AccountId>) -> Result<(), Error> {
    tx.execute(DELETE_ERRANDS, params![account.map(AccountId::as_str)]).map(drop)
}
