//! Jobs that wait, and who runs the next batch.
//!
//! Whoever holds the *baton* runs batches; there is one. Who that may be depends on the durability:
//!
//! - *Inline*: the task that enqueues a job while nobody holds the baton takes it, runs one batch on its own thread,
//!   and leaves the rest to a task of its own. No thread hop, which costs more than a commit without fsync.
//! - *Thread*: a thread of its own does nothing else, because a commit that waits for the disk must not hold up a
//!   thread that serves sockets.
//!
//! Maintenance asks for the baton to reset the write-ahead log; it is next in line then, before any other batch.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::Error;
use crate::job::Job;

/// A batch this long has spread the cost of its commit; a longer one would only make its first job wait.
const BATCH_JOBS_MAX: usize = 256;

/// Pages in the log from which a checkpoint is due. Fewer pay for fsync more often and gain nothing; more make the
/// longest wait of a writer longer.
const CHECKPOINT_PAGES: u32 = 3_000;
/// Pages by which the log may grow beyond that, while a checkpoint tries to keep up, before writers have to wait: as
/// many as come in during a checkpoint at 50,000 messages a second. Together they stay far below 64 MiB.
const GRACE_PAGES: u32 = 4_000;
/// After a checkpoint that a reader kept from resetting the log, the next try comes after this many pages more.
const RETRY_PAGES: u32 = 1_000;

/// After a batch of several, so many leaders look for company before they begin.
const COMPANY_LASTS: u32 = 8;
/// Alone, one leader in so many looks. Looking costs a lone job a third of its time on two threads; not looking costs
/// sixteen connections on one thread two thirds of theirs, since none ever meets another by chance.
const LOOK_EVERY: u32 = 16;

/// Who runs batches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    Inline,
    Thread,
}

/// What a job's caller has to do now.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Wait for the answer.
    Wait,
    /// It holds the baton: run a batch.
    Lead,
    /// As `Lead`, but let everybody who is ready hand in a job first.
    LeadTogether,
}

/// What there is to do for maintenance.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Chore {
    /// The log is long; writers are at work.
    Checkpoint,
    /// Nobody has written for a while.
    TidyUp,
    /// The store is closed and every job answered.
    Close,
}

pub(crate) struct Queue {
    state: Mutex<State>,
    for_writer: Condvar,
    for_maintenance: Condvar,
    lane: Lane,
    jobs_max: usize,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Box<dyn Job>>,
    /// Somebody holds the baton.
    held: bool,
    /// Maintenance wants it next.
    wanted: bool,
    closed: bool,
    /// Batches that have written something, ever.
    batches: u64,
    wal_pages: u32,
    /// At this length of the log a checkpoint is due.
    due_pages: u32,
    /// Something was written since the last tidying up.
    untidy: bool,
    /// So many leaders still expect company.
    company: u32,
    /// Leaders since one looked for company in vain.
    lone: u32,
}

impl State {
    fn expects_company(&mut self) -> bool {
        if self.company > 0 {
            self.company -= 1;
            return true;
        }
        self.lone = (self.lone + 1) % LOOK_EVERY;
        self.lone == 0
    }
}

impl Queue {
    pub(crate) fn new(lane: Lane, jobs_max: usize) -> Self {
        let state = State { due_pages: CHECKPOINT_PAGES, company: COMPANY_LASTS, ..State::default() };
        Self {
            state: Mutex::new(state),
            for_writer: Condvar::new(),
            for_maintenance: Condvar::new(),
            lane,
            jobs_max,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Every critical section leaves the state whole; jobs and hooks, which may panic, run outside.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn lane(&self) -> Lane {
        self.lane
    }

    /// Puts a job in line.
    pub(crate) fn push(&self, job: Box<dyn Job>) -> Result<Turn, Error> {
        let mut state = self.lock();
        if state.closed {
            return Err(Error::Closed);
        }
        if state.jobs.len() >= self.jobs_max {
            return Err(Error::Busy);
        }
        state.jobs.push_back(job);
        if state.held || state.wanted {
            return Ok(Turn::Wait);
        }
        if self.lane == Lane::Thread {
            self.for_writer.notify_one();
            return Ok(Turn::Wait);
        }
        state.held = true;
        Ok(if state.expects_company() { Turn::LeadTogether } else { Turn::Lead })
    }

    /// For the holder of the baton: moves the next batch into `jobs`. `false`: there is none for it, and it no longer
    /// holds the baton.
    pub(crate) fn next_batch(&self, jobs: &mut Vec<Box<dyn Job>>) -> bool {
        let mut state = self.lock();
        if !self.keeps_baton(&mut state) {
            return false;
        }
        let count = state.jobs.len().min(BATCH_JOBS_MAX);
        if count > 1 {
            state.company = COMPANY_LASTS;
        }
        jobs.extend(state.jobs.drain(..count));
        true
    }

    /// For the holder, after a batch that made the log `wal_pages` long. `false`: it no longer holds the baton.
    pub(crate) fn after_batch(&self, wal_pages: Option<u32>) -> bool {
        let mut state = self.lock();
        if let Some(pages) = wal_pages {
            state.batches = state.batches.wrapping_add(1);
            state.wal_pages = pages;
            if pages >= state.due_pages.saturating_add(GRACE_PAGES) {
                state.wanted = true;
            }
            if !state.untidy || pages >= state.due_pages {
                state.untidy = true;
                self.for_maintenance.notify_one();
            }
        }
        self.keeps_baton(&mut state)
    }

    fn keeps_baton(&self, state: &mut State) -> bool {
        if !state.wanted && !state.jobs.is_empty() {
            return true;
        }
        state.held = false;
        if state.wanted || state.closed {
            self.for_maintenance.notify_one();
            self.for_writer.notify_one();
        }
        false
    }

    /// For the writer thread: waits until there is a batch to run, and takes the baton. `false`: never again.
    pub(crate) fn wait_for_jobs(&self) -> bool {
        let mut state = self.lock();
        loop {
            if !state.held && !state.wanted && !state.jobs.is_empty() {
                state.held = true;
                return true;
            }
            if state.closed && state.jobs.is_empty() {
                return false;
            }
            state = self.for_writer.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// For maintenance: waits for the next chore; `idle` is how long without a write counts as a while.
    pub(crate) fn wait_for_chore(&self, idle: Duration) -> Chore {
        let mut state = self.lock();
        loop {
            if state.closed && state.jobs.is_empty() && !state.held {
                return Chore::Close;
            }
            if state.wal_pages >= state.due_pages {
                return Chore::Checkpoint;
            }
            if !state.untidy {
                state = self.for_maintenance.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let before = state.batches;
            let (after, waited) =
                self.for_maintenance.wait_timeout(state, idle).unwrap_or_else(PoisonError::into_inner);
            state = after;
            if waited.timed_out() && state.batches == before && !state.closed {
                state.untidy = false;
                return Chore::TidyUp;
            }
        }
    }

    /// For maintenance: how many batches have written so far, to see whether it is still quiet.
    pub(crate) fn batches(&self) -> u64 {
        self.lock().batches
    }

    /// How many jobs are in line.
    pub(crate) fn jobs_waiting(&self) -> usize {
        self.lock().jobs.len()
    }

    pub(crate) fn wal_pages(&self) -> u32 {
        self.lock().wal_pages
    }

    /// For maintenance: waits for the baton, before any batch that has not begun.
    pub(crate) fn seize(&self) {
        let mut state = self.lock();
        state.wanted = true;
        while state.held {
            state = self.for_maintenance.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.wanted = false;
        state.held = true;
    }

    /// For maintenance, with the baton: what the log is like now.
    pub(crate) fn note_log(&self, wal_pages: u32, was_reset: bool) {
        let mut state = self.lock();
        state.wal_pages = wal_pages;
        state.due_pages = if was_reset { CHECKPOINT_PAGES } else { wal_pages.saturating_add(RETRY_PAGES) };
    }

    /// For maintenance: gives the baton back. `true`: jobs are waiting and nobody is there to run them; the caller
    /// still holds the baton and has to see to it.
    pub(crate) fn release(&self) -> bool {
        let mut state = self.lock();
        if self.lane == Lane::Inline && !state.jobs.is_empty() {
            return true;
        }
        state.held = false;
        self.for_writer.notify_one();
        false
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.lock().closed
    }

    /// Refuses every further job, and lets those in line run.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.for_writer.notify_all();
        self.for_maintenance.notify_all();
    }
}
