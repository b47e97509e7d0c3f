//! `RedrivePolicy` of a subscription: the queue for what cannot be delivered.
//!
//! AWS: SNS Developer Guide, "Amazon SNS dead-letter queues".

use aws::Arn;

use super::document;

/// All a policy says; how often to try is not its matter.
const MEMBER: &str = "deadLetterTargetArn";

/// The ARN of the queue.
pub(crate) fn dead_letter_queue(policy: &str) -> Option<String> {
    let policy: serde_json::Value = serde_json::from_str(policy).ok()?;
    Some(policy.get(MEMBER)?.as_str()?.to_owned())
}

/// Refuses a policy AWS refuses; the sentence follows `Invalid parameter: `. "FIFO topic subscriptions use FIFO queues,
/// and standard topic subscriptions use standard queues"; of the former AWS asks it of those to FIFO queues.
pub(crate) fn check(policy: &str, fifo_topic: bool, to_fifo_queue: bool) -> Result<(), String> {
    let members = document::parse("RedrivePolicy", policy)?;
    let mut names = members.as_object().into_iter().flat_map(|members| members.keys());
    // Recorded by callers: cloudposse/terraform-aws-sns-topic#48, ministryofjustice/cloud-platform-environments#11520.
    if let Some(name) = names.find(|name| *name != MEMBER) {
        return Err(format!("RedrivePolicy: invalid JSON. Attribute {name} is unknown."));
    }
    let queue = dead_letter_queue(policy).and_then(|queue| Arn::parse(&queue));
    let queue = queue.filter(|arn| arn.service == "sqs" && !arn.region.is_empty() && !arn.account.is_empty());
    let Some(queue) = queue else {
        return Err("RedrivePolicy: deadLetterTargetArn is an invalid arn".to_owned());
    };
    match queue.resource.ends_with(".fifo") {
        // Recorded.
        false if to_fifo_queue => {
            Err("RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic."
                .to_owned())
        }
        true if !fifo_topic => {
            Err("RedrivePolicy: must use a standard queue as DLQ for a standard Topic.".to_owned())
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUEUE: &str = r#"{"deadLetterTargetArn": "arn:aws:sqs:us-east-1:000000000000:dead"}"#;

    #[test]
    fn a_queue_is_named() {
        assert_eq!(check(QUEUE, false, false), Ok(()));
        assert_eq!(dead_letter_queue(QUEUE).as_deref(), Some("arn:aws:sqs:us-east-1:000000000000:dead"));
    }

    #[test]
    fn what_is_no_queue_is_refused() {
        for policy in [
            r#"{"deadLetterTargetArn": "nothing"}"#,
            r#"{"deadLetterTargetArn": 1}"#,
            r#"{"deadLetterTargetArn": "arn:aws:sns:us-east-1:000000000000:topic"}"#,
            "[]",
        ] {
            let refused = check(policy, false, false);
            assert_eq!(
                refused,
                Err("RedrivePolicy: deadLetterTargetArn is an invalid arn".into()),
                "{policy}"
            );
        }
    }

    #[test]
    fn it_names_a_queue_and_nothing_else() {
        for (policy, name) in [
            (QUEUE.replace('}', r#", "maxReceiveCount": 5}"#), "maxReceiveCount"),
            (QUEUE.replace("deadLetter", "deadletter"), "deadletterTargetArn"),
            (r#"{"a": 1}"#.to_owned(), "a"),
        ] {
            let expected = format!("RedrivePolicy: invalid JSON. Attribute {name} is unknown.");
            assert_eq!(check(&policy, false, false), Err(expected), "{policy}");
        }
    }

    #[test]
    fn the_queue_is_of_the_kind_of_the_subscription() {
        let fifo = QUEUE.replace("dead\"", "dead.fifo\"");
        for (policy, fifo_topic, to_fifo_queue, fits) in [
            (QUEUE, true, true, false),
            (&*fifo, true, true, true),
            (QUEUE, true, false, true),
            (&*fifo, true, false, true),
            (&*fifo, false, false, false),
        ] {
            assert_eq!(check(policy, fifo_topic, to_fifo_queue).is_ok(), fits, "{policy} {fifo_topic}");
        }
    }
}
