//! Long polls that wait, and the alarm that wakes them when a hidden message becomes visible.
//!
//! A send wakes as many polls as it brings messages. What becomes visible by the passing of time (a delay, a
//! visibility timeout) has nobody to wake them, so each queue with parked polls has its next due instant in the
//! alarm's list, and one task sleeps until the first of them. A thousand parked polls cost one timer.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio::sync::Notify;
use tokio::sync::futures::Notified;

use crate::Sqs;
use crate::registry::Registry;

/// The long polls of one queue.
#[derive(Debug, Default)]
pub(crate) struct Waiters {
    messages: Notify,
    parked: AtomicUsize,
    /// A poll found messages, and the quota of messages in flight used up.
    starved: AtomicBool,
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

    /// Notes that a poll waits for messages in flight to be let go.
    pub(crate) fn starve(&self) {
        self.starved.store(true, Ordering::Release);
    }

    /// Whether a poll waits for that; the note is gone afterwards.
    pub(crate) fn feed(&self) -> bool {
        self.starved.load(Ordering::Acquire) && self.starved.swap(false, Ordering::AcqRel)
    }

    /// Wakes every poll.
    pub(crate) fn wake_all(&self) {
        self.messages.notify_waiters();
    }
}

impl Parked {
    /// Whether the poll is parked there.
    pub(crate) fn waits_on(&self, waiters: &Arc<Waiters>) -> bool {
        Arc::ptr_eq(&self.0, waiters)
    }

    /// Resolves when the poll is woken.
    pub(crate) fn woken(&self) -> Notified<'_> {
        self.0.messages.notified()
    }
}

/// A wake-up that was taken and not yet used. A poll whose caller hangs up before it has looked passes it on.
pub(crate) struct WokenUp(Option<Arc<Waiters>>);

impl WokenUp {
    pub(crate) fn new(waiters: &Arc<Waiters>) -> Self {
        Self(Some(Arc::clone(waiters)))
    }

    /// The poll has looked.
    pub(crate) fn served(mut self) {
        self.0 = None;
    }
}

impl Drop for WokenUp {
    fn drop(&mut self) {
        if let Some(waiters) = &self.0 {
            waiters.wake(1);
        }
    }
}

impl Drop for Parked {
    fn drop(&mut self) {
        self.0.parked.fetch_sub(1, Ordering::AcqRel);
    }
}

/// When which queue has to be looked at: one instant a queue, the earliest asked for.
#[derive(Debug, Default)]
pub(crate) struct Alarms {
    due: Mutex<Due>,
    earlier: Notify,
}

#[derive(Debug, Default)]
struct Due {
    in_order: BTreeSet<(i64, i64)>,
    of_queue: HashMap<i64, i64>,
}

impl Alarms {
    /// Has a queue looked at when its next hidden message is due, if anyone waits for it.
    pub(crate) fn set(&self, registry: &Registry, id: i64) {
        let Some(queue) = registry.by_id.get(&id).filter(|queue| queue.waiters.any()) else { return };
        let Some(due_ms) = queue.index.next_due_ms() else { return };
        let mut due = self.lock();
        let set_ms = due.of_queue.get(&id).copied();
        if set_ms.is_some_and(|set_ms| set_ms <= due_ms) {
            return;
        }
        due.of_queue.insert(id, due_ms);
        set_ms.map(|set_ms| due.in_order.remove(&(set_ms, id)));
        due.in_order.insert((due_ms, id));
        if due.in_order.first() == Some(&(due_ms, id)) {
            self.earlier.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Due> {
        self.due.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn first_ms(&self) -> Option<i64> {
        self.lock().in_order.first().map(|(due_ms, _)| *due_ms)
    }

    fn take_due(&self, now_ms: i64) -> Vec<i64> {
        let mut due = self.lock();
        let later = due.in_order.split_off(&(now_ms.saturating_add(1), i64::MIN));
        let ids: Vec<i64> =
            std::mem::replace(&mut due.in_order, later).into_iter().map(|(_, id)| id).collect();
        for id in &ids {
            due.of_queue.remove(id);
        }
        ids
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
