//! Topic attributes: names, ranges, defaults, and how they bear on each other.
//!
//! AWS: API_CreateTopic, API_SetTopicAttributes, API_GetTopicAttributes. Only what somebody set is stored; a value that
//! takes a setting away is not.

use std::collections::BTreeMap;

use serde_json::Value;

use super::attribute::{Refused, is_role};
use super::message_size::ORDINARY_BYTES_MAX;
use super::{delivery_policy, document, policy_form, topic_name};
use crate::store::topics::TopicRow;

/// The attribute that is stored with an archive policy: since when there is an archive. Callers are told when it
/// begins, which is later once messages have been forgotten.
pub(crate) const BEGINNING_ARCHIVE_TIME: &str = "BeginningArchiveTime";

const DISPLAY_NAME_CHARS_MAX: usize = 100;
pub(crate) const DAY_MS: i64 = 86_400_000;

/// What is set about a topic, by name.
pub(crate) type SetAttributes = BTreeMap<String, String>;

/// A topic's attributes, read once when they change.
#[derive(Clone, Debug)]
pub(crate) struct TopicSettings {
    pub(crate) fifo: bool,
    /// The deduplication id of a message without one is the digest of its body.
    pub(crate) content_deduplication: bool,
    /// Deduplication is by message group (`FifoThroughputScope` = `MessageGroup`), not by topic.
    pub(crate) deduplicate_by_group: bool,
    /// 1: SHA-1, 2: SHA-256.
    pub(crate) signature_version: u8,
    pub(crate) message_bytes_max: usize,
    /// How long messages are kept for replay; nothing when they are not.
    pub(crate) archive_days: Option<u32>,
}

impl TopicSettings {
    /// Reads what is set.
    pub(crate) fn read(row: &TopicRow) -> Self {
        let attribute = |name: &str| row.attributes.get(name).map(String::as_str);
        Self {
            fifo: topic_name::is_fifo(&row.key.name),
            content_deduplication: attribute("ContentBasedDeduplication") == Some("true"),
            deduplicate_by_group: attribute("FifoThroughputScope") == Some("MessageGroup"),
            signature_version: if attribute("SignatureVersion") == Some("2") { 2 } else { 1 },
            message_bytes_max: attribute("MaximumMessageSize")
                .and_then(|size| size.parse().ok())
                .unwrap_or(ORDINARY_BYTES_MAX),
            archive_days: attribute("ArchivePolicy").and_then(|policy| archive_days(policy).ok()),
        }
    }

    /// The earliest instant from which messages can be replayed.
    pub(crate) fn archive_begins_at_ms(&self, attributes: &SetAttributes, now_ms: i64) -> Option<i64> {
        let kept_ms = i64::from(self.archive_days?) * DAY_MS;
        let since_ms =
            attributes.get(BEGINNING_ARCHIVE_TIME).and_then(|at| clock::calendar::parse_iso8601(at));
        Some(since_ms.unwrap_or(now_ms).max(now_ms - kept_ms))
    }
}

/// Sets an attribute, or takes it away. `FifoTopic` is decided by the name and set by nobody.
pub(crate) fn set(
    attributes: &mut SetAttributes,
    fifo: bool,
    name: &str,
    value: &str,
    now_ms: i64,
) -> Result<(), Refused> {
    if matches!(name, "ContentBasedDeduplication" | "ArchivePolicy" | "FifoThroughputScope") && !fifo {
        return Err(Refused::Unknown);
    }
    let removes = check(name, value)?;
    if name == "ArchivePolicy" {
        set_archive_time(attributes, removes, now_ms);
    }
    if removes {
        attributes.remove(name);
    } else {
        attributes.insert(name.to_owned(), value.to_owned());
    }
    Ok(())
}

/// An archive begins when it is asked for, and goes on when its policy changes.
fn set_archive_time(attributes: &mut SetAttributes, removes: bool, now_ms: i64) {
    if removes {
        attributes.remove(BEGINNING_ARCHIVE_TIME);
    } else {
        attributes
            .entry(BEGINNING_ARCHIVE_TIME.to_owned())
            .or_insert_with(|| clock::calendar::iso8601_ms(now_ms));
    }
}

/// Refuses a value; answers whether it takes the setting away.
fn check(name: &str, value: &str) -> Result<bool, Refused> {
    let one_of = |values: &[&str]| match values.contains(&value) {
        true => Ok(false),
        false => Err(invalid(name, value, format_args!("Must be one of {}.", values.join(", ")))),
    };
    match name {
        "DisplayName" => match value.chars().count() <= DISPLAY_NAME_CHARS_MAX {
            true => Ok(value.is_empty()),
            // Recorded: getlift/lift#348, serverless/serverless#4937.
            false => Err(Refused::Because(name.to_owned())),
        },
        "Policy" => policy_form::check(value).map(|()| false).map_err(Refused::Because),
        "DeliveryPolicy" | "ArchivePolicy" if document::is_empty(value) => Ok(true),
        "DeliveryPolicy" => delivery_policy::check_topic(value).map(|()| false).map_err(Refused::Because),
        "ContentBasedDeduplication" => boolean(name, value).map(|_| false),
        "FifoThroughputScope" => one_of(&["Topic", "MessageGroup"]),
        "ArchivePolicy" => archive_days(value).map(|_| false).map_err(Refused::Because),
        "SignatureVersion" => one_of(&["1", "2"]),
        "TracingConfig" => one_of(&["PassThrough", "Active"]),
        "MaximumMessageSize" => number(name, value, 1_024, 1_048_576).map(|()| false),
        "KmsMasterKeyId" => Ok(value.is_empty()),
        _ => check_feedback(name, value),
    }
}

/// Delivery status logging. AWS: "Amazon SNS message delivery status"; nothing is logged here.
fn check_feedback(name: &str, value: &str) -> Result<bool, Refused> {
    const PROTOCOLS: [&str; 5] = ["HTTP", "SQS", "Lambda", "Firehose", "Application"];
    let what = PROTOCOLS.iter().find_map(|protocol| name.strip_prefix(protocol));
    match what {
        Some("SuccessFeedbackRoleArn" | "FailureFeedbackRoleArn") => {
            if value.is_empty() || is_role(value) {
                return Ok(value.is_empty());
            }
            Err(invalid(name, value, "Must be the ARN of an IAM role."))
        }
        Some("SuccessFeedbackSampleRate") if value.is_empty() => Ok(true),
        Some("SuccessFeedbackSampleRate") => number(name, value, 0, 100).map(|()| false),
        _ => Err(Refused::Unknown),
    }
}

fn invalid(name: &str, value: &str, must: impl std::fmt::Display) -> Refused {
    Refused::Because(format!("{name}: Invalid value [{value}]. {must}"))
}

fn number(name: &str, value: &str, least: u32, most: u32) -> Result<(), Refused> {
    match value.parse::<u32>() {
        Ok(number) if (least..=most).contains(&number) => Ok(()),
        _ => Err(invalid(name, value, format_args!("Must be an integer between {least} and {most}."))),
    }
}

fn boolean(name: &str, value: &str) -> Result<bool, Refused> {
    match value {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(invalid(name, value, "Must be true or false.")),
    }
}

/// Whether a topic is asked for that is FIFO.
pub(crate) fn asks_for_fifo<'a>(
    mut given: impl Iterator<Item = (&'a str, &'a String)>,
) -> Result<bool, Refused> {
    let asked = given.find(|(name, _)| *name == "FifoTopic");
    asked.map_or(Ok(false), |(name, value)| boolean(name, &value.to_lowercase()))
}

/// How many days an archive policy keeps messages. AWS: SNS Developer Guide, "Message archiving for FIFO topic owners".
fn archive_days(policy: &str) -> Result<u32, String> {
    const MEMBER: &str = "MessageRetentionPeriod";
    let document = document::parse("ArchivePolicy", policy)?;
    let members = document.as_object().ok_or("ArchivePolicy: must be a JSON object")?;
    if let Some(member) = members.keys().find(|member| *member != MEMBER) {
        return Err(format!("ArchivePolicy: Unexpected JSON member: {member}"));
    }
    let days = members.get(MEMBER).and_then(|days| match days {
        Value::String(days) => days.parse().ok(),
        days => days.as_u64().and_then(|days| u32::try_from(days).ok()),
    });
    let days = days.filter(|days| (1..=365).contains(days));
    days.ok_or_else(|| format!("ArchivePolicy: {MEMBER} value is invalid"))
}

/// Whether a topic that is there has this value already, be it set or by default.
pub(crate) fn has(attributes: &SetAttributes, name: &str, value: &str) -> bool {
    let there = attributes.get(name);
    if there.is_some() {
        return document::same(there, Some(&value.to_owned()));
    }
    match name {
        "ContentBasedDeduplication" => value == "false",
        "SignatureVersion" => value == "1",
        "TracingConfig" => value == "PassThrough",
        "FifoThroughputScope" => value == "Topic",
        _ => document::is_empty(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(fifo: bool, name: &str, value: &str, expected: Result<(), Refused>) {
        let set = super::set(&mut SetAttributes::new(), fifo, name, value, 0);
        assert_eq!(set, expected, "{name}={value}");
    }

    fn refused(reason: &str) -> Result<(), Refused> {
        Err(Refused::Because(reason.to_owned()))
    }

    #[test]
    fn names() {
        for name in ["Colour", "TopicArn", "SubscriptionsConfirmed", "FifoTopic", "BeginningArchiveTime", ""]
        {
            check(true, name, "true", Err(Refused::Unknown));
        }
        for name in ["ContentBasedDeduplication", "ArchivePolicy", "FifoThroughputScope"] {
            check(false, name, "true", Err(Refused::Unknown));
        }
        for protocol in ["HTTP", "SQS", "Lambda", "Firehose", "Application"] {
            for what in ["SuccessFeedbackRoleArn", "FailureFeedbackRoleArn"] {
                check(false, &format!("{protocol}{what}"), "arn:aws:iam::000000000000:role/r", Ok(()));
            }
            check(false, &format!("{protocol}SuccessFeedbackSampleRate"), "100", Ok(()));
        }
        check(false, "SMSSuccessFeedbackSampleRate", "100", Err(Refused::Unknown));
    }

    #[test]
    fn values() {
        check(false, "DisplayName", &"é".repeat(100), Ok(()));
        check(false, "DisplayName", &"x".repeat(101), refused("DisplayName"));
        check(false, "Policy", "", refused("Policy Error: null"));
        check(false, "DeliveryPolicy", "[]", refused("DeliveryPolicy: must be a JSON object"));
        check(
            false,
            "SignatureVersion",
            "3",
            refused("SignatureVersion: Invalid value [3]. Must be one of 1, 2."),
        );
        check(false, "TracingConfig", "Active", Ok(()));
        check(false, "MaximumMessageSize", "1048576", Ok(()));
        for value in ["1023", "1048577", "big", "-1", ""] {
            let reason = format!("Invalid value [{value}]. Must be an integer between 1024 and 1048576.");
            check(false, "MaximumMessageSize", value, refused(&format!("MaximumMessageSize: {reason}")));
        }
        check(
            true,
            "ContentBasedDeduplication",
            "maybe",
            refused("ContentBasedDeduplication: Invalid value [maybe]. Must be true or false."),
        );
        check(true, "FifoThroughputScope", "MessageGroup", Ok(()));
        check(
            false,
            "HTTPSuccessFeedbackRoleArn",
            "me",
            refused("HTTPSuccessFeedbackRoleArn: Invalid value [me]. Must be the ARN of an IAM role."),
        );
    }

    #[test]
    fn archives() {
        for (policy, days) in
            [(r#"{"MessageRetentionPeriod":"30"}"#, Ok(30)), (r#"{"MessageRetentionPeriod":365}"#, Ok(365))]
        {
            assert_eq!(archive_days(policy), days, "{policy}");
        }
        for period in ["0", "366", "\"a month\"", "-1", "1.5", "null"] {
            let policy = format!(r#"{{"MessageRetentionPeriod":{period}}}"#);
            let reason = "ArchivePolicy: MessageRetentionPeriod value is invalid".to_owned();
            assert_eq!(archive_days(&policy), Err(reason), "{policy}");
        }
        assert!(archive_days("no policy").unwrap_err().starts_with("ArchivePolicy: failed to parse JSON."));
        check(true, "ArchivePolicy", "{}", Ok(()));
    }

    #[test]
    fn an_empty_value_takes_the_setting_away() {
        let mut attributes = SetAttributes::new();
        for (name, value) in
            [("DisplayName", "x"), ("KmsMasterKeyId", "k"), ("DeliveryPolicy", r#"{"http":{}}"#)]
        {
            set(&mut attributes, false, name, value, 0).unwrap();
            assert!(has(&attributes, name, value));
            set(&mut attributes, false, name, "", 0).unwrap();
            assert!(attributes.is_empty() && has(&attributes, name, ""), "{name}");
        }
    }
}
