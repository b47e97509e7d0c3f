//! Subscription ARNs, `arn:aws:sns:<region>:<account>:<topic>:<uuid>`, and calls that nobody signed.

use aws::{Arn, Call, Region};
use service::Error;

use super::topic_arn::{self, TopicKey};
use crate::errors::{arn_too_short, invalid_parameter};

/// Refuses what names no subscription of the caller's region. A link is opened without a signature, so nothing but
/// the ARN says where it belongs.
pub(crate) fn check(arn: &str, call: &Call) -> Result<(), Error> {
    let parts = arn.split(':').count();
    if parts < 6 {
        return Err(arn_too_short("SubscriptionArn", parts));
    }
    let parsed = Arn::parse(arn).filter(|arn| arn.service == "sns");
    let parsed = parsed.ok_or_else(|| invalid_parameter("SubscriptionArn"))?;
    if call.access_key.is_some() && parsed.region != call.region.as_str() {
        return Err(invalid_parameter("SubscriptionArn"));
    }
    // A topic's ARN has no id.
    if parts == 7 { Ok(()) } else { Err(invalid_parameter("SubscriptionId")) }
}

/// Reads the topic of a ConfirmSubscription: as any topic, but an unsigned call has no region of its own.
pub(crate) fn topic_of_link(arn: &str, call: &Call) -> Result<TopicKey, Error> {
    let region = Arn::parse(arn).and_then(|arn| Region::parse(&arn.region));
    match region.filter(|_| call.access_key.is_none()) {
        Some(region) => topic_arn::parse("TopicArn", arn, &Call { region, ..call.clone() }),
        None => topic_arn::parse("TopicArn", arn, call),
    }
}

#[cfg(test)]
mod tests {
    use aws::{AccountId, Wire};

    use super::*;

    const ARN: &str = "arn:aws:sns:eu-west-1:000000000000:topic:00000000-0000-4000-8000-000000000000";
    const TOPIC: &str = "arn:aws:sns:eu-west-1:000000000000:topic";

    fn call(access_key: Option<&str>) -> Call {
        Call {
            account: AccountId::default(),
            region: Region::default(),
            base_url: "http://localhost:4566".into(),
            request_id: "test".into(),
            access_key: access_key.map(str::to_owned),
            trace_header: None,
            wire: Wire::Query,
        }
    }

    #[test]
    fn an_unsigned_call_belongs_where_the_arn_says() {
        assert!(check(ARN, &call(None)).is_ok());
        assert_eq!(check(ARN, &call(Some("k"))).unwrap_err().message, "Invalid parameter: SubscriptionArn");
        assert!(topic_of_link(TOPIC, &call(None)).is_ok());
        assert_eq!(
            topic_of_link(TOPIC, &call(Some("k"))).unwrap_err().message,
            "Invalid parameter: TopicArn"
        );
    }

    #[test]
    fn what_is_no_subscription_is_refused() {
        for (arn, message) in [
            ("nothing", "SubscriptionArn Reason: An ARN must have at least 6 elements, not 1"),
            (
                "arn:aws:sns:eu-west-1:topic",
                "SubscriptionArn Reason: An ARN must have at least 6 elements, not 5",
            ),
            (TOPIC, "SubscriptionId"),
            ("arn:aws:sqs:eu-west-1:000000000000:queue:x", "SubscriptionArn"),
        ] {
            let refused = check(arn, &call(None)).unwrap_err();
            assert_eq!(refused.message, format!("Invalid parameter: {message}"), "{arn}");
        }
    }
}
