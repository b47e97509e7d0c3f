//! Numbers that are handed out once. Columns: `migrations/0001_queues.sql`.

use storage::{Error, Sql, Tx, params};

const SELECT_RESERVED: &str = "SELECT reserved FROM counters WHERE name = 'seq'";
const UPSERT_RESERVED: &str = "INSERT OR REPLACE INTO counters (name, reserved) VALUES ('seq', ?1)";

/// The greatest sequence that may have been handed out.
pub(crate) fn reserved_seq(sql: &impl Sql) -> Result<u64, Error> {
    let reserved = sql.query_optional(SELECT_RESERVED, [], |row| row.get::<_, i64>(0))?;
    Ok(reserved.unwrap_or_default().cast_unsigned())
}

/// Reserves every sequence up to this one.
pub(crate) fn reserve_seq(tx: &Tx<'_>, to_seq: u64) -> Result<(), Error> {
    tx.execute(UPSERT_RESERVED, params![to_seq.cast_signed()]).map(drop)
}
