//! Where each errand stands. Columns: `migrations/0001_outbox.sql`.

use std::sync::Arc;

use aws::{AccountId, Region};
use storage::{Error, Row, RowResult, Sql, Tx, params};

use super::Json;
use crate::{DeadLetter, Delivery, DeliveryFilter, DeliveryState, Pace, Target};

const INSERT_ROW: &str = "INSERT INTO outbox (id, account, region, owner, state, attempts, posted_at_ms, \
     next_attempt_at_ms, finished_at_ms, error, lane, lane_per_second, lane_granted) \
     VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6, ?7, ?8, ?9, ?10, ?11, 0)";
const SELECT_DUE: &str = "SELECT id, owner, lane, lane_per_second, lane_granted FROM outbox \
     WHERE state = 0 AND next_attempt_at_ms <= ?1 ORDER BY next_attempt_at_ms, id LIMIT ?2";
// Goes from owner to owner, and so past the backlog of those left out without reading it.
const SELECT_DUE_OF_OTHERS: &str = "WITH RECURSIVE waiting (name) AS ( \
         SELECT min(owner) FROM outbox WHERE state = 0 \
         UNION ALL \
         SELECT (SELECT min(owner) FROM outbox WHERE state = 0 AND owner > waiting.name) FROM waiting \
         WHERE waiting.name IS NOT NULL) \
     SELECT due.id, due.owner, due.lane, due.lane_per_second, due.lane_granted FROM waiting JOIN outbox AS due \
     ON due.id IN (SELECT id FROM outbox WHERE state = 0 AND owner = waiting.name AND next_attempt_at_ms <= ?1 \
         ORDER BY next_attempt_at_ms, id LIMIT ?2) \
     WHERE waiting.name IS NOT NULL AND waiting.name NOT IN (SELECT value FROM json_each(?3)) \
     ORDER BY due.next_attempt_at_ms, due.id LIMIT ?2";
const SELECT_NEXT: &str = "SELECT next_attempt_at_ms FROM outbox WHERE state = 0 AND next_attempt_at_ms > ?1 ORDER BY next_attempt_at_ms LIMIT 1";
const SELECT_TURNS: &str = "WITH reach (name, last_ms) AS ( \
         SELECT lane, max(next_attempt_at_ms) FROM outbox WHERE state = 0 AND lane_granted = 1 GROUP BY lane) \
     SELECT lane, next_attempt_at_ms, count(*) FROM outbox JOIN reach ON lane = name \
     WHERE state = 0 AND lane_granted = 1 AND next_attempt_at_ms > last_ms - ?1 \
     GROUP BY lane, next_attempt_at_ms ORDER BY lane, next_attempt_at_ms";
const UPDATE_TURN: &str =
    "UPDATE outbox SET next_attempt_at_ms = ?2, lane_granted = 1 WHERE id = ?1 AND state = 0";
const UPDATE_RETRY: &str = "UPDATE outbox SET attempts = ?2, next_attempt_at_ms = ?3, error = ?4, lane_granted = 0 \
     WHERE id = ?1 AND state = 0";
const UPDATE_FINISHED: &str = "UPDATE outbox SET attempts = ?2, state = ?3, finished_at_ms = ?4, error = ?5, \
     next_attempt_at_ms = NULL WHERE id = ?1 AND state = 0";
const UPDATE_ERROR: &str = "UPDATE outbox SET error = ?2 WHERE id = ?1";
const UPDATE_CANCELLED: &str = "UPDATE outbox SET state = 3, finished_at_ms = ?2, next_attempt_at_ms = NULL WHERE owner = ?1 AND state = 0";
const SELECT_EXPIRED: &str =
    "SELECT id FROM outbox WHERE state <> 0 AND finished_at_ms <= ?1 ORDER BY finished_at_ms, id LIMIT ?2";
const SELECT_OLDEST: &str =
    "SELECT finished_at_ms FROM outbox WHERE state <> 0 ORDER BY finished_at_ms, id LIMIT 1";
const COUNT_FINISHED: &str = "SELECT count(*) FROM outbox WHERE state <> 0";
const DELETE_ROW: &str = "DELETE FROM outbox WHERE id = ?1";
const DELETE_ALL: &str = "DELETE FROM outbox WHERE ?1 IS NULL OR account = ?1";
// The substr() of no bytes is NULL.
const SELECT_DELIVERIES: &str = "SELECT id, service, owner, source, message_id, account, region, method, target, \
     coalesce(substr(body, 1, 65536), x''), length(body), state, posted_at_ms, next_attempt_at_ms, dead_letter, error \
     FROM outbox JOIN errands USING (id) \
     WHERE (?1 IS NULL OR account = ?1) AND (?2 IS NULL OR region = ?2) AND (?3 IS NULL OR owner = ?3) \
     ORDER BY id DESC LIMIT ?4";

/// A row on its way into the table.
pub(crate) struct NewRow<'a> {
    pub(crate) id: i64,
    pub(crate) account: &'a AccountId,
    pub(crate) region: &'a Region,
    pub(crate) owner: &'a str,
    pub(crate) state: DeliveryState,
    pub(crate) error: Option<&'a str>,
    pub(crate) pace: Option<&'a Pace>,
}

/// A row whose time has come.
#[derive(Debug)]
pub(crate) struct DueRow {
    pub(crate) id: i64,
    pub(crate) owner: Arc<str>,
    pub(crate) pace: Option<Pace>,
    /// Its lane has given it this moment.
    pub(crate) granted: bool,
}

/// Turns a lane has given for one moment, which wait.
#[derive(Debug)]
pub(crate) struct Turns {
    pub(crate) lane: String,
    pub(crate) at_ms: i64,
    pub(crate) count: u64,
}

fn number(state: DeliveryState) -> i64 {
    match state {
        DeliveryState::Waiting => 0,
        DeliveryState::Delivered => 1,
        DeliveryState::Dead => 2,
        DeliveryState::Cancelled => 3,
    }
}

/// Adds a row: due at once if it waits, finished now if it does not.
pub(crate) fn insert(tx: &Tx<'_>, row: &NewRow<'_>) -> Result<(), Error> {
    let now_ms = tx.now_ms();
    let waits = row.state == DeliveryState::Waiting;
    tx.execute(
        INSERT_ROW,
        params![
            row.id,
            row.account.as_str(),
            row.region.as_str(),
            row.owner,
            number(row.state),
            now_ms,
            waits.then_some(now_ms),
            (!waits).then_some(now_ms),
            row.error,
            row.pace.map(|pace| &pace.lane),
            row.pace.map(|pace| pace.per_second),
        ],
    )
    .map(drop)
}

/// The first of what is due.
pub(crate) fn select_due(sql: &impl Sql, now_ms: i64, most: usize) -> Result<Vec<DueRow>, Error> {
    sql.query_all(SELECT_DUE, params![now_ms, limit(most)], due_row)
}

/// The first of what is due and is not for these owners.
pub(crate) fn select_due_of_others(
    sql: &impl Sql,
    now_ms: i64,
    most: usize,
    but: &[Arc<str>],
) -> Result<Vec<DueRow>, Error> {
    sql.query_all(SELECT_DUE_OF_OTHERS, params![now_ms, limit(most), Json(but)], due_row)
}

fn limit(most: usize) -> i64 {
    i64::try_from(most).unwrap_or(i64::MAX)
}

fn due_row(row: &Row<'_>) -> RowResult<DueRow> {
    let owner: String = row.get(1)?;
    let granted = row.get::<_, i64>(4)? != 0;
    Ok(DueRow { id: row.get(0)?, owner: owner.into(), pace: pace(row, 2)?, granted })
}

fn pace(row: &Row<'_>, column: usize) -> RowResult<Option<Pace>> {
    let (lane, per_second): (Option<String>, Option<u32>) = (row.get(column)?, row.get(column + 1)?);
    Ok(lane.zip(per_second).map(|(lane, per_second)| Pace { lane, per_second }))
}

/// When the first row after `now_ms` is due.
pub(crate) fn select_next(sql: &impl Sql, now_ms: i64) -> Result<Option<i64>, Error> {
    sql.query_optional(SELECT_NEXT, params![now_ms], |row| row.get(0))
}

/// The turns of each lane in the last `within_ms` as far as they reach, in their order.
pub(crate) fn select_turns(sql: &impl Sql, within_ms: i64) -> Result<Vec<Turns>, Error> {
    sql.query_all(SELECT_TURNS, params![within_ms], |row| {
        let count = row.get::<_, i64>(2)?.unsigned_abs();
        Ok(Turns { lane: row.get(0)?, at_ms: row.get(1)?, count })
    })
}

/// Gives a waiting row the turn its lane has for it.
pub(crate) fn set_turn(tx: &Tx<'_>, id: i64, at_ms: i64) -> Result<(), Error> {
    tx.execute(UPDATE_TURN, params![id, at_ms]).map(drop)
}

/// Has a waiting row tried again. `false`: it does not wait any more.
pub(crate) fn set_retry(tx: &Tx<'_>, id: i64, attempts: u32, at_ms: i64, error: &str) -> Result<bool, Error> {
    Ok(tx.execute(UPDATE_RETRY, params![id, attempts, at_ms, error])? > 0)
}

/// Ends a waiting row. `false`: it does not wait any more.
pub(crate) fn set_finished(
    tx: &Tx<'_>,
    id: i64,
    attempts: u32,
    state: DeliveryState,
    error: Option<&str>,
) -> Result<bool, Error> {
    Ok(tx.execute(UPDATE_FINISHED, params![id, attempts, number(state), tx.now_ms(), error])? > 0)
}

/// Replaces what is said about a failure.
pub(crate) fn set_error(tx: &Tx<'_>, id: i64, error: &str) -> Result<(), Error> {
    tx.execute(UPDATE_ERROR, params![id, error]).map(drop)
}

/// Cancels what waits for an owner; says how much.
pub(crate) fn cancel(tx: &Tx<'_>, owner: &str) -> Result<usize, Error> {
    tx.execute(UPDATE_CANCELLED, params![owner, tx.now_ms()])
}

/// The first rows that were finished at `until_ms` or before.
pub(crate) fn select_finished(sql: &impl Sql, until_ms: i64, most: usize) -> Result<Vec<i64>, Error> {
    sql.query_all(SELECT_EXPIRED, params![until_ms, limit(most)], |row| row.get(0))
}

/// When the oldest finished row was finished.
pub(crate) fn select_oldest(sql: &impl Sql) -> Result<Option<i64>, Error> {
    sql.query_optional(SELECT_OLDEST, [], |row| row.get(0))
}

/// How many rows are finished.
pub(crate) fn count_finished(sql: &impl Sql) -> Result<usize, Error> {
    let count: i64 = sql.query_row(COUNT_FINISHED, [], |row| row.get(0))?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// Removes a row.
pub(crate) fn delete(tx: &Tx<'_>, id: i64) -> Result<(), Error> {
    tx.execute(DELETE_ROW, params![id]).map(drop)
}

/// Removes every row, or those of one account.
pub(crate) fn delete_all(tx: &Tx<'_>, account: Option<&AccountId>) -> Result<(), Error> {
    tx.execute(DELETE_ALL, params![account.map(AccountId::as_str)]).map(drop)
}

/// The last deliveries, the newest first, without their attempts: at most so many, with bodies of at most so many bytes.
pub(crate) fn select_deliveries(
    sql: &impl Sql,
    filter: &DeliveryFilter,
    most: usize,
    bytes_max: usize,
) -> Result<Vec<Delivery>, Error> {
    let account = filter.account.as_ref().map(AccountId::as_str);
    let region = filter.region.as_ref().map(Region::as_str);
    let mut statement = sql.prepare(SELECT_DELIVERIES)?;
    let mut rows = statement.query(params![account, region, filter.owner, limit(most)])?;
    let (mut found, mut bytes) = (Vec::new(), 0);
    while bytes < bytes_max
        && let Some(row) = rows.next()?
    {
        let delivery = delivery(row)?;
        bytes += delivery.body.len();
        found.push(delivery);
    }
    Ok(found)
}

fn delivery(row: &Row<'_>) -> RowResult<Delivery> {
    let (account, region): (String, String) = (row.get(5)?, row.get(6)?);
    let dead_letter: Option<DeadLetter> = row.get::<_, Option<Json<_>>>(14)?.map(|json| json.0);
    Ok(Delivery {
        id: row.get(0)?,
        service: row.get(1)?,
        owner: row.get(2)?,
        source: row.get(3)?,
        message_id: row.get(4)?,
        account: AccountId::parse(&account).unwrap_or_default(),
        region: Region::parse(&region).unwrap_or_default(),
        method: row.get(7)?,
        target: row.get::<_, Json<Target>>(8)?.0,
        body: row.get(9)?,
        body_bytes: row.get::<_, i64>(10)?.unsigned_abs(),
        state: match row.get::<_, i64>(11)? {
            0 => DeliveryState::Waiting,
            1 => DeliveryState::Delivered,
            3 => DeliveryState::Cancelled,
            _ => DeliveryState::Dead,
        },
        posted_at_ms: row.get(12)?,
        next_attempt_at_ms: row.get(13)?,
        dead_letter_queue: dead_letter.map(|letter| letter.queue),
        error: row.get(15)?,
        attempts: Vec::new(),
    })
}
