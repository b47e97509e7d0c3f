//! A service on a store of its own, a clock that only moves when a test says so, and a neighbour that keeps parcels.

use std::future::Future;
use std::sync::{Arc, Mutex};

use aws::{AccountId, Call, Region, Wire};
use clock::Clock;
use delivery::{
    Addressed, Deliver, Deliveries, Delivery, DeliveryFilter, Egress, LetterFilter, Parcel, SentLetter,
    Undeliverable, UndeliverableKind,
};
use service::Error;
use shape::Map;
use storage::{Durability, Location, Store, Tx};
use tempfile::TempDir;

use crate::api::inputs::*;
use crate::{Options, Sns, ops};

/// The instant every world begins at.
pub(super) const BEGINNING_MS: i64 = 1_750_000_000_000;

pub(super) struct World {
    runtime: tokio::runtime::Runtime,
    directory: TempDir,
    pub(super) clock: Clock,
    pub(super) sns: Arc<Sns>,
    pub(super) call: Call,
    pub(super) deliveries: Arc<Deliveries>,
    pub(super) queues: Arc<Queues>,
    port: Arc<dyn Deliver>,
    store: Store,
    options: Options,
}

/// Queues that keep what they get; those whose names begin with `missing` are not there.
#[derive(Default)]
pub(super) struct Queues {
    parcels: Mutex<Vec<(String, Parcel)>>,
}

impl Queues {
    /// What was handed over since it was last asked for: the queue's name and the parcel, in order.
    pub(super) fn take(&self) -> Vec<(String, Parcel)> {
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
    pub(super) fn new() -> Self {
        Self::with(Options::default())
    }

    pub(super) fn with(options: Options) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let directory = tempfile::tempdir().unwrap();
        let clock = Clock::steered_with_seed(BEGINNING_MS, 7);
        let queues = Arc::new(Queues::default());
        let port: Arc<dyn Deliver> = Arc::clone(&queues) as Arc<dyn Deliver>;
        let (store, deliveries, sns) = runtime.block_on(open(&directory, &clock, &port, &options));
        let call = Call {
            account: AccountId::default(),
            region: Region::default(),
            base_url: "http://localhost:4566".into(),
            request_id: "test".into(),
            access_key: Some("test".into()),
            trace_header: None,
            wire: Wire::Query,
        };
        Self { runtime, directory, clock, sns, call, deliveries, queues, port, store, options }
    }

    /// Ends the process' part of the world and starts it again on the same file.
    pub(super) fn restart(&mut self) {
        self.runtime.block_on(async {
            self.deliveries.shutdown();
            self.deliveries.stopped().await;
            self.store.close().await;
        });
        (self.store, self.deliveries, self.sns) =
            self.runtime.block_on(open(&self.directory, &self.clock, &self.port, &self.options));
    }

    pub(super) fn pass_secs(&self, secs: i64) {
        self.clock.advance_ms(secs * 1000);
    }

    pub(super) fn run<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// The same world seen by a caller of another account or region.
    pub(super) fn caller(&self, account: &str, region: &str) -> Call {
        Call {
            account: AccountId::parse(account).unwrap(),
            region: Region::parse(region).unwrap(),
            ..self.call.clone()
        }
    }

    /// Makes a topic; answers its ARN.
    pub(super) fn topic(&self, name: &str, attributes: &[(&str, &str)]) -> Result<String, Error> {
        let input = CreateTopicInput {
            name: name.into(),
            attributes: map(attributes).non_empty(),
            ..Default::default()
        };
        let output = self.run(ops::create_topic(&self.sns, &self.call, input))?;
        Ok(output.topic_arn.unwrap())
    }

    /// One attribute of a topic, if it is shown.
    pub(super) fn topic_attribute(&self, arn: &str, name: &str) -> Option<String> {
        let input = GetTopicAttributesInput { topic_arn: arn.into() };
        let output = self.run(ops::get_topic_attributes(&self.sns, &self.call, input)).unwrap();
        output.attributes.unwrap().get(name).cloned()
    }

    /// Sets an attribute of a topic.
    pub(super) fn set_topic(&self, arn: &str, name: &str, value: &str) -> Result<(), Error> {
        let input = SetTopicAttributesInput {
            topic_arn: arn.into(),
            attribute_name: name.into(),
            attribute_value: Some(value.into()),
        };
        self.run(ops::set_topic_attributes(&self.sns, &self.call, input)).map(drop)
    }

    /// What is in the outbox, the newest first.
    pub(super) fn outbox(&self) -> Vec<Delivery> {
        self.run(self.deliveries.deliveries(DeliveryFilter::default())).unwrap()
    }

    /// What was written to people and devices, the oldest first.
    pub(super) fn letters(&self) -> Vec<SentLetter> {
        self.run(self.deliveries.letters(LetterFilter::default())).unwrap()
    }
}

async fn open(
    directory: &TempDir,
    clock: &Clock,
    port: &Arc<dyn Deliver>,
    options: &Options,
) -> (Store, Arc<Deliveries>, Arc<Sns>) {
    let location = Location::Directory(directory.path().to_owned());
    let store = storage::Options::new(location, Durability::None, clock.clone());
    let store = Store::open(store, &[delivery::MIGRATIONS, crate::MIGRATIONS]).unwrap();
    // Nobody is called; what would be, is in the outbox.
    let outgoing = delivery::Options { egress: Egress::Deny, ..Default::default() };
    let deliveries = Deliveries::open(store.clone(), clock.clone(), outgoing).await.unwrap();
    deliveries.introduce("sqs", port);
    deliveries.start();
    let sns =
        Sns::open(store.clone(), clock.clone(), Arc::clone(&deliveries), options.clone()).await.unwrap();
    (store, deliveries, sns)
}

/// A map of texts.
pub(super) fn map(entries: &[(&str, &str)]) -> Map<String> {
    entries.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
}
