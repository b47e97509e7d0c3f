//! Messages: what they are (`messages`, never changed) and where they stand (`message_states`).
//! Columns: `migrations/0001_queues.sql`.

use storage::{Error, Sql, Tx, params};

use crate::rules::digest::Md5Digest;

const INSERT_MESSAGE: &str = "INSERT INTO messages (seq, message_id, body, body_md5, attributes, sender_id, trace_header, deduplication_id, dead_letter_source) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
const INSERT_STATE: &str = "INSERT INTO message_states (seq, queue_id, sent_at_ms, visible_at_ms, received, first_received_at_ms, last_received_at_ms, group_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
const SELECT_MESSAGE: &str = "SELECT message_id, body, body_md5, attributes, sender_id, trace_header, deduplication_id, dead_letter_source FROM messages WHERE seq = ?1";
const SELECT_STATE: &str = "SELECT queue_id, sent_at_ms, visible_at_ms, received, first_received_at_ms, last_received_at_ms, group_id FROM message_states WHERE seq = ?1";
const SELECT_STATES: &str = "SELECT seq, queue_id, sent_at_ms, visible_at_ms, received, group_id FROM message_states WHERE seq > ?1 ORDER BY seq LIMIT ?2";
const SELECT_STATES_OF_QUEUE: &str = "SELECT seq, queue_id, sent_at_ms, visible_at_ms, received, group_id FROM message_states WHERE queue_id = ?1 ORDER BY seq";
const UPDATE_CLAIM: &str = "UPDATE message_states SET visible_at_ms = ?2, received = received + 1, first_received_at_ms = CASE first_received_at_ms WHEN 0 THEN ?3 ELSE first_received_at_ms END, last_received_at_ms = ?3 WHERE seq = ?1 RETURNING received, first_received_at_ms, group_id";
const UPDATE_VISIBLE_AT: &str = "UPDATE message_states SET visible_at_ms = ?2 WHERE seq = ?1";
const DELETE_STATE: &str = "DELETE FROM message_states WHERE seq = ?1";
const DELETE_MESSAGE: &str = "DELETE FROM messages WHERE seq = ?1";
const SELECT_LAST_SEQ: &str = "SELECT MAX(seq) FROM messages";

/// What a message is.
#[derive(Clone, Debug)]
pub(crate) struct MessageRow {
    pub(crate) message_id: [u8; 16],
    pub(crate) body: String,
    pub(crate) body_md5: Md5Digest,
    /// In the form of `rules::message_attributes::to_bytes`.
    pub(crate) attributes: Option<Vec<u8>>,
    pub(crate) sender_id: String,
    pub(crate) trace_header: Option<String>,
    pub(crate) deduplication_id: Option<String>,
    pub(crate) dead_letter_source: Option<String>,
}

/// Where a message stands.
#[derive(Clone, Debug)]
pub(crate) struct StateRow {
    pub(crate) queue_id: i64,
    pub(crate) sent_at_ms: i64,
    pub(crate) visible_at_ms: i64,
    pub(crate) received: u32,
    pub(crate) first_received_at_ms: i64,
    pub(crate) last_received_at_ms: i64,
    pub(crate) group_id: Option<String>,
}

/// What the index needs of a state.
pub(crate) struct StandingRow {
    pub(crate) seq: u64,
    pub(crate) queue_id: i64,
    pub(crate) sent_at_ms: i64,
    pub(crate) visible_at_ms: i64,
    pub(crate) received: u32,
    pub(crate) group_id: Option<String>,
}

/// A state after a claim.
pub(crate) struct Claimed {
    pub(crate) received: u32,
    pub(crate) first_received_at_ms: i64,
    pub(crate) group_id: Option<String>,
}

/// Adds a message.
pub(crate) fn insert(tx: &Tx<'_>, seq: u64, message: &MessageRow, state: &StateRow) -> Result<(), Error> {
    tx.execute(
        INSERT_MESSAGE,
        params![
            seq.cast_signed(),
            message.message_id,
            message.body,
            message.body_md5,
            message.attributes,
            message.sender_id,
            message.trace_header,
            message.deduplication_id,
            message.dead_letter_source
        ],
    )?;
    tx.execute(
        INSERT_STATE,
        params![
            seq.cast_signed(),
            state.queue_id,
            state.sent_at_ms,
            state.visible_at_ms,
            state.received,
            state.first_received_at_ms,
            state.last_received_at_ms,
            state.group_id
        ],
    )
    .map(drop)
}

/// What a message is.
pub(crate) fn select(sql: &impl Sql, seq: u64) -> Result<Option<MessageRow>, Error> {
    sql.query_optional(SELECT_MESSAGE, params![seq.cast_signed()], |row| {
        Ok(MessageRow {
            message_id: row.get(0)?,
            body: row.get(1)?,
            body_md5: row.get(2)?,
            attributes: row.get(3)?,
            sender_id: row.get(4)?,
            trace_header: row.get(5)?,
            deduplication_id: row.get(6)?,
            dead_letter_source: row.get(7)?,
        })
    })
}

/// Where a message stands.
pub(crate) fn select_state(sql: &impl Sql, seq: u64) -> Result<Option<StateRow>, Error> {
    sql.query_optional(SELECT_STATE, params![seq.cast_signed()], |row| {
        Ok(StateRow {
            queue_id: row.get(0)?,
            sent_at_ms: row.get(1)?,
            visible_at_ms: row.get(2)?,
            received: row.get(3)?,
            first_received_at_ms: row.get(4)?,
            last_received_at_ms: row.get(5)?,
            group_id: row.get(6)?,
        })
    })
}

/// The next states after a sequence, over all queues.
pub(crate) fn select_states(sql: &impl Sql, after_seq: u64, limit: i64) -> Result<Vec<StandingRow>, Error> {
    sql.query_all(SELECT_STATES, params![after_seq.cast_signed(), limit], standing)
}

/// Every state of one queue, in the order of acceptance.
pub(crate) fn select_states_of_queue(sql: &impl Sql, queue_id: i64) -> Result<Vec<StandingRow>, Error> {
    sql.query_all(SELECT_STATES_OF_QUEUE, params![queue_id], standing)
}

fn standing(row: &storage::Row<'_>) -> storage::RowResult<StandingRow> {
    Ok(StandingRow {
        seq: row.get::<_, i64>(0)?.cast_unsigned(),
        queue_id: row.get(1)?,
        sent_at_ms: row.get(2)?,
        visible_at_ms: row.get(3)?,
        received: row.get(4)?,
        group_id: row.get(5)?,
    })
}

/// Writes one more receive, hidden until `until_ms`.
pub(crate) fn claim(tx: &Tx<'_>, seq: u64, until_ms: i64, now_ms: i64) -> Result<Option<Claimed>, Error> {
    tx.query_optional(UPDATE_CLAIM, params![seq.cast_signed(), until_ms, now_ms], |row| {
        Ok(Claimed { received: row.get(0)?, first_received_at_ms: row.get(1)?, group_id: row.get(2)? })
    })
}

/// Hides a message until another instant.
pub(crate) fn set_visible_at(tx: &Tx<'_>, seq: u64, visible_at_ms: i64) -> Result<(), Error> {
    tx.execute(UPDATE_VISIBLE_AT, params![seq.cast_signed(), visible_at_ms]).map(drop)
}

/// Removes a message.
pub(crate) fn delete(tx: &Tx<'_>, seq: u64) -> Result<(), Error> {
    tx.execute(DELETE_STATE, params![seq.cast_signed()])?;
    tx.execute(DELETE_MESSAGE, params![seq.cast_signed()]).map(drop)
}

/// The greatest sequence that is kept.
pub(crate) fn last_seq(sql: &impl Sql) -> Result<u64, Error> {
    let last = sql.query_optional(SELECT_LAST_SEQ, [], |row| row.get::<_, Option<i64>>(0))?;
    Ok(last.flatten().unwrap_or_default().cast_unsigned())
}
