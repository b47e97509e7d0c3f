//! Names and ARNs of archives and replays, `arn:aws:events:<region>:<account>:archive/<name>`.

use aws::{AccountId, Arn, Call, Region};

/// A name within an account and region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ScopedName {
    pub(crate) account: AccountId,
    pub(crate) region: Region,
    pub(crate) name: String,
}

impl ScopedName {
    /// A name of the caller's.
    pub(crate) fn of_caller(call: &Call, name: impl Into<String>) -> Self {
        Self { account: call.account.clone(), region: call.region.clone(), name: name.into() }
    }

    /// The ARN of the archive of this name.
    pub(crate) fn archive_arn(&self) -> String {
        self.arn("archive")
    }

    /// The ARN of the replay of this name.
    pub(crate) fn replay_arn(&self) -> String {
        self.arn("replay")
    }

    /// The archive an ARN names.
    pub(crate) fn of_archive_arn(arn: &str) -> Option<Self> {
        let arn = Arn::parse(arn).filter(|arn| arn.service == "events")?;
        let name = arn.resource.strip_prefix("archive/")?;
        let (account, region) = (AccountId::parse(&arn.account)?, Region::parse(&arn.region)?);
        Some(Self { account, region, name: name.to_owned() })
    }

    fn arn(&self, kind: &str) -> String {
        Arn::new("events", &self.region, &self.account, format!("{kind}/{}", self.name)).to_string()
    }
}
