//! Partner event sources. Columns: `migrations/0004_partners.sql`.

use aws::{AccountId, Region};
use storage::{Error, Row, RowResult, Sql, Tx, params};

const SELECT_ONE: &str = "SELECT id, region, name, customer, partner, state, created_at_ms, expires_at_ms FROM partner_sources WHERE region = ?1 AND name = ?2 AND customer = ?3";
const SELECT_OF_CUSTOMER: &str = "SELECT id, region, name, customer, partner, state, created_at_ms, expires_at_ms FROM partner_sources WHERE customer = ?1 AND region = ?2 ORDER BY name";
const SELECT_OF_PARTNER: &str = "SELECT id, region, name, customer, partner, state, created_at_ms, expires_at_ms FROM partner_sources WHERE partner = ?1 AND region = ?2 ORDER BY name, customer";
const SELECT_OFFERED: &str = "SELECT id, region, name, customer, partner, state, created_at_ms, expires_at_ms FROM partner_sources WHERE region = ?1 AND name = ?2 AND partner = ?3 AND state <> 'DELETED' ORDER BY customer";
const SELECT_EXPIRED: &str = "SELECT id, region, name, customer, partner, state, created_at_ms, expires_at_ms FROM partner_sources WHERE expires_at_ms <= ?1";
const INSERT: &str = "INSERT INTO partner_sources (region, name, customer, partner, state, created_at_ms, expires_at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
const UPDATE: &str = "UPDATE partner_sources SET partner = ?2, state = ?3, created_at_ms = ?4, expires_at_ms = ?5 WHERE id = ?1";
const DELETE: &str = "DELETE FROM partner_sources WHERE id = ?1";
const DELETE_ALL: &str = "DELETE FROM partner_sources";
const DELETE_OF_ACCOUNT: &str = "DELETE FROM partner_sources WHERE customer = ?1 OR partner = ?1";

/// Where a source stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SourceState {
    /// Nobody takes its events.
    Pending,
    /// The customer's bus gets its events.
    Active,
    /// The partner has withdrawn it.
    Deleted,
}

impl SourceState {
    /// As the API says it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Active => "ACTIVE",
            Self::Deleted => "DELETED",
        }
    }

    fn of_text(text: &str) -> Self {
        match text {
            "ACTIVE" => Self::Active,
            "DELETED" => Self::Deleted,
            _ => Self::Pending,
        }
    }
}

/// A source as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct SourceRow {
    pub(crate) id: i64,
    pub(crate) region: Region,
    pub(crate) name: String,
    pub(crate) customer: AccountId,
    pub(crate) partner: AccountId,
    pub(crate) state: SourceState,
    pub(crate) created_at_ms: i64,
    pub(crate) expires_at_ms: Option<i64>,
}

fn read(row: &Row<'_>) -> RowResult<SourceRow> {
    let (region, customer): (String, String) = (row.get(1)?, row.get(3)?);
    let (partner, state): (String, String) = (row.get(4)?, row.get(5)?);
    Ok(SourceRow {
        id: row.get(0)?,
        region: Region::parse(&region).unwrap_or_default(),
        name: row.get(2)?,
        customer: AccountId::parse(&customer).unwrap_or_default(),
        partner: AccountId::parse(&partner).unwrap_or_default(),
        state: SourceState::of_text(&state),
        created_at_ms: row.get(6)?,
        expires_at_ms: row.get(7)?,
    })
}

/// The source of this name that is offered to a customer.
pub(crate) fn select_one(
    sql: &impl Sql,
    region: &Region,
    name: &str,
    customer: &AccountId,
) -> Result<Option<SourceRow>, Error> {
    sql.query_optional(SELECT_ONE, params![region.as_str(), name, customer.as_str()], read)
}

/// What is offered to a customer.
pub(crate) fn select_of_customer(
    sql: &impl Sql,
    customer: &AccountId,
    region: &Region,
) -> Result<Vec<SourceRow>, Error> {
    sql.query_all(SELECT_OF_CUSTOMER, params![customer.as_str(), region.as_str()], read)
}

/// What a partner offers or has withdrawn.
pub(crate) fn select_of_partner(
    sql: &impl Sql,
    partner: &AccountId,
    region: &Region,
) -> Result<Vec<SourceRow>, Error> {
    sql.query_all(SELECT_OF_PARTNER, params![partner.as_str(), region.as_str()], read)
}

/// The sources of one name that a partner offers, one a customer.
pub(crate) fn select_offered(
    sql: &impl Sql,
    region: &Region,
    name: &str,
    partner: &AccountId,
) -> Result<Vec<SourceRow>, Error> {
    sql.query_all(SELECT_OFFERED, params![region.as_str(), name, partner.as_str()], read)
}

/// The sources that have been pending for too long.
pub(crate) fn select_expired(sql: &impl Sql, now_ms: i64) -> Result<Vec<SourceRow>, Error> {
    sql.query_all(SELECT_EXPIRED, params![now_ms], read)
}

/// Adds a source.
pub(crate) fn insert(tx: &Tx<'_>, row: &SourceRow) -> Result<(), Error> {
    tx.execute(
        INSERT,
        params![
            row.region.as_str(),
            row.name,
            row.customer.as_str(),
            row.partner.as_str(),
            row.state.as_str(),
            row.created_at_ms,
            row.expires_at_ms
        ],
    )
    .map(drop)
}

/// Writes what can change of a source.
pub(crate) fn update(tx: &Tx<'_>, row: &SourceRow) -> Result<(), Error> {
    let (partner, state) = (row.partner.as_str(), row.state.as_str());
    tx.execute(UPDATE, params![row.id, partner, state, row.created_at_ms, row.expires_at_ms]).map(drop)
}

/// Removes a source.
pub(crate) fn delete(tx: &Tx<'_>, id: i64) -> Result<(), Error> {
    tx.execute(DELETE, params![id]).map(drop)
}

/// Removes all sources, or those an account offers or is offered.
pub(crate) fn delete_of(tx: &Tx<'_>, account: Option<&AccountId>) -> Result<(), Error> {
    match account {
        Some(account) => tx.execute(DELETE_OF_ACCOUNT, params![account.as_str()]).map(drop),
        None => tx.execute(DELETE_ALL, []).map(drop),
    }
}
