//! What the tests share: one table, and directories that go away.

#![allow(dead_code, reason = "each test binary uses a part")]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use clock::Clock;
use storage::{Durability, Error, Location, Migrations, OpenError, Options, Read, Sql, Store, Tx, params};

pub(crate) const NOW_MS: i64 = 1_700_000_000_000;

pub(crate) const NOTES: &[Migrations] = &[Migrations {
    service: "notes",
    steps: &[(1, "notes", "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT")],
}];

/// A directory of its own for each test.
pub(crate) struct Directory(PathBuf);

impl Directory {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("storage-test-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        Self(std::env::temp_dir().join(name))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn options(&self, durability: Durability) -> Options {
        Options::new(Location::Directory(self.0.clone()), durability, Clock::steered(NOW_MS))
    }

    pub(crate) fn open(&self) -> Result<Store, OpenError> {
        Store::open(self.options(Durability::Process), NOTES)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn ephemeral() -> Store {
    Store::open(Options::ephemeral(Clock::steered(NOW_MS)), NOTES).unwrap()
}

/// What a service's error looks like from here.
#[derive(Debug, PartialEq)]
pub(crate) enum Refusal {
    Said(&'static str),
    Storage(String),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Storage(error.to_string())
    }
}

pub(crate) fn add(tx: &Tx<'_>, text: &str) -> Result<i64, Error> {
    tx.execute("INSERT INTO notes (text) VALUES (?1)", params![text])?;
    Ok(tx.last_insert_rowid())
}

pub(crate) fn all(sql: &impl Sql) -> Result<Vec<String>, Error> {
    sql.query_all("SELECT text FROM notes ORDER BY id", [], |row| row.get(0))
}

pub(crate) async fn write_note(store: &Store, text: &'static str) -> Result<i64, Error> {
    store.write(move |tx| add(tx, text)).await
}

pub(crate) async fn notes(store: &Store) -> Vec<String> {
    store.read(|read: &Read<'_>| all(read)).await.unwrap()
}
