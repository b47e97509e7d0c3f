//! Topic ARNs, `arn:aws:sns:<region>:<account>:<name>`.

use aws::{AccountId, Arn, Call, Region};
use service::Error;

use crate::errors::{arn_too_short, invalid_parameter};

/// What a topic is known by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TopicKey {
    pub(crate) account: AccountId,
    pub(crate) region: Region,
    pub(crate) name: Box<str>,
}

impl TopicKey {
    /// The topic of this name in the caller's account and region.
    pub(crate) fn of_caller(call: &Call, name: &str) -> Self {
        Self { account: call.account.clone(), region: call.region.clone(), name: name.into() }
    }

    /// The topic an ARN names.
    pub(crate) fn of_arn(arn: &Arn) -> Option<Self> {
        let plain = arn.service == "sns" && !arn.resource.contains([':', '/']);
        Some(Self {
            account: AccountId::parse(&arn.account)?,
            region: Region::parse(&arn.region)?,
            name: arn.resource.as_str().into(),
        })
        .filter(|_| plain)
    }

    /// The topic's ARN.
    pub(crate) fn arn(&self) -> String {
        Arn::new("sns", &self.region, &self.account, &*self.name).to_string()
    }
}

/// Reads a parameter that names a topic. A topic of another region is no topic here; one of another account is.
pub(crate) fn parse(parameter: &str, arn: &str, call: &Call) -> Result<TopicKey, Error> {
    let parts = arn.split(':').count();
    if parts < 6 {
        return Err(arn_too_short(parameter, parts));
    }
    let key = Arn::parse(arn).and_then(|arn| TopicKey::of_arn(&arn));
    key.filter(|key| key.region == call.region).ok_or_else(|| invalid_parameter(parameter))
}
