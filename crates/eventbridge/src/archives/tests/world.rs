//! The world of all tests, with what archives and replays need.

use std::cell::RefCell;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use delivery::{Addressed, Deliver, Undeliverable};
use serde_json::Value;
use service::Error;
use storage::Tx;

use crate::api::inputs::*;
use crate::api::outputs::*;
use crate::api::types::{PutEventsRequestEntry, ReplayDestination, Target};
use crate::store::archived_events;
use crate::tests::world;
use crate::{Options, ops};

/// The instant every world begins at: the beginning of a minute.
pub(super) const BEGINNING_MS: i64 = world::BEGINNING_MS + 20_000;
pub(super) const MINUTE_MS: i64 = 60_000;
pub(super) const DAY_MS: i64 = 86_400_000;

pub(super) struct World {
    world: world::World,
    arrived: RefCell<Vec<(String, Value)>>,
}

impl Deref for World {
    type Target = world::World;

    fn deref(&self) -> &world::World {
        &self.world
    }
}

impl DerefMut for World {
    fn deref_mut(&mut self) -> &mut world::World {
        &mut self.world
    }
}

/// Queues that a few times can be handed nothing, as if the disk were full.
pub(super) struct Broken {
    queues: Arc<world::Queues>,
    pub(super) times: AtomicUsize,
}

impl Deliver for Broken {
    fn deliver(
        &self,
        tx: &Tx<'_>,
        parcels: &[Addressed<'_>],
    ) -> Result<Vec<Result<(), Undeliverable>>, storage::Error> {
        let less = |left: usize| left.checked_sub(1);
        if self.times.fetch_update(Ordering::SeqCst, Ordering::SeqCst, less).is_ok() {
            return Err(storage::Error::Lost("the disk is full".to_owned()));
        }
        self.queues.deliver(tx, parcels)
    }
}

impl World {
    pub(super) fn new() -> Self {
        Self::with(Options::default())
    }

    pub(super) fn with(options: Options) -> Self {
        let world = world::World::with(options);
        world.clock.set_ms(BEGINNING_MS);
        Self { world, arrived: RefCell::default() }
    }

    /// Has the queues be broken so many times.
    pub(super) fn break_queues(&self, times: usize) -> Arc<Broken> {
        let broken = Arc::new(Broken { queues: Arc::clone(&self.queues), times: AtomicUsize::new(times) });
        let port: Arc<dyn Deliver> = Arc::clone(&broken) as Arc<dyn Deliver>;
        self.deliveries.introduce("sqs", &port);
        broken
    }

    /// The events a queue got since it was last asked.
    pub(super) fn take(&self, queue: &str) -> Vec<Value> {
        let mut arrived = self.arrived.borrow_mut();
        arrived.extend(self.arrived());
        let (own, others) = arrived.drain(..).partition(|(name, _)| name == queue);
        *arrived = others;
        own.into_iter().map(|(_, body): (String, Value)| body).collect()
    }

    /// The numbers in their details.
    pub(super) fn numbers(&self, queue: &str) -> Vec<i64> {
        self.take(queue).iter().map(|event| event["detail"]["n"].as_i64().unwrap()).collect()
    }

    /// Lets the background go on until something is so.
    pub(super) fn until(&self, what: &str, so: impl Fn() -> bool) {
        for _ in 0..100_000 {
            if so() {
                return;
            }
            self.run(tokio::task::yield_now());
        }
        panic!("never: {what}");
    }

    pub(super) fn arn(&self, resource: &str) -> String {
        format!("arn:aws:events:us-east-1:{}:{resource}", self.call.account)
    }

    pub(super) fn bus(&self, name: &str) {
        self.world.bus(&self.call, name);
    }

    /// A rule for everything, or for a pattern, with one target.
    pub(super) fn rule(&self, bus: &str, name: &str, target: &str) -> String {
        let rule = PutRuleInput {
            name: name.into(),
            event_bus_name: Some(bus.into()),
            event_pattern: Some(r#"{"source":[{"prefix":""}]}"#.into()),
            ..Default::default()
        };
        let arn = self.run(ops::put_rule(&self.events, &self.call, rule)).unwrap().rule_arn.unwrap();
        let target = Target { id: "1".into(), arn: target.into(), ..Default::default() };
        let targets =
            PutTargetsInput { rule: name.into(), event_bus_name: Some(bus.into()), targets: vec![target] };
        self.run(ops::put_targets(&self.events, &self.call, targets)).unwrap();
        arn
    }

    /// A rule for everything, with a queue.
    pub(super) fn listen(&self, bus: &str, queue: &str) -> String {
        self.rule(bus, queue, &format!("arn:aws:sqs:us-east-1:000000000000:{queue}"))
    }

    /// Puts an event whose detail holds a number, of a certain time.
    pub(super) fn put_at(&self, bus: &str, number: i64, time_ms: Option<i64>) -> String {
        let entry = PutEventsRequestEntry {
            source: Some("shop".into()),
            detail_type: Some("order".into()),
            detail: Some(format!(r#"{{"n":{number}}}"#)),
            event_bus_name: Some(bus.into()),
            time: time_ms,
            ..Default::default()
        };
        let input = PutEventsInput { entries: vec![entry], ..Default::default() };
        let output = self.run(ops::put_events(&self.events, &self.call, input)).unwrap();
        output.entries.unwrap().remove(0).event_id.unwrap()
    }

    pub(super) fn put(&self, bus: &str, number: i64) -> String {
        self.put_at(bus, number, None)
    }

    pub(super) fn archive(&self, bus: &str, name: &str, change: CreateArchiveInput) -> Result<String, Error> {
        let input = CreateArchiveInput {
            archive_name: name.into(),
            event_source_arn: self.arn(&format!("event-bus/{bus}")),
            ..change
        };
        Ok(self.run(ops::create_archive(&self.events, &self.call, input))?.archive_arn.unwrap())
    }

    pub(super) fn archive_all(&self, bus: &str, name: &str) -> String {
        self.archive(bus, name, CreateArchiveInput::default()).unwrap()
    }

    pub(super) fn delete_archive(&self, name: &str) {
        let input = DeleteArchiveInput { archive_name: name.into() };
        self.run(ops::delete_archive(&self.events, &self.call, input)).unwrap();
    }

    pub(super) fn described(&self, name: &str) -> Result<DescribeArchiveOutput, Error> {
        let input = DescribeArchiveInput { archive_name: name.into() };
        self.run(ops::describe_archive(&self.events, &self.call, input))
    }

    pub(super) fn count(&self, name: &str) -> i64 {
        self.described(name).unwrap().event_count.unwrap()
    }

    /// Rows of archived events, whoever's they are.
    pub(super) fn rows(&self) -> i64 {
        self.run(self.events.store.read(|read| archived_events::count(read))).unwrap()
    }

    pub(super) fn rules(&self, bus: &str) -> Vec<crate::api::types::Rule> {
        let input = ListRulesInput { event_bus_name: Some(bus.into()), ..Default::default() };
        self.run(ops::list_rules(&self.events, &self.call, input)).unwrap().rules.unwrap()
    }

    /// A replay of an archive of the bus, of whatever happened until now.
    pub(super) fn replay(
        &self,
        archive: &str,
        bus: &str,
        change: StartReplayInput,
    ) -> Result<StartReplayOutput, Error> {
        let given = |time_ms: i64, default| if time_ms == 0 { default } else { time_ms };
        let input = StartReplayInput {
            event_source_arn: self.arn(&format!("archive/{archive}")),
            event_start_time: given(change.event_start_time, BEGINNING_MS - DAY_MS),
            event_end_time: given(change.event_end_time, self.clock.now_ms() + 1),
            destination: ReplayDestination {
                arn: self.arn(&format!("event-bus/{bus}")),
                filter_arns: change.destination.filter_arns,
            },
            ..change
        };
        self.run(ops::start_replay(&self.events, &self.call, input))
    }

    pub(super) fn replay_all(&self, archive: &str, bus: &str, name: &str) {
        let input = StartReplayInput { replay_name: name.into(), ..Default::default() };
        self.replay(archive, bus, input).unwrap();
    }

    pub(super) fn cancel(&self, name: &str) -> Result<CancelReplayOutput, Error> {
        let input = CancelReplayInput { replay_name: name.into() };
        self.run(ops::cancel_replay(&self.events, &self.call, input))
    }

    pub(super) fn replay_of(&self, name: &str) -> Result<DescribeReplayOutput, Error> {
        let input = DescribeReplayInput { replay_name: name.into() };
        self.run(ops::describe_replay(&self.events, &self.call, input))
    }

    pub(super) fn state(&self, name: &str) -> String {
        self.replay_of(name).unwrap().state.unwrap()
    }

    /// Waits for a replay to end that way.
    pub(super) fn ended(&self, name: &str, state: &str) -> DescribeReplayOutput {
        self.until(state, || self.state(name) == state);
        self.replay_of(name).unwrap()
    }
}
