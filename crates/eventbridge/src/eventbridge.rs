//! The service itself: what it is made of, and how an operation gets at the store.

use std::sync::Arc;

use aws::AccountId;
use clock::Clock;
use delivery::Deliveries;
use failure::Failure;
use service::Error;
use storage::Store;
use tokio::sync::{Notify, watch};

use crate::archives::background;
use crate::connections::authorization;
use crate::connections::token::Tokens;
use crate::ledger::Ledger;
use crate::registry::{Bus, Registry, Shared};
use crate::scheduler;
use crate::store::{buses, endpoints, event_logs, partner_sources, rules, tags, targets};

/// What can be set about EventBridge here; the defaults are AWS's.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// AWS's quotas.
    pub limits: Limits,
}

/// AWS's quotas. AWS: EventBridge User Guide, "Amazon EventBridge quotas".
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Buses of one account and region.
    pub buses: usize,
    /// Rules of one bus.
    pub rules: usize,
    /// Targets of one rule.
    pub targets: usize,
    /// Bytes of all entries of one PutEvents.
    pub put_events_bytes: usize,
    /// Replays of one account and region that run at the same time.
    pub replays: usize,
    /// Connections of one account and region.
    pub connections: usize,
    /// API destinations of one account and region.
    pub api_destinations: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            buses: 100,
            rules: 300,
            targets: 5,
            put_events_bytes: 1_048_576,
            replays: 10,
            connections: 3_000,
            api_destinations: 3_000,
        }
    }
}

/// Amazon EventBridge.
pub struct EventBridge {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) options: Options,
    pub(crate) deliveries: Arc<Deliveries>,
    pub(crate) shared: Arc<Shared>,
    /// Tells the scheduler that a schedule changed.
    pub(crate) schedules: Arc<Notify>,
    /// Tells the background that there is something to do for archives and replays.
    pub(crate) archive_work: Arc<Notify>,
    /// Tells the background that connections wait for their first token.
    pub(crate) authorizing: Arc<Notify>,
    /// The tokens of connections.
    pub(crate) tokens: Tokens,
    closing: watch::Sender<bool>,
}

impl EventBridge {
    /// Reads what the store keeps and starts the background work. The store was opened with
    /// [`MIGRATIONS`](crate::MIGRATIONS). Needs a tokio runtime.
    pub async fn open(
        store: Store,
        clock: Clock,
        deliveries: Arc<Deliveries>,
        options: Options,
    ) -> Result<Arc<Self>, storage::Error> {
        let registry = store.read(|read| Registry::load(read)).await?;
        let shared = Arc::new(Shared::default());
        *shared.lock() = registry;
        let (closing, _) = watch::channel(false);
        let (schedules, archive_work) = (Arc::default(), Arc::default());
        let events = Arc::new(Self {
            store,
            clock,
            options,
            deliveries,
            shared,
            schedules,
            archive_work,
            authorizing: Arc::default(),
            tokens: Tokens::default(),
            closing,
        });
        scheduler::start(&events);
        background::start(&events);
        authorization::start(&events);
        Ok(events)
    }

    /// Runs a job that may change something, and answers after its COMMIT.
    pub(crate) async fn write<T, F>(&self, job: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&mut Ledger<'_>) -> Result<T, Failure> + Send + 'static,
    {
        let (shared, deliveries) = (Arc::clone(&self.shared), Arc::clone(&self.deliveries));
        let clock = self.clock.clone();
        let result: Result<T, Failure> =
            self.store.write(move |tx| job(&mut Ledger::open(tx, &shared, &deliveries, &clock)?)).await;
        result.map_err(Error::from)
    }

    /// Resolves when the process ends.
    pub(crate) fn closing(&self) -> watch::Receiver<bool> {
        self.closing.subscribe()
    }

    /// Has the scheduler look again when the next rule fires.
    pub(crate) fn schedules_changed(&self) {
        self.schedules.notify_one();
    }

    /// Has the background look what there is to do for archives and replays.
    pub(crate) fn archives_changed(&self) {
        self.archive_work.notify_one();
    }

    /// Ends the background work.
    pub fn shutdown(&self) {
        self.closing.send_replace(true);
    }

    /// Deletes everything, or what one account has.
    pub async fn reset(&self, account: Option<AccountId>) -> Result<(), Error> {
        self.write(move |ledger| ledger.forget(account.as_ref())).await?;
        self.archives_changed();
        Ok(())
    }

    /// How many buses there are, and how many rules.
    pub fn counts(&self) -> (usize, usize) {
        let registry = self.shared.lock();
        (registry.by_id.len(), registry.by_id.values().map(|bus| bus.rules.len()).sum())
    }
}

impl Ledger<'_> {
    /// Deletes every bus with what is on it, or those of one account.
    fn forget(&mut self, account: Option<&AccountId>) -> Result<(), Failure> {
        self.forget_archives(account)?;
        partner_sources::delete_of(self.tx, account)?;
        endpoints::delete_of(self.tx, account)?;
        event_logs::delete_of(self.tx, account)?;
        self.forget_connections(account)?;
        let of_account = |bus: &&Bus| account.is_none_or(|account| bus.row.key.account == *account);
        let ids: Vec<i64> = self.registry.by_id.values().filter(of_account).map(|bus| bus.row.id).collect();
        for id in ids {
            self.touch(id);
            let Some(bus) = self.registry.take(id) else { continue };
            for rule in bus.rules.values() {
                targets::delete_of_rule(self.tx, rule.row.id)?;
                rules::delete(self.tx, rule.row.id)?;
                tags::delete_of(self.tx, &rule.arn)?;
            }
            buses::delete(self.tx, id)?;
            tags::delete_of(self.tx, &bus.arn)?;
        }
        Ok(())
    }
}

impl std::fmt::Debug for EventBridge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EventBridge").field("options", &self.options).finish_non_exhaustive()
    }
}
