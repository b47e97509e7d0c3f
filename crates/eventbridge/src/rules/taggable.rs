//! Which resources carry tags: buses and rules, by their ARNs.

use aws::{Arn, Call};
use failure::Failure;

use crate::errors::{bus_does_not_exist, managed_rule, parameter_not_valid, rule_does_not_exist};
use crate::ledger::Ledger;
use crate::rules::bus_name::{BusKey, DEFAULT};

/// What an ARN names.
enum Taggable {
    Bus,
    Rule { managed: bool },
}

/// Refuses an ARN of nothing that is there.
pub(crate) fn find(ledger: &mut Ledger<'_>, call: &Call, arn: &str) -> Result<(), Failure> {
    look_up(ledger, call, arn).map(drop)
}

/// The same for whoever wants to change tags. AWS: API_TagResource, ManagedRuleException.
pub(crate) fn find_to_change(ledger: &mut Ledger<'_>, call: &Call, arn: &str) -> Result<(), Failure> {
    match look_up(ledger, call, arn)? {
        Taggable::Rule { managed: true } => {
            let rule = arn.rsplit('/').next().unwrap_or_default();
            Err(managed_rule(rule).into())
        }
        Taggable::Rule { managed: false } | Taggable::Bus => Ok(()),
    }
}

/// Finds the bus or rule of an ARN; a bus's name may hold slashes, a rule's may not. What is another account's or
/// region's is not there for the caller.
fn look_up(ledger: &mut Ledger<'_>, call: &Call, arn: &str) -> Result<Taggable, Failure> {
    let refused = || Failure::from(parameter_not_valid("ResourceArn"));
    let parsed = Arn::parse(arn).filter(|arn| arn.service == "events").ok_or_else(refused)?;
    let own = parsed.account == call.account.as_str() && parsed.region == call.region.as_str();
    if let Some(key) = BusKey::of_arn(&parsed) {
        return if own {
            ledger.find(&key).map(|_| Taggable::Bus)
        } else {
            Err(bus_does_not_exist(&key.name).into())
        };
    }
    let path = parsed.resource.strip_prefix("rule/").ok_or_else(refused)?;
    let (bus, rule) = path.rsplit_once('/').unwrap_or((DEFAULT, path));
    match ledger.look_up(&BusKey::of_caller(call, bus))? {
        Some(id) if own => {
            let managed = ledger.rule(id, rule)?.row.managed_by.is_some();
            Ok(Taggable::Rule { managed })
        }
        _ => Err(rule_does_not_exist(rule, bus).into()),
    }
}
