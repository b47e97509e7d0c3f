//! Amazon Resource Names.

use std::fmt;

use crate::{AccountId, Region};

/// An ARN, `arn:partition:service:region:account:resource`. Region and account may be empty, as in S3's.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Arn {
    /// `aws`, `aws-cn` …
    pub partition: String,
    /// `sqs`, `sns` …
    pub service: String,
    /// The region, or nothing.
    pub region: String,
    /// The account, or nothing.
    pub account: String,
    /// All that follows the fifth colon.
    pub resource: String,
}

impl Arn {
    /// The ARN of a resource of this emulator.
    pub fn new(service: &str, region: &Region, account: &AccountId, resource: impl Into<String>) -> Self {
        Self {
            partition: region.partition().to_owned(),
            service: service.to_owned(),
            region: region.to_string(),
            account: account.to_string(),
            resource: resource.into(),
        }
    }

    /// Splits the six parts; the resource keeps its own colons. The service and the resource must not be empty.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        if parts.next()? != "arn" {
            return None;
        }
        let mut part = || parts.next().map(str::to_owned);
        let arn = Self {
            partition: part()?,
            service: part()?,
            region: part()?,
            account: part()?,
            resource: part()?,
        };
        let whole = arn.partition.starts_with("aws") && !arn.service.is_empty() && !arn.resource.is_empty();
        whole.then_some(arn)
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { partition, service, region, account, resource } = self;
        write!(f, "arn:{partition}:{service}:{region}:{account}:{resource}")
    }
}

#[cfg(test)]
mod tests {
    use super::Arn;

    #[test]
    fn an_arn_comes_back_as_it_was() {
        for text in [
            "arn:aws:sqs:us-east-1:000000000000:q",
            "arn:aws:s3:::bucket/a:b",
            "arn:aws-cn:sns:cn-north-1:1:t",
        ] {
            assert_eq!(Arn::parse(text).map(|arn| arn.to_string()).as_deref(), Some(text));
        }
    }

    #[test]
    fn what_is_no_arn_is_refused() {
        for text in [
            "",
            "arn",
            "arn:aws:sqs:us-east-1:1",
            "arn:aws:sqs:us-east-1:1:",
            "urn:aws:sqs:r:1:q",
            "arn:aws::r:1:q",
        ] {
            assert_eq!(Arn::parse(text), None, "{text}");
        }
    }
}
