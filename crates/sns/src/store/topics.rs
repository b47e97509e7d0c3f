//! Topics, their attributes and their tags. Columns: `migrations/0001_topics.sql`.

use std::collections::BTreeMap;

use aws::{AccountId, Region};
use storage::{Error, Sql, Tx, params};

use crate::rules::topic_arn::TopicKey;

const SELECT_TOPICS: &str = "SELECT id, account, region, name, created_at_ms, subscriptions_deleted, data_protection_policy FROM topics ORDER BY id";
const SELECT_ATTRIBUTES: &str = "SELECT topic_id, name, value FROM topic_attributes";
const SELECT_TAGS: &str = "SELECT topic_id, key, value FROM topic_tags";
const INSERT_TOPIC: &str =
    "INSERT INTO topics (id, account, region, name, created_at_ms) VALUES (?1, ?2, ?3, ?4, ?5)";
const DELETE_TOPIC: &str = "DELETE FROM topics WHERE id = ?1";
const DELETE_ATTRIBUTES: &str = "DELETE FROM topic_attributes WHERE topic_id = ?1";
const INSERT_ATTRIBUTE: &str = "INSERT INTO topic_attributes (topic_id, name, value) VALUES (?1, ?2, ?3)";
const DELETE_TAGS: &str = "DELETE FROM topic_tags WHERE topic_id = ?1";
const INSERT_TAG: &str = "INSERT INTO topic_tags (topic_id, key, value) VALUES (?1, ?2, ?3)";
const UPDATE_DATA_PROTECTION: &str = "UPDATE topics SET data_protection_policy = ?2 WHERE id = ?1";
const UPDATE_DELETED: &str = "UPDATE topics SET subscriptions_deleted = ?2 WHERE id = ?1";

/// A topic as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct TopicRow {
    pub(crate) id: i64,
    pub(crate) key: TopicKey,
    pub(crate) created_at_ms: i64,
    pub(crate) subscriptions_deleted: u64,
    pub(crate) data_protection_policy: Option<String>,
    /// The attributes somebody set.
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) tags: BTreeMap<String, String>,
}

/// Every topic with its attributes and tags.
pub(crate) fn select_all(sql: &impl Sql) -> Result<Vec<TopicRow>, Error> {
    let mut topics = sql.query_all(SELECT_TOPICS, [], |row| {
        let (account, region): (String, String) = (row.get(1)?, row.get(2)?);
        Ok(TopicRow {
            id: row.get(0)?,
            key: TopicKey {
                account: AccountId::parse(&account).unwrap_or_default(),
                region: Region::parse(&region).unwrap_or_default(),
                name: row.get::<_, String>(3)?.into(),
            },
            created_at_ms: row.get(4)?,
            subscriptions_deleted: row.get::<_, i64>(5)?.unsigned_abs(),
            data_protection_policy: row.get(6)?,
            attributes: BTreeMap::new(),
            tags: BTreeMap::new(),
        })
    })?;
    let texts = |statement| {
        sql.query_all(statement, [], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
        })
    };
    for (id, name, value) in texts(SELECT_ATTRIBUTES)? {
        if let Ok(place) = topics.binary_search_by_key(&id, |topic| topic.id) {
            topics[place].attributes.insert(name, value);
        }
    }
    for (id, key, value) in texts(SELECT_TAGS)? {
        if let Ok(place) = topics.binary_search_by_key(&id, |topic| topic.id) {
            topics[place].tags.insert(key, value);
        }
    }
    Ok(topics)
}

/// Adds a topic with its attributes and tags.
pub(crate) fn insert(tx: &Tx<'_>, topic: &TopicRow) -> Result<(), Error> {
    let (account, region) = (topic.key.account.as_str(), topic.key.region.as_str());
    tx.execute(INSERT_TOPIC, params![topic.id, account, region, &*topic.key.name, topic.created_at_ms])?;
    set_attributes(tx, topic.id, &topic.attributes)?;
    set_tags(tx, topic.id, &topic.tags)?;
    set_data_protection_policy(tx, topic.id, topic.data_protection_policy.as_deref())
}

/// Removes a topic with its attributes and tags.
pub(crate) fn delete(tx: &Tx<'_>, id: i64) -> Result<(), Error> {
    for statement in [DELETE_ATTRIBUTES, DELETE_TAGS, DELETE_TOPIC] {
        tx.execute(statement, params![id])?;
    }
    Ok(())
}

/// Replaces a topic's attributes.
pub(crate) fn set_attributes(
    tx: &Tx<'_>,
    id: i64,
    attributes: &BTreeMap<String, String>,
) -> Result<(), Error> {
    tx.execute(DELETE_ATTRIBUTES, params![id])?;
    for (name, value) in attributes {
        tx.execute(INSERT_ATTRIBUTE, params![id, name, value])?;
    }
    Ok(())
}

/// Replaces a topic's tags.
pub(crate) fn set_tags(tx: &Tx<'_>, id: i64, tags: &BTreeMap<String, String>) -> Result<(), Error> {
    tx.execute(DELETE_TAGS, params![id])?;
    for (key, value) in tags {
        tx.execute(INSERT_TAG, params![id, key, value])?;
    }
    Ok(())
}

/// Replaces a topic's data protection policy.
pub(crate) fn set_data_protection_policy(tx: &Tx<'_>, id: i64, policy: Option<&str>) -> Result<(), Error> {
    tx.execute(UPDATE_DATA_PROTECTION, params![id, policy]).map(drop)
}

/// Says how many of a topic's subscriptions were deleted.
pub(crate) fn set_subscriptions_deleted(tx: &Tx<'_>, id: i64, count: u64) -> Result<(), Error> {
    tx.execute(UPDATE_DELETED, params![id, i64::try_from(count).unwrap_or(i64::MAX)]).map(drop)
}
