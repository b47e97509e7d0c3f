//! Messages: what they are (`messages`, never changed) and where they stand (`message_states`, from the first receive on).
//! Columns: `migrations/0001_queues.sql`, `migrations/0002_first_states.sql`.

use std::borrow::Cow;

use storage::{Error, Sql, Tx, params};

use crate::rules::digest::Md5Digest;

const INSERT_MESSAGE: &str = "INSERT INTO messages (seq, message_id, body, body_md5, attributes, sender_id, trace_header, deduplication_id, dead_letter_source, queue_id, sent_at_ms, visible_at_ms, group_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
const UPSERT_STATE: &str = "INSERT INTO message_states (seq, queue_id, sent_at_ms, visible_at_ms, received, first_received_at_ms, last_received_at_ms, group_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (seq) DO UPDATE SET visible_at_ms = ?4, received = ?5, first_received_at_ms = ?6, last_received_at_ms = ?7";
const SELECT_MESSAGE: &str = "SELECT message_id, body, body_md5, attributes, sender_id, trace_header, deduplication_id, dead_letter_source FROM messages WHERE seq = ?1";
const SELECT_STATE: &str = "SELECT queue_id, sent_at_ms, visible_at_ms, received, first_received_at_ms, last_received_at_ms, group_id FROM message_states WHERE seq = ?1";
const SELECT_FIRST_STATE: &str =
    "SELECT queue_id, sent_at_ms, visible_at_ms, 0, 0, 0, group_id FROM messages WHERE seq = ?1";
const SELECT_STATES: &str = "SELECT m.seq, COALESCE(s.queue_id, m.queue_id), COALESCE(s.sent_at_ms, m.sent_at_ms), COALESCE(s.visible_at_ms, m.visible_at_ms), COALESCE(s.received, 0), COALESCE(s.group_id, m.group_id) FROM messages m LEFT JOIN message_states s ON s.seq = m.seq WHERE m.seq > ?1 ORDER BY m.seq LIMIT ?2";
const SELECT_STATES_OF_QUEUE: &str = "SELECT m.seq, COALESCE(s.queue_id, m.queue_id), COALESCE(s.sent_at_ms, m.sent_at_ms), COALESCE(s.visible_at_ms, m.visible_at_ms), COALESCE(s.received, 0), COALESCE(s.group_id, m.group_id) FROM messages m LEFT JOIN message_states s ON s.seq = m.seq WHERE COALESCE(s.queue_id, m.queue_id) = ?1 ORDER BY m.seq";
const UPDATE_CLAIM: &str = "UPDATE message_states SET visible_at_ms = ?2, received = received + 1, first_received_at_ms = CASE first_received_at_ms WHEN 0 THEN ?3 ELSE first_received_at_ms END, last_received_at_ms = ?3 WHERE seq = ?1 RETURNING received, first_received_at_ms, group_id";
const DELETE_STATE: &str = "DELETE FROM message_states WHERE seq = ?1";
const DELETE_MESSAGE: &str = "DELETE FROM messages WHERE seq = ?1";
const SELECT_LAST_SEQ: &str = "SELECT MAX(seq) FROM messages";

/// What a message is; one on its way in may share its body with others.
#[derive(Clone, Debug)]
pub(crate) struct MessageRow<'a> {
    pub(crate) message_id: [u8; 16],
    pub(crate) body: Cow<'a, str>,
    pub(crate) body_md5: Md5Digest,
    /// In the form of `rules::message_attributes::to_bytes`.
    pub(crate) attributes: Option<Cow<'a, [u8]>>,
    pub(crate) sender_id: Cow<'a, str>,
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

/// Whether a job writes anything after a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    /// It may write more, or be refused.
    More,
    /// It can only succeed.
    Done,
}

/// Adds a message. Its state is not written before it is received, hidden or shown; one that was received in another
/// queue brings its state along.
pub(crate) fn insert(
    tx: &Tx<'_>,
    seq: u64,
    message: &MessageRow<'_>,
    state: &StateRow,
    then: Then,
) -> Result<(), Error> {
    let row = params![
        seq.cast_signed(),
        message.message_id,
        message.body,
        message.body_md5,
        message.attributes,
        message.sender_id,
        message.trace_header,
        message.deduplication_id,
        message.dead_letter_source,
        state.queue_id,
        state.sent_at_ms,
        state.visible_at_ms,
        state.group_id
    ];
    if state.received > 0 {
        tx.execute(INSERT_MESSAGE, row)?;
        return write_state(tx, seq, state);
    }
    match then {
        Then::More => tx.execute(INSERT_MESSAGE, row),
        Then::Done => tx.execute_last(INSERT_MESSAGE, row),
    }
    .map(drop)
}

/// Writes where a message stands, whether or not it was written before.
pub(crate) fn write_state(tx: &Tx<'_>, seq: u64, state: &StateRow) -> Result<(), Error> {
    let row = params![
        seq.cast_signed(),
        state.queue_id,
        state.sent_at_ms,
        state.visible_at_ms,
        state.received,
        state.first_received_at_ms,
        state.last_received_at_ms,
        state.group_id
    ];
    tx.execute(UPSERT_STATE, row).map(drop)
}

/// What a message is.
pub(crate) fn select(sql: &impl Sql, seq: u64) -> Result<Option<MessageRow<'static>>, Error> {
    sql.query_optional(SELECT_MESSAGE, params![seq.cast_signed()], |row| {
        Ok(MessageRow {
            message_id: row.get(0)?,
            body: Cow::Owned(row.get(1)?),
            body_md5: row.get(2)?,
            attributes: row.get::<_, Option<Vec<u8>>>(3)?.map(Cow::Owned),
            sender_id: Cow::Owned(row.get(4)?),
            trace_header: row.get(5)?,
            deduplication_id: row.get(6)?,
            dead_letter_source: row.get(7)?,
        })
    })
}

/// Where a message stands.
pub(crate) fn select_state(sql: &impl Sql, seq: u64) -> Result<Option<StateRow>, Error> {
    for statement in [SELECT_STATE, SELECT_FIRST_STATE] {
        let state = sql.query_optional(statement, params![seq.cast_signed()], |row| {
            Ok(StateRow {
                queue_id: row.get(0)?,
                sent_at_ms: row.get(1)?,
                visible_at_ms: row.get(2)?,
                received: row.get(3)?,
                first_received_at_ms: row.get(4)?,
                last_received_at_ms: row.get(5)?,
                group_id: row.get(6)?,
            })
        })?;
        if state.is_some() {
            return Ok(state);
        }
    }
    Ok(None)
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

/// Writes one more receive of a message that was received before, hidden until `until_ms`.
pub(crate) fn claim(tx: &Tx<'_>, seq: u64, until_ms: i64, now_ms: i64) -> Result<Option<Claimed>, Error> {
    tx.query_optional(UPDATE_CLAIM, params![seq.cast_signed(), until_ms, now_ms], |row| {
        Ok(Claimed { received: row.get(0)?, first_received_at_ms: row.get(1)?, group_id: row.get(2)? })
    })
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
