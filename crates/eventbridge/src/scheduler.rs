//! Rules with a schedule: one task sleeps until the next of them fires.
//!
//! The moment a rule fires next is in its row. What was due while nobody was there fires once, late; a clock that is
//! moved forward fires every moment it passes. One that goes back leaves moments in rows that are too far away now:
//! those are found and brought nearer, also at the start.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::sync::{Arc, Weak};

use aws::Arn;
use failure::Failure;
use service::Error;

use crate::errors::{parameter_not_valid, rule_does_not_exist, rule_has_no_schedule};
use crate::event::Event;
use crate::flow::Arrival;
use crate::ledger::{Ledger, next_firing};
use crate::rules::bus_name::BusKey;
use crate::store::rules;
use crate::{EventBridge, registry::Registry};

/// Firings in one transaction: others have their turn between two.
const FIRED_A_STEP: usize = 100;

/// What passed longer ago while the machine slept fires once. AWS gives up an event that is a day old.
const MADE_UP_FOR_MS: i64 = 86_400_000;

/// Moments of one rule that are made up for when the clock is moved.
const MADE_UP_MAX: usize = 10_000;

/// How long the task looks away at most: the wall clock may be set back behind its back.
const LOOKS_AGAIN_MS: i64 = 60_000;

/// Starts the task; it ends with the service.
pub(crate) fn start(events: &Arc<EventBridge>) {
    let (service, clock) = (Arc::downgrade(events), events.clock.clone());
    let (changed, mut closing) = (Arc::clone(&events.schedules), events.closing());
    let mut lookout = Lookout {
        seen: clock.steerings(),
        done: clock.steerings(),
        looked_ms: clock.now_ms(),
        missed_until_ms: Some(clock.now_ms()),
    };
    tokio::spawn(async move {
        loop {
            let Some(next_ms) = lookout.look(&service).await else { break };
            tokio::select! {
                () = clock.sleep_until(next_ms) => {}
                () = clock.steered_since(lookout.seen) => {}
                () = changed.notified() => {}
                _ = closing.changed() => break,
            }
        }
    });
}

/// What the task knows of the time, from one look to the next.
struct Lookout {
    /// How often the clock had been steered when it looked last.
    seen: u64,
    /// The same when it looked last and all was done that was due.
    done: u64,
    /// When it looked last.
    looked_ms: i64,
    /// When it was started, until all is done that was due by then: nobody was there, so it fires once.
    missed_until_ms: Option<i64>,
}

/// How the moments that have passed are made up for.
struct CatchUp {
    /// What was due until then fires once.
    merged_until_ms: Option<i64>,
    /// How often each rule has fired, by its id.
    fired: HashMap<i64, usize>,
}

impl Lookout {
    /// Fires what is due; answers when to look again, or nothing when the service is gone.
    async fn look(&mut self, service: &Weak<EventBridge>) -> Option<i64> {
        let events = service.upgrade()?;
        let closing = events.closing();
        self.seen = events.clock.steerings();
        let started_ms = events.clock.now_ms();
        let was_steered = self.seen != self.done;
        // What went wrong is in the log already; the rules stay as they are until the next look.
        let failed = started_ms.saturating_add(1_000);
        let is_first = self.missed_until_ms.is_some();
        if is_first || was_steered || started_ms < self.looked_ms {
            let from_ms = self.missed_until_ms.map_or(started_ms, |missed_ms| missed_ms.min(started_ms));
            if events.bring_nearer(from_ms).await.is_err() {
                return Some(failed);
            }
        }
        let a_day_ago_ms = started_ms.saturating_sub(MADE_UP_FOR_MS);
        let merged_until_ms = self.missed_until_ms.max((!was_steered).then_some(a_day_ago_ms));
        let mut catch_up = CatchUp { merged_until_ms, fired: HashMap::new() };
        while !*closing.borrow() {
            let now_ms = events.clock.now_ms();
            let next_ms = next_firing_of(&events.shared.lock()).unwrap_or(clock::LATEST_MS);
            if next_ms > now_ms {
                self.done = self.seen;
                self.looked_ms = started_ms;
                self.missed_until_ms = None;
                return Some(next_ms.min(now_ms.saturating_add(LOOKS_AGAIN_MS)));
            }
            let Ok(fired) = events.write(move |ledger| fire_some(ledger, catch_up)).await else {
                return Some(failed);
            };
            catch_up = fired;
        }
        None
    }
}

fn next_firing_of(registry: &Registry) -> Option<i64> {
    let rules = registry.by_id.values().flat_map(|bus| bus.rules.values());
    rules.filter_map(|rule| rule.row.fires_at_ms).min()
}

/// The rules, by bus and name, whose next moment is not the first after this one. What was due then stays so.
fn too_far_away(registry: &Registry, from_ms: i64) -> Vec<(i64, String)> {
    let rules = registry.by_id.values().flat_map(|bus| bus.rules.values());
    let found = rules.filter(|rule| {
        let fires_ms = rule.row.fires_at_ms.unwrap_or(i64::MAX);
        fires_ms > from_ms && next_firing(&rule.row, from_ms).is_some_and(|next_ms| next_ms < fires_ms)
    });
    found.map(|rule| (rule.row.bus_id, rule.row.name.clone())).collect()
}

/// Fires what is due, the oldest moments first.
fn fire_some(ledger: &mut Ledger<'_>, mut catch_up: CatchUp) -> Result<CatchUp, Failure> {
    let now_ms = ledger.now_ms();
    let rules = ledger.registry.by_id.values().flat_map(|bus| bus.rules.values());
    let due = rules.filter_map(|rule| {
        let at_ms = rule.row.fires_at_ms.filter(|at_ms| *at_ms <= now_ms)?;
        Some(Reverse((at_ms, rule.row.bus_id, rule.row.name.clone())))
    });
    let mut due: BinaryHeap<_> = due.collect();
    for _ in 0..FIRED_A_STEP {
        let Some(Reverse((_, bus, rule))) = due.pop() else { break };
        let next_ms = ledger.fire_schedule(bus, &rule, &mut catch_up)?;
        if let Some(next_ms) = next_ms.filter(|next_ms| *next_ms <= now_ms) {
            due.push(Reverse((next_ms, bus, rule)));
        }
    }
    Ok(catch_up)
}

impl EventBridge {
    /// Finds rules that fire later than they would if they were put at this moment: the clock was ahead when theirs was
    /// reckoned.
    async fn bring_nearer(&self, from_ms: i64) -> Result<(), Error> {
        if too_far_away(&self.shared.lock(), from_ms).is_empty() {
            return Ok(());
        }
        self.write(move |ledger| {
            for (bus, name) in too_far_away(&ledger.registry, from_ms) {
                let mut row = ledger.rule(bus, &name)?.row.clone();
                row.fires_at_ms = next_firing(&row, from_ms);
                rules::set_fires_at(ledger.tx, row.id, row.fires_at_ms)?;
                ledger.replace_rule(bus, row)?;
            }
            Ok(())
        })
        .await
    }

    /// Lets the schedule of a rule, named by its ARN, fire now, whether the rule is enabled or not. When it fires by
    /// itself does not change.
    pub async fn trigger(&self, rule_arn: &str) -> Result<(), Error> {
        let (key, rule) = Arn::parse(rule_arn)
            .as_ref()
            .and_then(BusKey::of_rule_arn)
            .ok_or_else(|| parameter_not_valid("RuleArn"))?;
        self.write(move |ledger| {
            let bus = ledger.look_up(&key)?.ok_or_else(|| rule_does_not_exist(&rule, &key.name))?;
            if ledger.rule(bus, &rule)?.row.schedule.is_none() {
                return Err(rule_has_no_schedule(&rule).into());
            }
            let arrival = ledger.scheduled_event(bus, &rule, ledger.now_ms())?;
            ledger.fire(&arrival, &rule)
        })
        .await
    }
}

impl Ledger<'_> {
    /// Lets a rule's schedule fire, and answers when it fires next.
    fn fire_schedule(
        &mut self,
        bus: i64,
        name: &str,
        catch_up: &mut CatchUp,
    ) -> Result<Option<i64>, Failure> {
        let now_ms = self.now_ms();
        let mut row = self.rule(bus, name)?.row.clone();
        let due_ms = row.fires_at_ms.unwrap_or(now_ms);
        let from_ms = catch_up.merged_until_ms.map_or(due_ms, |until_ms| due_ms.max(until_ms.min(now_ms)));
        let mut next_ms = next_firing(&row, from_ms);
        let fired = catch_up.fired.entry(row.id).or_default();
        *fired += 1;
        if *fired >= MADE_UP_MAX && next_ms.is_some_and(|next_ms| next_ms <= now_ms) {
            tracing::warn!(
                rule = name,
                "the clock passed more than {MADE_UP_MAX} moments of a schedule: the rest is left out"
            );
            next_ms = next_firing(&row, now_ms);
        }
        row.fires_at_ms = next_ms;
        rules::set_fires_at(self.tx, row.id, row.fires_at_ms)?;
        self.replace_rule(bus, row)?;
        let arrival = self.scheduled_event(bus, name, due_ms)?;
        self.fire(&arrival, name)?;
        Ok(next_ms)
    }

    /// The event of a rule's schedule. Recorded: tests_schedule_rate_target_sqs.
    fn scheduled_event(&self, bus: i64, name: &str, due_ms: i64) -> Result<Arrival, Failure> {
        let key = &self.bus(bus)?.row.key;
        let arn = self.rule(bus, name)?.arn.clone();
        let id = self.clock.uuid_v4().to_string();
        let event = Event {
            id: &id,
            detail_type: "Scheduled Event",
            source: "aws.events",
            account: key.account.as_str(),
            time_ms: due_ms,
            region: key.region.as_str(),
            replay_name: None,
            resources: &[arn],
            detail: "{}",
        };
        Ok(Arrival {
            bus,
            json: Arc::from(event.to_json()),
            id: Arc::from(id.as_str()),
            ingested_at_ms: self.now_ms(),
            trace_header: None,
            forwarded: false,
            replayed_to: None,
        })
    }
}
