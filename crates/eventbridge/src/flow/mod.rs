//! What becomes of an event: the rules of its bus that match, their targets, the archives, and the buses behind it.
//!
//! All of it happens in the transaction of whoever put the event. Queues and topics get their parcels there and then;
//! what leaves the process is posted to the outbox there and then.

mod calls;
mod hand_over;

use std::collections::VecDeque;
use std::sync::Arc;

use aws::{AccountId, Region};
use failure::Failure;

use crate::event::json;
use crate::ledger::Ledger;
use crate::rules::bus_name::BusKey;
use crate::rules::policy::{self, Asking, PUT_EVENTS};
pub(crate) use calls::{LOG_STREAM, create_log_stream};
use hand_over::Outgoing;

/// An event that has arrived at a bus.
#[derive(Clone, Debug)]
pub(crate) struct Arrival {
    /// The bus.
    pub(crate) bus: i64,
    /// The event's id.
    pub(crate) id: Arc<str>,
    /// The event as patterns see it.
    pub(crate) json: Arc<str>,
    /// When we took it.
    pub(crate) ingested_at_ms: i64,
    /// The `X-Amzn-Trace-Id` it travels under.
    pub(crate) trace_header: Option<Arc<str>>,
    /// Whether another bus sent it. AWS: "EventBridge can't route events received from a sender event bus to a third
    /// event bus."
    pub(crate) forwarded: bool,
    /// Only these rules, by ARN, see a replayed event; an empty list stands for all.
    pub(crate) replayed_to: Option<Arc<[String]>>,
}

/// A target of a rule that matched.
struct Hit {
    rule: String,
    target: String,
}

/// Who sends an event from one bus to another.
struct Sender {
    account: AccountId,
    region: Region,
    rule_arn: String,
}

impl Ledger<'_> {
    /// Lets events take their way, one after the other; queues and topics get what is theirs together, at the end.
    pub(crate) fn route(&mut self, events: impl IntoIterator<Item = Arrival>) -> Result<(), Failure> {
        let mut outgoing = Outgoing::default();
        for event in events {
            let mut arrivals = VecDeque::from([event]);
            while let Some(arrival) = arrivals.pop_front() {
                let hits = self.hits(&arrival)?;
                self.log_hits(&arrival, &hits)?;
                for hit in hits {
                    match self.bus(arrival.bus)?.archives.get(&hit.rule) {
                        Some(archive) => self.archive(*archive, &arrival)?,
                        None => self.collect(&arrival, &hit, &mut outgoing, &mut arrivals)?,
                    }
                }
            }
        }
        self.hand_over(outgoing)
    }

    /// Writes down which rules match, where the bus keeps a log. The rules of archives are not told of.
    fn log_hits(&mut self, arrival: &Arrival, hits: &[Hit]) -> Result<(), Failure> {
        let bus = self.bus(arrival.bus)?;
        if bus.row.log_config.is_none() {
            return Ok(());
        }
        let told = hits.iter().filter(|hit| !bus.archives.contains_key(&hit.rule));
        let mut rules: Vec<&str> = told.map(|hit| hit.rule.as_str()).collect();
        rules.dedup();
        self.log_arrival(arrival, &rules)
    }

    /// Delivers an event to the targets of one rule, as its schedule does.
    pub(crate) fn fire(&mut self, arrival: &Arrival, rule: &str) -> Result<(), Failure> {
        let mut outgoing = Outgoing::default();
        let mut arrivals = VecDeque::new();
        let targets: Vec<String> = self.rule(arrival.bus, rule)?.targets.keys().cloned().collect();
        for target in targets {
            let hit = Hit { rule: rule.to_owned(), target };
            self.collect(arrival, &hit, &mut outgoing, &mut arrivals)?;
        }
        self.hand_over(outgoing)?;
        self.route(arrivals)
    }

    /// The targets of the rules that match.
    fn hits(&self, arrival: &Arrival) -> Result<Vec<Hit>, Failure> {
        let bus = self.bus(arrival.bus)?;
        let names = bus.patterns.matches_json(&arrival.json).unwrap_or_default();
        let mut hits = Vec::new();
        for name in names {
            let Some(rule) = bus.rules.get(&name) else { continue };
            let meant = |only: &Arc<[String]>| only.is_empty() || only.contains(&rule.arn);
            if arrival.replayed_to.as_ref().is_none_or(meant) {
                let hit = |target: &String| Hit { rule: name.clone(), target: target.clone() };
                hits.extend(rule.targets.keys().map(hit));
            }
        }
        Ok(hits)
    }

    /// The bus a target names, if this sender may put events there.
    fn bus_behind(&mut self, key: &BusKey, sender: &Sender, event: &str) -> Result<Option<i64>, Failure> {
        let Some(id) = self.look_up(key)? else { return Ok(None) };
        if key.account == sender.account {
            return Ok(Some(id));
        }
        let text = |name| json::text_of(json::member(event, name).unwrap_or_default());
        let [source, detail_type] = policy::keys_of_event(&text("source"), &text("detail-type"));
        // AWS: EventBridge User Guide, "Example policy: Restrict to a rule".
        let keys = [source, detail_type, ("aws:SourceArn", vec![sender.rule_arn.clone()])];
        let bus = self.bus(id)?;
        let asking = Asking { account: &sender.account, action: PUT_EVENTS, resource: &bus.arn, keys: &keys };
        Ok(policy::lets_in(bus.row.policy.as_deref(), &asking).then_some(id))
    }
}
