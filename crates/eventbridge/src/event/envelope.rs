//! An event as it is delivered.

use clock::{LATEST_MS, calendar};

use super::json;

/// What an event says besides its detail. AWS: "Event structure reference".
#[derive(Clone, Copy, Debug)]
pub struct Event<'a> {
    /// A UUID, unique within a region.
    pub id: &'a str,
    /// What kind of event it is.
    pub detail_type: &'a str,
    /// Who says so.
    pub source: &'a str,
    /// Whose event it is.
    pub account: &'a str,
    /// When it happened, as its sender says; told as the first or last second that RFC 3339 can tell, if it lies beyond.
    pub time_ms: i64,
    /// Where it happened.
    pub region: &'a str,
    /// The replay that delivers it again, if one does.
    pub replay_name: Option<&'a str>,
    /// The ARNs it is about.
    pub resources: &'a [String],
    /// A JSON object without white space between its tokens.
    pub detail: &'a str,
}

impl Event<'_> {
    /// The text that patterns see and targets get, with its members in AWS's order. Time has whole seconds.
    pub fn to_json(&self) -> String {
        let mut out = String::with_capacity(256 + self.detail.len());
        let time = calendar::iso8601(self.time_ms.clamp(EARLIEST_MS, LATEST_MS));
        let head = [
            ("version", "0"),
            ("id", self.id),
            ("detail-type", self.detail_type),
            ("source", self.source),
            ("account", self.account),
            ("time", &time),
            ("region", self.region),
        ];
        for (name, value) in head.into_iter().chain(self.replay_name.map(|name| (REPLAY_NAME, name))) {
            push_member(&mut out, name);
            json::push_string(&mut out, value);
        }
        push_member(&mut out, "resources");
        out.push('[');
        for (at, arn) in self.resources.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            json::push_string(&mut out, arn);
        }
        out.push(']');
        push_member(&mut out, "detail");
        out.push_str(self.detail);
        out.push('}');
        out
    }
}

/// The beginning of the year 0, the first that four digits tell.
const EARLIEST_MS: i64 = -62_167_219_200_000;

/// The member that tells a replayed event from the one it repeats.
const REPLAY_NAME: &str = "replay-name";

/// `{"name":`, or `,"name":` from the second on.
fn push_member(out: &mut String, name: &str) {
    push_next(out);
    out.push('"');
    out.push_str(name);
    out.push_str("\":");
}

fn push_next(out: &mut String) {
    out.push(if out.is_empty() { '{' } else { ',' });
}

/// The text of an archived event as a replay delivers it: `replay-name` stands before `resources`.
pub fn with_replay_name(event_json: &str, replay_name: &str) -> String {
    let mut out = String::with_capacity(event_json.len() + 32 + replay_name.len());
    for (key, value) in json::members(event_json) {
        let name = json::text_of(key);
        if name == REPLAY_NAME {
            continue;
        }
        if name == "resources" {
            push_member(&mut out, REPLAY_NAME);
            json::push_string(&mut out, replay_name);
        }
        push_next(&mut out);
        out.push_str(key);
        out.push(':');
        out.push_str(value);
    }
    out.push('}');
    out
}

/// Whether `TestEventPattern` takes the event: a JSON object with the members below, of whatever type. Recorded: an
/// event without `resources` is taken, one whose `detail-type` is an array too.
pub fn is_testable(event_json: &str) -> bool {
    const MANDATORY: [&str; 6] = ["id", "account", "source", "time", "region", "detail-type"];
    let Some(event) = json::compact(event_json, json::ANY) else { return false };
    MANDATORY.iter().all(|name| json::member(&event, name).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: Event<'_> = Event {
        id: "7bf73129-1428-4cd3-a780-95db273d1602",
        detail_type: "a \"b\"",
        source: "ü",
        account: "123456789012",
        time_ms: 1_452_733_323_999,
        region: "us-east-2",
        replay_name: None,
        resources: &[],
        detail: "{\"a\":1.0}",
    };

    #[test]
    fn members_stand_in_the_order_of_aws() {
        assert_eq!(
            EVENT.to_json(),
            "{\"version\":\"0\",\"id\":\"7bf73129-1428-4cd3-a780-95db273d1602\",\"detail-type\":\"a \\\"b\\\"\",\
             \"source\":\"ü\",\"account\":\"123456789012\",\"time\":\"2016-01-14T01:02:03Z\",\
             \"region\":\"us-east-2\",\"resources\":[],\"detail\":{\"a\":1.0}}"
        );
    }

    #[test]
    fn times_beyond_four_digits_of_a_year_are_told_as_the_nearest() {
        for (time_ms, told) in [
            (10_000_000_000_000_000, "9999-12-31T23:59:59Z"),
            (i64::MAX, "9999-12-31T23:59:59Z"),
            (253_402_300_799_000, "9999-12-31T23:59:59Z"),
            (-62_167_219_200_000, "0000-01-01T00:00:00Z"),
            (i64::MIN, "0000-01-01T00:00:00Z"),
        ] {
            let json = Event { time_ms, ..EVENT }.to_json();
            assert!(json.contains(&format!("\"time\":\"{told}\"")), "{json}");
        }
    }

    #[test]
    fn replays_are_named_before_the_resources() {
        let resources = ["arn:1".to_owned(), "arn:2".to_owned()];
        let json = Event { replay_name: Some("again"), resources: &resources, ..EVENT }.to_json();
        let tail = "\"region\":\"us-east-2\",\"replay-name\":\"again\",\"resources\":[\"arn:1\",\"arn:2\"],\
                    \"detail\":{\"a\":1.0}}";
        assert!(json.ends_with(tail), "{json}");

        let archived = Event { resources: &resources, ..EVENT }.to_json();
        assert_eq!(with_replay_name(&archived, "again"), json);
        assert_eq!(with_replay_name(&json, "again"), json, "a replay of a replay has one name");
    }

    #[test]
    fn what_we_deliver_can_be_tested_and_matched() {
        let json = EVENT.to_json();
        assert!(is_testable(&json));
        assert!(pattern::Event::parse(&json).is_ok());
    }

    #[test]
    fn events_without_envelope_cannot_be_tested() {
        let full = r#"{"id":1,"account":"a","source":"s","time":"t","region":"r","detail-type":["x"]}"#;
        assert!(is_testable(full));
        for (text, why) in [
            ("plain string", "no JSON"),
            ("\"text\"", "no object"),
            ("[]", "no object"),
            ("{}", "empty"),
            ("", "nothing"),
            (&full.replace("\"id\":1,", ""), "no id"),
            (&full.replace("account", "acount"), "no account"),
            (&full.replace("source", "Source"), "no source"),
            (&full.replace("\"time\":\"t\",", ""), "no time"),
            (&full.replace("region", "regio"), "no region"),
            (&full.replace("detail-type", "detailType"), "no detail-type"),
            (&format!("{full} x"), "more than an object"),
        ] {
            assert!(!is_testable(text), "{why}: {text}");
        }
    }
}
