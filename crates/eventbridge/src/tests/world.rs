//! A service on a store of its own, a clock that only moves when a test says so, and queues that keep parcels.

use std::future::Future;
use std::sync::{Arc, Mutex};

use aws::{AccountId, Call, Region, Wire};
use clock::Clock;
use delivery::{Addressed, Deliver, Deliveries, Egress, Parcel, Undeliverable, UndeliverableKind};
use serde_json::Value;
use storage::{Durability, Location, Store, Tx};
use tempfile::TempDir;

use crate::api::inputs::{CreateEventBusInput, PutEventsInput, PutRuleInput, PutTargetsInput};
use crate::api::types::{PutEventsRequestEntry, Target};
use crate::{EventBridge, Options, ops};

/// The instant every world begins at: 2025-06-15T15:06:40Z.
pub(crate) const BEGINNING_MS: i64 = 1_750_000_000_000;

pub(crate) struct World {
    runtime: tokio::runtime::Runtime,
    directory: TempDir,
    pub(crate) clock: Clock,
    pub(crate) events: Arc<EventBridge>,
    pub(crate) call: Call,
    pub(crate) deliveries: Arc<Deliveries>,
    pub(crate) queues: Arc<Queues>,
    port: Arc<dyn Deliver>,
    store: Store,
    options: Options,
}

/// Queues and topics that keep what they get; those whose names begin with `missing` are not there.
#[derive(Default)]
pub(crate) struct Queues {
    parcels: Mutex<Vec<(String, Parcel)>>,
}

impl Queues {
    /// What was handed over since it was last asked for: the queue's name and the parcel, in order.
    pub(crate) fn take(&self) -> Vec<(String, Parcel)> {
        std::mem::take(&mut *self.parcels.lock().unwrap())
    }
}

impl Deliver for Queues {
    fn deliver(
        &self,
        _: &Tx<'_>,
        parcels: &[Addressed<'_>],
    ) -> Result<Vec<Result<(), Undeliverable>>, storage::Error> {
        let take = |addressed: &Addressed<'_>| {
            if addressed.to.resource.starts_with("missing") {
                return Err(Undeliverable {
                    code: "AWS.SimpleQueueService.NonExistentQueue".to_owned(),
                    message: "The specified queue does not exist.".to_owned(),
                    kind: UndeliverableKind::Missing,
                });
            }
            let kept = (addressed.to.resource.clone(), addressed.parcel.clone());
            self.parcels.lock().unwrap().push(kept);
            Ok(())
        };
        Ok(parcels.iter().map(take).collect())
    }
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(Options::default())
    }

    pub(crate) fn with(options: Options) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let directory = tempfile::tempdir().unwrap();
        let clock = Clock::steered_with_seed(BEGINNING_MS, 7);
        let queues = Arc::new(Queues::default());
        let port: Arc<dyn Deliver> = Arc::clone(&queues) as Arc<dyn Deliver>;
        let (store, deliveries, events) = runtime.block_on(open(&directory, &clock, &port, options));
        let call = Call {
            account: AccountId::default(),
            region: Region::default(),
            base_url: "http://localhost:4566".into(),
            request_id: "test".into(),
            access_key: Some("test".into()),
            trace_header: None,
            wire: Wire::Json,
        };
        Self { runtime, directory, clock, events, call, deliveries, queues, port, store, options }
    }

    /// Ends the process' part of the world and starts it again on the same file.
    pub(crate) fn restart(&mut self) {
        self.runtime.block_on(async {
            self.events.shutdown();
            self.deliveries.shutdown();
            self.deliveries.stopped().await;
            self.store.close().await;
        });
        (self.store, self.deliveries, self.events) =
            self.runtime.block_on(open(&self.directory, &self.clock, &self.port, self.options));
    }

    pub(crate) fn pass_secs(&self, secs: i64) {
        self.clock.advance_ms(secs * 1_000);
    }

    pub(crate) fn run<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// The same world seen by a caller of another account or region.
    pub(crate) fn caller(&self, account: &str, region: &str) -> Call {
        Call {
            account: AccountId::parse(account).unwrap(),
            region: Region::parse(region).unwrap(),
            ..self.call.clone()
        }
    }

    pub(crate) fn bus(&self, call: &Call, name: &str) {
        let input = CreateEventBusInput { name: name.into(), ..Default::default() };
        self.run(ops::create_event_bus(&self.events, call, input)).unwrap();
    }

    /// Has a queue get every event of a bus.
    pub(crate) fn listen(&self, call: &Call, bus: &str, queue: &str) {
        let (name, bus) = (format!("to-{queue}"), Some(bus.to_owned()));
        let rule = PutRuleInput {
            name: name.clone(),
            event_bus_name: bus.clone(),
            event_pattern: Some(r#"{"source":[{"prefix":""}]}"#.into()),
            ..Default::default()
        };
        self.run(ops::put_rule(&self.events, call, rule)).unwrap();
        let target = Target {
            id: "1".into(),
            arn: format!("arn:aws:sqs:{}:{}:{queue}", call.region, call.account),
            ..Default::default()
        };
        let input = PutTargetsInput { rule: name, event_bus_name: bus, targets: vec![target] };
        self.run(ops::put_targets(&self.events, call, input)).unwrap();
    }

    /// Puts an event with this detail.
    pub(crate) fn put(&self, call: &Call, bus: &str, endpoint_id: Option<&str>, detail: &str) {
        let entry = PutEventsRequestEntry {
            event_bus_name: Some(bus.into()),
            source: Some("shop".into()),
            detail_type: Some("t".into()),
            detail: Some(detail.into()),
            ..Default::default()
        };
        let input = PutEventsInput { entries: vec![entry], endpoint_id: endpoint_id.map(str::to_owned) };
        let output = self.run(ops::put_events(&self.events, call, input)).unwrap();
        assert_eq!(output.failed_entry_count, Some(0), "{output:?}");
    }

    /// The queues that got something since this was last asked, with what they got.
    pub(crate) fn arrived(&self) -> Vec<(String, Value)> {
        let parsed = |(queue, parcel): (String, Parcel)| (queue, serde_json::from_str(&parcel.body).unwrap());
        self.queues.take().into_iter().map(parsed).collect()
    }
}

async fn open(
    directory: &TempDir,
    clock: &Clock,
    port: &Arc<dyn Deliver>,
    options: Options,
) -> (Store, Arc<Deliveries>, Arc<EventBridge>) {
    let location = Location::Directory(directory.path().to_owned());
    let store = storage::Options::new(location, Durability::None, clock.clone());
    let store = Store::open(store, &[delivery::MIGRATIONS, crate::MIGRATIONS]).unwrap();
    // Nobody is called; what would be, is in the outbox.
    let outgoing = delivery::Options { egress: Egress::Deny, ..Default::default() };
    let deliveries = Deliveries::open(store.clone(), clock.clone(), outgoing).await.unwrap();
    deliveries.introduce("sqs", port);
    deliveries.introduce("sns", port);
    deliveries.start();
    let events =
        EventBridge::open(store.clone(), clock.clone(), Arc::clone(&deliveries), options).await.unwrap();
    (store, deliveries, events)
}
