//! Calls to the outside: what an HTTP/S endpoint, a function and a delivery stream are sent, and how often it is tried.

use aws::Arn;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use delivery::{Backoff, DeadLetter, Errand, Judge, Pace, Phases, Request, Schedule, Target};

use crate::envelope::Kind;
use crate::registry::{Subscription, Topic};
use crate::rules::delivery_policy::Effective;

/// How long an attempt may take. AWS: SNS Developer Guide, "Amazon SNS message delivery retries": an endpoint that has
/// not answered after 15 seconds has failed.
const TIMEOUT_MS: u64 = 15_000;

const PLAIN_TEXT: &str = "text/plain; charset=UTF-8";

/// A message to one subscription that is not here.
#[derive(Debug)]
pub(crate) struct Posting<'a> {
    pub(crate) message_id: &'a str,
    /// What goes: envelope or message.
    pub(crate) body: String,
    pub(crate) dead_letter: Option<DeadLetter>,
}

/// A call of an HTTP/S endpoint. Only a notification can be raw.
///
/// AWS: SNS Developer Guide, "HTTP/HTTPS headers".
pub(crate) fn http(
    topic: &Topic,
    subscription: &Subscription,
    kind: Kind,
    raw: bool,
    policy: &Effective,
    posting: Posting<'_>,
) -> Errand {
    let mut headers: Vec<(String, String)> = Vec::with_capacity(8);
    let mut header = |name: &str, value: &str| headers.push((name.to_owned(), value.to_owned()));
    header("x-amz-sns-message-type", kind.as_str());
    header("x-amz-sns-message-id", posting.message_id);
    header("x-amz-sns-topic-arn", &topic.arn);
    // The guide's example of a subscription confirmation lacks it: there is no subscription yet.
    if kind != Kind::SubscriptionConfirmation {
        header("x-amz-sns-subscription-arn", &subscription.arn);
    }
    if raw && kind == Kind::Notification {
        header("x-amz-sns-rawdelivery", "true");
    }
    header("Content-Type", policy.content_type.as_deref().unwrap_or(PLAIN_TEXT));
    header("User-Agent", "Amazon Simple Notification Service Agent");
    header("Accept-Encoding", "gzip,deflate");
    // What is said about a subscription does not count against it.
    let per_second = policy.per_second.filter(|_| kind == Kind::Notification);
    let pace = per_second.map(|per_second| Pace { lane: subscription.arn.clone(), per_second });
    let target = Target::Url(subscription.row.endpoint.clone());
    let call =
        Call { target, headers, schedule: Schedule::Phases(policy.phases.clone()), judge: Judge::Endpoint };
    Errand { pace, ..errand(topic, subscription, posting, call) }
}

/// An invocation of a function, whose event is the posting's body.
///
/// AWS: Lambda API Reference, "Invoke"; SNS invokes asynchronously.
pub(crate) fn lambda(
    topic: &Topic,
    subscription: &Subscription,
    endpoint: &Arn,
    posting: Posting<'_>,
) -> Errand {
    // `function:<name>` or `function:<name>:<version or alias>`.
    let mut parts = endpoint.resource.splitn(3, ':').skip(1);
    let name = parts.next().unwrap_or_default();
    let qualifier = parts.next().map(|qualifier| format!("?Qualifier={}", escape(qualifier)));
    let path = format!(
        "/2015-03-31/functions/{}/invocations{}",
        escape(name),
        qualifier.as_deref().unwrap_or_default()
    );
    let headers = [("Content-Type", "application/json"), ("X-Amz-Invocation-Type", "Event")];
    errand(topic, subscription, posting, aws_call("lambda", endpoint, path, &headers))
}

/// A record for a delivery stream, which is the posting's body.
///
/// AWS: Firehose API Reference, "PutRecord".
pub(crate) fn firehose(
    topic: &Topic,
    subscription: &Subscription,
    endpoint: &Arn,
    posting: Posting<'_>,
) -> Errand {
    let stream = endpoint.resource.strip_prefix("deliverystream/").unwrap_or(&endpoint.resource);
    let data = BASE64_STANDARD.encode(posting.body);
    let body = serde_json::json!({ "DeliveryStreamName": stream, "Record": { "Data": data } }).to_string();
    let headers =
        [("Content-Type", "application/x-amz-json-1.1"), ("X-Amz-Target", "Firehose_20150804.PutRecord")];
    let posting = Posting { body, ..posting };
    errand(topic, subscription, posting, aws_call("firehose", endpoint, "/".to_owned(), &headers))
}

/// A raw message as a record: a line of its own, as the envelopes are.
pub(crate) fn raw_record(message: &str) -> String {
    format!("{message}\n")
}

/// What an errand is besides the posting.
struct Call {
    target: Target,
    headers: Vec<(String, String)>,
    schedule: Schedule,
    judge: Judge,
}

fn aws_call(service: &str, endpoint: &Arn, path: String, headers: &[(&str, &str)]) -> Call {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Call {
        target: Target::Aws { service: service.to_owned(), region: endpoint.region.clone(), path },
        headers: headers.collect(),
        schedule: Schedule::Phases(managed()),
        judge: Judge::AwsOperation,
    }
}

/// The retries of endpoints that AWS runs: 100,015 in 23 days.
///
/// AWS: SNS Developer Guide, "Amazon SNS message delivery retries".
fn managed() -> Phases {
    Phases {
        num_retries: 100_015,
        num_no_delay_retries: 3,
        num_min_delay_retries: 2,
        num_max_delay_retries: 100_000,
        min_delay_secs: 1,
        max_delay_secs: 20,
        backoff: Backoff::Exponential,
    }
}

fn errand(topic: &Topic, subscription: &Subscription, posting: Posting<'_>, call: Call) -> Errand {
    Errand {
        account: topic.row.key.account.clone(),
        region: topic.row.key.region.clone(),
        service: "sns",
        owner: subscription.arn.clone(),
        source: topic.arn.clone(),
        message_id: posting.message_id.to_owned(),
        request: Request {
            method: "POST".to_owned(),
            target: call.target,
            headers: call.headers,
            body: posting.body.into_bytes(),
            timeout_ms: TIMEOUT_MS,
            authorization: None,
        },
        schedule: call.schedule,
        judge: call.judge,
        dead_letter: posting.dead_letter,
        pace: None,
    }
}

/// Percent-encodes what may not stand in a path.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use aws::{AccountId, Region};

    use super::*;
    use crate::rules::topic_arn::TopicKey;
    use crate::store::subscriptions::SubscriptionRow;
    use crate::store::topics::TopicRow;

    const NEWS: &str = "arn:aws:sns:us-east-1:000000000000:news";

    fn topic() -> Topic {
        let key = TopicKey { account: AccountId::default(), region: Region::default(), name: "news".into() };
        Topic::new(TopicRow {
            id: 1,
            key,
            created_at_ms: 0,
            subscriptions_deleted: 0,
            data_protection_policy: None,
            attributes: BTreeMap::new(),
            tags: BTreeMap::new(),
        })
    }

    fn subscription(protocol: &str, endpoint: &str) -> Subscription {
        let row = SubscriptionRow {
            id: 1,
            topic_id: 1,
            uuid: "s-1".to_owned(),
            owner: AccountId::default(),
            protocol: protocol.to_owned(),
            endpoint: endpoint.to_owned(),
            pending: false,
            authenticated: true,
            locked: false,
            token: None,
            created_at_ms: 0,
            attributes: BTreeMap::new(),
        };
        Subscription::new(NEWS, row)
    }

    fn posting() -> Posting<'static> {
        Posting { message_id: "m-1", body: "hello".to_owned(), dead_letter: None }
    }

    fn headers(errand: &Errand) -> Vec<(&str, &str)> {
        errand.request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    #[test]
    fn an_endpoint_is_told_what_comes() {
        let subscription = subscription("http", "http://localhost/x");
        let arn = format!("{NEWS}:s-1");
        let policy = Effective {
            content_type: Some("application/json".to_owned()),
            per_second: Some(5),
            ..Effective::default()
        };
        let errand = http(&topic(), &subscription, Kind::Notification, true, &policy, posting());
        let expected = [
            ("x-amz-sns-message-type", "Notification"),
            ("x-amz-sns-message-id", "m-1"),
            ("x-amz-sns-topic-arn", NEWS),
            ("x-amz-sns-subscription-arn", &arn),
            ("x-amz-sns-rawdelivery", "true"),
            ("Content-Type", "application/json"),
            ("User-Agent", "Amazon Simple Notification Service Agent"),
            ("Accept-Encoding", "gzip,deflate"),
        ];
        assert_eq!(headers(&errand), expected);
        assert_eq!(errand.request.target, Target::Url("http://localhost/x".to_owned()));
        assert_eq!(
            (errand.owner.as_str(), errand.source.as_str(), errand.request.timeout_ms),
            (&*arn, NEWS, 15_000)
        );
        assert_eq!(errand.pace, Some(Pace { lane: arn.clone(), per_second: 5 }));
    }

    #[test]
    fn a_question_names_no_subscription() {
        let subscription = subscription("http", "http://localhost/x");
        let policy = Effective::default();
        let errand = http(&topic(), &subscription, Kind::SubscriptionConfirmation, true, &policy, posting());
        let expected = [
            ("x-amz-sns-message-type", "SubscriptionConfirmation"),
            ("x-amz-sns-message-id", "m-1"),
            ("x-amz-sns-topic-arn", NEWS),
            ("Content-Type", "text/plain; charset=UTF-8"),
            ("User-Agent", "Amazon Simple Notification Service Agent"),
            ("Accept-Encoding", "gzip,deflate"),
        ];
        assert_eq!(headers(&errand), expected);
    }

    #[test]
    fn a_function_is_invoked_in_its_region() {
        for (resource, path) in [
            ("function:on-order", "/2015-03-31/functions/on-order/invocations"),
            ("function:on-order:live", "/2015-03-31/functions/on-order/invocations?Qualifier=live"),
            ("function:f:$LATEST", "/2015-03-31/functions/f/invocations?Qualifier=%24LATEST"),
        ] {
            let text = format!("arn:aws:lambda:eu-west-1:000000000000:{resource}");
            let arn = Arn::parse(&text).expect("an ARN");
            let errand = lambda(&topic(), &subscription("lambda", &text), &arn, posting());
            let target = Target::Aws {
                service: "lambda".to_owned(),
                region: "eu-west-1".to_owned(),
                path: path.to_owned(),
            };
            assert_eq!(errand.request.target, target);
            let expected = [("Content-Type", "application/json"), ("X-Amz-Invocation-Type", "Event")];
            assert_eq!((headers(&errand), errand.judge), (expected.to_vec(), Judge::AwsOperation));
        }
    }

    #[test]
    fn a_stream_is_given_a_record() {
        let text = "arn:aws:firehose:us-east-1:000000000000:deliverystream/orders";
        let arn = Arn::parse(text).expect("an ARN");
        let errand = firehose(&topic(), &subscription("firehose", text), &arn, posting());
        let body = r#"{"DeliveryStreamName":"orders","Record":{"Data":"aGVsbG8="}}"#;
        assert_eq!(String::from_utf8_lossy(&errand.request.body), body);
        let target = ("X-Amz-Target", "Firehose_20150804.PutRecord");
        assert_eq!(headers(&errand), [("Content-Type", "application/x-amz-json-1.1"), target]);
    }

    #[test]
    fn aws_is_tried_a_hundred_thousand_times() {
        let phases = managed();
        let delays: Vec<u32> = (1..=20).filter_map(|retry| phases.delay_secs(retry)).collect();
        assert_eq!(delays[..6], [0, 0, 0, 1, 1, 1]);
        assert_eq!(delays[14..], [20; 6]);
        assert_eq!(phases.delay_secs(100_015), Some(20));
        assert_eq!(phases.delay_secs(100_016), None);
    }

    #[test]
    fn names_are_escaped_in_paths() {
        assert_eq!(escape("on-order_1"), "on-order_1");
        assert_eq!(escape("$LATEST/x"), "%24LATEST%2Fx");
    }
}
