//! Brings the tables of each service up to date.
//!
//! A migration that was applied is frozen: the file remembers a checksum, and a program that carries another text
//! under the same number refuses to open it. So there is exactly one way to have come to a schema number.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::{Connection, params};

use crate::OpenError;
use crate::connection::APPLICATION_ID;

/// The migrations of one service, oldest first: number, name, SQL. Numbers count from 1 without a gap.
#[derive(Clone, Copy, Debug)]
pub struct Migrations {
    /// The service, for instance `sqs`.
    pub service: &'static str,
    /// Number, name and SQL of each step.
    pub steps: &'static [(u32, &'static str, &'static str)],
}

/// The latest migration of each service.
pub(crate) type Schemas = BTreeMap<String, u32>;

const CREATE: &str = "CREATE TABLE IF NOT EXISTS migrations (
    service       TEXT    NOT NULL,
    number        INTEGER NOT NULL,
    name          TEXT    NOT NULL,
    checksum      TEXT    NOT NULL,
    applied_at_ms INTEGER NOT NULL,
    PRIMARY KEY (service, number)
) WITHOUT ROWID, STRICT";
const SELECT: &str = "SELECT service, number, checksum FROM migrations ORDER BY service, number";
const INSERT: &str =
    "INSERT INTO migrations (service, number, name, checksum, applied_at_ms) VALUES (?1, ?2, ?3, ?4, ?5)";

/// Checks what is there, applies what is missing (one transaction a service), and says where each service stands.
pub(crate) fn run(
    connection: &mut Connection,
    file: &Path,
    all: &[Migrations],
    now_ms: i64,
) -> Result<Schemas, OpenError> {
    claim(connection, file)?;
    let applied = applied(connection)?;
    check(&applied, file, all)?;
    let mut schemas = Schemas::new();
    for migrations in all {
        let have = applied.get(migrations.service).map_or(0, BTreeMap::len);
        apply(connection, migrations, have, now_ms)?;
        let latest = migrations.steps.last().map_or(0, |(number, _, _)| *number);
        schemas.insert(migrations.service.to_owned(), latest);
    }
    Ok(schemas)
}

/// Makes an empty file ours, and refuses somebody else's.
fn claim(connection: &Connection, file: &Path) -> Result<(), OpenError> {
    let id: i32 = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if id == APPLICATION_ID {
        return Ok(());
    }
    if id != 0 || tables > 0 {
        let reason = "it belongs to another program".to_owned();
        return Err(OpenError::Unusable { path: file.to_owned(), reason });
    }
    connection.execute_batch("BEGIN")?;
    connection.execute(CREATE, [])?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    connection.execute_batch("COMMIT")?;
    Ok(())
}

type Applied = BTreeMap<String, BTreeMap<u32, String>>;

fn applied(connection: &Connection) -> rusqlite::Result<Applied> {
    let mut statement = connection.prepare(SELECT)?;
    let mut rows = statement.query([])?;
    let mut applied = Applied::new();
    while let Some(row) = rows.next()? {
        applied.entry(row.get(0)?).or_default().insert(row.get(1)?, row.get(2)?);
    }
    Ok(applied)
}

fn check(applied: &Applied, file: &Path, all: &[Migrations]) -> Result<(), OpenError> {
    for (service, numbers) in applied {
        let known = all.iter().find(|migrations| migrations.service == service);
        let steps = known.map_or(&[][..], |migrations| migrations.steps);
        let newest = steps.last().map_or(0, |(number, _, _)| *number);
        for (&number, sum) in numbers {
            let path = file.to_owned();
            let service = service.clone();
            match steps.iter().find(|(step, _, _)| *step == number) {
                None => return Err(OpenError::Newer { path, service, found: number, known: newest }),
                Some((_, _, sql)) if checksum(sql) != *sum => {
                    return Err(OpenError::Changed { path, service, number });
                }
                Some(_) => {}
            }
        }
    }
    Ok(())
}

fn apply(
    connection: &mut Connection,
    migrations: &Migrations,
    have: usize,
    now_ms: i64,
) -> Result<(), OpenError> {
    let missing = migrations.steps.get(have..).unwrap_or_default();
    if missing.is_empty() {
        return Ok(());
    }
    let transaction = connection.transaction()?;
    for (number, name, sql) in missing {
        let failed =
            |reason| OpenError::Migration { service: migrations.service.to_owned(), number: *number, reason };
        transaction.execute_batch(sql).map_err(failed)?;
        transaction
            .execute(INSERT, params![migrations.service, number, name, checksum(sql), now_ms])
            .map_err(failed)?;
    }
    transaction.commit()?;
    Ok(())
}

/// FNV-1a, 64 bits: against an edit by mistake, not against an enemy. Line ends are left out, for a checkout on
/// another system may have changed them.
fn checksum(sql: &str) -> String {
    let bytes = sql.bytes().filter(|byte| *byte != b'\r');
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}
