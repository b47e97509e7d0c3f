//! One batch of jobs, one transaction.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clock::Clock;
use rusqlite::Connection;

use crate::job::Job;
use crate::sql::{Batch, Hook, Hooks};
use crate::{Error, Tx};

/// The connection that writes. Whoever holds the baton (see `queue`) has it alone.
pub(crate) struct Writer {
    connection: Connection,
    clock: Clock,
    /// The last batch that was to be written was lost.
    fails: Arc<AtomicBool>,
}

/// A job that has run and waits for the COMMIT of its batch.
struct Ran {
    job: Box<dyn Job>,
    hooks: Hooks,
    stays: bool,
}

thread_local! {
    /// Pages in the write-ahead log after the last commit of this thread. SQLite tells it to a bare function
    /// pointer, on the thread that commits, which is where it is read right after.
    static WAL_PAGES: Cell<u32> = const { Cell::new(0) };
}

impl Writer {
    pub(crate) fn new(connection: Connection, clock: Clock, fails: Arc<AtomicBool>) -> Self {
        connection.wal_hook(Some(|_, pages| {
            WAL_PAGES.set(u32::try_from(pages).unwrap_or(0));
            Ok(())
        }));
        Self { connection, clock, fails }
    }

    /// Runs the jobs, commits, answers. Leaves `jobs` empty. Says how many pages the write-ahead log has now, if
    /// anything was written.
    pub(crate) fn run(&mut self, jobs: &mut Vec<Box<dyn Job>>) -> Option<u32> {
        WAL_PAGES.set(0);
        let changes_before = self.connection.total_changes();
        let batch = Batch::new(&self.connection, jobs.len() > 1);
        let mut ran = Vec::with_capacity(jobs.len());
        let mut lost = None;
        for mut job in jobs.drain(..) {
            let mut tx = Tx::new(&batch, self.clock.now_ms());
            // Once the transaction is lost, the rest of the batch shares its fate without being run.
            let stays = lost.is_none() && job.run(&mut tx);
            if lost.is_none() {
                lost = settle(&batch, &tx, stays).err();
            }
            let mut hooks = tx.into_hooks();
            if !stays {
                // At once: the next job of the batch must not see what this one left in memory.
                hooks.on_rollback.drain(..).for_each(call);
            }
            ran.push(Ran { job, hooks, stays });
        }
        let outcome = lost.map_or_else(|| finish(&batch), Err);
        if let Err(error) = &outcome {
            tracing::error!(jobs = ran.len(), %error, "a batch of writes was lost");
            roll_back(&batch);
        }
        if outcome.is_err() || self.connection.total_changes() != changes_before {
            self.fails.store(outcome.is_err(), Ordering::Relaxed);
        }
        for ran in ran {
            announce(ran, outcome.as_ref().err());
        }
        wal_pages()
    }

    /// Runs a statement of maintenance to its end; says how many pages the write-ahead log has now, if anything was
    /// written. On this connection, because a write of any other would make it forget all the pages it has cached.
    pub(crate) fn maintain(&mut self, sql: &'static str) -> rusqlite::Result<Option<u32>> {
        WAL_PAGES.set(0);
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        // Some do a part of their work for each row that is asked for.
        while rows.next()?.is_some() {}
        Ok(wal_pages())
    }
}

fn wal_pages() -> Option<u32> {
    Some(WAL_PAGES.get()).filter(|pages| *pages > 0)
}

/// After a job: keeps or undoes its part.
fn settle(batch: &Batch<'_>, tx: &Tx<'_>, stays: bool) -> Result<(), Error> {
    if batch.gone() {
        return Err(Error::Lost("the disk is full or broken".to_owned()));
    }
    if !stays && tx.is_exposed() && batch.has_company() {
        return Err(Error::Lost("a job failed after its last statement".to_owned()));
    }
    if tx.has_savepoint() {
        if !stays {
            batch.say("ROLLBACK TO job")?;
        }
        batch.say("RELEASE job")?;
    } else if !stays && batch.begun() && !batch.has_company() {
        batch.say("ROLLBACK")?;
        batch.ended();
    }
    Ok(())
}

/// After the last job: commits.
fn finish(batch: &Batch<'_>) -> Result<(), Error> {
    if batch.begun() { batch.say("COMMIT") } else { Ok(()) }
}

/// After a loss: makes sure that no transaction is left open, so that the next batch finds a clean connection.
fn roll_back(batch: &Batch<'_>) {
    if batch.begun()
        && !batch.gone()
        && let Err(error) = batch.say("ROLLBACK")
    {
        tracing::error!(%error, "a lost transaction could not be rolled back");
    }
}

/// Hooks first, then the answer: whoever has the answer may rely on what the hooks did.
fn announce(ran: Ran, lost: Option<&Error>) {
    let hooks = if ran.stays && lost.is_none() { ran.hooks.on_commit } else { ran.hooks.on_rollback };
    for hook in hooks {
        call(hook);
    }
    ran.job.answer(lost);
}

/// A hook that panics is a bug of its service; the other hooks and the writer go on.
fn call(hook: Hook) {
    if catch_unwind(AssertUnwindSafe(hook)).is_err() {
        tracing::error!("an after-commit hook panicked");
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;
    use crate::Sql;
    use crate::job::TypedJob;

    /// A constraint that SQLite checks at COMMIT, which therefore fails with the transaction still open.
    #[test]
    fn a_failed_commit_fails_every_job_and_leaves_a_clean_connection() {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch(
                "PRAGMA foreign_keys = ON;
                 CREATE TABLE parents (id INTEGER PRIMARY KEY);
                 CREATE TABLE children (id INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED);",
            )
            .unwrap();
        let fails = Arc::new(AtomicBool::new(false));
        let mut writer = Writer::new(connection, Clock::steered(0), Arc::clone(&fails));
        let insert = |sql: &'static str| {
            let (reply, answer) = oneshot::channel();
            let job: Box<dyn Job> =
                Box::new(TypedJob::new(move |tx: &mut Tx<'_>| tx.execute(sql, []), reply));
            (job, answer)
        };
        let (good, mut good_answer) = insert("INSERT INTO parents VALUES (1)");
        let (bad, mut bad_answer) = insert("INSERT INTO children VALUES (2)");
        writer.run(&mut vec![good, bad]);
        assert!(matches!(good_answer.try_recv(), Ok(Err(Error::Sqlite(_)))));
        assert!(matches!(bad_answer.try_recv(), Ok(Err(Error::Sqlite(_)))));
        assert!(fails.load(Ordering::Relaxed));

        let (next, mut next_answer) = insert("INSERT INTO parents VALUES (1)");
        writer.run(&mut vec![next]);
        assert!(matches!(next_answer.try_recv(), Ok(Ok(1))));
        assert!(!fails.load(Ordering::Relaxed));
    }
}
