//! Platform applications and their attributes. Columns: `migrations/0002_mobile.sql`.

use std::collections::BTreeMap;

use aws::{AccountId, Region};
use storage::{Error, Sql, Tx, params};

use crate::rules::platform_arn::ApplicationKey;

const SELECT_APPLICATION: &str =
    "SELECT id FROM platform_applications WHERE account = ?1 AND region = ?2 AND platform = ?3 AND name = ?4";
const SELECT_PAGE: &str = "SELECT id, platform, name FROM platform_applications WHERE account = ?1 AND region = ?2 AND id > ?3 ORDER BY id LIMIT ?4";
const SELECT_ATTRIBUTES: &str =
    "SELECT name, value FROM platform_application_attributes WHERE application_id = ?1";
const INSERT_APPLICATION: &str =
    "INSERT INTO platform_applications (account, region, platform, name) VALUES (?1, ?2, ?3, ?4)";
const UPSERT_ATTRIBUTE: &str = "INSERT INTO platform_application_attributes (application_id, name, value) VALUES (?1, ?2, ?3) ON CONFLICT (application_id, name) DO UPDATE SET value = excluded.value";
const DELETE_ATTRIBUTE: &str =
    "DELETE FROM platform_application_attributes WHERE application_id = ?1 AND name = ?2";
const DELETE_APPLICATION: [&str; 3] = [
    "DELETE FROM platform_endpoints WHERE application_id = ?1",
    "DELETE FROM platform_application_attributes WHERE application_id = ?1",
    "DELETE FROM platform_applications WHERE id = ?1",
];
const DELETE_ALL: [&str; 3] = [
    "DELETE FROM platform_endpoints WHERE application_id IN (SELECT id FROM platform_applications WHERE ?1 IS NULL OR account = ?1)",
    "DELETE FROM platform_application_attributes WHERE application_id IN (SELECT id FROM platform_applications WHERE ?1 IS NULL OR account = ?1)",
    "DELETE FROM platform_applications WHERE ?1 IS NULL OR account = ?1",
];

/// A platform application as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct ApplicationRow {
    pub(crate) id: i64,
    pub(crate) key: ApplicationKey,
    /// The attributes somebody set, secrets too.
    pub(crate) attributes: BTreeMap<String, String>,
}

impl ApplicationRow {
    /// Whether messages to its endpoints leave.
    pub(crate) fn is_enabled(&self) -> bool {
        self.attributes.get("Enabled").is_none_or(|enabled| enabled == "true")
    }
}

/// The application of this key.
pub(crate) fn find(sql: &impl Sql, key: &ApplicationKey) -> Result<Option<ApplicationRow>, Error> {
    let names = params![key.account.as_str(), key.region.as_str(), &*key.platform, &*key.name];
    let Some(id) = sql.query_optional(SELECT_APPLICATION, names, |row| row.get(0))? else {
        return Ok(None);
    };
    Ok(Some(ApplicationRow { id, key: key.clone(), attributes: select_attributes(sql, id)? }))
}

/// At most so many applications of an account and region, in the order in which they were made, from after one on.
pub(crate) fn select_page(
    sql: &impl Sql,
    account: &AccountId,
    region: &Region,
    after: i64,
    most: usize,
) -> Result<Vec<ApplicationRow>, Error> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let range = params![account.as_str(), region.as_str(), after, most];
    let mut applications = sql.query_all(SELECT_PAGE, range, |row| {
        let (platform, name): (String, String) = (row.get(1)?, row.get(2)?);
        let (account, region) = (account.clone(), region.clone());
        let key = ApplicationKey { account, region, platform: platform.into(), name: name.into() };
        Ok(ApplicationRow { id: row.get(0)?, key, attributes: BTreeMap::new() })
    })?;
    for application in &mut applications {
        application.attributes = select_attributes(sql, application.id)?;
    }
    Ok(applications)
}

fn select_attributes(sql: &impl Sql, id: i64) -> Result<BTreeMap<String, String>, Error> {
    let pairs = sql.query_all(SELECT_ATTRIBUTES, params![id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(pairs.into_iter().collect())
}

/// Adds an application without attributes; answers its id.
pub(crate) fn insert(tx: &Tx<'_>, key: &ApplicationKey) -> Result<i64, Error> {
    let names = params![key.account.as_str(), key.region.as_str(), &*key.platform, &*key.name];
    tx.execute(INSERT_APPLICATION, names)?;
    Ok(tx.last_insert_rowid())
}

/// Sets attributes beside those it has; nothing removes one.
pub(crate) fn set_attributes(
    tx: &Tx<'_>,
    id: i64,
    changes: &BTreeMap<String, Option<String>>,
) -> Result<(), Error> {
    for (name, value) in changes {
        match value {
            Some(value) => tx.execute(UPSERT_ATTRIBUTE, params![id, name, value])?,
            None => tx.execute(DELETE_ATTRIBUTE, params![id, name])?,
        };
    }
    Ok(())
}

/// Removes an application with its endpoints.
pub(crate) fn delete(tx: &Tx<'_>, id: i64) -> Result<(), Error> {
    DELETE_APPLICATION.into_iter().try_for_each(|statement| tx.execute(statement, params![id]).map(drop))
}

/// Removes every application with its endpoints, or those of one account.
pub(crate) fn delete_all(tx: &Tx<'_>, account: Option<&AccountId>) -> Result<(), Error> {
    let account = account.map(AccountId::as_str);
    DELETE_ALL.into_iter().try_for_each(|statement| tx.execute(statement, params![account]).map(drop))
}
