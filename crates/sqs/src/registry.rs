//! The queues as memory holds them: rows, settings, indexes, waiters.
//!
//! Everything here is derived from the store and guarded by one lock, which only the writer's jobs take for long
//! (they run one after another anyway). A job that changes a queue here and then does not commit marks the queue
//! *stale*; the next job reads it from the store again.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use storage::Sql;

use crate::index::QueueIndex;
use crate::rules::queue_attributes::Settings;
use crate::rules::queue_url::QueueKey;
use crate::store::messages::StandingRow;
use crate::store::queues::QueueRow;
use crate::store::{counters, messages, queues};
use crate::waiters::Waiters;

/// A queue as memory holds it.
pub(crate) struct Queue {
    pub(crate) row: QueueRow,
    pub(crate) arn: String,
    pub(crate) settings: Settings,
    pub(crate) index: QueueIndex,
    /// The long polls that wait for a message of this queue.
    pub(crate) waiters: Arc<Waiters>,
}

impl Queue {
    pub(crate) fn new(row: QueueRow, waiters: Arc<Waiters>) -> Self {
        let fifo = row.key.name.ends_with(crate::rules::queue_name::FIFO_SUFFIX);
        let settings = Settings::read(&row.attributes, fifo);
        Self { arn: row.key.arn(), settings, index: QueueIndex::new(fifo), waiters, row }
    }

    /// Messages sent at this instant or before have expired.
    pub(crate) fn horizon_ms(&self, now_ms: i64) -> i64 {
        now_ms.saturating_sub(self.settings.retention_secs * 1000)
    }

    fn add(&mut self, state: &StandingRow, now_ms: i64) {
        if state.seq > self.row.purged_to_seq {
            // The clock may have been set back since: what could be received when it was sent can be received now.
            let now_ms = if state.received == 0 { now_ms.max(state.sent_at_ms) } else { now_ms };
            let place = (state.visible_at_ms, state.seq);
            self.index.insert(place, state.sent_at_ms, state.received, state.group_id.as_deref(), now_ms);
        }
    }
}

/// All queues.
#[derive(Default)]
pub(crate) struct Registry {
    pub(crate) by_id: BTreeMap<i64, Queue>,
    pub(crate) by_key: HashMap<QueueKey, i64>,
    /// Queues to be read again before anyone looks at them.
    pub(crate) stale: BTreeSet<i64>,
    /// Expired messages whose rows wait to be deleted in the background.
    pub(crate) expired: VecDeque<u64>,
    pub(crate) next_seq: u64,
    pub(crate) reserved_seq: u64,
}

/// The registry behind its lock.
#[derive(Default)]
pub(crate) struct Shared(Mutex<Registry>);

impl Shared {
    /// Takes the lock. A job that panicked has marked what it changed as stale, so a poisoned lock is no harm.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Registry> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// States are read in steps of this many, so that a start needs no memory for all of them.
const STATES_A_STEP: i64 = 10_000;

impl Registry {
    /// Reads everything from the store.
    pub(crate) fn load(sql: &impl Sql, now_ms: i64) -> Result<Self, storage::Error> {
        let mut registry = Self::default();
        for row in queues::select_all(sql)? {
            registry.put(Queue::new(row, Arc::default()));
        }
        let mut after_seq = 0;
        loop {
            let states = messages::select_states(sql, after_seq, STATES_A_STEP)?;
            let Some(last) = states.last() else { break };
            after_seq = last.seq;
            for state in &states {
                if let Some(queue) = registry.by_id.get_mut(&state.queue_id) {
                    queue.add(state, now_ms);
                }
            }
        }
        let last_seq = counters::reserved_seq(sql)?.max(messages::last_seq(sql)?);
        registry.next_seq = last_seq + 1;
        registry.reserved_seq = last_seq;
        Ok(registry)
    }

    /// Reads the stale queues again.
    pub(crate) fn refresh(&mut self, sql: &impl Sql, now_ms: i64) -> Result<(), storage::Error> {
        if self.stale.is_empty() {
            return Ok(());
        }
        let rows = queues::select_all(sql)?;
        let stale = self.stale.clone();
        let mut fresh = Vec::new();
        for row in rows.into_iter().filter(|row| stale.contains(&row.id)) {
            let waiters = self.by_id.get(&row.id).map(|queue| queue.waiters.clone()).unwrap_or_default();
            let mut queue = Queue::new(row, waiters);
            for state in messages::select_states_of_queue(sql, queue.row.id)? {
                queue.add(&state, now_ms);
            }
            fresh.push(queue);
        }
        for id in stale {
            self.take(id);
        }
        for queue in fresh {
            self.put(queue);
        }
        self.stale.clear();
        Ok(())
    }

    /// A block of sequences that was reserved in a transaction that did not commit is not reserved.
    pub(crate) fn forget_reservation(&mut self) {
        self.reserved_seq = 0;
    }

    /// Adds a queue.
    pub(crate) fn put(&mut self, queue: Queue) {
        self.by_key.insert(queue.row.key.clone(), queue.row.id);
        self.by_id.insert(queue.row.id, queue);
    }

    /// Removes a queue.
    pub(crate) fn take(&mut self, id: i64) -> Option<Queue> {
        let queue = self.by_id.remove(&id)?;
        if self.by_key.get(&queue.row.key) == Some(&id) {
            self.by_key.remove(&queue.row.key);
        }
        Some(queue)
    }
}
