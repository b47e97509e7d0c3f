//! Endpoints: what each protocol calls one, and who need not be asked.
//!
//! AWS: API_Subscribe, Protocol and Endpoint.

use aws::{AccountId, Arn};
use service::Error;

use super::phone_number::is_phone;
use super::topic_arn::TopicKey;
use super::topic_name;
use crate::errors::{
    endpoint_does_not_fit_protocol, fifo_queue_on_standard_topic, invalid_parameter,
    invalid_protocol_of_fifo_topic, invalid_sms_endpoint, protocol_is_not_supported,
};

/// Refuses an endpoint that is none in this protocol, or none of this topic.
pub(crate) fn check(topic: &TopicKey, protocol: &str, endpoint: &str) -> Result<(), Error> {
    let fifo = topic_name::is_fifo(&topic.name);
    if !is_protocol(protocol) {
        return Err(protocol_is_not_supported(protocol));
    }
    if fifo && protocol != "sqs" {
        return Err(invalid_protocol_of_fifo_topic(protocol));
    }
    if endpoint.is_empty() {
        return Err(invalid_parameter("Endpoint"));
    }
    match protocol {
        "http" | "https" if !is_url(protocol, endpoint) => Err(endpoint_does_not_fit_protocol()),
        "email" | "email-json" if !is_address(endpoint) => Err(invalid_parameter("Email address")),
        "sms" if !is_phone(endpoint) => Err(invalid_sms_endpoint(endpoint)),
        "sqs" if !is_arn(endpoint, "sqs", "") => Err(invalid_parameter("SQS endpoint ARN")),
        "lambda" if !is_arn(endpoint, "lambda", "function:") => Err(invalid_parameter("Lambda endpoint ARN")),
        "firehose" if !is_arn(endpoint, "firehose", "deliverystream/") => {
            Err(invalid_parameter("Firehose endpoint ARN"))
        }
        "application" if !is_arn(endpoint, "sns", "endpoint/") => {
            Err(invalid_parameter("Application endpoint ARN"))
        }
        "sqs" if !fifo && endpoint.ends_with(".fifo") => Err(fifo_queue_on_standard_topic()),
        _ => Ok(()),
    }
}

/// Whether the endpoint has to say that it wants the subscription: somebody who is no AWS resource, or a queue of an
/// account that is not the caller's. AWS: API_Subscribe; "Fanout to Amazon SQS queues in a different account".
pub(crate) fn must_confirm(protocol: &str, endpoint: &str, caller: &AccountId) -> bool {
    match protocol {
        "http" | "https" | "email" | "email-json" => true,
        "sqs" => Arn::parse(endpoint).is_none_or(|queue| queue.account != caller.as_str()),
        _ => false,
    }
}

/// The endpoint as the lists show it: the password in a URL is none of their readers' business.
///
/// Recorded: terraform-provider-aws, `TestObfuscateEndpointPassword`, which follows what ListSubscriptionsByTopic answers.
/// AWS: SNS Developer Guide, "Fanout Amazon SNS notifications to HTTPS endpoints": GetSubscriptionAttributes tells it.
pub(crate) fn listed(protocol: &str, endpoint: &str) -> String {
    let masked = || {
        let (scheme, rest) = endpoint.split_once("://").filter(|_| matches!(protocol, "http" | "https"))?;
        let authority = rest.split(['/', '?', '#']).next()?;
        let (user, host) = authority.rsplit_once('@')?;
        let (name, _) = user.split_once(':')?;
        Some(format!("{scheme}://{name}:****@{host}{}", rest.get(authority.len()..)?))
    };
    masked().unwrap_or_else(|| endpoint.to_owned())
}

fn is_protocol(text: &str) -> bool {
    const PROTOCOLS: [&str; 9] =
        ["http", "https", "email", "email-json", "sms", "sqs", "application", "lambda", "firehose"];
    PROTOCOLS.contains(&text)
}

fn is_arn(text: &str, service: &str, resource: &str) -> bool {
    Arn::parse(text).is_some_and(|arn| {
        let name = arn.resource.strip_prefix(resource);
        arn.service == service
            && !arn.region.is_empty()
            && AccountId::parse(&arn.account).is_some()
            && name.is_some_and(|name| !name.is_empty())
    })
}

/// Whether a URL has this scheme and a host.
fn is_url(scheme: &str, text: &str) -> bool {
    let after = text.get(..scheme.len()).filter(|start| start.eq_ignore_ascii_case(scheme));
    let after = after.and_then(|_| text[scheme.len()..].strip_prefix("://"));
    let authority = after.and_then(|after| after.split(['/', '?', '#']).next()).unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let named = !host.is_empty() && !host.starts_with(':');
    named && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

fn is_address(text: &str) -> bool {
    let Some((name, host)) = text.rsplit_once('@') else { return false };
    let plain = !text.contains(|c: char| c.is_whitespace() || c.is_control() || "<>,;".contains(c));
    let host_is_one = !host.is_empty() && host.split('.').all(|label| !label.is_empty());
    plain && !name.is_empty() && !name.contains('@') && host_is_one
}

#[cfg(test)]
mod tests {
    use aws::Region;

    use super::*;

    const QUEUE: &str = "arn:aws:sqs:us-east-1:000000000000:q";

    fn refusal(topic: &str, protocol: &str, endpoint: &str) -> Option<String> {
        let key = TopicKey { account: AccountId::default(), region: Region::default(), name: topic.into() };
        check(&key, protocol, endpoint).err().map(|error| error.message.to_string())
    }

    #[test]
    fn endpoints_that_fit() {
        for (protocol, endpoint) in [
            ("http", "http://example.com/"),
            ("http", "http://me:s3cret@127.0.0.1:8080/x?y=z"),
            ("http", "HTTP://host_with_underscore:80"),
            ("https", "https://[::1]:8443/"),
            ("email", "a.b+c@example.com"),
            ("email-json", "root@localhost"),
            ("sms", "+15551234567"),
            ("sms", "+12/34-567.890"),
            ("sms", "15551234567"),
            ("sqs", QUEUE),
            ("lambda", "arn:aws:lambda:us-east-1:000000000000:function:f:alias"),
            ("firehose", "arn:aws:firehose:us-east-1:000000000000:deliverystream/s"),
            ("application", "arn:aws:sns:us-east-1:000000000000:endpoint/GCM/app/id"),
        ] {
            assert_eq!(refusal("t", protocol, endpoint), None, "{protocol} {endpoint}");
        }
    }

    #[test]
    fn endpoints_that_do_not() {
        const MISFIT: &str = "Invalid parameter: Endpoint must match the specified protocol";
        for (protocol, endpoint, message) in [
            ("http", "https://example.com/", MISFIT),
            ("https", "http://example.com/", MISFIT),
            ("http", "http://", MISFIT),
            ("http", "http:///path", MISFIT),
            ("http", "http://exa mple.com/", MISFIT),
            ("http", "", "Invalid parameter: Endpoint"),
            ("email", "nobody", "Invalid parameter: Email address"),
            ("email", "a@b@c", "Invalid parameter: Email address"),
            ("email", "a@", "Invalid parameter: Email address"),
            ("sms", "+15--551234567", "Invalid SMS endpoint: +15--551234567"),
            ("sms", "NAA+15551234567", "Invalid SMS endpoint: NAA+15551234567"),
            ("sms", "+15551234567.", "Invalid SMS endpoint: +15551234567."),
            ("sms", "/+15551234567", "Invalid SMS endpoint: /+15551234567"),
            ("sqs", "http://localhost:4566/000000000000/q", "Invalid parameter: SQS endpoint ARN"),
            ("sqs", "arn:aws:sns:us-east-1:000000000000:t", "Invalid parameter: SQS endpoint ARN"),
            ("lambda", "my-function", "Invalid parameter: Lambda endpoint ARN"),
            ("pigeon", "home", "Invalid parameter: Amazon SNS does not support this protocol string: pigeon"),
        ] {
            assert_eq!(refusal("t", protocol, endpoint).as_deref(), Some(message), "{protocol} {endpoint}");
        }
    }

    #[test]
    fn lists_show_no_password() {
        for (protocol, endpoint, shown) in [
            ("https", "https://example.com/myroute", "https://example.com/myroute"),
            ("https", "https://username@example.com/myroute", "https://username@example.com/myroute"),
            (
                "https",
                "https://username:password@example.com/myroute",
                "https://username:****@example.com/myroute",
            ),
            ("http", "http://u:p@ss:w@h?x=a:b@c", "http://u:****@h?x=a:b@c"),
            ("http", "http://h/u:p@x", "http://h/u:p@x"),
            ("email", "a://b:c@example.com", "a://b:c@example.com"),
        ] {
            assert_eq!(listed(protocol, endpoint), shown);
        }
    }

    #[test]
    fn fifo_and_standard_go_one_way() {
        let fifo = format!("{QUEUE}.fifo");
        assert_eq!(refusal("t.fifo", "sqs", &fifo), None);
        assert_eq!(refusal("t.fifo", "sqs", QUEUE), None);
        assert!(refusal("t", "sqs", &fifo).unwrap().contains("can not be subscribed to standard SNS topics"));
        let other = refusal("t.fifo", "email", "a@example.com");
        assert_eq!(other.as_deref(), Some("Invalid parameter: Invalid protocol type: email"));
    }

    #[test]
    fn who_is_no_resource_of_the_caller_is_asked() {
        let caller = AccountId::default();
        assert!(must_confirm("email", "a@example.com", &caller));
        assert!(!must_confirm("sqs", QUEUE, &caller));
        assert!(must_confirm("sqs", "arn:aws:sqs:us-east-1:111111111111:q", &caller));
        assert!(!must_confirm("sms", "+15551234567", &caller));
    }
}
