//! Subscriptions that ended and can still be taken back. Columns: `migrations/0001_topics.sql`.

use std::collections::BTreeMap;

use aws::AccountId;
use storage::{Error, Sql, Tx, params};

use super::subscriptions::SubscriptionRow;

const INSERT_FAREWELL: &str = "INSERT INTO farewells (token, topic_id, uuid, owner, protocol, endpoint, attributes, unsubscribed_at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
const SELECT_FAREWELL: &str = "SELECT uuid, owner, protocol, endpoint, attributes FROM farewells WHERE token = ?1 AND topic_id = ?2 AND unsubscribed_at_ms > ?3";
const SELECT_OLD: &str = "SELECT EXISTS (SELECT 1 FROM farewells WHERE unsubscribed_at_ms <= ?1)";
const DELETE_FAREWELL: &str = "DELETE FROM farewells WHERE token = ?1";
const DELETE_OLD: &str = "DELETE FROM farewells WHERE unsubscribed_at_ms <= ?1";
const DELETE_OF_TOPIC: &str = "DELETE FROM farewells WHERE topic_id = ?1";

/// Keeps an ended subscription under the token that brings it back.
pub(crate) fn insert(tx: &Tx<'_>, token: &str, row: &SubscriptionRow) -> Result<(), Error> {
    let attributes = serde_json::json!(row.attributes).to_string();
    tx.execute(
        INSERT_FAREWELL,
        params![
            token,
            row.topic_id,
            row.uuid,
            row.owner.as_str(),
            row.protocol,
            row.endpoint,
            attributes,
            tx.now_ms()
        ],
    )
    .map(drop)
}

/// The subscription of a topic that ended after `since_ms` under this token; it has no id, and is confirmed by nobody yet.
pub(crate) fn select(
    sql: &impl Sql,
    topic_id: i64,
    token: &str,
    since_ms: i64,
) -> Result<Option<SubscriptionRow>, Error> {
    sql.query_optional(SELECT_FAREWELL, params![token, topic_id, since_ms], |row| {
        let attributes: String = row.get(4)?;
        let attributes: BTreeMap<String, String> = serde_json::from_str(&attributes).unwrap_or_default();
        Ok(SubscriptionRow {
            id: 0,
            topic_id,
            uuid: row.get(0)?,
            owner: AccountId::parse(&row.get::<_, String>(1)?).unwrap_or_default(),
            protocol: row.get(2)?,
            endpoint: row.get(3)?,
            pending: true,
            authenticated: false,
            locked: false,
            token: Some(token.to_owned()),
            created_at_ms: 0,
            attributes,
        })
    })
}

/// Forgets one.
pub(crate) fn delete(tx: &Tx<'_>, token: &str) -> Result<(), Error> {
    tx.execute(DELETE_FAREWELL, params![token]).map(drop)
}

/// Whether any ended then or earlier.
pub(crate) fn are_old(sql: &impl Sql, until_ms: i64) -> Result<bool, Error> {
    sql.query_row(SELECT_OLD, params![until_ms], |row| row.get(0))
}

/// Forgets those that ended then or earlier.
pub(crate) fn delete_old(tx: &Tx<'_>, until_ms: i64) -> Result<(), Error> {
    tx.execute(DELETE_OLD, params![until_ms]).map(drop)
}

/// Forgets those of a topic.
pub(crate) fn delete_of_topic(tx: &Tx<'_>, topic_id: i64) -> Result<(), Error> {
    tx.execute(DELETE_OF_TOPIC, params![topic_id]).map(drop)
}
