//! The service itself: what it is made of, and how an operation gets at the store.

use std::sync::Arc;

use aws::{AccountId, Call};
use clock::Clock;
use failure::Failure;
use service::Error;
use storage::Store;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::{Notify, watch};

use crate::errors::{access_denied, queue_does_not_exist};
use crate::ledger::Ledger;
use crate::registry::{Registry, Shared};
use crate::rules::digest::{Body, Line};
use crate::rules::queue_url::{self, QueueKey};
use crate::store::{queues, reclaims};
use crate::waiters::Alarms;

/// What can be set about SQS here; the defaults are AWS's quotas.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Refuse a name for a minute after its queue was deleted, and a second purge within a minute. Off, because it
    /// makes local tests slow.
    pub strict_timing: bool,
    /// AWS's quotas.
    pub limits: Limits,
}

/// AWS's quotas. AWS: SQS Developer Guide, "Amazon SQS message quotas" and "FIFO queue quotas" (whose quota of
/// messages in flight was 20,000 until November 2024).
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Messages in flight in a standard queue.
    pub standard_in_flight: usize,
    /// Messages in flight in a FIFO queue.
    pub fifo_in_flight: usize,
    /// Bytes of all entries of a batch.
    pub batch_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { standard_in_flight: 120_000, fifo_in_flight: 120_000, batch_bytes: 1_048_576 }
    }
}

/// Amazon SQS.
pub struct Sqs {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) options: Options,
    pub(crate) shared: Arc<Shared>,
    pub(crate) alarms: Arc<Alarms>,
    /// Bodies sent one by one; none where many threads digest better each on its own than the writer for all.
    line: Option<Arc<Line>>,
    /// Tells the background that there is work.
    pub(crate) work: Arc<Notify>,
    closing: watch::Sender<bool>,
}

impl Sqs {
    /// Reads what the store keeps and starts the background work. The store was opened with
    /// [`MIGRATIONS`](crate::MIGRATIONS). Needs a tokio runtime.
    pub async fn open(store: Store, clock: Clock, options: Options) -> Result<Arc<Self>, storage::Error> {
        let registry = store.read(|read| Registry::load(read, read.now_ms())).await?;
        let shared = Arc::new(Shared::default());
        *shared.lock() = registry;
        let (closing, _) = watch::channel(false);
        let sqs = Arc::new(Self {
            store,
            clock,
            options,
            shared,
            alarms: Arc::default(),
            line: serves_alone().then(Arc::default),
            work: Arc::default(),
            closing,
        });
        crate::background::start(&sqs);
        crate::waiters::start(&sqs);
        Ok(sqs)
    }

    /// Runs a job that may change something, and answers after its COMMIT.
    pub(crate) async fn write<T, F>(&self, job: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&mut Ledger<'_>) -> Result<T, Failure> + Send + 'static,
    {
        let (shared, alarms) = (Arc::clone(&self.shared), Arc::clone(&self.alarms));
        let result = self.store.write(move |tx| job(&mut Ledger::open(tx, &shared, &alarms)?));
        let result: Result<T, Failure> = result.await;
        result.map_err(Error::from)
    }

    /// A body that is sent by itself.
    pub(crate) fn body(&self, text: String) -> Body<'static> {
        match &self.line {
            Some(line) => line.join(text),
            None => Body::digested(text),
        }
    }

    /// The queue a caller means by a URL.
    pub(crate) fn key(&self, url: &str, call: &Call) -> Result<QueueKey, Error> {
        queue_url::parse(url, call).ok_or_else(|| queue_does_not_exist(call.wire))
    }

    /// As [`key`](Self::key), for an operation on queues of the caller's account alone. Queue policies are not enforced,
    /// but none could allow these: "Cross-account permissions don't apply to this action" (AWS: API_DeleteQueue).
    pub(crate) fn own_key(&self, url: &str, call: &Call, operation: &str) -> Result<QueueKey, Error> {
        let key = self.key(url, call)?;
        if key.account == call.account { Ok(key) } else { Err(access_denied(call, operation, &key.arn())) }
    }

    /// Resolves when open long polls are to be answered because the process ends.
    pub(crate) fn closing(&self) -> watch::Receiver<bool> {
        self.closing.subscribe()
    }

    /// Answers every open long poll with what it has and ends the background work.
    pub fn shutdown(&self) {
        self.closing.send_replace(true);
    }

    /// Deletes every queue, or those of one account, and what was remembered of deleted ones.
    pub async fn reset(&self, account: Option<AccountId>) -> Result<(), Error> {
        self.write(move |ledger| {
            let of_account = |key: &QueueKey| account.as_ref().is_none_or(|account| key.account == *account);
            let queues = ledger.registry.by_key.iter().filter(|(key, _)| of_account(key));
            let ids: Vec<i64> = queues.map(|(_, id)| *id).collect();
            ids.into_iter().try_for_each(|id| ledger.delete_queue(id))?;
            Ok(queues::forget_deleted_of(ledger.tx, account.as_ref())?)
        })
        .await?;
        self.work.notify_one();
        Ok(())
    }

    /// How many queues there are, and how many messages they hold.
    pub async fn counts(&self) -> Result<(usize, usize), Error> {
        self.write(|ledger| {
            let ids: Vec<i64> = ledger.registry.by_id.keys().copied().collect();
            let mut messages = 0;
            for id in &ids {
                let counts = ledger.exact_queue(*id)?.index.counts();
                messages += counts.visible + counts.in_flight + counts.delayed;
            }
            Ok((ids.len(), messages))
        })
        .await
    }
}

/// Whether one thread serves all requests.
fn serves_alone() -> bool {
    Handle::try_current().is_ok_and(|runtime| runtime.runtime_flavor() == RuntimeFlavor::CurrentThread)
}

impl Ledger<'_> {
    /// Deletes a queue; its messages are gone with it, their rows are reclaimed in the background.
    pub(crate) fn delete_queue(&mut self, id: i64) -> Result<(), Failure> {
        self.touch(id);
        self.wake_all(id);
        let last_seq = self.registry.next_seq.saturating_sub(1);
        queues::delete(self.tx, id)?;
        crate::store::move_tasks::delete_of_queue(self.tx, id)?;
        let after_seq = self.registry.take(id).map_or(0, |queue| queue.row.purged_to_seq);
        reclaims::insert(self.tx, id, after_seq, last_seq)?;
        Ok(())
    }
}

impl std::fmt::Debug for Sqs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sqs").field("options", &self.options).finish_non_exhaustive()
    }
}
