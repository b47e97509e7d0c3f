//! Deliveries on a store of their own, and a neighbour that takes dead letters.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws::{AccountId, Region};
use clock::Clock;
use storage::{Durability, Location, Store, Tx};
use tempfile::TempDir;

use crate::*;

/// The instant every world begins at.
pub(super) const BEGINNING_MS: i64 = 1_750_000_000_000;
pub(super) const DEAD_LETTERS: &str = "arn:aws:sqs:us-east-1:000000000000:dead";

pub(super) struct World {
    directory: TempDir,
    pub(super) clock: Clock,
    pub(super) store: Store,
    pub(super) deliveries: Arc<Deliveries>,
    pub(super) queues: Arc<Queues>,
    _port: Arc<dyn Deliver>,
    pub(super) options: Options,
    /// Attempts settled, as far as the test has waited for them.
    settled: u64,
}

/// A neighbour; only the queue `dead` is there.
#[derive(Default)]
pub(super) struct Queues {
    pub(super) parcels: Mutex<Vec<Parcel>>,
}

impl Deliver for Queues {
    fn deliver(
        &self,
        _: &Tx<'_>,
        parcels: &[Addressed<'_>],
    ) -> Result<Vec<Result<(), Undeliverable>>, storage::Error> {
        let take = |addressed: &Addressed<'_>| {
            if addressed.to.resource != "dead" {
                return Err(missing());
            }
            self.parcels.lock().unwrap().push(addressed.parcel.clone());
            Ok(())
        };
        Ok(parcels.iter().map(take).collect())
    }
}

pub(super) fn missing() -> Undeliverable {
    Undeliverable {
        code: "NonExistentQueue".to_owned(),
        message: "The specified queue does not exist.".to_owned(),
        kind: UndeliverableKind::Missing,
    }
}

impl World {
    pub(super) async fn new() -> Self {
        Self::with(Options::default()).await
    }

    pub(super) async fn with(options: Options) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock = Clock::steered_with_seed(BEGINNING_MS, 7);
        let (store, deliveries) = open(&directory, &clock, &options).await;
        let queues = Arc::new(Queues::default());
        let port: Arc<dyn Deliver> = Arc::clone(&queues) as Arc<dyn Deliver>;
        deliveries.introduce("sqs", &port);
        Self { directory, clock, store, deliveries, queues, _port: port, options, settled: 0 }
    }

    /// Ends the process' part of the world and starts it again on the same file.
    pub(super) async fn restart(&mut self) {
        self.deliveries.shutdown();
        self.deliveries.stopped().await;
        self.store.close().await;
        (self.store, self.deliveries) = open(&self.directory, &self.clock, &self.options).await;
        self.deliveries.introduce("sqs", &self._port);
        self.settled = 0;
    }

    pub(super) fn pass_secs(&self, secs: i64) {
        self.clock.advance_ms(secs * 1_000);
    }

    /// Runs a job of a service.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Deliveries, &Tx<'_>) -> Result<T, storage::Error> + Send + 'static,
    ) -> T {
        let deliveries = Arc::clone(&self.deliveries);
        self.store.write(move |tx| job(&deliveries, tx)).await.unwrap()
    }

    pub(super) async fn post(&self, errand: Errand) -> i64 {
        self.write(move |deliveries, tx| deliveries.post(tx, &errand)).await
    }

    /// Waits until as many more attempts are settled.
    pub(super) async fn settle(&mut self, attempts: u64) {
        self.settled += attempts;
        let (mut settled, count) = (self.deliveries.settled(), self.settled);
        let waited = tokio::time::timeout(Duration::from_secs(10), settled.wait_for(|now| *now >= count));
        waited.await.expect("nothing was settled").unwrap();
    }

    /// All deliveries, the newest first.
    pub(super) async fn all(&self) -> Vec<Delivery> {
        self.deliveries.deliveries(DeliveryFilter::default()).await.unwrap()
    }

    /// The one delivery there is.
    pub(super) async fn one(&self) -> Delivery {
        let all = self.all().await;
        assert_eq!(all.len(), 1);
        all[0].clone()
    }

    /// The dead letters so far.
    pub(super) fn dead(&self) -> Vec<Parcel> {
        self.queues.parcels.lock().unwrap().clone()
    }
}

async fn open(directory: &TempDir, clock: &Clock, options: &Options) -> (Store, Arc<Deliveries>) {
    let location = Location::Directory(directory.path().to_owned());
    let store = storage::Options::new(location, Durability::None, clock.clone());
    let store = Store::open(store, &[MIGRATIONS]).unwrap();
    let deliveries = Deliveries::open(store.clone(), clock.clone(), options.clone()).await.unwrap();
    deliveries.start();
    (store, deliveries)
}

/// An errand of SNS: `{"a":1}` to a URL, tried once.
pub(super) fn errand(url: &str) -> Errand {
    Errand {
        account: AccountId::default(),
        region: Region::default(),
        service: "sns",
        owner: "arn:aws:sns:us-east-1:000000000000:t:s".to_owned(),
        source: "arn:aws:sns:us-east-1:000000000000:t".to_owned(),
        message_id: "m".to_owned(),
        request: Request {
            method: "POST".to_owned(),
            target: Target::Url(url.to_owned()),
            headers: vec![("Content-Type".to_owned(), "text/plain; charset=UTF-8".to_owned())],
            body: b"{\"a\":1}".to_vec(),
            timeout_ms: 5_000,
            authorization: None,
        },
        schedule: Schedule::Once,
        judge: Judge::Endpoint,
        dead_letter: None,
        pace: None,
    }
}

/// SNS's default: three retries, 20 seconds apart.
pub(super) fn three_retries() -> Schedule {
    Schedule::Phases(phases())
}

/// Its phases.
pub(super) fn phases() -> Phases {
    Phases {
        num_retries: 3,
        num_no_delay_retries: 0,
        num_min_delay_retries: 0,
        num_max_delay_retries: 0,
        min_delay_secs: 20,
        max_delay_secs: 20,
        backoff: Backoff::Linear,
    }
}

pub(super) fn dead_letter(queue: &str, with_reasons: bool) -> Option<DeadLetter> {
    let mut parcel = Parcel::new("arn:aws:sns:us-east-1:000000000000:t", "{\"a\":1}");
    if with_reasons {
        parcel.attributes = [Attribute::text("RULE_ARN", "r"), Attribute::text("TARGET_ARN", "t")].into();
    }
    Some(DeadLetter { queue: queue.to_owned(), parcel, with_reasons })
}
