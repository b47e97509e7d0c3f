//! SMS and push messages as LocalStack's developer endpoints show them.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use delivery::{Attribute, AttributeValue, Letter, LetterFilter, LetterKind, SentLetter};
use http::{Method, Response, StatusCode};
use serde_json::{Map, Value, json};
use server::Visit;

use super::parameters::{self, parameter};
use super::{Pages, answer_json, failure, problem};

/// `GET` or `DELETE /_aws/sns/sms-messages?accountId=&region=&phoneNumber=`
pub(super) async fn sms_messages(pages: &Pages, visit: &Visit) -> Response<Bytes> {
    page(pages, visit, LetterKind::Sms, "phoneNumber", "sms_messages").await
}

/// `GET` or `DELETE /_aws/sns/platform-endpoint-messages?accountId=&region=&endpointArn=`
pub(super) async fn platform_endpoint_messages(pages: &Pages, visit: &Visit) -> Response<Bytes> {
    page(pages, visit, LetterKind::Push, "endpointArn", "platform_endpoint_messages").await
}

async fn page(
    pages: &Pages,
    visit: &Visit,
    kind: LetterKind,
    to_parameter: &str,
    member: &str,
) -> Response<Bytes> {
    let filter = match filter(visit, kind, to_parameter) {
        Ok(filter) => filter,
        Err(wanted) => return problem(StatusCode::BAD_REQUEST, wanted),
    };
    if visit.parts.method == Method::DELETE {
        if let Err(error) = pages.deliveries.forget_letters(filter).await {
            return failure(&error);
        }
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = StatusCode::NO_CONTENT;
        return response;
    }
    let region = filter.region.clone().unwrap_or_default();
    match pages.deliveries.letters(filter).await {
        Ok(letters) => answer_json(&json!({ "region": region.as_str(), member: by_recipient(&letters) })),
        Err(error) => failure(&error),
    }
}

/// LocalStack's defaults are the default account and region, not all of them.
fn filter(visit: &Visit, kind: LetterKind, to_parameter: &str) -> Result<LetterFilter, &'static str> {
    let parts = &visit.parts;
    let (account, region) = (parameters::account(parts)?, parameters::region(parts)?);
    Ok(LetterFilter {
        account: Some(account.unwrap_or_default()),
        region: Some(region.unwrap_or_default()),
        kind: Some(kind),
        to: parameter(parts, to_parameter),
    })
}

fn by_recipient(letters: &[SentLetter]) -> Value {
    let mut by_recipient: Map<String, Value> = Map::new();
    for sent in letters {
        let messages = by_recipient.entry(sent.letter.to.clone()).or_insert_with(|| json!([]));
        if let Value::Array(messages) = messages {
            messages.push(message(&sent.letter));
        }
    }
    Value::Object(by_recipient)
}

fn message(letter: &Letter) -> Value {
    let attributes: Map<_, _> =
        letter.attributes.iter().map(|attribute| (attribute.name.clone(), described(attribute))).collect();
    let mut message = json!({
        "TopicArn": letter.topic_arn,
        "Message": letter.message,
        "MessageAttributes": attributes,
        "MessageStructure": letter.message_structure,
        "Subject": letter.subject,
        "MessageId": letter.message_id,
    });
    if letter.kind == LetterKind::Sms {
        message["PhoneNumber"] = json!(letter.to);
        message["SubscriptionArn"] = json!(letter.subscription_arn);
    } else {
        message["TargetArn"] = json!(letter.to);
    }
    message
}

/// An attribute as it is published.
fn described(attribute: &Attribute) -> Value {
    let data_type = &attribute.data_type;
    match &attribute.value {
        AttributeValue::Text(text) => json!({ "DataType": data_type, "StringValue": text }),
        AttributeValue::Bytes(bytes) => {
            json!({ "DataType": data_type, "BinaryValue": BASE64_STANDARD.encode(bytes) })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws::{AccountId, Region};

    fn sent(kind: LetterKind, to: &str, message: &str) -> SentLetter {
        let letter = Letter {
            account: AccountId::default(),
            region: Region::default(),
            kind,
            to: to.to_owned(),
            topic_arn: None,
            subscription_arn: None,
            message_id: "m".to_owned(),
            subject: Some("News".to_owned()),
            message: message.to_owned(),
            message_structure: None,
            attributes: vec![Attribute::text("k", "v")],
        };
        SentLetter { letter, sent_at_ms: 0 }
    }

    #[test]
    fn messages_stand_below_whom_they_are_for() {
        let sms = |to, message| sent(LetterKind::Sms, to, message);
        let page = by_recipient(&[sms("+1", "a"), sms("+2", "b"), sms("+1", "c")]);
        let message = |to: &str, message: &str| {
            json!({
                "PhoneNumber": to, "TopicArn": null, "SubscriptionArn": null, "MessageId": "m", "Message": message,
                "MessageAttributes": { "k": { "DataType": "String", "StringValue": "v" } },
                "MessageStructure": null, "Subject": "News",
            })
        };
        assert_eq!(
            page,
            json!({ "+1": [message("+1", "a"), message("+1", "c")], "+2": [message("+2", "b")] })
        );
        let push = by_recipient(&[sent(LetterKind::Push, "arn", "a")]);
        assert_eq!(push["arn"][0]["TargetArn"], "arn");
        assert_eq!(push["arn"][0].as_object().map(Map::len), Some(7));
    }
}
