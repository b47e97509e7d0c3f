//! Redrive policies: which queue takes the dead letters, and which queues may send them.
//!
//! AWS: API_SetQueueAttributes, RedrivePolicy and RedriveAllowPolicy.

use serde_json::{Map, Value};
use service::Error;

use crate::errors::{invalid_value, redrive_allow_policy_format};

/// Where a queue's dead letters go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RedrivePolicy {
    pub(crate) target_arn: String,
    pub(crate) max_receive_count: u32,
}

/// Which queues may name this one as their dead-letter queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RedriveAllowPolicy {
    AllowAll,
    DenyAll,
    ByQueue(Vec<String>),
}

const RECEIVE_COUNT_MAX: i64 = 1000;
const SOURCE_QUEUES_MAX: usize = 10;

impl RedrivePolicy {
    /// Reads the attribute's JSON.
    pub(crate) fn parse(json: &str) -> Result<Self, Error> {
        let refused = |reason: &str| invalid_value(json, "RedrivePolicy", reason);
        let policy: Value =
            serde_json::from_str(json).map_err(|_| refused("Redrive policy is not a valid JSON map."))?;
        let policy = policy.as_object().ok_or_else(|| refused("Redrive policy is not a valid JSON map."))?;
        let mandatory = |name: &str| {
            let reason = format!("Redrive policy does not contain mandatory attribute: {name}.");
            policy.get(name).filter(|value| !value.is_null()).ok_or_else(|| refused(&reason))
        };
        let count = mandatory("maxReceiveCount")?;
        let target = mandatory("deadLetterTargetArn")?;
        let target_arn =
            target.as_str().filter(|arn| crate::rules::queue_url::QueueKey::of_arn(arn).is_some());
        let target_arn = target_arn.ok_or_else(|| refused("Invalid value for deadLetterTargetArn."))?;
        let count_text = count.as_str().map_or_else(|| count.to_string(), str::to_owned);
        let reason = format!(
            "Invalid value for maxReceiveCount: {count_text}, valid values are from 1 to {RECEIVE_COUNT_MAX} both inclusive."
        );
        let count = count_text.parse::<i64>().ok().filter(|count| (1..=RECEIVE_COUNT_MAX).contains(count));
        let count = count.and_then(|count| u32::try_from(count).ok()).ok_or_else(|| refused(&reason))?;
        Ok(Self { target_arn: target_arn.to_owned(), max_receive_count: count })
    }
}

impl RedriveAllowPolicy {
    /// Reads the attribute's JSON.
    pub(crate) fn parse(json: &str) -> Result<Self, Error> {
        let refused = |reason: &str| invalid_value(json, "RedriveAllowPolicy", reason);
        let mut policy: Map<String, Value> =
            serde_json::from_str(json).map_err(|_| redrive_allow_policy_format())?;
        let sources = policy.remove("sourceQueueArns").unwrap_or_default();
        let sources: Option<Vec<String>> =
            serde_json::from_value(sources).map_err(|_| redrive_allow_policy_format())?;
        match (policy.get("redrivePermission").and_then(Value::as_str), sources) {
            (Some("allowAll"), None) => Ok(Self::AllowAll),
            (Some("denyAll"), None) => Ok(Self::DenyAll),
            (Some("allowAll" | "denyAll"), Some(_)) => Err(refused(
                "sourceQueueArns can be specified only when the redrivePermission parameter is set to byQueue.",
            )),
            (Some("byQueue"), sources) => {
                let sources = sources.filter(|arns| (1..=SOURCE_QUEUES_MAX).contains(&arns.len()));
                sources.map(Self::ByQueue).ok_or_else(|| {
                    refused("sourceQueueArns must name from 1 to 10 source queues when redrivePermission is byQueue.")
                })
            }
            _ => Err(refused("redrivePermission must be one of allowAll, denyAll, byQueue.")),
        }
    }

    /// Whether the queue of this ARN may send its dead letters here.
    pub(crate) fn allows(&self, source_arn: &str) -> bool {
        match self {
            Self::AllowAll => true,
            Self::DenyAll => false,
            Self::ByQueue(sources) => sources.iter().any(|arn| arn == source_arn),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARN: &str = "arn:aws:sqs:us-east-1:000000000000:dead";

    #[test]
    fn a_receive_count_may_be_a_number_or_a_string() {
        for count in ["3", "\"3\""] {
            let policy = RedrivePolicy::parse(&format!(
                r#"{{"deadLetterTargetArn":"{ARN}","maxReceiveCount":{count}}}"#
            ));
            assert_eq!(policy.map(|policy| policy.max_receive_count), Ok(3), "{count}");
        }
    }

    #[test]
    fn what_is_no_redrive_policy_is_refused() {
        for json in [
            "x".to_owned(),
            "[]".to_owned(),
            "{}".to_owned(),
            format!(r#"{{"deadLetterTargetArn":"{ARN}"}}"#),
            r#"{"maxReceiveCount":3}"#.to_owned(),
            r#"{"deadLetterTargetArn":"dead","maxReceiveCount":3}"#.to_owned(),
            format!(r#"{{"deadLetterTargetArn":"{ARN}","maxReceiveCount":0}}"#),
            format!(r#"{{"deadLetterTargetArn":"{ARN}","maxReceiveCount":1001}}"#),
            format!(r#"{{"deadLetterTargetArn":"{ARN}","maxReceiveCount":"many"}}"#),
        ] {
            let code = RedrivePolicy::parse(&json).err().map(|error| error.kind.code);
            assert_eq!(code, Some("InvalidParameterValue"), "{json}");
        }
    }

    #[test]
    fn an_allow_policy_says_who_may_send() {
        let by_queue = RedriveAllowPolicy::parse(&format!(
            r#"{{"redrivePermission":"byQueue","sourceQueueArns":["{ARN}"]}}"#
        ));
        assert_eq!(by_queue.as_ref().map(|policy| policy.allows(ARN)), Ok(true));
        assert_eq!(by_queue.map(|policy| policy.allows("other")), Ok(false));
        let deny = RedriveAllowPolicy::parse(r#"{"redrivePermission":"denyAll"}"#);
        assert_eq!(deny.map(|policy| policy.allows(ARN)), Ok(false));
        for json in [
            "{}",
            r#"{"redrivePermission":"byQueue"}"#,
            r#"{"redrivePermission":"denyAll","sourceQueueArns":["a"]}"#,
        ] {
            let code = RedriveAllowPolicy::parse(json).err().map(|error| error.kind.code);
            assert_eq!(code, Some("InvalidParameterValue"), "{json}");
        }
        for json in [
            "",
            "[]",
            r#"{"redrivePermission":"byQueue","sourceQueueArns":"a"}"#,
            r#"{"redrivePermission":"byQueue","sourceQueueArns":[1]}"#,
        ] {
            assert_eq!(RedriveAllowPolicy::parse(json), Err(redrive_allow_policy_format()), "{json}");
        }
    }
}
