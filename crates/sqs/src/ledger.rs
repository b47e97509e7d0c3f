//! One job's view of SQS: the transaction and the registry, changed together.
//!
//! An operation reads top to bottom: look up, refuse, change, answer. Everything it changes, it changes through a
//! `Ledger`, which keeps memory and store equal: what does not commit is read from the store again.

use std::collections::BTreeSet;
use std::sync::{Arc, MutexGuard};

use aws::Wire;
use failure::Failure;
use service::{Error, internal_failure};
use storage::Tx;

use crate::errors::{queue_does_not_exist, resource_not_found};
use crate::registry::{Queue, Registry, Shared};
use crate::rules::queue_url::QueueKey;
use crate::store::counters;
use crate::waiters::Alarms;

/// Sequences are reserved in blocks of this many, so that one write serves many messages.
const SEQS_A_BLOCK: u64 = 1 << 20;

/// The transaction and the registry.
pub(crate) struct Ledger<'a> {
    pub(crate) tx: &'a Tx<'a>,
    pub(crate) registry: MutexGuard<'a, Registry>,
    shared: &'a Arc<Shared>,
    alarms: &'a Arc<Alarms>,
    /// The queues this job has changed or is about to.
    touched: BTreeSet<i64>,
}

impl<'a> Ledger<'a> {
    pub(crate) fn open(
        tx: &'a Tx<'a>,
        shared: &'a Arc<Shared>,
        alarms: &'a Arc<Alarms>,
    ) -> Result<Self, storage::Error> {
        let mut registry = shared.lock();
        registry.refresh(tx, tx.now_ms())?;
        Ok(Self { tx, registry, shared, alarms, touched: BTreeSet::new() })
    }

    /// The instant of this job.
    pub(crate) fn now_ms(&self) -> i64 {
        self.tx.now_ms()
    }

    /// The id of a queue that has to be there.
    pub(crate) fn find(&self, key: &QueueKey, wire: Wire) -> Result<i64, Error> {
        self.registry.by_key.get(key).copied().ok_or_else(|| queue_does_not_exist(wire))
    }

    /// The id of a queue that a parameter names by its ARN, in the caller's account and region.
    pub(crate) fn resource(&self, parameter: &str, caller: &QueueKey, key: &QueueKey) -> Result<i64, Error> {
        let own = key.account == caller.account && key.region == caller.region;
        self.registry.by_key.get(key).copied().filter(|_| own).ok_or_else(|| {
            resource_not_found(format!(
                "The resource that you specified for the {parameter} parameter doesn't exist."
            ))
        })
    }

    /// The queues whose dead letters go to the queue of this ARN.
    pub(crate) fn sources_of<'s>(&'s self, arn: &'s str) -> impl Iterator<Item = &'s Queue> {
        let goes_there = move |queue: &&Queue| {
            queue.settings.redrive.as_ref().is_some_and(|policy| policy.target_arn == arn)
        };
        self.registry.by_id.values().filter(goes_there)
    }

    /// A queue of a known id, with everything due made visible and (give or take a second) everything expired gone.
    pub(crate) fn queue(&mut self, id: i64) -> Result<&mut Queue, Failure> {
        let now_ms = self.now_ms();
        let registry = &mut *self.registry;
        let queue = registry.by_id.get_mut(&id).ok_or_else(internal_failure)?;
        queue.index.promote(now_ms);
        let expired = queue.index.expire_now_and_then(queue.horizon_ms(now_ms), now_ms);
        registry.expired.extend(expired);
        Ok(queue)
    }

    /// As [`queue`](Self::queue), with really everything expired gone; for whoever counts or shows messages.
    pub(crate) fn exact_queue(&mut self, id: i64) -> Result<&mut Queue, Failure> {
        let now_ms = self.now_ms();
        self.queue(id)?;
        let registry = &mut *self.registry;
        let queue = registry.by_id.get_mut(&id).ok_or_else(internal_failure)?;
        registry.expired.extend(queue.index.expire(queue.horizon_ms(now_ms)));
        Ok(queue)
    }

    /// Has a queue read again if this job does not commit, and its waiters told in time if it does. Comes before
    /// every change to it.
    pub(crate) fn touch(&mut self, id: i64) {
        if !self.touched.insert(id) {
            return;
        }
        let shared = Arc::clone(self.shared);
        self.tx.on_rollback(move || {
            let mut registry = shared.lock();
            registry.stale.insert(id);
            registry.forget_reservation();
        });
        if self.registry.by_id.get(&id).is_some_and(|queue| queue.waiters.any()) {
            let (shared, alarms) = (Arc::clone(self.shared), Arc::clone(self.alarms));
            self.tx.on_commit(move || alarms.set(&shared.lock(), id));
        }
    }

    /// Has the parked polls of a queue woken when its next hidden message is due.
    pub(crate) fn set_alarm(&self, id: i64) {
        self.alarms.set(&self.registry, id);
    }

    /// Wakes as many long polls of a queue as it got messages, once they are committed.
    pub(crate) fn wake(&self, id: i64, messages: usize) {
        let Some(queue) = self.registry.by_id.get(&id) else { return };
        let waiters = Arc::clone(&queue.waiters);
        if waiters.any() {
            self.tx.on_commit(move || waiters.wake(messages));
        }
    }

    /// Wakes the long polls of a queue that found its quota of messages in flight used up, once this job is
    /// committed.
    pub(crate) fn wake_starved(&self, id: i64) {
        if self.registry.by_id.get(&id).is_some_and(|queue| queue.waiters.feed()) {
            self.wake_all(id);
        }
    }

    /// Wakes every long poll of a queue, once this job is committed.
    pub(crate) fn wake_all(&self, id: i64) {
        let Some(queue) = self.registry.by_id.get(&id) else { return };
        let waiters = Arc::clone(&queue.waiters);
        self.tx.on_commit(move || waiters.wake_all());
    }

    /// A sequence no message ever had.
    pub(crate) fn next_seq(&mut self) -> Result<u64, Failure> {
        let seq = self.registry.next_seq;
        if seq > self.registry.reserved_seq {
            let reserved = seq + SEQS_A_BLOCK;
            counters::reserve_seq(self.tx, reserved)?;
            self.registry.reserved_seq = reserved;
        }
        self.registry.next_seq += 1;
        Ok(seq)
    }
}
