//! What a topic delivers: the message itself, or a notification around it.

use serde_json::Value;

use crate::fan::messages::Opened;

/// Opens a notification's JSON; what is none is taken as it is, and then fits no number.
pub(super) fn open_envelope(body: &str) -> Opened {
    let envelope: Value = serde_json::from_str(body).unwrap_or_default();
    let string = |value: &Value| value.as_str().map(str::to_owned);
    if envelope["Type"] != "Notification" {
        return Opened::foreign("no notification", body);
    }
    Opened {
        text: string(&envelope["Message"]).unwrap_or_default(),
        kind: string(&envelope["MessageAttributes"]["kind"]["Value"]),
        publish_id: string(&envelope["MessageId"]),
    }
}

/// Opens one message of a ReceiveMessage answer.
pub(super) fn open(raw: bool, message: &Value) -> Opened {
    let body = message["Body"].as_str().unwrap_or_default();
    if !raw {
        return open_envelope(body);
    }
    let kind = message["MessageAttributes"]["kind"]["StringValue"].as_str().map(str::to_owned);
    Opened { text: body.to_owned(), kind, publish_id: None }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::fan::messages::text;

    #[test]
    fn raw_and_enveloped_deliveries_are_the_same_message() {
        let raw = json!({ "Body": text(4), "MessageAttributes": { "kind": { "StringValue": "b" } } });
        assert_eq!(open(true, &raw).key(), Some(4));
        let attributes = json!({ "kind": { "Type": "String", "Value": "b" } });
        let envelope = json!({
            "Type": "Notification", "MessageId": "id4", "Message": text(4), "MessageAttributes": attributes,
        });
        let opened = open(false, &json!({ "Body": envelope.to_string() }));
        assert_eq!((opened.key(), opened.publish_id.as_deref()), (Some(4), Some("id4")));
        // Raw delivery where an envelope was asked for, and the other way round.
        assert_eq!(open(false, &raw).key(), None);
        assert_eq!(open(true, &json!({ "Body": envelope.to_string() })).key(), None);
    }
}
