//! Tags, by the ARN they are on. Columns: `migrations/0001_buses.sql`.

use storage::{Error, Sql, Tx, params};

const SELECT_TAGS: &str = "SELECT key, value FROM tags WHERE arn = ?1 ORDER BY key";
const UPSERT_TAG: &str = "INSERT OR REPLACE INTO tags (arn, key, value) VALUES (?1, ?2, ?3)";
const DELETE_TAG: &str = "DELETE FROM tags WHERE arn = ?1 AND key = ?2";
const DELETE_TAGS: &str = "DELETE FROM tags WHERE arn = ?1";

/// The tags of a resource, by key.
pub(crate) fn select(sql: &impl Sql, arn: &str) -> Result<Vec<(String, String)>, Error> {
    sql.query_all(SELECT_TAGS, params![arn], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Sets a tag.
pub(crate) fn upsert(tx: &Tx<'_>, arn: &str, key: &str, value: &str) -> Result<(), Error> {
    tx.execute(UPSERT_TAG, params![arn, key, value]).map(drop)
}

/// Removes a tag.
pub(crate) fn delete(tx: &Tx<'_>, arn: &str, key: &str) -> Result<(), Error> {
    tx.execute(DELETE_TAG, params![arn, key]).map(drop)
}

/// Removes all tags of a resource.
pub(crate) fn delete_of(tx: &Tx<'_>, arn: &str) -> Result<(), Error> {
    tx.execute(DELETE_TAGS, params![arn]).map(drop)
}
