//! Rules with a schedule: one task sleeps until the next of them fires.
//!
//! The moment a rule fires next is in its row, so that a restart misses nothing: what was due while nobody was there
//! fires once, late. A clock that is moved forward fires every moment it passes, back to a day before where it stops.

use std::sync::{Arc, Weak};

use aws::Arn;
use service::Error;

use crate::errors::{parameter_not_valid, rule_does_not_exist, rule_has_no_schedule};
use crate::event::Event;
use crate::flow::Arrival;
use crate::ledger::{Failure, Ledger, next_firing};
use crate::rules::bus_name::BusKey;
use crate::store::rules;
use crate::{EventBridge, registry::Registry};

/// Rules fired in one transaction.
const FIRED_A_STEP: usize = 100;

/// What is further back is not made up for. AWS gives up an event that is a day old.
const MADE_UP_FOR_MS: i64 = 86_400_000;

/// What is done about moments that were missed.
#[derive(Clone, Copy)]
pub(crate) enum Missed {
    /// All of them fire.
    MadeUp,
    /// They fire together, once.
    Merged,
}

/// Starts the task; it ends with the service.
pub(crate) fn start(events: &Arc<EventBridge>) {
    let (service, clock) = (Arc::downgrade(events), events.clock.clone());
    let (changed, mut closing) = (Arc::clone(&events.schedules), events.closing());
    tokio::spawn(async move {
        let mut missed = Missed::Merged;
        loop {
            let Some(next_ms) = fire_due(&service, missed).await else { break };
            missed = Missed::MadeUp;
            tokio::select! {
                () = clock.sleep_until(next_ms) => {}
                () = changed.notified() => {}
                _ = closing.changed() => break,
            }
        }
    });
}

/// Fires what is due; answers when the next rule is, or nothing when the service is gone.
async fn fire_due(service: &Weak<EventBridge>, missed: Missed) -> Option<i64> {
    let events = service.upgrade()?;
    loop {
        let now_ms = events.clock.now_ms();
        let next_ms = next_firing_of(&events.shared.lock()).unwrap_or(clock::LATEST_MS);
        if next_ms > now_ms {
            return Some(next_ms);
        }
        // What went wrong is in the log already; the rules stay due.
        if events.write(move |ledger| fire_some(ledger, missed)).await.is_err() {
            return Some(now_ms.saturating_add(1_000));
        }
    }
}

fn next_firing_of(registry: &Registry) -> Option<i64> {
    let rules = registry.by_id.values().flat_map(|bus| bus.rules.values());
    rules.filter_map(|rule| rule.row.fires_at_ms).min()
}

fn fire_some(ledger: &mut Ledger<'_>, missed: Missed) -> Result<(), Failure> {
    let now_ms = ledger.now_ms();
    let due = ledger.registry.by_id.values().flat_map(|bus| {
        let due = bus.rules.values().filter(|rule| rule.row.fires_at_ms.is_some_and(|at_ms| at_ms <= now_ms));
        due.map(|rule| (bus.row.id, rule.row.name.clone()))
    });
    let due: Vec<(i64, String)> = due.take(FIRED_A_STEP).collect();
    for (bus, rule) in due {
        ledger.fire_schedule(bus, &rule, missed)?;
    }
    Ok(())
}

impl EventBridge {
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
    /// Lets a rule's schedule fire, and says when it fires next.
    pub(crate) fn fire_schedule(&mut self, bus: i64, name: &str, missed: Missed) -> Result<(), Failure> {
        let now_ms = self.now_ms();
        let mut row = self.rule(bus, name)?.row.clone();
        let due_ms = row.fires_at_ms.unwrap_or(now_ms);
        let after_ms = match missed {
            Missed::MadeUp => due_ms.max(now_ms.saturating_sub(MADE_UP_FOR_MS)),
            Missed::Merged => now_ms,
        };
        row.fires_at_ms = next_firing(&row, after_ms);
        rules::set_fires_at(self.tx, row.id, row.fires_at_ms)?;
        self.replace_rule(bus, row)?;
        let arrival = self.scheduled_event(bus, name, due_ms)?;
        self.fire(&arrival, name)
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
