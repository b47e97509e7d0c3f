//! The targets of rules. Columns: `migrations/0001_buses.sql`.

use storage::{Error, Sql, Tx, params};

use super::kept;
use crate::api::types::Target;

const SELECT_TARGETS: &str = "SELECT rule_id, target FROM targets";
const UPSERT_TARGET: &str = "INSERT OR REPLACE INTO targets (rule_id, target_id, target) VALUES (?1, ?2, ?3)";
const DELETE_TARGET: &str = "DELETE FROM targets WHERE rule_id = ?1 AND target_id = ?2";
const DELETE_TARGETS: &str = "DELETE FROM targets WHERE rule_id = ?1";

/// Every target with the id of its rule.
pub(crate) fn select_all(sql: &impl Sql) -> Result<Vec<(i64, Target)>, Error> {
    sql.query_all(SELECT_TARGETS, [], |row| {
        Ok((row.get(0)?, kept::from_text::<Target>(&row.get::<_, String>(1)?)))
    })
}

/// Adds a target to a rule, or replaces the one of its id.
pub(crate) fn upsert(tx: &Tx<'_>, rule: i64, target: &Target) -> Result<(), Error> {
    tx.execute(UPSERT_TARGET, params![rule, target.id, kept::to_text(target)]).map(drop)
}

/// Removes a target of a rule.
pub(crate) fn delete(tx: &Tx<'_>, rule: i64, id: &str) -> Result<(), Error> {
    tx.execute(DELETE_TARGET, params![rule, id]).map(drop)
}

/// Removes all targets of a rule.
pub(crate) fn delete_of_rule(tx: &Tx<'_>, rule: i64) -> Result<(), Error> {
    tx.execute(DELETE_TARGETS, params![rule]).map(drop)
}
