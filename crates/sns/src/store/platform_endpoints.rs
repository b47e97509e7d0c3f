//! Endpoints of platform applications. Columns: `migrations/0002_mobile.sql`.

use storage::{Error, Sql, Tx, params};

const SELECT_BY_UUID: &str = "SELECT id, uuid, token, enabled, custom_user_data FROM platform_endpoints WHERE application_id = ?1 AND uuid = ?2";
const SELECT_BY_TOKEN: &str = "SELECT id, uuid, token, enabled, custom_user_data FROM platform_endpoints WHERE application_id = ?1 AND token = ?2";
const SELECT_PAGE: &str = "SELECT id, uuid, token, enabled, custom_user_data FROM platform_endpoints WHERE application_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3";
const INSERT_ENDPOINT: &str = "INSERT INTO platform_endpoints (application_id, uuid, token, enabled, custom_user_data) VALUES (?1, ?2, ?3, ?4, ?5)";
const UPDATE_ENDPOINT: &str =
    "UPDATE platform_endpoints SET token = ?2, enabled = ?3, custom_user_data = ?4 WHERE id = ?1";
const DELETE_ENDPOINT: &str = "DELETE FROM platform_endpoints WHERE id = ?1";

/// An endpoint as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EndpointRow {
    /// Given by the store.
    pub(crate) id: i64,
    pub(crate) uuid: String,
    pub(crate) token: String,
    pub(crate) enabled: bool,
    pub(crate) custom_user_data: Option<String>,
}

impl EndpointRow {
    fn read(row: &storage::Row<'_>) -> storage::RowResult<Self> {
        Ok(Self {
            id: row.get(0)?,
            uuid: row.get(1)?,
            token: row.get(2)?,
            enabled: row.get(3)?,
            custom_user_data: row.get(4)?,
        })
    }
}

/// The endpoint whose ARN ends like this.
pub(crate) fn find(sql: &impl Sql, application: i64, uuid: &str) -> Result<Option<EndpointRow>, Error> {
    sql.query_optional(SELECT_BY_UUID, params![application, uuid], EndpointRow::read)
}

/// The endpoint of this device.
pub(crate) fn find_by_token(
    sql: &impl Sql,
    application: i64,
    token: &str,
) -> Result<Option<EndpointRow>, Error> {
    sql.query_optional(SELECT_BY_TOKEN, params![application, token], EndpointRow::read)
}

/// At most so many endpoints of an application, in the order in which they were made, from after one on.
pub(crate) fn select_page(
    sql: &impl Sql,
    application: i64,
    after: i64,
    most: usize,
) -> Result<Vec<EndpointRow>, Error> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    sql.query_all(SELECT_PAGE, params![application, after, most], EndpointRow::read)
}

/// Adds an endpoint.
pub(crate) fn insert(tx: &Tx<'_>, application: i64, row: &EndpointRow) -> Result<(), Error> {
    let EndpointRow { uuid, token, enabled, custom_user_data, .. } = row;
    tx.execute(INSERT_ENDPOINT, params![application, uuid, token, enabled, custom_user_data]).map(drop)
}

/// Writes what can be changed.
pub(crate) fn update(tx: &Tx<'_>, row: &EndpointRow) -> Result<(), Error> {
    let EndpointRow { id, token, enabled, custom_user_data, .. } = row;
    tx.execute(UPDATE_ENDPOINT, params![id, token, enabled, custom_user_data]).map(drop)
}

/// Removes an endpoint.
pub(crate) fn delete(tx: &Tx<'_>, id: i64) -> Result<(), Error> {
    tx.execute(DELETE_ENDPOINT, params![id]).map(drop)
}
