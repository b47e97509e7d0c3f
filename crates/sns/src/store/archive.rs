//! What FIFO topics with an archive keep. Columns: `migrations/0005_archive.sql`.

use std::sync::Arc;

use delivery::Attribute;
use storage::{Error, Sql, Tx, params};

use crate::fanout::Accepted;
use crate::rules::draft::Draft;
use crate::rules::message_structure::Texts;

const INSERT_MESSAGE: &str = "INSERT INTO archived_messages (topic_id, published_at_ms, message_id, sequence_number, group_id, deduplication_id, subject, attributes, message) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
const SELECT_LAST_ID: &str = "SELECT max(id) FROM archived_messages WHERE topic_id = ?1";
const SELECT_NEXT_TOPIC: &str = "SELECT min(topic_id) FROM archived_messages WHERE topic_id > ?1";
const SELECT_TIMES: &str =
    "SELECT id, published_at_ms FROM archived_messages WHERE topic_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3";
const SELECT_MESSAGE: &str = "SELECT published_at_ms, message_id, sequence_number, group_id, deduplication_id, subject, attributes, message FROM archived_messages WHERE id = ?1";
const DELETE_MESSAGE: &str = "DELETE FROM archived_messages WHERE id = ?1";

/// Keeps a message.
pub(crate) fn insert(tx: &Tx<'_>, topic_id: i64, message: &Accepted) -> Result<(), Error> {
    let draft = &message.draft;
    // Texts and bytes by their names: there is nothing in them that JSON could not hold.
    let attributes = serde_json::to_string(&*draft.attributes).unwrap_or_default();
    // Only queues subscribe to FIFO topics.
    let text = draft.texts.to("sqs");
    let row = params![
        topic_id,
        draft.published_at_ms,
        draft.message_id,
        message.sequence_number,
        draft.group_id,
        draft.deduplication_id,
        draft.subject,
        attributes,
        text
    ];
    tx.execute(INSERT_MESSAGE, row).map(drop)
}

/// The id of the last message a topic kept; 0 when there is none.
pub(crate) fn last_id(sql: &impl Sql, topic_id: i64) -> Result<i64, Error> {
    let last = sql.query_row(SELECT_LAST_ID, params![topic_id], |row| row.get::<_, Option<i64>>(0))?;
    Ok(last.unwrap_or_default())
}

/// The topic after this one, by their ids, that kept something.
pub(crate) fn next_topic(sql: &impl Sql, after: i64) -> Result<Option<i64>, Error> {
    sql.query_row(SELECT_NEXT_TOPIC, params![after], |row| row.get(0))
}

/// Ids and times of a topic's messages after one of them, so many at most; without touching what they say.
pub(crate) fn select_times(
    sql: &impl Sql,
    topic_id: i64,
    after_id: i64,
    limit: usize,
) -> Result<Vec<(i64, i64)>, Error> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    sql.query_all(SELECT_TIMES, params![topic_id, after_id, limit], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// A message, as it was accepted.
pub(crate) fn select(sql: &impl Sql, id: i64) -> Result<Option<Accepted>, Error> {
    sql.query_optional(SELECT_MESSAGE, params![id], |row| {
        let attributes: String = row.get(6)?;
        let attributes: Vec<Attribute> = serde_json::from_str(&attributes).unwrap_or_default();
        let text: Arc<str> = row.get::<_, String>(7)?.into();
        let draft = Draft {
            published_at_ms: row.get(0)?,
            message_id: row.get(1)?,
            group_id: row.get::<_, Option<String>>(3)?.map(Arc::from),
            deduplication_id: row.get::<_, Option<String>>(4)?.map(Arc::from),
            subject: row.get(5)?,
            attributes: attributes.into(),
            trace_header: None,
            bytes: text.len(),
            texts: Texts::plain(text),
        };
        Ok(Accepted { draft, sequence_number: row.get(2)?, replayed: false, signatures: Vec::new() })
    })
}

/// Forgets a message.
pub(crate) fn delete(tx: &Tx<'_>, id: i64) -> Result<(), Error> {
    tx.execute(DELETE_MESSAGE, params![id]).map(drop)
}
