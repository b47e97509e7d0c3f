//! SMS settings, numbers that opted out, and the sandbox. Columns: `migrations/0002_mobile.sql`.

use std::collections::BTreeMap;

use aws::{AccountId, Region};
use storage::{Error, Sql, Tx, params};

const SELECT_ATTRIBUTES: &str = "SELECT name, value FROM sms_attributes WHERE account = ?1 AND region = ?2";
const UPSERT_ATTRIBUTE: &str = "INSERT INTO sms_attributes (account, region, name, value) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (account, region, name) DO UPDATE SET value = excluded.value";
const DELETE_ATTRIBUTE: &str = "DELETE FROM sms_attributes WHERE account = ?1 AND region = ?2 AND name = ?3";
const SELECT_OPT_OUT: &str =
    "SELECT 1 FROM phone_opt_outs WHERE account = ?1 AND region = ?2 AND number = ?3";
const SELECT_OPT_OUTS: &str = "SELECT number FROM phone_opt_outs WHERE account = ?1 AND region = ?2 AND number > ?3 ORDER BY number LIMIT ?4";
const INSERT_OPT_OUT: &str =
    "INSERT OR IGNORE INTO phone_opt_outs (account, region, number) VALUES (?1, ?2, ?3)";
const DELETE_OPT_OUT: &str = "DELETE FROM phone_opt_outs WHERE account = ?1 AND region = ?2 AND number = ?3";
const SELECT_SANDBOX_NUMBER: &str = "SELECT number, verified, password FROM sms_sandbox_numbers WHERE account = ?1 AND region = ?2 AND number = ?3";
const SELECT_SANDBOX_NUMBERS: &str = "SELECT number, verified, password FROM sms_sandbox_numbers WHERE account = ?1 AND region = ?2 AND number > ?3 ORDER BY number LIMIT ?4";
const UPSERT_SANDBOX_NUMBER: &str = "INSERT INTO sms_sandbox_numbers (account, region, number, verified, password) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (account, region, number) DO UPDATE SET verified = excluded.verified, password = excluded.password";
const DELETE_SANDBOX_NUMBER: &str =
    "DELETE FROM sms_sandbox_numbers WHERE account = ?1 AND region = ?2 AND number = ?3";
const DELETE_ALL: [&str; 3] = [
    "DELETE FROM sms_attributes WHERE ?1 IS NULL OR account = ?1",
    "DELETE FROM phone_opt_outs WHERE ?1 IS NULL OR account = ?1",
    "DELETE FROM sms_sandbox_numbers WHERE ?1 IS NULL OR account = ?1",
];

/// Whose settings and phones: an account's in a region.
#[derive(Clone, Debug)]
pub(crate) struct Owner {
    pub(crate) account: AccountId,
    pub(crate) region: Region,
}

/// A phone of the sandbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SandboxNumberRow {
    pub(crate) number: String,
    pub(crate) verified: bool,
    /// The one-time password that was sent last.
    pub(crate) password: String,
}

impl SandboxNumberRow {
    fn read(row: &storage::Row<'_>) -> storage::RowResult<Self> {
        Ok(Self { number: row.get(0)?, verified: row.get(1)?, password: row.get(2)? })
    }
}

/// The settings somebody made.
pub(crate) fn select_attributes(sql: &impl Sql, owner: &Owner) -> Result<BTreeMap<String, String>, Error> {
    let whose = params![owner.account.as_str(), owner.region.as_str()];
    let pairs = sql.query_all(SELECT_ATTRIBUTES, whose, |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(pairs.into_iter().collect())
}

/// Makes a setting.
pub(crate) fn set_attribute(tx: &Tx<'_>, owner: &Owner, name: &str, value: &str) -> Result<(), Error> {
    let setting = params![owner.account.as_str(), owner.region.as_str(), name, value];
    tx.execute(UPSERT_ATTRIBUTE, setting).map(drop)
}

/// Takes a setting back to its default.
pub(crate) fn unset_attribute(tx: &Tx<'_>, owner: &Owner, name: &str) -> Result<(), Error> {
    tx.execute(DELETE_ATTRIBUTE, params![owner.account.as_str(), owner.region.as_str(), name]).map(drop)
}

/// Whether a phone opted out.
pub(crate) fn is_opted_out(sql: &impl Sql, owner: &Owner, number: &str) -> Result<bool, Error> {
    let phone = params![owner.account.as_str(), owner.region.as_str(), number];
    Ok(sql.query_optional(SELECT_OPT_OUT, phone, |_| Ok(()))?.is_some())
}

/// At most so many phones that opted out, in the order of their numbers, from after one on.
pub(crate) fn select_opt_outs(
    sql: &impl Sql,
    owner: &Owner,
    after: &str,
    most: usize,
) -> Result<Vec<String>, Error> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let range = params![owner.account.as_str(), owner.region.as_str(), after, most];
    sql.query_all(SELECT_OPT_OUTS, range, |row| row.get(0))
}

/// A phone opts out.
pub(crate) fn insert_opt_out(tx: &Tx<'_>, owner: &Owner, number: &str) -> Result<(), Error> {
    tx.execute(INSERT_OPT_OUT, params![owner.account.as_str(), owner.region.as_str(), number]).map(drop)
}

/// A phone opts in again.
pub(crate) fn delete_opt_out(tx: &Tx<'_>, owner: &Owner, number: &str) -> Result<(), Error> {
    tx.execute(DELETE_OPT_OUT, params![owner.account.as_str(), owner.region.as_str(), number]).map(drop)
}

/// A phone of the sandbox.
pub(crate) fn find_sandbox_number(
    sql: &impl Sql,
    owner: &Owner,
    number: &str,
) -> Result<Option<SandboxNumberRow>, Error> {
    let phone = params![owner.account.as_str(), owner.region.as_str(), number];
    sql.query_optional(SELECT_SANDBOX_NUMBER, phone, SandboxNumberRow::read)
}

/// At most so many phones of the sandbox, in the order of their numbers, from after one on.
pub(crate) fn select_sandbox_numbers(
    sql: &impl Sql,
    owner: &Owner,
    after: &str,
    most: usize,
) -> Result<Vec<SandboxNumberRow>, Error> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let range = params![owner.account.as_str(), owner.region.as_str(), after, most];
    sql.query_all(SELECT_SANDBOX_NUMBERS, range, SandboxNumberRow::read)
}

/// Writes a phone of the sandbox, new or known.
pub(crate) fn set_sandbox_number(tx: &Tx<'_>, owner: &Owner, row: &SandboxNumberRow) -> Result<(), Error> {
    let (account, region) = (owner.account.as_str(), owner.region.as_str());
    tx.execute(UPSERT_SANDBOX_NUMBER, params![account, region, row.number, row.verified, row.password])
        .map(drop)
}

/// Removes a phone from the sandbox; says whether it was there.
pub(crate) fn delete_sandbox_number(tx: &Tx<'_>, owner: &Owner, number: &str) -> Result<bool, Error> {
    let phone = params![owner.account.as_str(), owner.region.as_str(), number];
    Ok(tx.execute(DELETE_SANDBOX_NUMBER, phone)? > 0)
}

/// Removes everything, or what one account has.
pub(crate) fn delete_all(tx: &Tx<'_>, account: Option<&AccountId>) -> Result<(), Error> {
    let account = account.map(AccountId::as_str);
    DELETE_ALL.into_iter().try_for_each(|statement| tx.execute(statement, params![account]).map(drop))
}
