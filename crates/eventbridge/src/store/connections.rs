//! Connections and their secrets. Columns: `migrations/0003_connections.sql`.

use aws::{AccountId, Arn, Region};
use storage::{Error, Sql, Tx, params};

use crate::connections::Credentials;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, account, region, name, uuid, description, kind, state, state_reason, secret, kms_key, \
             connectivity, version, created_at_ms, modified_at_ms, authorized_at_ms FROM connections ",
            $rest
        )
    };
}

const SELECT_CONNECTION: &str = select!("WHERE account = ?1 AND region = ?2 AND name = ?3");
const SELECT_CONNECTIONS: &str = select!("WHERE account = ?1 AND region = ?2 ORDER BY name");
const SELECT_AUTHORIZING: &str = select!("WHERE state = 'AUTHORIZING' ORDER BY id");
const COUNT_CONNECTIONS: &str = "SELECT count(*) FROM connections WHERE account = ?1 AND region = ?2";
const INSERT_CONNECTION: &str = "INSERT INTO connections (account, region, name, uuid, description, kind, state, state_reason, secret, kms_key, connectivity, version, created_at_ms, modified_at_ms, authorized_at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";
const UPDATE_CONNECTION: &str = "UPDATE connections SET description = ?2, kind = ?3, state = ?4, state_reason = ?5, secret = ?6, kms_key = ?7, connectivity = ?8, version = ?9, modified_at_ms = ?10, authorized_at_ms = ?11 WHERE id = ?1";
const UPDATE_STATE: &str = "UPDATE connections SET state = ?3, state_reason = ?4, authorized_at_ms = coalesce(?5, authorized_at_ms) WHERE id = ?1 AND version = ?2";
const DELETE_CONNECTION: &str = "DELETE FROM connections WHERE id = ?1";
const DELETE_CONNECTIONS: &str = "DELETE FROM connections WHERE ?1 IS NULL OR account = ?1";
const SELECT_SECRET: &str = "SELECT parameters FROM connection_secrets WHERE connection_id = ?1";
const UPSERT_SECRET: &str =
    "INSERT OR REPLACE INTO connection_secrets (connection_id, parameters) VALUES (?1, ?2)";
const DELETE_SECRET: &str = "DELETE FROM connection_secrets WHERE connection_id = ?1";
const DELETE_SECRETS: &str = "DELETE FROM connection_secrets WHERE connection_id IN (SELECT id FROM connections WHERE ?1 IS NULL OR account = ?1)";

/// A connection as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct ConnectionRow {
    pub(crate) id: i64,
    pub(crate) account: AccountId,
    pub(crate) region: Region,
    pub(crate) name: String,
    pub(crate) uuid: String,
    pub(crate) description: Option<String>,
    pub(crate) kind: String,
    pub(crate) state: String,
    pub(crate) state_reason: Option<String>,
    pub(crate) secret: Option<String>,
    pub(crate) kms_key: Option<String>,
    pub(crate) connectivity: Option<String>,
    pub(crate) version: i64,
    pub(crate) created_at_ms: i64,
    pub(crate) modified_at_ms: i64,
    pub(crate) authorized_at_ms: Option<i64>,
}

impl ConnectionRow {
    /// Recorded: test_create_connection.
    pub(crate) fn arn(&self) -> String {
        let resource = format!("connection/{}/{}", self.name, self.uuid);
        Arn::new("events", &self.region, &self.account, resource).to_string()
    }

    /// The ARN of the secret that the real service would keep. Recorded: test_create_connection_secrets.
    pub(crate) fn secret_arn(&self) -> Option<String> {
        let resource = format!("secret:events!connection/{}/{}", self.name, self.secret.as_ref()?);
        Some(Arn::new("secretsmanager", &self.region, &self.account, resource).to_string())
    }
}

fn read(row: &storage::Row<'_>) -> storage::RowResult<ConnectionRow> {
    let (account, region): (String, String) = (row.get(1)?, row.get(2)?);
    Ok(ConnectionRow {
        id: row.get(0)?,
        account: AccountId::parse(&account).unwrap_or_default(),
        region: Region::parse(&region).unwrap_or_default(),
        name: row.get(3)?,
        uuid: row.get(4)?,
        description: row.get(5)?,
        kind: row.get(6)?,
        state: row.get(7)?,
        state_reason: row.get(8)?,
        secret: row.get(9)?,
        kms_key: row.get(10)?,
        connectivity: row.get(11)?,
        version: row.get(12)?,
        created_at_ms: row.get(13)?,
        modified_at_ms: row.get(14)?,
        authorized_at_ms: row.get(15)?,
    })
}

/// The connection of a name.
pub(crate) fn select(
    sql: &impl Sql,
    account: &AccountId,
    region: &Region,
    name: &str,
) -> Result<Option<ConnectionRow>, Error> {
    sql.query_optional(SELECT_CONNECTION, params![account.as_str(), region.as_str(), name], read)
}

/// The connection of an ARN.
pub(crate) fn select_by_arn(sql: &impl Sql, arn: &str) -> Result<Option<ConnectionRow>, Error> {
    let Some(parsed) = Arn::parse(arn).filter(|arn| arn.service == "events") else { return Ok(None) };
    let name = parsed.resource.strip_prefix("connection/").and_then(|path| path.split('/').next());
    let owner = AccountId::parse(&parsed.account).zip(Region::parse(&parsed.region));
    let Some(((account, region), name)) = owner.zip(name) else { return Ok(None) };
    Ok(select(sql, &account, &region, name)?.filter(|row| row.arn() == arn))
}

/// The connections of an account and region, by name.
pub(crate) fn select_all(
    sql: &impl Sql,
    account: &AccountId,
    region: &Region,
) -> Result<Vec<ConnectionRow>, Error> {
    sql.query_all(SELECT_CONNECTIONS, params![account.as_str(), region.as_str()], read)
}

/// The connections that wait for their first token, whoever they belong to.
pub(crate) fn select_authorizing(sql: &impl Sql) -> Result<Vec<ConnectionRow>, Error> {
    sql.query_all(SELECT_AUTHORIZING, [], read)
}

/// How many connections an account has in a region.
pub(crate) fn count(sql: &impl Sql, account: &AccountId, region: &Region) -> Result<usize, Error> {
    let count: i64 =
        sql.query_row(COUNT_CONNECTIONS, params![account.as_str(), region.as_str()], |row| row.get(0))?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// Adds a connection; answers its id.
pub(crate) fn insert(tx: &Tx<'_>, row: &ConnectionRow) -> Result<i64, Error> {
    tx.execute(
        INSERT_CONNECTION,
        params![
            row.account.as_str(),
            row.region.as_str(),
            row.name,
            row.uuid,
            row.description,
            row.kind,
            row.state,
            row.state_reason,
            row.secret,
            row.kms_key,
            row.connectivity,
            row.version,
            row.created_at_ms,
            row.modified_at_ms,
            row.authorized_at_ms
        ],
    )?;
    Ok(tx.last_insert_rowid())
}

/// Writes what can change of a connection.
pub(crate) fn update(tx: &Tx<'_>, row: &ConnectionRow) -> Result<(), Error> {
    tx.execute(
        UPDATE_CONNECTION,
        params![
            row.id,
            row.description,
            row.kind,
            row.state,
            row.state_reason,
            row.secret,
            row.kms_key,
            row.connectivity,
            row.version,
            row.modified_at_ms,
            row.authorized_at_ms
        ],
    )
    .map(drop)
}

/// Says where a connection stands, unless its credentials have changed since `version`.
pub(crate) fn set_state(
    tx: &Tx<'_>,
    id: i64,
    version: i64,
    state: &str,
    reason: Option<&str>,
    authorized_at_ms: Option<i64>,
) -> Result<(), Error> {
    tx.execute(UPDATE_STATE, params![id, version, state, reason, authorized_at_ms]).map(drop)
}

/// Removes a connection with its secrets.
pub(crate) fn delete(tx: &Tx<'_>, id: i64) -> Result<(), Error> {
    delete_secret(tx, id)?;
    tx.execute(DELETE_CONNECTION, params![id]).map(drop)
}

/// Removes every connection with its secrets, or those of one account.
pub(crate) fn delete_all(tx: &Tx<'_>, account: Option<&AccountId>) -> Result<(), Error> {
    let account = account.map(AccountId::as_str);
    tx.execute(DELETE_SECRETS, params![account])?;
    tx.execute(DELETE_CONNECTIONS, params![account]).map(drop)
}

/// The secrets of a connection.
pub(crate) fn select_secret(sql: &impl Sql, id: i64) -> Result<Option<Credentials>, Error> {
    let text: Option<String> = sql.query_optional(SELECT_SECRET, params![id], |row| row.get(0))?;
    Ok(text.map(|text| Credentials::from_text(&text)))
}

/// Keeps the secrets of a connection.
pub(crate) fn upsert_secret(tx: &Tx<'_>, id: i64, credentials: &Credentials) -> Result<(), Error> {
    tx.execute(UPSERT_SECRET, params![id, credentials.to_text()]).map(drop)
}

/// Forgets the secrets of a connection.
pub(crate) fn delete_secret(tx: &Tx<'_>, id: i64) -> Result<(), Error> {
    tx.execute(DELETE_SECRET, params![id]).map(drop)
}
