//! The one handle services have on each other and on the outside.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws::{AccountId, Region};
use clock::Clock;
use storage::{Store, Tx};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::core::Core;
use crate::dead_letter::{self, Reasons};
use crate::store::errands::NewErrand;
use crate::store::outbox::NewRow;
use crate::store::{attempts, errands, letters, outbox};
use crate::{
    Addressed, Authorizer, DeadLetter, Deliver, Delivery, DeliveryFilter, DeliveryState, Errand, FetchError,
    Judge, Letter, LetterFilter, Options, OutgoingRequest, Request, Response, Schedule, SentLetter, Target,
    Undeliverable, worker,
};

/// Deliveries that are shown at once, the newest, and bytes of their bodies.
const SHOWN_MAX: usize = 1_000;
const SHOWN_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Deliveries: between neighbours at once, to the outside through the outbox. Dropped, it ends its background work.
pub struct Deliveries {
    core: Arc<Core>,
    closing: watch::Sender<bool>,
    /// The last turns of each paced lane, before this start.
    turns: Vec<outbox::Turns>,
    running: Mutex<Vec<JoinHandle<()>>>,
}

/// A delivery to a neighbour that failed; it is recorded where those to the outside are.
#[derive(Clone, Copy, Debug)]
pub struct LocalFailure<'a> {
    /// Whose it is.
    pub account: &'a AccountId,
    /// Where it was published.
    pub region: &'a Region,
    /// The service that delivers: `sns`, `events`.
    pub service: &'static str,
    /// A subscription, a rule.
    pub owner: &'a str,
    /// A topic, a bus.
    pub source: &'a str,
    /// The id of the message or event.
    pub message_id: &'a str,
    /// The ARN it was for.
    pub target: &'a str,
    /// What it was.
    pub body: &'a str,
    /// Where it goes instead.
    pub dead_letter: Option<&'a DeadLetter>,
}

impl Deliveries {
    /// Reads what the worker needs to know. The store was opened with [`MIGRATIONS`](crate::MIGRATIONS).
    pub async fn open(store: Store, clock: Clock, options: Options) -> Result<Arc<Self>, storage::Error> {
        let turns = store.read(|read| outbox::select_turns(read, worker::SECOND_MS)).await?;
        let core = Arc::new(Core::new(store, clock, options));
        let (closing, _) = watch::channel(false);
        Ok(Arc::new(Self { core, closing, turns, running: Mutex::default() }))
    }

    /// Starts the worker, which goes on with what waits; once everybody is introduced and our addresses are known.
    /// Needs a tokio runtime with time and io.
    pub fn start(&self) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if running.is_empty() {
            *running = worker::start(&self.core, &self.turns, &self.closing.subscribe());
        }
    }

    /// Makes a service known to its neighbours, by its name in ARNs.
    pub fn introduce(&self, service: &'static str, port: &Arc<dyn Deliver>) {
        self.core.introduce(service, port);
    }

    /// Has a service asked for credentials before each attempt of an errand it posted that names an authorization.
    pub fn introduce_authorizer(&self, service: &'static str, authorizer: &Arc<dyn Authorizer>) {
        self.core.introduce_authorizer(service, authorizer);
    }

    /// Our listening addresses, so that nobody has us call our own pages.
    pub fn set_own_addresses(&self, addresses: &[SocketAddr]) {
        self.core.set_own_addresses(addresses);
    }

    /// Hands parcels to the services whose ARNs they carry, inside the sender's transaction: all parcels of one service
    /// together, in their order.
    pub fn deliver(
        &self,
        tx: &Tx<'_>,
        parcels: &[Addressed<'_>],
    ) -> Result<Vec<Result<(), Undeliverable>>, storage::Error> {
        self.core.deliver(tx, parcels)
    }

    /// Posts an errand in the poster's transaction; the first attempt follows its COMMIT. Answers its number.
    pub fn post(&self, tx: &Tx<'_>, errand: &Errand) -> Result<i64, storage::Error> {
        let id = insert(tx, errand, DeliveryState::Waiting, None)?;
        let posted = Arc::clone(&self.core.posted);
        tx.on_commit(move || posted.notify_one());
        Ok(id)
    }

    /// Records an errand that failed before any attempt, and hands over its dead letter in the same transaction.
    pub fn post_dead(
        &self,
        tx: &Tx<'_>,
        errand: &Errand,
        reason: &Undeliverable,
    ) -> Result<i64, storage::Error> {
        let id = insert(tx, errand, DeliveryState::Dead, Some(&sentence(reason)))?;
        self.bury(tx, id, errand.dead_letter.as_ref(), reason)?;
        Ok(id)
    }

    /// Records a delivery to a neighbour that failed, and hands over its dead letter in the same transaction.
    pub fn record_local(
        &self,
        tx: &Tx<'_>,
        failure: &LocalFailure<'_>,
        reason: &Undeliverable,
    ) -> Result<i64, storage::Error> {
        let request = Request {
            method: String::new(),
            target: Target::Url(failure.target.to_owned()),
            headers: Vec::new(),
            body: failure.body.as_bytes().to_vec(),
            timeout_ms: 0,
            authorization: None,
        };
        let id = errands::insert(
            tx,
            &NewErrand {
                service: failure.service,
                source: failure.source,
                message_id: failure.message_id,
                request: &request,
                schedule: &Schedule::Once,
                judge: Judge::AwsOperation,
                dead_letter: failure.dead_letter,
            },
        )?;
        let row = NewRow {
            id,
            account: failure.account,
            region: failure.region,
            owner: failure.owner,
            state: DeliveryState::Dead,
            error: Some(&sentence(reason)),
            pace: None,
        };
        outbox::insert(tx, &row)?;
        self.bury(tx, id, failure.dead_letter, reason)?;
        Ok(id)
    }

    fn bury(
        &self,
        tx: &Tx<'_>,
        id: i64,
        letter: Option<&DeadLetter>,
        reason: &Undeliverable,
    ) -> Result<(), storage::Error> {
        self.core.one_finished(tx);
        let Some(letter) = letter else { return Ok(()) };
        match dead_letter::hand_over(&self.core, tx, letter, &Reasons::of(reason))? {
            Some(note) => outbox::set_error(tx, id, &format!("{}; {note}", sentence(reason))),
            None => Ok(()),
        }
    }

    /// Cancels what waits for an owner that is gone: a subscription, a rule.
    pub fn cancel(&self, tx: &Tx<'_>, owner: &str) -> Result<(), storage::Error> {
        outbox::cancel(tx, owner).map(drop)
    }

    /// Keeps a letter to a person or a device.
    pub fn letter(&self, tx: &Tx<'_>, letter: &Letter) -> Result<(), storage::Error> {
        letters::insert(tx, letter, i64::from(self.core.options.letters_max))
    }

    /// Letters, the oldest first.
    pub async fn letters(&self, filter: LetterFilter) -> Result<Vec<SentLetter>, storage::Error> {
        self.core.store.read(move |read| letters::select(read, &filter)).await
    }

    /// Forgets letters.
    pub async fn forget_letters(&self, filter: LetterFilter) -> Result<(), storage::Error> {
        self.core.store.write(move |tx| letters::delete(tx, &filter)).await
    }

    /// The last thousand deliveries to the outside, and those inside that failed, or the last 16 MiB of them; the newest
    /// first.
    pub async fn deliveries(&self, filter: DeliveryFilter) -> Result<Vec<Delivery>, storage::Error> {
        let found = self.core.store.read(move |read| {
            let mut found = outbox::select_deliveries(read, &filter, SHOWN_MAX, SHOWN_BYTES_MAX)?;
            for delivery in &mut found {
                delivery.attempts = attempts::select(read, delivery.id)?;
            }
            Ok(found)
        });
        found.await
    }

    /// Forgets every delivery, waiting or finished; or those of one account.
    pub async fn forget_deliveries(&self, account: Option<AccountId>) -> Result<(), storage::Error> {
        let forgotten = self.core.store.write(move |tx| {
            let account = account.as_ref();
            attempts::delete_all(tx, account)?;
            errands::delete_all(tx, account)?;
            outbox::delete_all(tx, account)
        });
        forgotten.await
    }

    /// Forgets every letter and every delivery, waiting or finished; or those of one account.
    pub async fn forget(&self, account: Option<AccountId>) -> Result<(), storage::Error> {
        self.forget_deliveries(account.clone()).await?;
        self.forget_letters(LetterFilter { account, ..LetterFilter::default() }).await
    }

    /// Makes a request of a service's own, such as for a token, by the rules every call obeys. Nothing is kept.
    pub async fn fetch(&self, request: OutgoingRequest, timeout: Duration) -> Result<Response, FetchError> {
        self.core.client.fetch(&request, timeout).await
    }

    /// How many attempts have been settled since the start, to be waited on.
    pub fn settled(&self) -> watch::Receiver<u64> {
        self.core.settled.subscribe()
    }

    /// Begins no more attempts; those in flight may finish for half a second.
    pub fn shutdown(&self) {
        self.closing.send_replace(true);
    }

    /// Resolves when the background work has ended after [`shutdown`](Self::shutdown), so that the store can be closed.
    pub async fn stopped(&self) {
        let running = std::mem::take(&mut *self.running.lock().unwrap_or_else(PoisonError::into_inner));
        for task in running {
            // A task that panicked has ended, too.
            drop(task.await);
        }
    }
}

fn insert(
    tx: &Tx<'_>,
    errand: &Errand,
    state: DeliveryState,
    error: Option<&str>,
) -> Result<i64, storage::Error> {
    let id = errands::insert(
        tx,
        &NewErrand {
            service: errand.service,
            source: &errand.source,
            message_id: &errand.message_id,
            request: &errand.request,
            schedule: &errand.schedule,
            judge: errand.judge,
            dead_letter: errand.dead_letter.as_ref(),
        },
    )?;
    let row = NewRow {
        id,
        account: &errand.account,
        region: &errand.region,
        owner: &errand.owner,
        state,
        error,
        pace: errand.pace.as_ref(),
    };
    outbox::insert(tx, &row)?;
    Ok(id)
}

fn sentence(reason: &Undeliverable) -> String {
    format!("{}: {}", reason.code, reason.message)
}

impl Drop for Deliveries {
    fn drop(&mut self) {
        self.shutdown();
    }
}

impl std::fmt::Debug for Deliveries {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Deliveries").field("options", &self.core.options).finish_non_exhaustive()
    }
}
