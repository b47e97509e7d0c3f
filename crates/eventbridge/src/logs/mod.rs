//! What the `LogConfig` of a bus has written down of each event: records in the form AWS delivers them, kept in a table.
//!
//! AWS: EventBridge User Guide, "Amazon EventBridge event bus log schema". Which level a step has is only partly
//! documented; the rest is ours. What became of a call to the outside is in the outbox.

#[cfg(test)]
mod tests;

use aws::Arn;
use delivery::Undeliverable;
use failure::Failure;
use serde_json::{Value, json};

use crate::EventBridge;
use crate::api::types::LogConfig;
use crate::flow::Arrival;
use crate::ledger::Ledger;
use crate::store::{event_logs, kept};

/// Records of one bus that are shown.
const SHOWN_MAX: u32 = 1_000;

/// How much is written down. Each level has what those before it have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Error,
    Info,
    Trace,
}

/// A step of an event's way.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// It came to the bus.
    EventReceipt,
    /// A rule matches it.
    RuleMatch,
    /// No rule does.
    NoStandardRulesMatched,
    /// A target outside is to be called.
    InvocationStart,
    /// A target has it.
    InvocationSuccess,
    /// A target did not take it.
    InvocationFailure,
    /// The dead-letter queue gets it.
    InvocationDlq,
}

impl Step {
    fn name_and_level(self) -> (&'static str, Level) {
        match self {
            Self::EventReceipt => ("EVENT_RECEIPT", Level::Info),
            Self::RuleMatch => ("RULE_MATCH", Level::Info),
            Self::NoStandardRulesMatched => ("NO_STANDARD_RULES_MATCHED", Level::Info),
            Self::InvocationStart => ("INVOCATION_START", Level::Trace),
            Self::InvocationSuccess => ("INVOCATION_SUCCESS", Level::Info),
            Self::InvocationFailure => ("INVOCATION_FAILURE", Level::Error),
            Self::InvocationDlq => ("INVOCATION_DLQ", Level::Error),
        }
    }
}

impl Level {
    fn of_text(text: &str) -> Option<Self> {
        match text {
            "ERROR" => Some(Self::Error),
            "INFO" => Some(Self::Info),
            "TRACE" => Some(Self::Trace),
            _ => None,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Error => "ERROR",
            Self::Info => "INFO",
            Self::Trace => "TRACE",
        }
    }
}

/// What a target is called for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Invocation<'a> {
    /// The bus.
    pub(crate) bus: i64,
    /// The event's id.
    pub(crate) event_id: &'a str,
    /// The rule that matched.
    pub(crate) rule_arn: &'a str,
    /// Who is called.
    pub(crate) target_arn: &'a str,
}

impl EventBridge {
    /// The newest log records of a bus, the oldest of them first, each a JSON document.
    pub async fn logs(&self, bus_arn: &str) -> Result<Vec<String>, storage::Error> {
        let bus_arn = bus_arn.to_owned();
        let mut records =
            self.store.read(move |read| event_logs::select_latest(read, &bus_arn, SHOWN_MAX)).await?;
        records.reverse();
        Ok(records)
    }
}

impl Ledger<'_> {
    /// Writes down that an event came, and which rules, by name, match it.
    pub(crate) fn log_arrival(&mut self, arrival: &Arrival, rules: &[&str]) -> Result<(), Failure> {
        let Some(config) = self.log_config(arrival.bus)? else { return Ok(()) };
        let details = details_of(&arrival.json, config.include_detail.as_deref() == Some("FULL"));
        self.log(arrival.bus, &arrival.id, Step::EventReceipt, details.clone(), None)?;
        if rules.is_empty() {
            return self.log(arrival.bus, &arrival.id, Step::NoStandardRulesMatched, details, None);
        }
        for rule in rules {
            let mut details = details.clone();
            details["rule_arn"] = Value::from(self.bus(arrival.bus)?.row.key.rule_arn(rule));
            self.log(arrival.bus, &arrival.id, Step::RuleMatch, details, None)?;
        }
        Ok(())
    }

    /// Writes down what became of an event at a target.
    pub(crate) fn log_invocation(
        &mut self,
        invocation: &Invocation<'_>,
        step: Step,
        reason: Option<&Undeliverable>,
    ) -> Result<(), Failure> {
        let Invocation { bus, event_id, rule_arn, target_arn } = *invocation;
        let details = json!({ "rule_arn": rule_arn, "target_arn": target_arn });
        let error = reason.map(|reason| {
            let service = Arn::parse(target_arn).map(|arn| arn.service);
            json!({ "error_code": reason.code, "error_message": reason.message, "aws_service": service })
        });
        self.log(bus, event_id, step, details, error)
    }

    fn log(
        &mut self,
        bus: i64,
        event_id: &str,
        step: Step,
        details: Value,
        error: Option<Value>,
    ) -> Result<(), Failure> {
        let Some(config) = self.log_config(bus)? else { return Ok(()) };
        let (name, level) = step.name_and_level();
        if config.level.as_deref().and_then(Level::of_text).is_none_or(|most| level > most) {
            return Ok(());
        }
        let (arn, key) = (self.bus(bus)?.arn.clone(), self.bus(bus)?.row.key.clone());
        let mut record = json!({
            "resource_arn": arn,
            "message_timestamp_ms": self.now_ms(),
            "event_bus_name": &*key.name,
            "event_id": event_id,
            "message_type": name,
            "log_level": level.as_str(),
            "details": details,
        });
        if let Some(error) = error {
            record["error"] = error;
        }
        Ok(event_logs::insert(self.tx, &key.account, &arn, &record.to_string())?)
    }

    fn log_config(&self, bus: i64) -> Result<Option<LogConfig>, Failure> {
        Ok(self.bus(bus)?.row.log_config.as_deref().map(kept::from_text))
    }
}

fn details_of(event: &str, with_detail: bool) -> Value {
    let mut event: Value = serde_json::from_str(event).unwrap_or_default();
    let time = event["time"].as_str().and_then(clock::calendar::parse_iso8601);
    json!({
        "caller_account_id": event["account"].take(),
        "source_time_ms": time,
        "source": event["source"].take(),
        "detail_type": event["detail-type"].take(),
        "resources": event["resources"].take(),
        // AWS writes this word when IncludeDetail is NONE.
        "event_detail": if with_detail { event["detail"].take() } else { "REDACTED".into() },
    })
}
