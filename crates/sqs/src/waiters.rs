//! Long polls that wait, and the alarm that wakes them when a hidden message becomes visible.
//!
//! A send wakes as many polls as it brings messages. What becomes visible by the passing of time (a delay, a
//! visibility timeout) has nobody to wake them, so each queue with parked polls has its next due instant in the
//! alarm's list, and one task sleeps until the first of them. A thousand parked polls cost one timer.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::Notify;
use tokio::sync::futures::Notified;

use crate::Sqs;
use crate::registry::Registry;

/// The long polls of one queue.
#[derive(Debug, Default)]
pub(crate) struct Waiters {
    messages: Notify,
    parked: AtomicUsize,
}

/// A long poll counts as parked while it holds this.
pub(crate) struct Parked(Arc<Waiters>);

impl Waiters {
    /// Parks a poll. It has to look at the queue once more afterwards: what happened before is not told.
    pub(crate) fn park(self: &Arc<Self>) -> Parked {
        self.parked.fetch_add(1, Ordering::AcqRel);
        Parked(Arc::clone(self))
    }

    /// Whether anyone would want to be woken.
    pub(crate) fn any(&self) -> bool {
        self.parked.load(Ordering::Acquire) > 0
    }

    /// Wakes as many polls as there are messages for them, the longest parked first.
    pub(crate) fn wake(&self, messages: usize) {
        for _ in 0..messages.min(self.parked.load(Ordering::Acquire)) {
            self.messages.notify_one();
        }
    }

    /// Wakes every poll.
    pub(crate) fn wake_all(&self) {
        self.messages.notify_waiters();
    }
}

impl Parked {
    /// Resolves when the poll is woken.
    pub(crate) fn woken(&self) -> Notified<'_> {
        self.0.messages.notified()
    }
}

impl Drop for Parked {
    fn drop(&mut self) {
        self.0.parked.fetch_sub(1, Ordering::AcqRel);
    }
}

/// When which queue has to be looked at.
#[derive(Debug, Default)]
pub(crate) struct Alarms {
    due: Mutex<BTreeSet<(i64, i64)>>,
    earlier: Notify,
}

impl Alarms {
    /// Has a queue looked at when its next hidden message is due, if anyone waits for it.
    pub(crate) fn set(&self, registry: &Registry, id: i64) {
        let Some(queue) = registry.by_id.get(&id).filter(|queue| queue.waiters.any()) else { return };
        let Some(due_ms) = queue.index.next_due_ms() else { return };
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        let first_ms = due.first().map(|(first_ms, _)| *first_ms);
        due.insert((due_ms, id));
        if first_ms.is_none_or(|first_ms| due_ms < first_ms) {
            self.earlier.notify_one();
        }
    }

    fn first_ms(&self) -> Option<i64> {
        let due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        due.first().map(|(due_ms, _)| *due_ms)
    }

    fn take_due(&self, now_ms: i64) -> BTreeSet<i64> {
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        let later = due.split_off(&(now_ms.saturating_add(1), i64::MIN));
        std::mem::replace(&mut *due, later).into_iter().map(|(_, id)| id).collect()
    }
}

/// Starts the task that sleeps until the next alarm; it ends with the service.
pub(crate) fn start(sqs: &Arc<Sqs>) {
    tokio::spawn(run(Arc::downgrade(sqs)));
}

async fn run(weak: Weak<Sqs>) {
    loop {
        let Some(sqs) = weak.upgrade() else { return };
        let (clock, alarms, mut closing) = (sqs.clock.clone(), Arc::clone(&sqs.alarms), sqs.closing());
        if *closing.borrow() {
            return;
        }
        for id in alarms.take_due(clock.now_ms()) {
            wake_due(&sqs, id).await;
        }
        // While it waits it must not keep the service alive.
        drop(sqs);
        tokio::select! {
            () = alarms.earlier.notified() => {}
            () = clock.sleep_until(alarms.first_ms().unwrap_or(i64::MAX)) => {}
            _ = closing.changed() => {}
        }
    }
}

/// Wakes the polls of a queue for what has become visible, and sets the alarm for what comes next.
async fn wake_due(sqs: &Sqs, id: i64) {
    let alarms = Arc::clone(&sqs.alarms);
    // A store that cannot even be read has told the log; the polls end by themselves.
    let _ = sqs
        .write(move |ledger| {
            if ledger.registry.by_id.contains_key(&id) {
                let visible = ledger.queue(id)?.index.counts().visible;
                ledger.queue(id)?.waiters.wake(visible);
                alarms.set(&ledger.registry, id);
            }
            Ok(())
        })
        .await;
}
