//! The variables every template knows. AWS: "Amazon EventBridge input transformation", "Predefined variables".

use std::borrow::Cow;

use clock::calendar;

use super::super::Variables;
use crate::event::json;

#[derive(Clone, Copy, Debug)]
pub(super) enum Reserved {
    RuleArn,
    RuleName,
    IngestionTime,
    EventWithoutDetail,
    Event,
}

impl Reserved {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "aws.events.rule-arn" => Self::RuleArn,
            "aws.events.rule-name" => Self::RuleName,
            "aws.events.event.ingestion-time" => Self::IngestionTime,
            "aws.events.event" => Self::EventWithoutDetail,
            "aws.events.event.json" => Self::Event,
            _ => return None,
        })
    }

    /// The value as JSON.
    pub(super) fn value<'a>(self, event: &'a str, variables: &Variables<'_>) -> Cow<'a, str> {
        let string = |text: &str| {
            let mut out = String::with_capacity(text.len() + 2);
            json::push_string(&mut out, text);
            Cow::Owned(out)
        };
        match self {
            Self::RuleArn => string(variables.rule_arn),
            Self::RuleName => string(variables.rule_name),
            Self::IngestionTime => string(&calendar::iso8601(variables.ingestion_time_ms)),
            Self::EventWithoutDetail => Cow::Owned(without_detail(event)),
            Self::Event => Cow::Borrowed(event),
        }
    }
}

/// The event without its detail. Recorded: the members have this order, and `detail-type` another name.
fn without_detail(event: &str) -> String {
    const MEMBERS: [(&str, &str); 8] = [
        ("id", "id"),
        ("account", "account"),
        ("detail-type", "detailType"),
        ("time", "time"),
        ("source", "source"),
        ("region", "region"),
        ("resources", "resources"),
        ("version", "version"),
    ];
    let mut out = String::from("{");
    for (name, written) in MEMBERS {
        let Some(value) = json::member(event, name) else { continue };
        if out.len() > 1 {
            out.push(',');
        }
        json::push_string(&mut out, written);
        out.push(':');
        out.push_str(value);
    }
    out.push('}');
    out
}
