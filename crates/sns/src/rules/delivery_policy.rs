//! Delivery policies: how messages are delivered to HTTP/S endpoints, for a whole topic and for one subscription.
//!
//! AWS: SNS Developer Guide, "Creating an HTTP/S delivery policy"; "SetTopicAttributes delivery policy JSON format";
//! "SetSubscriptionAttributes delivery policy JSON format". Sentences of refusals are AWS's where somebody met them.

use std::collections::BTreeMap;

use delivery::{Backoff, Phases};
use serde_json::{Map, Value};

use super::document;

const ATTRIBUTE: &str = "DeliveryPolicy";

/// What AWS sends without a policy.
const DEFAULT_CONTENT_TYPE: &str = "text/plain; charset=UTF-8";

/// No delivery of one message takes longer than an hour. AWS: "This is a hard limit and cannot be increased".
const TOTAL_SECS_MAX: u64 = 3_600;

/// The media types a policy can choose.
const CONTENT_TYPES: &[&str] = &[
    "application/atom+xml",
    "application/json",
    "application/octet-stream",
    "application/soap+xml",
    "application/x-www-form-urlencoded",
    "application/xhtml+xml",
    "application/xml",
    "text/css",
    "text/csv",
    "text/html",
    "text/plain",
    "text/xml",
];

/// The names of a policy's parts: the topic's and the subscription's differ.
struct Names {
    /// How the place of a part is told.
    prefix: &'static str,
    retry: &'static str,
    sickly: &'static str,
    throttle: &'static str,
    request: &'static str,
    /// A member of this one only.
    flag: &'static str,
}

const OF_TOPIC: Names = Names {
    prefix: "http.",
    retry: "defaultHealthyRetryPolicy",
    sickly: "defaultSicklyRetryPolicy",
    throttle: "defaultThrottlePolicy",
    request: "defaultRequestPolicy",
    flag: "disableSubscriptionOverrides",
};
const OF_SUBSCRIPTION: Names = Names {
    prefix: "",
    retry: "healthyRetryPolicy",
    sickly: "sicklyRetryPolicy",
    throttle: "throttlePolicy",
    request: "requestPolicy",
    flag: "guaranteed",
};

/// How messages are delivered to an HTTP/S endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Effective {
    /// When a failed delivery is tried again.
    pub(crate) phases: Phases,
    /// Deliveries a second.
    pub(crate) per_second: Option<u32>,
    /// The media type somebody chose.
    pub(crate) content_type: Option<String>,
}

impl Default for Effective {
    fn default() -> Self {
        let phases = Phases {
            num_retries: 3,
            num_no_delay_retries: 0,
            num_min_delay_retries: 0,
            num_max_delay_retries: 0,
            min_delay_secs: 20,
            max_delay_secs: 20,
            backoff: Backoff::Linear,
        };
        Self { phases, per_second: None, content_type: None }
    }
}

/// What one policy says; the rest is left to the other one or to AWS's defaults.
#[derive(Default)]
struct Said {
    phases: Option<Phases>,
    per_second: Option<u32>,
    content_type: Option<String>,
    flag: bool,
}

impl Effective {
    /// What holds for a subscription: part by part its own policy, then its topic's, then AWS's default. The policies
    /// were checked when they were set.
    pub(crate) fn of(topic: Option<&str>, subscription: Option<&str>) -> Self {
        let topic = said(topic, &OF_TOPIC);
        let own = if topic.flag { Said::default() } else { said(subscription, &OF_SUBSCRIPTION) };
        let default = Self::default();
        Self {
            phases: own.phases.or(topic.phases).unwrap_or(default.phases),
            per_second: own.per_second.or(topic.per_second),
            content_type: own.content_type.or(topic.content_type),
        }
    }

    /// As [`of`](Self::of), of everything that is set about both.
    pub(crate) fn of_attributes(
        topic: &BTreeMap<String, String>,
        subscription: &BTreeMap<String, String>,
    ) -> Self {
        Self::of(topic.get(ATTRIBUTE).map(String::as_str), subscription.get(ATTRIBUTE).map(String::as_str))
    }

    fn retry_json(&self) -> String {
        let phases = &self.phases;
        let backoff = match phases.backoff {
            Backoff::Linear => "linear",
            Backoff::Arithmetic => "arithmetic",
            Backoff::Geometric => "geometric",
            Backoff::Exponential => "exponential",
        };
        format!(
            concat!(
                r#"{{"minDelayTarget":{},"maxDelayTarget":{},"numRetries":{},"numMaxDelayRetries":{},"#,
                r#""numNoDelayRetries":{},"numMinDelayRetries":{},"backoffFunction":"{}"}}"#
            ),
            phases.min_delay_secs,
            phases.max_delay_secs,
            phases.num_retries,
            phases.num_max_delay_retries,
            phases.num_no_delay_retries,
            phases.num_min_delay_retries,
            backoff
        )
    }

    fn throttle_json(&self) -> Option<String> {
        self.per_second.map(|count| format!(r#"{{"maxReceivesPerSecond":{count}}}"#))
    }

    fn request_json(&self) -> String {
        let content_type = self.content_type.as_deref().unwrap_or(DEFAULT_CONTENT_TYPE);
        format!(r#"{{"headerContentType":{}}}"#, Value::from(content_type))
    }
}

/// A topic's `EffectiveDeliveryPolicy`, its members in AWS's order.
pub(crate) fn effective_topic_json(topic: Option<&str>) -> String {
    let effective = Effective::of(topic, None);
    let throttle = effective.throttle_json();
    let throttle = throttle.map(|json| format!(r#""defaultThrottlePolicy":{json},"#)).unwrap_or_default();
    format!(
        concat!(
            r#"{{"http":{{"defaultHealthyRetryPolicy":{},"disableSubscriptionOverrides":{},{}"#,
            r#""defaultRequestPolicy":{}}}}}"#
        ),
        effective.retry_json(),
        said(topic, &OF_TOPIC).flag,
        throttle,
        effective.request_json()
    )
}

/// A subscription's `EffectiveDeliveryPolicy`, its members in AWS's order.
pub(crate) fn effective_subscription_json(topic: Option<&str>, subscription: Option<&str>) -> String {
    let effective = Effective::of(topic, subscription);
    format!(
        concat!(
            r#"{{"healthyRetryPolicy":{},"sicklyRetryPolicy":null,"throttlePolicy":{},"requestPolicy":{},"#,
            r#""guaranteed":false}}"#
        ),
        effective.retry_json(),
        effective.throttle_json().as_deref().unwrap_or("null"),
        effective.request_json()
    )
}

/// Refuses a `DeliveryPolicy` no topic can have; answers the reason.
pub(crate) fn check_topic(policy: &str) -> Result<(), String> {
    let document = object(policy)?;
    only(&document, &["http"])?;
    match document.get("http") {
        None | Some(Value::Null) => Ok(()),
        Some(Value::Object(http)) => read(http, &OF_TOPIC).map(drop),
        Some(_) => Err(refused("http must be an object")),
    }
}

/// Refuses a `DeliveryPolicy` no subscription can have; answers the reason.
pub(crate) fn check_subscription(policy: &str) -> Result<(), String> {
    read(&object(policy)?, &OF_SUBSCRIPTION).map(drop)
}

/// What a policy that was checked says.
fn said(policy: Option<&str>, names: &Names) -> Said {
    let Some(Ok(mut document)) = policy.map(object) else { return Said::default() };
    if names.prefix.is_empty() {
        return read(&document, names).unwrap_or_default();
    }
    match document.remove("http") {
        Some(Value::Object(http)) => read(&http, names).unwrap_or_default(),
        _ => Said::default(),
    }
}

fn refused(reason: impl std::fmt::Display) -> String {
    format!("{ATTRIBUTE}: {reason}")
}

fn object(policy: &str) -> Result<Map<String, Value>, String> {
    match document::parse(ATTRIBUTE, policy)? {
        Value::Object(members) => Ok(members),
        _ => Err(refused("must be a JSON object")),
    }
}

fn only(object: &Map<String, Value>, known: &[&str]) -> Result<(), String> {
    match object.keys().find(|member| !known.contains(&member.as_str())) {
        Some(member) => Err(refused(format_args!("Unexpected JSON member: {member}"))),
        None => Ok(()),
    }
}

fn read(policy: &Map<String, Value>, names: &Names) -> Result<Said, String> {
    only(policy, &[names.retry, names.sickly, names.throttle, names.request, names.flag])?;
    let part = |name: &'static str| match policy.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(members)) => Ok(Some(Part { place: format!("{}{name}", names.prefix), members })),
        Some(_) => Err(refused(format_args!("{}{name} must be an object", names.prefix))),
    };
    let flag = match policy.get(names.flag) {
        None | Some(Value::Null) => false,
        Some(Value::Bool(flag)) => *flag,
        Some(_) => return Err(refused(format_args!("{}{} must be a boolean", names.prefix, names.flag))),
    };
    part(names.sickly)?.map(|part| part.phases()).transpose()?;
    Ok(Said {
        phases: part(names.retry)?.map(|part| part.phases()).transpose()?,
        per_second: part(names.throttle)?.map_or(Ok(None), |part| part.per_second())?,
        content_type: part(names.request)?.map_or(Ok(None), |part| part.content_type())?,
        flag,
    })
}

/// A part of a policy, and where it stands.
struct Part<'a> {
    place: String,
    members: &'a Map<String, Value>,
}

impl Part<'_> {
    fn refused(&self, member: &str, what: impl std::fmt::Display) -> String {
        refused(format_args!("{}.{member} {what}", self.place))
    }

    fn only(&self, known: &[&str]) -> Result<(), String> {
        only(self.members, known)
    }

    /// A whole number between two others, if it is given.
    fn number(&self, member: &str, least: u32, most: u32) -> Result<Option<u32>, String> {
        let value = match self.members.get(member) {
            None | Some(Value::Null) => return Ok(None),
            Some(value) => value.as_i64().ok_or_else(|| self.refused(member, "must be an integer"))?,
        };
        if value < i64::from(least) {
            return Err(self.refused(member, format_args!("must be greater than or equal to {least}")));
        }
        match u32::try_from(value).ok().filter(|value| *value <= most) {
            Some(value) => Ok(Some(value)),
            None => Err(self.refused(member, format_args!("must be less than or equal to {most}"))),
        }
    }

    /// A number that has to be there.
    fn required(&self, member: &str, least: u32, most: u32) -> Result<u32, String> {
        self.number(member, least, most)?.ok_or_else(|| self.refused(member, "must be specified"))
    }

    fn text(&self, member: &str) -> Result<Option<&str>, String> {
        match self.members.get(member) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.refused(member, "must be a string")),
        }
    }

    fn phases(&self) -> Result<Phases, String> {
        const COUNTS: [&str; 3] = ["numMinDelayRetries", "numNoDelayRetries", "numMaxDelayRetries"];
        let [min_count, no_count, max_count] = COUNTS;
        let (least, most, retries, backoff) =
            ("minDelayTarget", "maxDelayTarget", "numRetries", "backoffFunction");
        self.only(&[least, most, retries, min_count, no_count, max_count, backoff])?;
        let phases = Phases {
            min_delay_secs: self.required(least, 1, 3_600)?,
            max_delay_secs: self.required(most, 1, 3_600)?,
            num_retries: self.required(retries, 0, 100)?,
            num_min_delay_retries: self.number(min_count, 0, 100)?.unwrap_or(0),
            num_no_delay_retries: self.number(no_count, 0, 100)?.unwrap_or(0),
            num_max_delay_retries: self.number(max_count, 0, 100)?.unwrap_or(0),
            backoff: self.backoff(backoff)?,
        };
        if phases.max_delay_secs < phases.min_delay_secs {
            return Err(self.refused(most, "must be greater than or equal to minDelayTarget"));
        }
        let counted =
            phases.num_min_delay_retries + phases.num_no_delay_retries + phases.num_max_delay_retries;
        if phases.num_retries < counted {
            let total = format!("{min_count}, {no_count} and {max_count}");
            let what = format!("must be greater than or equal to total of {total}");
            return Err(self.refused(retries, what));
        }
        let secs = (1..=phases.num_retries).filter_map(|retry| phases.delay_secs(retry)).map(u64::from);
        if secs.sum::<u64>() > TOTAL_SECS_MAX {
            let what =
                format_args!("{} total retry time must be less than {TOTAL_SECS_MAX} seconds", self.place);
            return Err(refused(what));
        }
        Ok(phases)
    }

    fn backoff(&self, member: &str) -> Result<Backoff, String> {
        Ok(match self.text(member)? {
            None | Some("linear") => Backoff::Linear,
            Some("arithmetic") => Backoff::Arithmetic,
            Some("geometric") => Backoff::Geometric,
            Some("exponential") => Backoff::Exponential,
            Some(_) => {
                return Err(self.refused(member, "must be one of linear, arithmetic, geometric, exponential"));
            }
        })
    }

    fn per_second(&self) -> Result<Option<u32>, String> {
        self.only(&["maxReceivesPerSecond"])?;
        self.number("maxReceivesPerSecond", 1, u32::MAX)
    }

    fn content_type(&self) -> Result<Option<String>, String> {
        let member = "headerContentType";
        self.only(&[member])?;
        let Some(chosen) = self.text(member)? else { return Ok(None) };
        let media_type = chosen.split(';').next().unwrap_or_default().trim();
        let plain = chosen.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
        if plain && CONTENT_TYPES.contains(&media_type) {
            return Ok(Some(chosen.to_owned()));
        }
        Err(self.refused(member, format_args!("must be one of {}", CONTENT_TYPES.join(", "))))
    }
}
