//! Handing a matched event to one target: shaped, then into a queue or topic, onto a bus, or to the outbox.

use std::collections::VecDeque;
use std::sync::Arc;

use aws::Arn;
use delivery::{
    Addressed, Attribute, DeadLetter, Errand, Judge, LocalFailure, Parcel, Schedule, Undeliverable,
    UndeliverableKind,
};
use failure::Failure;

use super::{Arrival, Hit, Sender, calls};
use crate::ledger::Ledger;
use crate::logs::{Invocation, Step};
use crate::registry::{Rule, Target};
use crate::rules::bus_name::BusKey;
use crate::transform::{InputShape, Variables};

/// AWS: EventBridge User Guide, "Retrying event delivery".
const RETRIES_DEFAULT: u32 = 185;
const AGE_SECS_DEFAULT: u32 = 86_400;

/// Parcels that wait to be handed to queues and topics together.
#[derive(Default)]
pub(super) struct Outgoing {
    parcels: Vec<Handed>,
}

/// A parcel with what is needed if nobody takes it.
struct Handed {
    to: Arn,
    parcel: Parcel,
    bus: i64,
    source: String,
    rule_arn: String,
    event_id: Arc<str>,
    dead_letter: Option<DeadLetter>,
}

impl Ledger<'_> {
    /// Sees to one target of a rule that matched.
    pub(super) fn collect(
        &mut self,
        arrival: &Arrival,
        hit: &Hit,
        outgoing: &mut Outgoing,
        arrivals: &mut VecDeque<Arrival>,
    ) -> Result<(), Failure> {
        let rule = self.rule(arrival.bus, &hit.rule)?;
        let Some(target) = rule.targets.get(&hit.target) else { return Ok(()) };
        // What makes no JSON is delivered to nobody, without an error. Recorded: test_events_inputs.
        let Some(body) = body(arrival, rule, target) else { return Ok(()) };
        let dead_letter = dead_letter(rule, target, &body);
        let (given, rule_arn) = (target.given.clone(), rule.arn.clone());
        let Some(to) = target.arn.clone() else { return Ok(()) };
        let source = self.bus(arrival.bus)?.arn.clone();
        let handed = |parcel: Parcel| Handed {
            to: to.clone(),
            parcel,
            bus: arrival.bus,
            source: source.clone(),
            rule_arn: rule_arn.clone(),
            event_id: Arc::clone(&arrival.id),
            dead_letter: dead_letter.clone(),
        };
        if let Some(key) = BusKey::of_arn(&to) {
            if arrival.forwarded {
                return Ok(());
            }
            return match self.forwarded(arrival, &rule_arn, &key)? {
                Ok(next) => {
                    arrivals.push_back(next);
                    let handed = handed(Parcel::new(rule_arn.as_str(), ""));
                    self.log_fate(&handed, None)
                }
                Err(reason) => self.record(&handed(Parcel::new(rule_arn.as_str(), body)), &reason),
            };
        }
        if matches!(to.service.as_str(), "sqs" | "sns") {
            let group = given.sqs_parameters.and_then(|parameters| parameters.message_group_id);
            outgoing.parcels.push(handed(Parcel {
                group_id: group.map(Arc::from),
                trace_header: arrival.trace_header.clone(),
                ..Parcel::new(rule_arn.as_str(), body)
            }));
            return Ok(());
        }
        self.post(arrival, &given, &rule_arn, &body, dead_letter)
    }

    /// The event as it arrives at the next bus, or why it does not.
    fn forwarded(
        &mut self,
        arrival: &Arrival,
        rule_arn: &str,
        to: &BusKey,
    ) -> Result<Result<Arrival, Undeliverable>, Failure> {
        let from = self.bus(arrival.bus)?.row.key.clone();
        let sender = Sender { account: from.account, region: from.region, rule_arn: rule_arn.to_owned() };
        if self.look_up(to)?.is_none() {
            let message = format!("Event bus {} does not exist.", to.name);
            return Ok(Err(undeliverable("ResourceNotFoundException", message, UndeliverableKind::Missing)));
        }
        let Some(bus) = self.bus_behind(to, &sender, &arrival.json)? else {
            let message = format!("Not authorized to put events on event bus {}.", to.name);
            return Ok(Err(undeliverable("AccessDeniedException", message, UndeliverableKind::Forbidden)));
        };
        // Recorded: test_event_bus_to_event_bus_cross_account_region; the id is kept within a region.
        let (id, json) = if to.region == sender.region {
            (Arc::clone(&arrival.id), Arc::clone(&arrival.json))
        } else {
            let id = self.clock.uuid_v4().to_string();
            let json = arrival.json.replacen(&*arrival.id, &id, 1);
            (Arc::from(id), Arc::from(json))
        };
        Ok(Ok(Arrival { bus, id, json, forwarded: true, replayed_to: None, ..arrival.clone() }))
    }

    /// Posts a call of another service or of an API destination.
    fn post(
        &mut self,
        arrival: &Arrival,
        target: &crate::api::types::Target,
        rule_arn: &str,
        body: &str,
        dead_letter: Option<DeadLetter>,
    ) -> Result<(), Failure> {
        let bus = self.bus(arrival.bus)?;
        let (key, source) = (bus.row.key.clone(), bus.arn.clone());
        let call = self.call_of(target, arrival, rule_arn, body)?;
        let retry = target.retry_policy.clone().unwrap_or_default();
        let number =
            |given: Option<i32>, default| given.and_then(|n| u32::try_from(n).ok()).unwrap_or(default);
        let (request, judge, pace, refusal) = match call {
            Ok(call) => (call.request, call.judge, call.pace, None),
            Err(reason) => (calls::nothing(&target.arn, body), Judge::AwsOperation, None, Some(reason)),
        };
        let errand = Errand {
            account: key.account,
            region: key.region,
            service: "events",
            owner: rule_arn.to_owned(),
            source,
            message_id: arrival.id.to_string(),
            request,
            judge,
            schedule: Schedule::Exponential {
                retries_max: number(retry.maximum_retry_attempts, RETRIES_DEFAULT),
                age_max_secs: number(retry.maximum_event_age_in_seconds, AGE_SECS_DEFAULT),
            },
            dead_letter,
            pace,
        };
        let step = if refusal.is_some() { Step::InvocationFailure } else { Step::InvocationStart };
        let invocation =
            Invocation { bus: arrival.bus, event_id: &arrival.id, rule_arn, target_arn: &target.arn };
        self.log_invocation(&invocation, step, refusal.as_ref())?;
        match refusal {
            None => self.deliveries.post(self.tx, &errand)?,
            Some(reason) => self.deliveries.post_dead(self.tx, &errand, &reason)?,
        };
        Ok(())
    }

    /// Hands everything collected to queues and topics, and sees to what nobody took.
    pub(super) fn hand_over(&mut self, outgoing: Outgoing) -> Result<(), Failure> {
        let addressed: Vec<Addressed<'_>> = outgoing
            .parcels
            .iter()
            .map(|handed| Addressed { to: &handed.to, parcel: &handed.parcel })
            .collect();
        let fates = self.deliveries.deliver(self.tx, &addressed)?;
        for (handed, fate) in outgoing.parcels.iter().zip(fates) {
            match fate {
                Ok(()) => self.log_fate(handed, None)?,
                Err(reason) => self.record(handed, &reason)?,
            }
        }
        Ok(())
    }

    fn record(&mut self, handed: &Handed, reason: &Undeliverable) -> Result<(), Failure> {
        let key = &self.bus(handed.bus)?.row.key;
        let failure = LocalFailure {
            account: &key.account,
            region: &key.region,
            service: "events",
            owner: &handed.rule_arn,
            source: &handed.source,
            message_id: &handed.event_id,
            target: &handed.to.to_string(),
            body: &handed.parcel.body,
            dead_letter: handed.dead_letter.as_ref(),
        };
        self.deliveries.record_local(self.tx, &failure, reason)?;
        self.log_fate(handed, Some(reason))
    }

    /// Writes down what became of a parcel, where the bus keeps a log.
    fn log_fate(&mut self, handed: &Handed, reason: Option<&Undeliverable>) -> Result<(), Failure> {
        if self.bus(handed.bus)?.row.log_config.is_none() {
            return Ok(());
        }
        let target = handed.to.to_string();
        let invocation = Invocation {
            bus: handed.bus,
            event_id: &handed.event_id,
            rule_arn: &handed.rule_arn,
            target_arn: &target,
        };
        if reason.is_none() {
            return self.log_invocation(&invocation, Step::InvocationSuccess, None);
        }
        self.log_invocation(&invocation, Step::InvocationFailure, reason)?;
        match &handed.dead_letter {
            Some(_) => self.log_invocation(&invocation, Step::InvocationDlq, None),
            None => Ok(()),
        }
    }
}

fn undeliverable(code: &str, message: String, kind: UndeliverableKind) -> Undeliverable {
    Undeliverable { code: code.to_owned(), message, kind }
}

/// What the target gets. All that get the event as it is share one text, of which a queue makes one digest.
fn body(arrival: &Arrival, rule: &Rule, target: &Target) -> Option<Arc<str>> {
    let shape = target.shape.as_ref().filter(|shape| !shape.is_event());
    let Some(shape) = shape else { return Some(Arc::clone(&arrival.json)) };
    let variables = Variables {
        rule_arn: &rule.arn,
        rule_name: &rule.row.name,
        ingestion_time_ms: arrival.ingested_at_ms,
    };
    InputShape::apply(shape, &arrival.json, &variables).ok().map(Arc::from)
}

/// AWS: EventBridge User Guide, "Using dead-letter queues to process undelivered events".
fn dead_letter(rule: &Rule, target: &Target, body: &Arc<str>) -> Option<DeadLetter> {
    let queue = target.given.dead_letter_config.as_ref()?.arn.clone()?;
    let attributes =
        [Attribute::text("RULE_ARN", &rule.arn), Attribute::text("TARGET_ARN", &target.given.arn)];
    let parcel =
        Parcel { attributes: Arc::from(attributes), ..Parcel::new(rule.arn.as_str(), Arc::clone(body)) };
    Some(DeadLetter { queue, parcel, with_reasons: true })
}
