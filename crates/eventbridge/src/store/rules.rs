//! Rules. Columns: `migrations/0001_buses.sql`.

use storage::{Error, Sql, Tx, params};

const SELECT_RULES: &str = "SELECT id, bus_id, name, description, event_pattern, schedule, state, role_arn, managed_by, created_by, created_at_ms, fires_at_ms FROM rules ORDER BY id";
const INSERT_RULE: &str = "INSERT INTO rules (bus_id, name, description, event_pattern, schedule, state, role_arn, managed_by, created_by, created_at_ms, fires_at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
const UPDATE_RULE: &str = "UPDATE rules SET description = ?2, event_pattern = ?3, schedule = ?4, state = ?5, role_arn = ?6, fires_at_ms = ?7 WHERE id = ?1";
const UPDATE_FIRES_AT: &str = "UPDATE rules SET fires_at_ms = ?2 WHERE id = ?1";
const DELETE_RULE: &str = "DELETE FROM rules WHERE id = ?1";

/// A rule as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct RuleRow {
    pub(crate) id: i64,
    pub(crate) bus_id: i64,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) event_pattern: Option<String>,
    pub(crate) schedule: Option<String>,
    pub(crate) state: String,
    pub(crate) role_arn: Option<String>,
    pub(crate) managed_by: Option<String>,
    pub(crate) created_by: String,
    pub(crate) created_at_ms: i64,
    pub(crate) fires_at_ms: Option<i64>,
}

impl RuleRow {
    /// Whether events and schedules make it fire.
    pub(crate) fn is_enabled(&self) -> bool {
        self.state != "DISABLED"
    }
}

/// Every rule, in the order of their ids.
pub(crate) fn select_all(sql: &impl Sql) -> Result<Vec<RuleRow>, Error> {
    sql.query_all(SELECT_RULES, [], |row| {
        Ok(RuleRow {
            id: row.get(0)?,
            bus_id: row.get(1)?,
            name: row.get(2)?,
            description: row.get(3)?,
            event_pattern: row.get(4)?,
            schedule: row.get(5)?,
            state: row.get(6)?,
            role_arn: row.get(7)?,
            managed_by: row.get(8)?,
            created_by: row.get(9)?,
            created_at_ms: row.get(10)?,
            fires_at_ms: row.get(11)?,
        })
    })
}

/// Adds a rule; answers its id.
pub(crate) fn insert(tx: &Tx<'_>, rule: &RuleRow) -> Result<i64, Error> {
    tx.execute(
        INSERT_RULE,
        params![
            rule.bus_id,
            rule.name,
            rule.description,
            rule.event_pattern,
            rule.schedule,
            rule.state,
            rule.role_arn,
            rule.managed_by,
            rule.created_by,
            rule.created_at_ms,
            rule.fires_at_ms
        ],
    )?;
    Ok(tx.last_insert_rowid())
}

/// Writes what can change of a rule.
pub(crate) fn update(tx: &Tx<'_>, rule: &RuleRow) -> Result<(), Error> {
    tx.execute(
        UPDATE_RULE,
        params![
            rule.id,
            rule.description,
            rule.event_pattern,
            rule.schedule,
            rule.state,
            rule.role_arn,
            rule.fires_at_ms
        ],
    )
    .map(drop)
}

/// Says when a rule's schedule fires next.
pub(crate) fn set_fires_at(tx: &Tx<'_>, id: i64, fires_at_ms: Option<i64>) -> Result<(), Error> {
    tx.execute(UPDATE_FIRES_AT, params![id, fires_at_ms]).map(drop)
}

/// Removes a rule; its targets are `targets`'.
pub(crate) fn delete(tx: &Tx<'_>, id: i64) -> Result<(), Error> {
    tx.execute(DELETE_RULE, params![id]).map(drop)
}
