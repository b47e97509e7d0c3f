//! Subscriptions and their attributes. Columns: `migrations/0001_topics.sql`.

use std::collections::BTreeMap;

use aws::AccountId;
use storage::{Error, Sql, Tx, params};

const SELECT_SUBSCRIPTIONS: &str = "SELECT id, topic_id, uuid, owner, protocol, endpoint, pending, authenticated, locked, token, created_at_ms FROM subscriptions ORDER BY id";
const SELECT_ATTRIBUTES: &str = "SELECT subscription_id, name, value FROM subscription_attributes";
const SELECT_UNCONFIRMED: &str = "SELECT topic_id, id FROM subscriptions WHERE pending = 1 AND created_at_ms <= ?1 ORDER BY created_at_ms LIMIT ?2";
const INSERT_SUBSCRIPTION: &str = "INSERT INTO subscriptions (topic_id, uuid, owner, protocol, endpoint, pending, authenticated, locked, token, created_at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
const UPDATE_STANDING: &str =
    "UPDATE subscriptions SET pending = ?2, authenticated = ?3, locked = ?4 WHERE id = ?1";
const UPDATE_ASKED: &str = "UPDATE subscriptions SET token = ?2, created_at_ms = ?3 WHERE id = ?1";
const DELETE_SUBSCRIPTION: &str = "DELETE FROM subscriptions WHERE id = ?1";
const DELETE_ATTRIBUTES: &str = "DELETE FROM subscription_attributes WHERE subscription_id = ?1";
const INSERT_ATTRIBUTE: &str =
    "INSERT INTO subscription_attributes (subscription_id, name, value) VALUES (?1, ?2, ?3)";

/// A subscription as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct SubscriptionRow {
    pub(crate) id: i64,
    pub(crate) topic_id: i64,
    pub(crate) uuid: String,
    pub(crate) owner: AccountId,
    pub(crate) protocol: String,
    pub(crate) endpoint: String,
    pub(crate) pending: bool,
    pub(crate) authenticated: bool,
    pub(crate) locked: bool,
    pub(crate) token: Option<String>,
    pub(crate) created_at_ms: i64,
    /// The attributes somebody set.
    pub(crate) attributes: BTreeMap<String, String>,
}

/// Every subscription with its attributes, in the order of their ids.
pub(crate) fn select_all(sql: &impl Sql) -> Result<Vec<SubscriptionRow>, Error> {
    let mut subscriptions = sql.query_all(SELECT_SUBSCRIPTIONS, [], |row| {
        Ok(SubscriptionRow {
            id: row.get(0)?,
            topic_id: row.get(1)?,
            uuid: row.get(2)?,
            owner: AccountId::parse(&row.get::<_, String>(3)?).unwrap_or_default(),
            protocol: row.get(4)?,
            endpoint: row.get(5)?,
            pending: row.get(6)?,
            authenticated: row.get(7)?,
            locked: row.get(8)?,
            token: row.get(9)?,
            created_at_ms: row.get(10)?,
            attributes: BTreeMap::new(),
        })
    })?;
    let attributes = sql.query_all(SELECT_ATTRIBUTES, [], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
    })?;
    for (id, name, value) in attributes {
        if let Ok(place) = subscriptions.binary_search_by_key(&id, |subscription| subscription.id) {
            subscriptions[place].attributes.insert(name, value);
        }
    }
    Ok(subscriptions)
}

/// Topics and ids of subscriptions nobody has confirmed, whose endpoints were last asked then or earlier; so many at most.
pub(crate) fn select_unconfirmed(
    sql: &impl Sql,
    until_ms: i64,
    limit: usize,
) -> Result<Vec<(i64, i64)>, Error> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    sql.query_all(SELECT_UNCONFIRMED, params![until_ms, limit], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Adds a subscription with its attributes; answers its id.
pub(crate) fn insert(tx: &Tx<'_>, row: &SubscriptionRow) -> Result<i64, Error> {
    tx.execute(
        INSERT_SUBSCRIPTION,
        params![
            row.topic_id,
            row.uuid,
            row.owner.as_str(),
            row.protocol,
            row.endpoint,
            row.pending,
            row.authenticated,
            row.locked,
            row.token,
            row.created_at_ms
        ],
    )?;
    let id = tx.last_insert_rowid();
    set_attributes(tx, id, &row.attributes)?;
    Ok(id)
}

/// Says whether it waits to be confirmed, by whom it was confirmed, and who may unsubscribe.
pub(crate) fn set_standing(tx: &Tx<'_>, row: &SubscriptionRow) -> Result<(), Error> {
    tx.execute(UPDATE_STANDING, params![row.id, row.pending, row.authenticated, row.locked]).map(drop)
}

/// Says which token confirms it, and when its endpoint was asked.
pub(crate) fn set_asked(tx: &Tx<'_>, row: &SubscriptionRow) -> Result<(), Error> {
    tx.execute(UPDATE_ASKED, params![row.id, row.token, row.created_at_ms]).map(drop)
}

/// Replaces a subscription's attributes.
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

/// Removes a subscription.
pub(crate) fn delete(tx: &Tx<'_>, id: i64) -> Result<(), Error> {
    tx.execute(DELETE_ATTRIBUTES, params![id])?;
    tx.execute(DELETE_SUBSCRIPTION, params![id]).map(drop)
}
