//! Names and ARNs of event buses, `arn:aws:events:<region>:<account>:event-bus/<name>`.

use aws::{AccountId, Arn, Call, Region};
use service::Error;

use crate::errors::parameter_not_valid;

/// The bus every account has.
pub(crate) const DEFAULT: &str = "default";

/// What a bus is known by.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct BusKey {
    pub(crate) account: AccountId,
    pub(crate) region: Region,
    pub(crate) name: Box<str>,
}

impl BusKey {
    /// The bus of this name in the caller's account and region.
    pub(crate) fn of_caller(call: &Call, name: &str) -> Self {
        Self { account: call.account.clone(), region: call.region.clone(), name: name.into() }
    }

    /// The bus an ARN names.
    pub(crate) fn of_arn(arn: &Arn) -> Option<Self> {
        let name = arn.resource.strip_prefix("event-bus/").filter(|_| arn.service == "events")?;
        Some(Self {
            account: AccountId::parse(&arn.account)?,
            region: Region::parse(&arn.region)?,
            name: name.into(),
        })
    }

    /// The bus and the name of the rule an ARN names. A bus's name may hold slashes, a rule's may not.
    pub(crate) fn of_rule_arn(arn: &Arn) -> Option<(Self, String)> {
        let path = arn.resource.strip_prefix("rule/").filter(|_| arn.service == "events")?;
        let (bus, rule) = path.rsplit_once('/').unwrap_or((DEFAULT, path));
        let key = Self {
            account: AccountId::parse(&arn.account)?,
            region: Region::parse(&arn.region)?,
            name: bus.into(),
        };
        Some((key, rule.to_owned()))
    }

    /// The bus's ARN.
    pub(crate) fn arn(&self) -> String {
        Arn::new("events", &self.region, &self.account, format!("event-bus/{}", self.name)).to_string()
    }

    /// The ARN of a rule of this bus; the default bus is left out of it.
    pub(crate) fn rule_arn(&self, rule: &str) -> String {
        let resource = match &*self.name {
            DEFAULT => format!("rule/{rule}"),
            name => format!("rule/{name}/{rule}"),
        };
        Arn::new("events", &self.region, &self.account, resource).to_string()
    }
}

/// Reads a parameter that names a bus by its name or ARN; absent, it is the default bus.
pub(crate) fn parse(parameter: &str, name: Option<&str>, call: &Call) -> Result<BusKey, Error> {
    let Some(name) = name else { return Ok(BusKey::of_caller(call, DEFAULT)) };
    if !name.starts_with("arn:") {
        return Ok(BusKey::of_caller(call, name));
    }
    Arn::parse(name).and_then(|arn| BusKey::of_arn(&arn)).ok_or_else(|| parameter_not_valid(parameter))
}
