//! What rules deliver: the whole event, or its detail.

use serde_json::{Value, json};

use super::SOURCE;
use crate::fan::messages::Opened;

/// Opens an event; what is none, or comes from elsewhere, fits no number.
pub(super) fn open_event(body: &str) -> Opened {
    let event: Value = serde_json::from_str(body).unwrap_or_default();
    if event["source"] != SOURCE || !event["detail"].is_object() {
        return Opened::foreign("no event of ours", body);
    }
    let kind = event["detail-type"].as_str().and_then(|text| text.strip_prefix("kind "));
    Opened {
        text: event["detail"].to_string(),
        kind: kind.map(str::to_owned),
        publish_id: event["id"].as_str().map(str::to_owned),
    }
}

/// Opens a detail that came alone. It alone says its kind.
pub(super) fn open_detail(body: &str) -> Opened {
    let detail: Value = serde_json::from_str(body).unwrap_or_default();
    let kind = detail["kind"].as_str().map(str::to_owned);
    Opened { text: body.to_owned(), kind, publish_id: None }
}

/// As much of an event as [`open_event`] needs.
pub(super) fn event(kind: &str, detail: &str) -> String {
    let detail: Value = serde_json::from_str(detail).unwrap_or_default();
    json!({ "source": SOURCE, "detail-type": format!("kind {kind}"), "detail": detail }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fan::messages::text;

    #[test]
    fn an_event_and_its_detail_are_the_same_message() {
        let mut whole: Value = serde_json::from_str(&event("b", &text(4))).unwrap_or_default();
        whole["id"] = "id4".into();
        let opened = open_event(&whole.to_string());
        assert_eq!((opened.key(), opened.publish_id.as_deref()), (Some(4), Some("id4")));
        assert_eq!(open_detail(&text(4)).key(), Some(4));
        // The whole event where its detail was asked for, and the other way round.
        assert_eq!(open_detail(&whole.to_string()).key(), None);
        assert_eq!(open_event(&text(4)).key(), None);
    }

    #[test]
    fn an_event_of_another_kind_or_source_is_not_recognised() {
        assert_eq!(open_event(&event("b", &text(4))).key(), Some(4));
        assert_eq!(open_event(&event("a", &text(4))).key(), None);
        assert_eq!(open_event(&event("b", &text(4)).replace("\"crash\"", "\"other\"")).key(), None);
    }
}
