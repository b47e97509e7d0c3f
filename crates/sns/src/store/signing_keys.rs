//! The key that signs. Columns: `migrations/0003_signing.sql`.

use storage::{Error, Sql, Tx, params};

const SELECT_KEY: &str = "SELECT primes, certificate FROM signing_keys ORDER BY id LIMIT 1";
const INSERT_KEY: &str = "INSERT INTO signing_keys (primes, certificate, created_at_ms) VALUES (?1, ?2, ?3)";

/// The key as it is kept.
pub(crate) struct SigningKeyRow {
    pub(crate) primes: Vec<u8>,
    pub(crate) certificate: String,
}

/// The key, if there is one.
pub(crate) fn select(sql: &impl Sql) -> Result<Option<SigningKeyRow>, Error> {
    sql.query_optional(SELECT_KEY, [], |row| {
        Ok(SigningKeyRow { primes: row.get(0)?, certificate: row.get(1)? })
    })
}

/// Keeps the key.
pub(crate) fn insert(tx: &Tx<'_>, primes: &[u8], certificate: &str) -> Result<(), Error> {
    tx.execute(INSERT_KEY, params![primes, certificate, tx.now_ms()]).map(drop)
}
