//! Keeps the write-ahead log short and the file no larger than it has to be, on a thread of its own.
//!
//! SQLite's own checkpoint runs inside a commit and stalls everybody behind it. Here a second connection copies
//! most of the log into the file while the writer goes on; only for the last few pages does it take the baton, so
//! that the log can start over. Without that end the log would never be reset under load and grow without limit.

use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;

use crate::queue::Chore;
use crate::store::{Shared, drain_elsewhere};

/// Without a write for this long, the log is emptied and free pages are given back.
const IDLE: Duration = Duration::from_millis(500);

/// With this many pages left to copy, copying with the baton in hand costs writers less than another round would.
const LAST_PAGES: u32 = 400;
/// A writer faster than the disk is not caught up with; then the baton has to be taken earlier.
const ROUNDS_MAX: usize = 6;

/// Gives free pages back, for a millisecond or so with the baton in hand.
const VACUUM_STEP: &str = "PRAGMA incremental_vacuum(256)";
const VACUUM_WAL_PAGES_MAX: u32 = 3_000;
/// Free pages that are not worth the work; the next messages will want them.
const FREE_PAGES_MIN: u32 = 1_024;

/// Writes one page. The first commit of a log that starts over waits for the disk; better it is this thread's than a
/// caller's.
const BEGIN_LOG: &str = "PRAGMA user_version = 0";

/// How the log ends up.
#[derive(Clone, Copy)]
enum Reset {
    /// Written over from the start: nothing to allocate, for a writer at work.
    Restart,
    /// Cut off: nothing left lying about.
    Truncate,
}

pub(crate) struct Maintenance {
    shared: Arc<Shared>,
    connection: Connection,
    /// SQLite fsyncs at a checkpoint, and again with the first commit after it.
    fsyncs: bool,
}

/// The thread. Without a connection (a database in memory) there is only the closing to be done.
pub(crate) fn run(shared: &Arc<Shared>, connection: Option<Connection>, fsyncs: bool) {
    let mut maintenance =
        connection.map(|connection| Maintenance { shared: Arc::clone(shared), connection, fsyncs });
    loop {
        let chore = shared.queue.wait_for_chore(IDLE);
        let done = match (&mut maintenance, &chore) {
            (Some(maintenance), Chore::Checkpoint) => maintenance.checkpoint(Reset::Restart),
            (Some(maintenance), Chore::TidyUp) => maintenance.tidy_up(),
            (Some(maintenance), Chore::Close) if shared.place_is_kept() => {
                maintenance.checkpoint(Reset::Truncate)
            }
            _ => Ok(()),
        };
        if let Err(error) = done {
            tracing::warn!(?chore, %error, "storage maintenance failed; it will be tried again");
            // Or else the same chore would be due again at once, or writers wait for an end that never comes.
            with_baton(shared, || shared.queue.note_log(shared.queue.wal_pages(), false));
        }
        if chore == Chore::Close {
            break;
        }
    }
    drop(maintenance);
    shared.let_go();
}

impl Maintenance {
    fn checkpoint(&self, reset: Reset) -> rusqlite::Result<()> {
        for _ in 0..ROUNDS_MAX {
            let (_, copied) = self.copy("PRAGMA wal_checkpoint(PASSIVE)")?;
            if self.shared.queue.wal_pages().saturating_sub(copied) <= LAST_PAGES {
                break;
            }
        }
        with_baton(&self.shared, || {
            let (blocked, _) = self.copy(match reset {
                Reset::Restart => "PRAGMA wal_checkpoint(RESTART)",
                Reset::Truncate => "PRAGMA wal_checkpoint(TRUNCATE)",
            })?;
            if blocked {
                tracing::debug!("a reader kept the write-ahead log from being reset");
                self.shared.queue.note_log(self.shared.queue.wal_pages(), false);
                return Ok(());
            }
            self.shared.queue.note_log(0, true);
            if self.fsyncs && !self.shared.queue.is_closed() {
                self.shared.maintain(BEGIN_LOG)?;
            }
            Ok(())
        })
    }

    /// One PRAGMA wal_checkpoint: whether somebody was in the way, and how many pages of the log are copied.
    fn copy(&self, sql: &'static str) -> rusqlite::Result<(bool, u32)> {
        self.connection.prepare_cached(sql)?.query_row([], |row| {
            let copied: i64 = row.get(2)?;
            Ok((row.get::<_, i64>(0)? != 0, u32::try_from(copied).unwrap_or(0)))
        })
    }

    fn tidy_up(&self) -> rusqlite::Result<()> {
        let quiet = self.shared.queue.batches();
        while self.shared.queue.batches() == quiet && self.has_much_free()? {
            let wal_pages = with_baton(&self.shared, || self.shared.maintain(VACUUM_STEP))?;
            // Nothing else looks at the length of the log while nobody writes.
            if wal_pages.is_some_and(|pages| pages > VACUUM_WAL_PAGES_MAX) {
                self.checkpoint(Reset::Restart)?;
            }
        }
        self.checkpoint(Reset::Truncate)
    }

    /// More than a quarter of the file.
    fn has_much_free(&self) -> rusqlite::Result<bool> {
        let number = |sql| self.connection.query_row(sql, [], |row| row.get::<_, u32>(0));
        let free = number("PRAGMA freelist_count")?;
        Ok(free >= FREE_PAGES_MIN && free >= number("PRAGMA page_count")? / 4)
    }
}

/// Does something while no batch runs.
fn with_baton<T>(shared: &Arc<Shared>, work: impl FnOnce() -> T) -> T {
    shared.queue.seize();
    let done = work();
    if shared.queue.release() {
        drain_elsewhere(shared);
    }
    done
}
