//! API destinations. Columns: `migrations/0003_connections.sql`.

use aws::{AccountId, Arn, Region};
use storage::{Error, Sql, Tx, params};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, account, region, name, uuid, connection_arn, description, method, endpoint, rate, \
             created_at_ms, modified_at_ms FROM api_destinations ",
            $rest
        )
    };
}

const SELECT_DESTINATION: &str = select!("WHERE account = ?1 AND region = ?2 AND name = ?3");
const SELECT_DESTINATIONS: &str = select!("WHERE account = ?1 AND region = ?2 ORDER BY name");
const COUNT_DESTINATIONS: &str = "SELECT count(*) FROM api_destinations WHERE account = ?1 AND region = ?2";
const INSERT_DESTINATION: &str = "INSERT INTO api_destinations (account, region, name, uuid, connection_arn, description, method, endpoint, rate, created_at_ms, modified_at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
const UPDATE_DESTINATION: &str = "UPDATE api_destinations SET connection_arn = ?2, description = ?3, method = ?4, endpoint = ?5, rate = ?6, modified_at_ms = ?7 WHERE id = ?1";
const DELETE_DESTINATION: &str = "DELETE FROM api_destinations WHERE id = ?1";
const DELETE_DESTINATIONS: &str = "DELETE FROM api_destinations WHERE ?1 IS NULL OR account = ?1";

/// An API destination as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct DestinationRow {
    pub(crate) id: i64,
    pub(crate) account: AccountId,
    pub(crate) region: Region,
    pub(crate) name: String,
    pub(crate) uuid: String,
    pub(crate) connection_arn: String,
    pub(crate) description: Option<String>,
    pub(crate) method: String,
    pub(crate) endpoint: String,
    pub(crate) rate: i32,
    pub(crate) created_at_ms: i64,
    pub(crate) modified_at_ms: i64,
}

impl DestinationRow {
    /// Recorded: test_api_destinations.
    pub(crate) fn arn(&self) -> String {
        let resource = format!("api-destination/{}/{}", self.name, self.uuid);
        Arn::new("events", &self.region, &self.account, resource).to_string()
    }
}

fn read(row: &storage::Row<'_>) -> storage::RowResult<DestinationRow> {
    let (account, region): (String, String) = (row.get(1)?, row.get(2)?);
    Ok(DestinationRow {
        id: row.get(0)?,
        account: AccountId::parse(&account).unwrap_or_default(),
        region: Region::parse(&region).unwrap_or_default(),
        name: row.get(3)?,
        uuid: row.get(4)?,
        connection_arn: row.get(5)?,
        description: row.get(6)?,
        method: row.get(7)?,
        endpoint: row.get(8)?,
        rate: row.get(9)?,
        created_at_ms: row.get(10)?,
        modified_at_ms: row.get(11)?,
    })
}

/// The API destination of a name.
pub(crate) fn select(
    sql: &impl Sql,
    account: &AccountId,
    region: &Region,
    name: &str,
) -> Result<Option<DestinationRow>, Error> {
    sql.query_optional(SELECT_DESTINATION, params![account.as_str(), region.as_str(), name], read)
}

/// The API destination of an ARN.
pub(crate) fn select_by_arn(sql: &impl Sql, arn: &Arn) -> Result<Option<DestinationRow>, Error> {
    let name = arn.resource.strip_prefix("api-destination/").and_then(|path| path.split('/').next());
    let owner = AccountId::parse(&arn.account).zip(Region::parse(&arn.region));
    let Some(((account, region), name)) = owner.zip(name) else { return Ok(None) };
    Ok(select(sql, &account, &region, name)?.filter(|row| row.arn() == arn.to_string()))
}

/// The API destinations of an account and region, by name.
pub(crate) fn select_all(
    sql: &impl Sql,
    account: &AccountId,
    region: &Region,
) -> Result<Vec<DestinationRow>, Error> {
    sql.query_all(SELECT_DESTINATIONS, params![account.as_str(), region.as_str()], read)
}

/// How many API destinations an account has in a region.
pub(crate) fn count(sql: &impl Sql, account: &AccountId, region: &Region) -> Result<usize, Error> {
    let count: i64 =
        sql.query_row(COUNT_DESTINATIONS, params![account.as_str(), region.as_str()], |row| row.get(0))?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// Adds an API destination.
pub(crate) fn insert(tx: &Tx<'_>, row: &DestinationRow) -> Result<(), Error> {
    tx.execute(
        INSERT_DESTINATION,
        params![
            row.account.as_str(),
            row.region.as_str(),
            row.name,
            row.uuid,
            row.connection_arn,
            row.description,
            row.method,
            row.endpoint,
            row.rate,
            row.created_at_ms,
            row.modified_at_ms
        ],
    )
    .map(drop)
}

/// Writes what can change of an API destination.
pub(crate) fn update(tx: &Tx<'_>, row: &DestinationRow) -> Result<(), Error> {
    tx.execute(
        UPDATE_DESTINATION,
        params![
            row.id,
            row.connection_arn,
            row.description,
            row.method,
            row.endpoint,
            row.rate,
            row.modified_at_ms
        ],
    )
    .map(drop)
}

/// Removes an API destination.
pub(crate) fn delete(tx: &Tx<'_>, id: i64) -> Result<(), Error> {
    tx.execute(DELETE_DESTINATION, params![id]).map(drop)
}

/// Removes every API destination, or those of one account.
pub(crate) fn delete_all(tx: &Tx<'_>, account: Option<&AccountId>) -> Result<(), Error> {
    tx.execute(DELETE_DESTINATIONS, params![account.map(AccountId::as_str)]).map(drop)
}
