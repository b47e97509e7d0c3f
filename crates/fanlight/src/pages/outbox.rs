//! What left the house, or would have: letters (SMS, e-mail, push), deliveries to the outside, and those inside that failed.

use aws::{AccountId, Region};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use clock::calendar::iso8601_ms;
use delivery::{
    Attempt, Attribute, AttributeValue, Delivery, DeliveryFilter, LetterFilter, LetterKind, SentLetter,
};
use http::{Method, Response, StatusCode};
use serde_json::{Map, Value, json};
use server::Visit;

use super::parameters::{self, parameter, parsed};
use super::{Pages, answer_json, failure, problem};

/// Which part of the outbox is meant.
#[derive(Debug, Default, PartialEq, Eq)]
struct Selection {
    account: Option<AccountId>,
    region: Option<Region>,
    /// Letters of one kind; without it, of every kind.
    letters: Option<LetterKind>,
    /// `kind=http`: deliveries and no letters.
    http: bool,
}

/// `GET /_fanlight/outbox`, all of it or `?kind=sms|email|email-json|push|http&account=&region=`; `DELETE` empties it.
pub(super) async fn outbox(pages: &Pages, visit: &Visit) -> Response<Bytes> {
    let selection = match Selection::of(visit) {
        Ok(selection) => selection,
        Err(wanted) => return problem(StatusCode::BAD_REQUEST, wanted),
    };
    let answered = if visit.parts.method == Method::DELETE {
        selection.forget(pages).await
    } else {
        selection.show(pages).await
    };
    answered.map_or_else(|error| failure(&error), |page| answer_json(&page))
}

impl Selection {
    fn of(visit: &Visit) -> Result<Self, &'static str> {
        const KINDS: &str = "A kind is sms, email, email-json, push or http.";
        let parts = &visit.parts;
        let http = parameter(parts, "kind").as_deref() == Some("http");
        let selection = Self {
            account: parameters::account(parts)?,
            region: parameters::region(parts)?,
            letters: if http { None } else { parsed(parts, "kind", LetterKind::parse, KINDS)? },
            http,
        };
        let whole = selection.region.is_none() || selection.letters.is_some();
        if parts.method == Method::DELETE && !whole {
            return Err("Deliveries are forgotten for all regions at once: leave region out.");
        }
        Ok(selection)
    }

    fn letter_filter(&self) -> LetterFilter {
        let Self { account, region, letters, .. } = self;
        LetterFilter { account: account.clone(), region: region.clone(), kind: *letters, to: None }
    }

    async fn show(self, pages: &Pages) -> Result<Value, storage::Error> {
        let mut page = json!({ "letters": [], "deliveries": [] });
        if !self.http {
            let letters = pages.deliveries.letters(self.letter_filter()).await?;
            page["letters"] = letters.iter().map(letter).collect();
        }
        if self.letters.is_none() {
            let filter = DeliveryFilter { account: self.account, region: self.region, owner: None };
            let deliveries = pages.deliveries.deliveries(filter).await?;
            // The oldest first, as the letters are.
            page["deliveries"] = deliveries.iter().rev().map(delivery).collect();
        }
        Ok(page)
    }

    async fn forget(self, pages: &Pages) -> Result<Value, storage::Error> {
        if !self.http {
            pages.deliveries.forget_letters(self.letter_filter()).await?;
        }
        if self.letters.is_none() {
            pages.deliveries.forget_deliveries(self.account).await?;
        }
        Ok(json!({}))
    }
}

fn letter(sent: &SentLetter) -> Value {
    let letter = &sent.letter;
    let attributes: Map<_, _> =
        letter.attributes.iter().map(|attribute| (attribute.name.clone(), described(attribute))).collect();
    present([
        ("kind", json!(letter.kind.as_str())),
        ("to", json!(letter.to)),
        ("topicArn", json!(letter.topic_arn)),
        ("subscriptionArn", json!(letter.subscription_arn)),
        ("subject", json!(letter.subject)),
        ("message", json!(letter.message)),
        ("messageStructure", json!(letter.message_structure)),
        ("messageAttributes", if attributes.is_empty() { Value::Null } else { Value::Object(attributes) }),
        ("messageId", json!(letter.message_id)),
        ("accountId", json!(letter.account.as_str())),
        ("region", json!(letter.region.as_str())),
        ("sentAt", json!(iso8601_ms(sent.sent_at_ms))),
    ])
}

/// An attribute as on the page of a queue's messages.
fn described(attribute: &Attribute) -> Value {
    let data_type = &attribute.data_type;
    match &attribute.value {
        AttributeValue::Text(text) => json!({ "dataType": data_type, "stringValue": text }),
        AttributeValue::Bytes(bytes) => {
            json!({ "dataType": data_type, "binaryValue": BASE64_STANDARD.encode(bytes) })
        }
    }
}

fn delivery(delivery: &Delivery) -> Value {
    let attempts: Vec<Value> = delivery.attempts.iter().map(attempt).collect();
    // What is no text is shown as far as it is one.
    let body = String::from_utf8_lossy(&delivery.body);
    present([
        ("id", json!(delivery.id)),
        ("service", json!(delivery.service)),
        ("owner", json!(delivery.owner)),
        ("source", json!(delivery.source)),
        ("messageId", json!(delivery.message_id)),
        ("accountId", json!(delivery.account.as_str())),
        ("region", json!(delivery.region.as_str())),
        ("method", if delivery.method.is_empty() { Value::Null } else { json!(delivery.method) }),
        ("url", json!(delivery.address())),
        ("body", json!(body)),
        ("bodyBytes", json!(delivery.body_bytes)),
        ("state", json!(delivery.state.as_str())),
        ("postedAt", json!(iso8601_ms(delivery.posted_at_ms))),
        ("attempts", json!(attempts)),
        ("nextAttemptAt", json!(delivery.next_attempt_at_ms.map(iso8601_ms))),
        ("deadLetterQueue", json!(delivery.dead_letter_queue)),
        ("error", json!(delivery.error)),
    ])
}

fn attempt(attempt: &Attempt) -> Value {
    present([
        ("number", json!(attempt.number)),
        ("at", json!(iso8601_ms(attempt.at_ms))),
        ("status", json!(attempt.status)),
        ("error", json!(attempt.error)),
        ("durationMs", json!(attempt.duration_ms)),
    ])
}

/// An object without what is absent.
fn present<const N: usize>(members: [(&str, Value); N]) -> Value {
    let there = members.into_iter().filter(|(_, value)| !value.is_null());
    Value::Object(there.map(|(name, value)| (name.to_owned(), value)).collect())
}

#[cfg(test)]
mod tests {
    use delivery::{DeliveryState, Letter, Target};

    use super::*;

    #[test]
    fn a_letter_shows_what_it_has() {
        let sent = SentLetter {
            letter: Letter {
                account: AccountId::default(),
                region: Region::default(),
                kind: LetterKind::EmailJson,
                to: "a@example.com".into(),
                topic_arn: Some("t".into()),
                subscription_arn: None,
                message_id: "m".into(),
                subject: None,
                message: "hello".into(),
                message_structure: None,
                attributes: vec![
                    Attribute::text("k", "v"),
                    Attribute {
                        name: "b".into(),
                        data_type: "Binary".into(),
                        value: AttributeValue::Bytes(vec![1, 2]),
                    },
                ],
            },
            sent_at_ms: 1_795_207_200_123,
        };
        assert_eq!(
            letter(&sent),
            json!({
                "kind": "email-json", "to": "a@example.com", "topicArn": "t", "message": "hello", "messageId": "m",
                "messageAttributes": {
                    "k": { "dataType": "String", "stringValue": "v" },
                    "b": { "dataType": "Binary", "binaryValue": "AQI=" },
                },
                "accountId": "000000000000", "region": "us-east-1", "sentAt": "2026-11-20T20:40:00.123Z",
            })
        );
    }

    #[test]
    fn a_delivery_shows_its_attempts_and_no_password() {
        let shown = delivery(&Delivery {
            id: 7,
            service: "sns".into(),
            owner: "s".into(),
            source: "t".into(),
            message_id: "m".into(),
            account: AccountId::default(),
            region: Region::default(),
            method: "POST".into(),
            target: Target::Url("https://u:p@h/x".into()),
            body: b"{}".to_vec(),
            body_bytes: 2,
            state: DeliveryState::Waiting,
            posted_at_ms: 0,
            next_attempt_at_ms: Some(20_000),
            dead_letter_queue: None,
            error: Some("HTTP 500".into()),
            attempts: vec![Attempt {
                number: 1,
                at_ms: 0,
                status: Some(500),
                error: Some("HTTP 500".into()),
                duration_ms: 3,
            }],
        });
        assert_eq!(
            shown,
            json!({
                "id": 7, "service": "sns", "owner": "s", "source": "t", "messageId": "m",
                "accountId": "000000000000", "region": "us-east-1", "method": "POST", "url": "https://****@h/x",
                "body": "{}", "bodyBytes": 2, "state": "waiting", "postedAt": "1970-01-01T00:00:00.000Z",
                "attempts": [{
                    "number": 1, "at": "1970-01-01T00:00:00.000Z", "status": 500, "error": "HTTP 500",
                    "durationMs": 3,
                }],
                "nextAttemptAt": "1970-01-01T00:00:20.000Z", "error": "HTTP 500",
            })
        );
    }
}
