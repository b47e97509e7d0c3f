//! What a job may do with the database.

use std::cell::{Cell, RefCell};

use rusqlite::{CachedStatement, Connection, OptionalExtension, Params, Row};

use crate::Error;

/// Statements, the same for a reader and a writer. A service's store functions take `&impl Sql` if they only read.
///
/// SQL is `'static` so that it is written down in one place and never put together from what a caller sent.
/// Every statement is prepared once for each connection and kept.
pub trait Sql {
    /// A statement to run many times, or to read rows from one by one.
    fn prepare(&self, sql: &'static str) -> Result<CachedStatement<'_>, Error>;

    /// The rowid of the last row this connection inserted.
    fn last_insert_rowid(&self) -> i64;

    /// Runs a statement that returns no rows; says how many it changed.
    fn execute<P: Params>(&self, sql: &'static str, params: P) -> Result<usize, Error> {
        Ok(self.prepare(sql)?.execute(params)?)
    }

    /// The first row; none is an error.
    fn query_row<T, P, F>(&self, sql: &'static str, params: P, read: F) -> Result<T, Error>
    where
        P: Params,
        F: FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    {
        Ok(self.prepare(sql)?.query_row(params, read)?)
    }

    /// The first row, if there is one.
    fn query_optional<T, P, F>(&self, sql: &'static str, params: P, read: F) -> Result<Option<T>, Error>
    where
        P: Params,
        F: FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    {
        Ok(self.prepare(sql)?.query_row(params, read).optional()?)
    }

    /// Every row. Only for what has a limit in its SQL or by its nature.
    fn query_all<T, P, F>(&self, sql: &'static str, params: P, read: F) -> Result<Vec<T>, Error>
    where
        P: Params,
        F: FnMut(&Row<'_>) -> rusqlite::Result<T>,
    {
        let mut statement = self.prepare(sql)?;
        let rows = statement.query_map(params, read)?;
        Ok(rows.collect::<rusqlite::Result<Vec<T>>>()?)
    }
}

/// One snapshot of what is committed.
#[derive(Debug)]
pub struct Read<'store> {
    connection: &'store Connection,
    now_ms: i64,
}

impl<'store> Read<'store> {
    pub(crate) fn new(connection: &'store Connection, now_ms: i64) -> Self {
        Self { connection, now_ms }
    }

    /// The one moment at which this read happens.
    pub fn now_ms(&self) -> i64 {
        self.now_ms
    }
}

impl Sql for Read<'_> {
    fn prepare(&self, sql: &'static str) -> Result<CachedStatement<'_>, Error> {
        Ok(self.connection.prepare_cached(sql)?)
    }

    fn last_insert_rowid(&self) -> i64 {
        self.connection.last_insert_rowid()
    }
}

/// Something to do once it is known what became of a job.
pub(crate) type Hook = Box<dyn FnOnce() + Send>;

/// What a job asked to be done afterwards.
#[derive(Default)]
pub(crate) struct Hooks {
    pub(crate) on_commit: Vec<Hook>,
    pub(crate) on_rollback: Vec<Hook>,
}

/// How far the transaction has come that the jobs of a batch share.
pub(crate) struct Batch<'store> {
    connection: &'store Connection,
    /// BEGIN has been said. Left to the first statement, so that a batch of jobs without SQL costs nothing.
    begun: Cell<bool>,
    /// Several jobs: each has to be able to undo itself alone.
    company: bool,
}

impl<'store> Batch<'store> {
    pub(crate) fn new(connection: &'store Connection, company: bool) -> Self {
        Self { connection, begun: Cell::new(false), company }
    }

    pub(crate) fn begun(&self) -> bool {
        self.begun.get()
    }

    pub(crate) fn has_company(&self) -> bool {
        self.company
    }

    /// The transaction was ended on purpose.
    pub(crate) fn ended(&self) {
        self.begun.set(false);
    }

    /// SQLite rolls a transaction back by itself when the disk is full or broken.
    pub(crate) fn gone(&self) -> bool {
        self.begun.get() && self.connection.is_autocommit()
    }

    pub(crate) fn say(&self, sql: &'static str) -> Result<(), Error> {
        self.connection.prepare_cached(sql)?.execute([])?;
        Ok(())
    }
}

/// One job's part of a write transaction.
pub struct Tx<'batch> {
    batch: &'batch Batch<'batch>,
    now_ms: i64,
    savepoint: Cell<bool>,
    /// Something was written that only the whole batch can undo.
    exposed: Cell<bool>,
    hooks: RefCell<Hooks>,
}

impl<'batch> Tx<'batch> {
    pub(crate) fn new(batch: &'batch Batch<'batch>, now_ms: i64) -> Self {
        Self {
            batch,
            now_ms,
            savepoint: Cell::new(false),
            exposed: Cell::new(false),
            hooks: RefCell::default(),
        }
    }

    /// The one moment at which this job happens.
    pub fn now_ms(&self) -> i64 {
        self.now_ms
    }

    /// Does something after COMMIT, before the caller of the job is answered. Wakes waiters, updates what is derived
    /// from the tables. It must be short: it runs where the next batch wants to run.
    pub fn on_commit(&self, hook: impl FnOnce() + Send + 'static) {
        self.hooks.borrow_mut().on_commit.push(Box::new(hook));
    }

    /// Does something if the job's changes were undone, for whatever reason: refused or panicked, then before the next
    /// job of its batch begins; lost with its batch, then before its caller is answered.
    pub fn on_rollback(&self, hook: impl FnOnce() + Send + 'static) {
        self.hooks.borrow_mut().on_rollback.push(Box::new(hook));
    }

    /// Runs the statement with which the work of a job ends: it changes one row, and nothing can go wrong after it.
    ///
    /// SQLite undoes a statement that fails by itself, so a job that writes nothing else needs no savepoint, which is a
    /// twentieth of a small job's whole request. Should the job fail all the same, its batch is lost with it.
    pub fn execute_last<P: Params>(&self, sql: &'static str, params: P) -> Result<usize, Error> {
        let changed = self.statement(sql)?.execute(params)?;
        self.exposed.set(!self.savepoint.get());
        Ok(changed)
    }

    /// A statement within the batch's transaction.
    fn statement(&self, sql: &'static str) -> Result<CachedStatement<'_>, Error> {
        if self.batch.gone() {
            // Anything said now would be committed by itself, outside of any transaction.
            return Err(Error::Lost("SQLite rolled it back".to_owned()));
        }
        if !self.batch.begun.get() {
            // Deferred, for there is no second writer that could make the later upgrade fail.
            self.batch.say("BEGIN")?;
            self.batch.begun.set(true);
        }
        Ok(self.batch.connection.prepare_cached(sql)?)
    }

    /// The same snapshot to somebody who only reads.
    pub(crate) fn as_read<T>(&self, work: impl FnOnce(&Read<'_>) -> T) -> T {
        work(&Read::new(self.batch.connection, self.now_ms))
    }

    pub(crate) fn has_savepoint(&self) -> bool {
        self.savepoint.get()
    }

    pub(crate) fn is_exposed(&self) -> bool {
        self.exposed.get()
    }

    pub(crate) fn into_hooks(self) -> Hooks {
        self.hooks.into_inner()
    }
}

impl Sql for Tx<'_> {
    fn prepare(&self, sql: &'static str) -> Result<CachedStatement<'_>, Error> {
        let statement = self.statement(sql)?;
        // Left to the first statement that can write: a job that is refused after looking costs no savepoint.
        if self.batch.company && !self.savepoint.get() && !statement.readonly() {
            self.batch.say("SAVEPOINT job")?;
            self.savepoint.set(true);
        }
        Ok(statement)
    }

    fn last_insert_rowid(&self) -> i64 {
        self.batch.connection.last_insert_rowid()
    }
}
