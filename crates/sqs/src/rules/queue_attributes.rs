//! Queue attributes: names, ranges, defaults, and how they bear on each other.
//!
//! AWS: API_CreateQueue, API_SetQueueAttributes, API_GetQueueAttributes.

use std::collections::BTreeMap;

use service::Error;
use shape::Map;

use super::redrive::{RedriveAllowPolicy, RedrivePolicy};
use crate::errors::{
    fifo_only_attribute, invalid_attribute_value, invalid_attribute_value_because, refused_attribute_value,
    unknown_attribute,
};

/// The attributes somebody set, by name; what is not here has its default.
pub(crate) type SetAttributes = BTreeMap<&'static str, String>;

/// A queue's attributes, read once when they change.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) fifo: bool,
    pub(crate) delay_secs: i64,
    pub(crate) message_bytes_max: usize,
    pub(crate) retention_secs: i64,
    pub(crate) receive_wait_secs: i64,
    pub(crate) visibility_secs: i64,
    pub(crate) content_deduplication: bool,
    pub(crate) deduplicate_by_group: bool,
    pub(crate) redrive: Option<RedrivePolicy>,
    pub(crate) redrive_allow: RedriveAllowPolicy,
}

/// A number with its range and default.
struct Number {
    name: &'static str,
    least: i64,
    most: i64,
    default: &'static str,
}

const NUMBERS: &[Number] = &[
    Number { name: "DelaySeconds", least: 0, most: 900, default: "0" },
    Number { name: "MaximumMessageSize", least: 1024, most: 1_048_576, default: "1048576" },
    Number { name: "MessageRetentionPeriod", least: 60, most: 1_209_600, default: "345600" },
    Number { name: "ReceiveMessageWaitTimeSeconds", least: 0, most: 20, default: "0" },
    Number { name: "VisibilityTimeout", least: 0, most: 43_200, default: "30" },
];

/// Only while a KMS key is set.
const KMS_REUSE: Number =
    Number { name: "KmsDataKeyReusePeriodSeconds", least: 60, most: 86_400, default: "300" };

/// Attributes that hold text; an empty value removes them.
const TEXTS: &[&str] = &["Policy", "RedrivePolicy", "RedriveAllowPolicy", "KmsMasterKeyId"];

/// FIFO only: name, allowed values, the default first.
const FIFO_CHOICES: &[(&str, &[&str])] = &[
    ("ContentBasedDeduplication", &["false", "true"]),
    ("DeduplicationScope", &["queue", "messageGroup"]),
    ("FifoThroughputLimit", &["perQueue", "perMessageGroupId"]),
];

/// Attributes that are told, never set.
const TOLD: &[&str] = &[
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesDelayed",
    "ApproximateNumberOfMessagesNotVisible",
    "CreatedTimestamp",
    "LastModifiedTimestamp",
    "QueueArn",
];

const SSE: &str = "SqsManagedSseEnabled";

/// Whether GetQueueAttributes may be asked for it.
pub(crate) fn is_known(name: &str) -> bool {
    name == "All"
        || name == "FifoQueue"
        || name == SSE
        || name == KMS_REUSE.name
        || TOLD.contains(&name)
        || TEXTS.contains(&name)
        || NUMBERS.iter().any(|number| number.name == name)
        || FIFO_CHOICES.iter().any(|(choice, _)| *choice == name)
}

/// Whether CreateQueue asks for a FIFO queue.
pub(crate) fn asks_for_fifo(attributes: &Map<String>) -> Result<bool, Error> {
    match attributes.get("FifoQueue").map(String::as_str) {
        None => Ok(false),
        Some("true") => Ok(true),
        Some("false") => Err(unknown_attribute("FifoQueue")),
        Some(_) => Err(invalid_attribute_value("FifoQueue")),
    }
}

/// Applies a caller's attributes to those that are set: checks each, then what they are together.
pub(crate) fn apply(set: &SetAttributes, given: &Map<String>, fifo: bool) -> Result<SetAttributes, Error> {
    if given.get(SSE).is_some_and(|value| value == "true")
        && given.get("KmsMasterKeyId").is_some_and(|key| !key.is_empty())
    {
        return Err(refused_attribute_value(
            "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.",
        ));
    }
    let mut next = set.clone();
    for (name, value) in given.iter() {
        apply_one(&mut next, name, value, fifo)?;
    }
    let is = |name: &str, value: &str| next.get(name).is_some_and(|set| set == value);
    if is("FifoThroughputLimit", "perMessageGroupId") && !is("DeduplicationScope", "messageGroup") {
        return Err(invalid_attribute_value_because(
            "FifoThroughputLimit",
            "The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup.",
        ));
    }
    Ok(next)
}

fn apply_one(set: &mut SetAttributes, name: &str, value: &str, fifo: bool) -> Result<(), Error> {
    if let Some(number) = NUMBERS.iter().chain([&KMS_REUSE]).find(|number| number.name == name) {
        let parsed = value.parse::<i64>().ok().filter(|parsed| (number.least..=number.most).contains(parsed));
        let parsed = parsed.ok_or_else(|| invalid_attribute_value(name))?;
        set.insert(number.name, parsed.to_string());
        return Ok(());
    }
    if let Some((choice, values)) = FIFO_CHOICES.iter().find(|(choice, _)| *choice == name) {
        if !fifo {
            return Err(not_for_standard_queues(choice));
        }
        let value = values.iter().find(|known| known.eq_ignore_ascii_case(value));
        set.insert(choice, (*value.ok_or_else(|| invalid_attribute_value(name))?).to_owned());
        return Ok(());
    }
    match name {
        "FifoQueue" if !fifo => Err(unknown_attribute(name)),
        "FifoQueue" if value == "true" => Ok(()),
        "FifoQueue" => Err(invalid_attribute_value(name)),
        SSE => apply_sse(set, value),
        name => {
            let text = TEXTS.iter().find(|text| **text == name).ok_or_else(|| unknown_attribute(name))?;
            apply_text(set, text, value)
        }
    }
}

fn not_for_standard_queues(choice: &str) -> Error {
    match choice {
        "ContentBasedDeduplication" => unknown_attribute(choice),
        // AWS names DeduplicationScope whichever of the two it was.
        _ => fifo_only_attribute("DeduplicationScope"),
    }
}

/// The two kinds of encryption exclude each other: the one set last stays.
fn apply_sse(set: &mut SetAttributes, value: &str) -> Result<(), Error> {
    match value.to_ascii_lowercase().as_str() {
        "true" => {
            set.remove("KmsMasterKeyId");
            set.remove(KMS_REUSE.name);
            set.remove(SSE);
        }
        "false" => {
            set.insert(SSE, "false".to_owned());
        }
        _ => return Err(invalid_attribute_value(SSE)),
    }
    Ok(())
}

fn apply_text(set: &mut SetAttributes, name: &'static str, value: &str) -> Result<(), Error> {
    if value.is_empty() {
        set.remove(name);
        if name == "KmsMasterKeyId" {
            set.remove(KMS_REUSE.name);
        }
        return Ok(());
    }
    match name {
        "Policy" => super::policy::check(value)?,
        "RedrivePolicy" => drop(RedrivePolicy::parse(value)?),
        "RedriveAllowPolicy" => drop(RedriveAllowPolicy::parse(value)?),
        _ => {
            set.insert(SSE, "false".to_owned());
        }
    }
    set.insert(name, value.to_owned());
    Ok(())
}

/// The first of the given attributes whose value differs from what the queue has: a queue of that name exists.
pub(crate) fn first_difference<'a>(
    set: &SetAttributes,
    given: &'a Map<String>,
    fifo: bool,
) -> Result<Option<&'a str>, Error> {
    let current = all(set, fifo);
    let wanted = all(&apply(set, given, fifo)?, fifo);
    let differs = |name: &&str| {
        let json = |attributes: &BTreeMap<&str, String>| {
            attributes
                .get(*name)
                .map(|text| serde_json::from_str::<serde_json::Value>(text).map_err(|_| text.clone()))
        };
        json(&current) != json(&wanted)
    };
    Ok(given.keys().find(differs))
}

/// Every attribute that can be set, with its value or default, as GetQueueAttributes answers it.
pub(crate) fn all(set: &SetAttributes, fifo: bool) -> BTreeMap<&'static str, String> {
    let mut all: BTreeMap<&'static str, String> =
        NUMBERS.iter().map(|number| (number.name, number.default.to_owned())).collect();
    all.insert(SSE, "true".to_owned());
    if fifo {
        all.insert("FifoQueue", "true".to_owned());
        all.extend(FIFO_CHOICES.iter().map(|(name, values)| (*name, values[0].to_owned())));
    }
    if set.contains_key("KmsMasterKeyId") {
        all.insert(KMS_REUSE.name, KMS_REUSE.default.to_owned());
    }
    all.extend(
        set.iter()
            .filter(|(name, _)| **name != KMS_REUSE.name || set.contains_key("KmsMasterKeyId"))
            .map(|(name, value)| (*name, value.clone())),
    );
    all
}

/// The stored name as the constant it was made from.
pub(crate) fn known_name(name: &str) -> Option<&'static str> {
    let numbers = NUMBERS.iter().map(|number| number.name);
    let choices = FIFO_CHOICES.iter().map(|(name, _)| *name);
    numbers
        .chain(choices)
        .chain(TEXTS.iter().copied())
        .chain([KMS_REUSE.name, SSE])
        .find(|known| *known == name)
}

impl Settings {
    /// Reads attributes that [`apply`] let through.
    pub(crate) fn read(set: &SetAttributes, fifo: bool) -> Self {
        let all = all(set, fifo);
        let number =
            |name: &str| all.get(name).and_then(|value| value.parse::<i64>().ok()).unwrap_or_default();
        let is = |name: &str, value: &str| all.get(name).is_some_and(|set| set == value);
        let redrive_allow =
            all.get("RedriveAllowPolicy").and_then(|json| RedriveAllowPolicy::parse(json).ok());
        Self {
            fifo,
            delay_secs: number("DelaySeconds"),
            message_bytes_max: usize::try_from(number("MaximumMessageSize")).unwrap_or_default(),
            retention_secs: number("MessageRetentionPeriod"),
            receive_wait_secs: number("ReceiveMessageWaitTimeSeconds"),
            visibility_secs: number("VisibilityTimeout"),
            content_deduplication: is("ContentBasedDeduplication", "true"),
            deduplicate_by_group: is("DeduplicationScope", "messageGroup"),
            redrive: all.get("RedrivePolicy").and_then(|json| RedrivePolicy::parse(json).ok()),
            redrive_allow: redrive_allow.unwrap_or(RedriveAllowPolicy::AllowAll),
        }
    }
}
