//! The bus an operation names, and whether its policy lets the caller do that.
//!
//! AWS: EventBridge User Guide, "Permissions for event buses"; Service Authorization Reference, "Amazon EventBridge".

use aws::{AccountId, Call};
use failure::Failure;
use serde_json::Value;
use service::Error;

use super::bus_name::{self, BusKey};
use super::policy::{self, Asking, Key};
use crate::errors::{access_denied, cross_region};
use crate::ledger::Ledger;

/// A bus, and who names it.
#[derive(Clone, Debug)]
pub(crate) struct NamedBus {
    pub(crate) key: BusKey,
    pub(crate) caller: AccountId,
}

/// Reads a parameter that names a bus of this region by its name or ARN; absent, it is the default bus.
pub(crate) fn parse(parameter: &str, name: Option<&str>, call: &Call) -> Result<NamedBus, Error> {
    let key = bus_name::parse(parameter, name, call)?;
    if key.region != call.region {
        return Err(cross_region());
    }
    Ok(NamedBus { key, caller: call.account.clone() })
}

/// What is to be done, to what.
#[derive(Clone, Debug)]
pub(crate) struct Deed<'a> {
    action: &'static str,
    on: On<'a>,
    keys: Vec<Key>,
}

#[derive(Clone, Copy, Debug)]
enum On<'a> {
    Bus,
    Rules,
    Rule(&'a str),
}

impl<'a> Deed<'a> {
    /// Something done to the bus itself.
    pub(crate) fn on_bus(action: &'static str) -> Self {
        Self { action, on: On::Bus, keys: Vec::new() }
    }

    /// Something done to no rule in particular. AWS names `rule/*` there; a policy may as well name the bus.
    pub(crate) fn on_rules(action: &'static str) -> Self {
        Self { action, on: On::Rules, keys: Vec::new() }
    }

    /// Something done to one rule.
    pub(crate) fn on_rule(action: &'static str, rule: &'a str) -> Self {
        Self { action, on: On::Rule(rule), keys: Vec::new() }
    }

    /// With the values that the request has for a condition key.
    pub(crate) fn with(mut self, key: &'static str, values: Vec<String>) -> Self {
        self.keys.push((key, values));
        self
    }

    /// With what a rule's pattern asks of source and detail type.
    pub(crate) fn with_pattern(self, pattern: Option<&str>) -> Self {
        let pattern: Value = pattern.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let wanted = |member: &str| match &pattern[member] {
            Value::Array(values) => values
                .iter()
                .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
                .collect(),
            _ => Vec::new(),
        };
        self.with("events:source", wanted("source")).with("events:detail-type", wanted("detail-type"))
    }

    /// The ARNs of what it is done to; a policy has to name one.
    fn resources(&self, bus: &BusKey) -> Vec<String> {
        match self.on {
            On::Bus => vec![bus.arn()],
            On::Rules => vec![bus.rule_arn("*"), bus.arn()],
            On::Rule(rule) => vec![bus.rule_arn(rule)],
        }
    }
}

impl Ledger<'_> {
    /// The id of a bus that has to be there, if the caller may do this to it.
    pub(crate) fn find_for(&mut self, bus: &NamedBus, deed: &Deed<'_>) -> Result<i64, Failure> {
        self.admit(bus, deed)?;
        self.find(&bus.key)
    }

    /// Refuses a caller of another account whom the bus's policy does not let do this. To such a one, a bus that is not
    /// there is one that lets nobody in.
    pub(crate) fn admit(&self, bus: &NamedBus, deed: &Deed<'_>) -> Result<(), Failure> {
        if bus.key.account == bus.caller {
            return Ok(());
        }
        let there = self.registry.by_key.get(&bus.key).and_then(|id| self.registry.by_id.get(id));
        let mut keys = deed.keys.clone();
        let rule = match deed.on {
            On::Rule(name) => there.and_then(|there| there.rules.get(name)),
            On::Bus | On::Rules => None,
        };
        if let Some(rule) = rule {
            keys.push(("events:creatorAccount", vec![rule.row.created_by.clone()]));
            keys.push(("events:ManagedBy", rule.row.managed_by.clone().into_iter().collect()));
        }
        let action = format!("events:{}", deed.action);
        let resources = deed.resources(&bus.key);
        let lets_in = |resource: &String| {
            let asking = Asking { account: &bus.caller, action: &action, resource, keys: &keys };
            policy::lets_in(there.and_then(|there| there.row.policy.as_deref()), &asking)
        };
        if resources.iter().any(lets_in) {
            return Ok(());
        }
        let resource = resources.first().map(String::as_str).unwrap_or_default();
        Err(access_denied(&bus.caller, &action, resource).into())
    }
}
