//! Global endpoints. Columns: `migrations/0004_partners.sql`.

use aws::{AccountId, Region};
use storage::{Error, Row, RowResult, Sql, Tx, params};

use super::kept;
use crate::api::types::{EndpointEventBus, RoutingConfig};

const SELECT_ONE: &str = "SELECT id, account, region, name, endpoint_id, created_at_ms, modified_at_ms, description, role_arn, replication, routing, bus, other_bus FROM global_endpoints WHERE account = ?1 AND region = ?2 AND name = ?3";
const SELECT_OF_ACCOUNT: &str = "SELECT id, account, region, name, endpoint_id, created_at_ms, modified_at_ms, description, role_arn, replication, routing, bus, other_bus FROM global_endpoints WHERE account = ?1 AND region = ?2 ORDER BY name";
const SELECT_BY_ENDPOINT_ID: &str = "SELECT id, account, region, name, endpoint_id, created_at_ms, modified_at_ms, description, role_arn, replication, routing, bus, other_bus FROM global_endpoints WHERE endpoint_id = ?1";
const INSERT: &str = "INSERT INTO global_endpoints (account, region, name, endpoint_id, created_at_ms, modified_at_ms, description, role_arn, replication, routing, bus, other_bus) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
const UPDATE: &str = "UPDATE global_endpoints SET modified_at_ms = ?2, description = ?3, role_arn = ?4, replication = ?5, routing = ?6, bus = ?7, other_bus = ?8 WHERE id = ?1";
const DELETE: &str = "DELETE FROM global_endpoints WHERE id = ?1";
const DELETE_ALL: &str = "DELETE FROM global_endpoints";
const DELETE_OF_ACCOUNT: &str = "DELETE FROM global_endpoints WHERE account = ?1";

/// An endpoint as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct EndpointRow {
    pub(crate) id: i64,
    pub(crate) account: AccountId,
    pub(crate) region: Region,
    pub(crate) name: String,
    pub(crate) endpoint_id: String,
    pub(crate) created_at_ms: i64,
    pub(crate) modified_at_ms: i64,
    pub(crate) given: Given,
}

/// What its owner says of an endpoint.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    pub(crate) description: Option<String>,
    pub(crate) role_arn: Option<String>,
    /// ENABLED, DISABLED.
    pub(crate) replication: String,
    pub(crate) routing: RoutingConfig,
    /// Two, says the model.
    pub(crate) buses: [EndpointEventBus; 2],
}

fn read(row: &Row<'_>) -> RowResult<EndpointRow> {
    let (account, region): (String, String) = (row.get(1)?, row.get(2)?);
    Ok(EndpointRow {
        id: row.get(0)?,
        account: AccountId::parse(&account).unwrap_or_default(),
        region: Region::parse(&region).unwrap_or_default(),
        name: row.get(3)?,
        endpoint_id: row.get(4)?,
        created_at_ms: row.get(5)?,
        modified_at_ms: row.get(6)?,
        given: Given {
            description: row.get(7)?,
            role_arn: row.get(8)?,
            replication: row.get(9)?,
            routing: kept::from_text(&row.get::<_, String>(10)?),
            buses: [
                EndpointEventBus { event_bus_arn: row.get(11)? },
                EndpointEventBus { event_bus_arn: row.get(12)? },
            ],
        },
    })
}

/// The endpoint of a name.
pub(crate) fn select_one(
    sql: &impl Sql,
    account: &AccountId,
    region: &str,
    name: &str,
) -> Result<Option<EndpointRow>, Error> {
    sql.query_optional(SELECT_ONE, params![account.as_str(), region, name], read)
}

/// The endpoints of an account, by name.
pub(crate) fn select_of(
    sql: &impl Sql,
    account: &AccountId,
    region: &str,
) -> Result<Vec<EndpointRow>, Error> {
    sql.query_all(SELECT_OF_ACCOUNT, params![account.as_str(), region], read)
}

/// The endpoint PutEvents names.
pub(crate) fn select_by_endpoint_id(sql: &impl Sql, endpoint_id: &str) -> Result<Option<EndpointRow>, Error> {
    sql.query_optional(SELECT_BY_ENDPOINT_ID, params![endpoint_id], read)
}

/// Adds an endpoint.
pub(crate) fn insert(tx: &Tx<'_>, row: &EndpointRow) -> Result<(), Error> {
    let given = &row.given;
    let [bus, other_bus] = &given.buses;
    tx.execute(
        INSERT,
        params![
            row.account.as_str(),
            row.region.as_str(),
            row.name,
            row.endpoint_id,
            row.created_at_ms,
            row.modified_at_ms,
            given.description,
            given.role_arn,
            given.replication,
            kept::to_text(&given.routing),
            bus.event_bus_arn,
            other_bus.event_bus_arn
        ],
    )
    .map(drop)
}

/// Writes what can change of an endpoint.
pub(crate) fn update(tx: &Tx<'_>, row: &EndpointRow) -> Result<(), Error> {
    let given = &row.given;
    let [bus, other_bus] = &given.buses;
    tx.execute(
        UPDATE,
        params![
            row.id,
            row.modified_at_ms,
            given.description,
            given.role_arn,
            given.replication,
            kept::to_text(&given.routing),
            bus.event_bus_arn,
            other_bus.event_bus_arn
        ],
    )
    .map(drop)
}

/// Removes an endpoint.
pub(crate) fn delete(tx: &Tx<'_>, id: i64) -> Result<(), Error> {
    tx.execute(DELETE, params![id]).map(drop)
}

/// Removes all endpoints, or those of an account.
pub(crate) fn delete_of(tx: &Tx<'_>, account: Option<&AccountId>) -> Result<(), Error> {
    match account {
        Some(account) => tx.execute(DELETE_OF_ACCOUNT, params![account.as_str()]).map(drop),
        None => tx.execute(DELETE_ALL, []).map(drop),
    }
}
