//! `ReplayPolicy` of a subscription: which archived messages it hears again.
//!
//! AWS: SNS Developer Guide, "Amazon SNS message replay for FIFO topic subscribers".

use clock::calendar::parse_iso8601;
use serde_json::Value;

use super::document;

/// From when to when messages are told again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ReplayPolicy {
    /// Messages published then or later.
    pub(crate) starting_point_ms: i64,
    /// Messages published then or earlier; without it, the replay ends where it meets new ones.
    pub(crate) ending_point_ms: Option<i64>,
}

impl ReplayPolicy {
    /// Reads a policy; the sentence of a refusal follows `Invalid parameter: `.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let policy = document::parse("ReplayPolicy", text)?;
        let said = |name: &str| policy.get(name).filter(|value| !value.is_null());
        let point = |name: &'static str| match said(name).map(instant) {
            Some(None) => Err(format!("ReplayPolicy: {name} must be a timestamp in ISO 8601 format")),
            found => Ok(found.flatten()),
        };
        if said("PointType").and_then(Value::as_str) != Some("Timestamp") {
            return Err("ReplayPolicy: PointType must be Timestamp".to_owned());
        }
        let ending_point_ms = point("EndingPoint")?;
        let Some(starting_point_ms) = point("StartingPoint")? else {
            return Err("ReplayPolicy: StartingPoint is required".to_owned());
        };
        if ending_point_ms.is_some_and(|end| end < starting_point_ms) {
            return Err("ReplayPolicy: EndingPoint must not be before StartingPoint".to_owned());
        }
        Ok(Self { starting_point_ms, ending_point_ms })
    }
}

fn instant(value: &Value) -> Option<i64> {
    value.as_str().and_then(parse_iso8601)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_has_a_start_and_perhaps_an_end() {
        let start = r#"{"PointType": "Timestamp", "StartingPoint": "1970-01-01T00:00:01.000Z"}"#;
        let policy = ReplayPolicy { starting_point_ms: 1000, ending_point_ms: None };
        assert_eq!(ReplayPolicy::parse(start), Ok(policy));
        let both = start.replace('}', r#", "EndingPoint": "1970-01-01T00:00:02.000Z"}"#);
        let policy = ReplayPolicy { ending_point_ms: Some(2000), ..policy };
        assert_eq!(ReplayPolicy::parse(&both), Ok(policy));
    }

    #[test]
    fn what_has_no_start_is_refused() {
        for text in [
            "invalid",
            "{\"PointType\": \"Timestamp\"}",
            r#"{"PointType": "Sequence", "StartingPoint": "1970-01-01T00:00:01.000Z"}"#,
            r#"{"PointType": "Timestamp", "StartingPoint": "yesterday"}"#,
            r#"{"PointType": "Timestamp", "StartingPoint": "1970-01-02T00:00:00Z", "EndingPoint": "1970-01-01T00:00:00Z"}"#,
        ] {
            assert!(ReplayPolicy::parse(text).is_err(), "{text}");
        }
    }
}
