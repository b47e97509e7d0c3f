//! Queues, their attributes and their tags. Columns: `migrations/0001_queues.sql`.

use aws::{AccountId, Region};
use storage::{Error, Sql, Tx, params};

use crate::rules::queue_attributes::{SetAttributes, known_name};
use crate::rules::queue_url::QueueKey;

const SELECT_QUEUES: &str = "SELECT id, account, region, name, created_at_ms, modified_at_ms, purged_to_seq, purged_at_ms FROM queues";
const SELECT_ATTRIBUTES: &str = "SELECT queue_id, name, value FROM queue_attributes";
const SELECT_TAGS: &str = "SELECT queue_id, key, value FROM queue_tags";
const INSERT_QUEUE: &str = "INSERT INTO queues (id, account, region, name, created_at_ms, modified_at_ms, purged_to_seq) VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6)";
const DELETE_QUEUE: &str = "DELETE FROM queues WHERE id = ?1";
const DELETE_ATTRIBUTES: &str = "DELETE FROM queue_attributes WHERE queue_id = ?1";
const INSERT_ATTRIBUTE: &str = "INSERT INTO queue_attributes (queue_id, name, value) VALUES (?1, ?2, ?3)";
const DELETE_TAGS: &str = "DELETE FROM queue_tags WHERE queue_id = ?1";
const INSERT_TAG: &str = "INSERT INTO queue_tags (queue_id, key, value) VALUES (?1, ?2, ?3)";
const UPDATE_MODIFIED: &str = "UPDATE queues SET modified_at_ms = ?2 WHERE id = ?1";
const UPDATE_PURGED: &str = "UPDATE queues SET purged_to_seq = ?2, purged_at_ms = ?3 WHERE id = ?1";
const UPSERT_DELETED: &str =
    "INSERT OR REPLACE INTO deleted_queues (account, region, name, deleted_at_ms) VALUES (?1, ?2, ?3, ?4)";
const SELECT_DELETED: &str =
    "SELECT deleted_at_ms FROM deleted_queues WHERE account = ?1 AND region = ?2 AND name = ?3";
const DELETE_DELETED: &str = "DELETE FROM deleted_queues WHERE deleted_at_ms <= ?1";
const DELETE_DELETED_OF: &str = "DELETE FROM deleted_queues WHERE ?1 IS NULL OR account = ?1";

/// A queue as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct QueueRow {
    pub(crate) id: i64,
    pub(crate) key: QueueKey,
    pub(crate) created_at_ms: i64,
    pub(crate) modified_at_ms: i64,
    pub(crate) purged_to_seq: u64,
    pub(crate) purged_at_ms: i64,
    pub(crate) attributes: SetAttributes,
    pub(crate) tags: Vec<(String, String)>,
}

/// Every queue with its attributes and tags.
pub(crate) fn select_all(sql: &impl Sql) -> Result<Vec<QueueRow>, Error> {
    let mut queues = sql.query_all(SELECT_QUEUES, [], |row| {
        let (account, region): (String, String) = (row.get(1)?, row.get(2)?);
        Ok(QueueRow {
            id: row.get(0)?,
            key: QueueKey {
                account: AccountId::parse(&account).unwrap_or_default(),
                region: Region::parse(&region).unwrap_or_default(),
                name: row.get::<_, String>(3)?.into(),
            },
            created_at_ms: row.get(4)?,
            modified_at_ms: row.get(5)?,
            purged_to_seq: row.get::<_, i64>(6)?.cast_unsigned(),
            purged_at_ms: row.get(7)?,
            attributes: SetAttributes::new(),
            tags: Vec::new(),
        })
    })?;
    queues.sort_by_key(|queue| queue.id);
    let texts = |sql_text| {
        sql.query_all(sql_text, [], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
        })
    };
    for (id, name, value) in texts(SELECT_ATTRIBUTES)? {
        if let (Ok(place), Some(name)) =
            (queues.binary_search_by_key(&id, |queue| queue.id), known_name(&name))
        {
            queues[place].attributes.insert(name, value);
        }
    }
    for (id, key, value) in texts(SELECT_TAGS)? {
        if let Ok(place) = queues.binary_search_by_key(&id, |queue| queue.id) {
            queues[place].tags.push((key, value));
        }
    }
    Ok(queues)
}

/// Adds a queue, whose messages come after a sequence.
pub(crate) fn insert(tx: &Tx<'_>, id: i64, key: &QueueKey, now_ms: i64, after_seq: u64) -> Result<(), Error> {
    let (account, region) = (key.account.as_str(), key.region.as_str());
    let row = params![id, account, region, &*key.name, now_ms, after_seq.cast_signed()];
    tx.execute(INSERT_QUEUE, row).map(drop)
}

/// Removes a queue with its attributes and tags; its messages are left to `reclaims`.
pub(crate) fn delete(tx: &Tx<'_>, id: i64) -> Result<(), Error> {
    for statement in [DELETE_ATTRIBUTES, DELETE_TAGS, DELETE_QUEUE] {
        tx.execute(statement, params![id])?;
    }
    Ok(())
}

/// Replaces a queue's attributes.
pub(crate) fn set_attributes(tx: &Tx<'_>, id: i64, attributes: &SetAttributes) -> Result<(), Error> {
    tx.execute(DELETE_ATTRIBUTES, params![id])?;
    for (name, value) in attributes {
        tx.execute(INSERT_ATTRIBUTE, params![id, name, value])?;
    }
    Ok(())
}

/// Replaces a queue's tags.
pub(crate) fn set_tags(tx: &Tx<'_>, id: i64, tags: &[(String, String)]) -> Result<(), Error> {
    tx.execute(DELETE_TAGS, params![id])?;
    for (key, value) in tags {
        tx.execute(INSERT_TAG, params![id, key, value])?;
    }
    Ok(())
}

/// Notes that a queue's attributes were changed.
pub(crate) fn set_modified(tx: &Tx<'_>, id: i64, now_ms: i64) -> Result<(), Error> {
    tx.execute(UPDATE_MODIFIED, params![id, now_ms]).map(drop)
}

/// Notes that every message up to `to_seq` was purged.
pub(crate) fn set_purged(tx: &Tx<'_>, id: i64, to_seq: u64, now_ms: i64) -> Result<(), Error> {
    tx.execute(UPDATE_PURGED, params![id, to_seq.cast_signed(), now_ms]).map(drop)
}

/// Remembers the name of a deleted queue.
pub(crate) fn remember_deleted(tx: &Tx<'_>, key: &QueueKey, now_ms: i64) -> Result<(), Error> {
    let row = params![key.account.as_str(), key.region.as_str(), &*key.name, now_ms];
    tx.execute(UPSERT_DELETED, row).map(drop)
}

/// When a queue of this name was deleted, while it is remembered.
pub(crate) fn deleted_at_ms(sql: &impl Sql, key: &QueueKey) -> Result<Option<i64>, Error> {
    let name = params![key.account.as_str(), key.region.as_str(), &*key.name];
    sql.query_optional(SELECT_DELETED, name, |row| row.get(0))
}

/// Forgets the names of queues deleted at `horizon_ms` or before.
pub(crate) fn forget_deleted(tx: &Tx<'_>, horizon_ms: i64) -> Result<usize, Error> {
    tx.execute(DELETE_DELETED, params![horizon_ms])
}

/// Forgets the names of all deleted queues, or of an account's.
pub(crate) fn forget_deleted_of(tx: &Tx<'_>, account: Option<&AccountId>) -> Result<(), Error> {
    tx.execute(DELETE_DELETED_OF, params![account.map(AccountId::as_str)]).map(drop)
}
