//! Lambda, Kinesis, Firehose, CloudWatch Logs: what gets the event as it is.

use std::borrow::Cow;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use delivery::{Deliveries, OutgoingRequest};
use serde_json::{Value, json};

use super::operation::{Operation, header};
use super::trigger::Trigger;
use crate::event::json as text;
use crate::url::{escape, set_header};

/// What stands before the name of a log stream where others name a connection: the stream is made before the first call.
pub(crate) const LOG_STREAM: &str = "log-stream:";

/// AWS: Lambda API Reference, "Invoke"; EventBridge invokes asynchronously.
pub(super) fn lambda(trigger: &Trigger<'_>) -> Operation {
    // `<name>` or `<name>:<version or alias>`.
    let (name, qualifier) = match trigger.name().split_once(':') {
        Some((name, qualifier)) => (name, format!("?Qualifier={}", escape(qualifier))),
        None => (trigger.name(), String::new()),
    };
    let path = format!("/2015-03-31/functions/{}/invocations{qualifier}", escape(name));
    let mut operation = Operation::rest(trigger, "lambda", path, trigger.body.to_owned());
    operation.headers.push(header("X-Amz-Invocation-Type", "Event"));
    operation
}

/// AWS: API_KinesisParameters: the partition key is the event's id, unless a path into the event names another.
pub(super) fn kinesis(trigger: &Trigger<'_>) -> Operation {
    let path = trigger.target.kinesis_parameters.as_ref().map(|given| given.partition_key_path.as_str());
    let key = path.map(|path| trigger.dynamic(path)).filter(|key| !key.is_empty());
    let parameters = json!({
        "StreamName": trigger.name(),
        "Data": STANDARD.encode(trigger.body),
        "PartitionKey": key.unwrap_or_else(|| trigger.event_id.to_owned()),
    });
    Operation::json(trigger, "kinesis", "1.1", "Kinesis_20131202.PutRecord", parameters)
}

/// AWS: Firehose API Reference, "PutRecord".
pub(super) fn firehose(trigger: &Trigger<'_>) -> Operation {
    let parameters = json!({
        "DeliveryStreamName": trigger.name(),
        "Record": { "Data": STANDARD.encode(trigger.body) },
    });
    Operation::json(trigger, "firehose", "1.1", "Firehose_20150804.PutRecord", parameters)
}

/// AWS: CloudWatch Logs API Reference, "PutLogEvents"; each event has a stream of its own. An input transformer gives
/// `{"timestamp": …, "message": …}`. An ARN that ends with `:*` names no group that there is: AWS takes it as a target's,
/// and no event arrives (aws-samples/serverless-patterns#221).
pub(super) fn logs(trigger: &Trigger<'_>) -> Operation {
    let input = trigger.input_text().filter(|input| text::compact(input, text::ANY).is_some());
    let member = |name| input.and_then(|input| text::member(input, name)).filter(|member| *member != "null");
    let message = member("message").map_or(Cow::Borrowed(trigger.body), text::text_of);
    let at_ms = member("timestamp").filter(|_| member("message").is_some()).and_then(|member| {
        let text = text::text_of(member);
        text.parse().ok().or_else(|| clock::calendar::parse_iso8601(&text))
    });
    let parameters = json!({
        "logGroupName": trigger.name(),
        "logStreamName": trigger.token,
        "logEvents": [{ "timestamp": at_ms.unwrap_or(trigger.now_ms), "message": message }],
    });
    let mut operation = Operation::json(trigger, "logs", "1.1", "Logs_20140328.PutLogEvents", parameters);
    operation.authorization = Some(format!("{LOG_STREAM}{}", trigger.token));
    operation
}

/// Makes the log stream that a `PutLogEvents` writes to. It is there already when this is not the first attempt; whatever
/// else goes wrong, the call itself will say. The signature is the call's, which no local endpoint looks at.
pub(crate) async fn create_log_stream(deliveries: &Deliveries, call: &OutgoingRequest) {
    let given: Value = serde_json::from_slice(&call.body).unwrap_or_default();
    let parameters = json!({
        "logGroupName": given["logGroupName"],
        "logStreamName": given["logStreamName"],
    });
    let mut request = call.clone();
    request.body = parameters.to_string().into_bytes();
    set_header(&mut request.headers, "X-Amz-Target", "Logs_20140328.CreateLogStream");
    drop(deliveries.fetch(request, Duration::from_secs(5)).await);
}
