//! What the attributes of topics and those of subscriptions have in common.

use aws::{AccountId, Arn};
use service::Error;

use crate::errors::invalid_parameter;

/// Why an attribute is not set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// There is none of this name.
    Unknown,
    /// The sentence after `Invalid parameter: `, or after `Attributes Reason: `.
    Because(String),
}

impl From<String> for Refused {
    fn from(reason: String) -> Self {
        Self::Because(reason)
    }
}

impl From<Refused> for Error {
    /// How it is said by the operations that set one attribute. Recorded: test_validate_set_sub_attributes; only those
    /// that make something say `Attributes Reason`.
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Unknown => invalid_parameter("AttributeName"),
            Refused::Because(reason) => invalid_parameter(reason),
        }
    }
}

/// Whether a text is the ARN of an IAM role.
pub(crate) fn is_role(text: &str) -> bool {
    Arn::parse(text).is_some_and(|arn| {
        let name = arn.resource.strip_prefix("role/");
        arn.service == "iam"
            && AccountId::parse(&arn.account).is_some()
            && name.is_some_and(|name| !name.is_empty())
    })
}
