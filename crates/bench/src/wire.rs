//! SQS, SNS and EventBridge requests as an SDK would send them, rendered once.

use crate::http::Endpoint;

/// As long as a real one; nobody checks it (`--auth off`).
const AUTHORIZATION: &str = "AWS4-HMAC-SHA256 \
Credential=AKIAIOSFODNN7EXAMPLE/20261120/us-east-1/sqs/aws4_request, \
SignedHeaders=amz-sdk-invocation-id;content-type;host;x-amz-date;x-amz-target, \
Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7";

const USER_AGENT: &str = "bench/1 (load generator)";

/// A JSON request. `action` is the operation's name.
#[must_use]
pub fn json(endpoint: &Endpoint, action: &str, body: &str) -> Vec<u8> {
    let mut request = Vec::with_capacity(body.len() + 700);
    json_into(&mut request, &endpoint.host, action, body.as_bytes());
    request
}

/// As [`json`], into a buffer that is used again and again.
pub fn json_into(request: &mut Vec<u8>, host: &str, action: &str, body: &[u8]) {
    request.clear();
    request.extend_from_slice(b"POST / HTTP/1.1\r\nhost: ");
    request.extend_from_slice(host.as_bytes());
    request.extend_from_slice(b"\r\ncontent-type: application/x-amz-json-1.0\r\nx-amz-target: AmazonSQS.");
    request.extend_from_slice(action.as_bytes());
    common(request, AUTHORIZATION, body);
}

/// A query/XML request: a form POST to the queue's path.
#[must_use]
pub fn query(endpoint: &Endpoint, path: &str, form: &str) -> Vec<u8> {
    let mut request = Vec::with_capacity(form.len() + 700);
    request.extend_from_slice(format!("POST {path} HTTP/1.1\r\nhost: {}", endpoint.host).as_bytes());
    request.extend_from_slice(b"\r\ncontent-type: application/x-www-form-urlencoded; charset=utf-8");
    common(&mut request, AUTHORIZATION, form.as_bytes());
    request
}

/// An SNS request: query/XML, signed for `sns`. `parameters` are added to the action and its version.
#[must_use]
pub fn sns(endpoint: &Endpoint, action: &str, parameters: &[(&str, &str)]) -> Vec<u8> {
    let mut body = format!("Action={action}&Version=2010-03-31");
    for (name, value) in parameters {
        body.push('&');
        body.push_str(name);
        body.push('=');
        percent_encode(&mut body, value);
    }
    let mut request = Vec::with_capacity(body.len() + 700);
    request.extend_from_slice(format!("POST / HTTP/1.1\r\nhost: {}", endpoint.host).as_bytes());
    request.extend_from_slice(b"\r\ncontent-type: application/x-www-form-urlencoded; charset=utf-8");
    common(&mut request, &AUTHORIZATION.replace("/sqs/", "/sns/"), body.as_bytes());
    request
}

/// An EventBridge request: JSON 1.1, signed for `events`.
#[must_use]
pub fn events(endpoint: &Endpoint, action: &str, body: &str) -> Vec<u8> {
    let mut request = Vec::with_capacity(body.len() + 700);
    let head = format!(
        "POST / HTTP/1.1\r\nhost: {}\r\ncontent-type: application/x-amz-json-1.1\r\n\
         x-amz-target: AWSEvents.{action}",
        endpoint.host
    );
    request.extend_from_slice(head.as_bytes());
    common(&mut request, &AUTHORIZATION.replace("/sqs/", "/events/"), body.as_bytes());
    request
}

fn percent_encode(form: &mut String, value: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            form.push(char::from(byte));
        } else {
            form.push('%');
            form.push(char::from(HEX[usize::from(byte >> 4)]));
            form.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

/// A request to the server's own surface: JSON over HTTP, not AWS.
#[must_use]
pub fn admin(endpoint: &Endpoint, method: &str, path: &str, body: &str) -> Vec<u8> {
    format!(
        "{method} {path} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        endpoint.host,
        body.len()
    )
    .into_bytes()
}

fn common(request: &mut Vec<u8>, authorization: &str, body: &[u8]) {
    let rest = format!(
        "\r\nuser-agent: {USER_AGENT}\r\nx-amz-date: 20261120T120000Z\r\nauthorization: {authorization}\r\n\
         amz-sdk-invocation-id: 6b1f3b9e-0c1c-4b0a-9f0e-6f4f3b6f2a11\r\namz-sdk-request: attempt=1\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    request.extend_from_slice(rest.as_bytes());
    request.extend_from_slice(body);
}

/// A message body of `bytes` printable characters; nothing in it needs escaping in JSON, a form or XML.
#[must_use]
pub fn text(bytes: usize) -> String {
    const ALPHABET: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    (0..bytes).map(|at| char::from(ALPHABET[(at * 7 + at / 64) % ALPHABET.len()])).collect()
}

/// SendMessageBatch of `entries` equal bodies.
#[must_use]
pub fn send_batch(endpoint: &Endpoint, queue_url: &str, body: &str, entries: usize) -> Vec<u8> {
    let entries: Vec<String> =
        (0..entries).map(|id| format!(r#"{{"Id":"{id}","MessageBody":"{body}"}}"#)).collect();
    let body = format!(r#"{{"QueueUrl":"{queue_url}","Entries":[{}]}}"#, entries.join(","));
    json(endpoint, "SendMessageBatch", &body)
}

/// SendMessage through JSON.
#[must_use]
pub fn send(endpoint: &Endpoint, queue_url: &str, body: &str) -> Vec<u8> {
    let body = format!(r#"{{"QueueUrl":"{queue_url}","MessageBody":"{body}"}}"#);
    json(endpoint, "SendMessage", &body)
}

/// ReceiveMessage through JSON.
#[must_use]
pub fn receive(endpoint: &Endpoint, queue_url: &str, messages_max: usize, wait_secs: u32) -> Vec<u8> {
    let body = format!(
        r#"{{"QueueUrl":"{queue_url}","MaxNumberOfMessages":{messages_max},"WaitTimeSeconds":{wait_secs}}}"#
    );
    json(endpoint, "ReceiveMessage", &body)
}

/// Renders DeleteMessageBatch from receipt handles into a buffer, by way of a second one for the body.
pub fn delete_batch<'a>(
    request: &mut Vec<u8>,
    body: &mut Vec<u8>,
    host: &str,
    queue_url: &str,
    handles: impl Iterator<Item = &'a [u8]>,
) -> usize {
    body.clear();
    body.extend_from_slice(br#"{"QueueUrl":""#);
    body.extend_from_slice(queue_url.as_bytes());
    body.extend_from_slice(br#"","Entries":["#);
    let mut entries = 0_usize;
    for handle in handles {
        if entries > 0 {
            body.push(b',');
        }
        body.extend_from_slice(br#"{"Id":""#);
        body.extend_from_slice(entries.to_string().as_bytes());
        body.extend_from_slice(br#"","ReceiptHandle":""#);
        body.extend_from_slice(handle);
        body.extend_from_slice(br#""}"#);
        entries += 1;
    }
    body.extend_from_slice(b"]}");
    json_into(request, host, "DeleteMessageBatch", body);
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_sns_request_is_a_form_with_its_own_scope() {
        let endpoint = Endpoint { host: "h:1".to_owned(), address: ([127, 0, 0, 1], 1).into() };
        let request = sns(&endpoint, "Publish", &[("TopicArn", "arn:a:b"), ("Message", "{\"a\": 1}")]);
        let text = String::from_utf8_lossy(&request);
        assert!(text.contains("/us-east-1/sns/aws4_request"));
        let body = "Action=Publish&Version=2010-03-31&TopicArn=arn%3Aa%3Ab&Message=%7B%22a%22%3A%201%7D";
        assert!(text.ends_with(&format!("content-length: {}\r\n\r\n{body}", body.len())));
    }

    #[test]
    fn an_eventbridge_request_is_json_with_its_own_scope() {
        let endpoint = Endpoint { host: "h:1".to_owned(), address: ([127, 0, 0, 1], 1).into() };
        let request = events(&endpoint, "PutEvents", "{}");
        let text = String::from_utf8_lossy(&request);
        assert!(text.contains("/us-east-1/events/aws4_request"));
        assert!(text.contains(
            "\r\ncontent-type: application/x-amz-json-1.1\r\nx-amz-target: AWSEvents.PutEvents\r\n"
        ));
        assert!(text.ends_with("content-length: 2\r\n\r\n{}"));
    }
}
