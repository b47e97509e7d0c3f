use delivery::{Attribute, AttributeValue};

use super::*;

const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:news";
const LINK: &str =
    "http://localhost:4566/?Action=Unsubscribe&SubscriptionArn=arn:aws:sns:us-east-1:123456789012:news:1";

fn notification<'a>(attributes: &'a [Attribute]) -> Notification<'a> {
    Notification {
        message_id: "m-1",
        topic_arn: TOPIC,
        subject: None,
        message: "say \"hello\"",
        timestamp_ms: 1_700_000_000_123,
        attributes,
        sequence_number: None,
        replayed: false,
    }
}

fn signature() -> Signature {
    Signature { base64: "c2ln".to_owned(), version: 1, cert_url: "https://sns/x.pem".to_owned() }
}

fn attributes() -> Vec<Attribute> {
    let bytes = AttributeValue::Bytes(vec![0, 1, 2]);
    vec![
        Attribute::text("a", "x"),
        Attribute { name: "b".to_owned(), data_type: "Binary".to_owned(), value: bytes },
    ]
}

#[test]
fn a_notification_is_laid_out_as_aws_does() {
    let attributes = attributes();
    let notification = Notification { subject: Some("News"), ..notification(&attributes) };
    let expected = r#"{
  "Type" : "Notification",
  "MessageId" : "m-1",
  "TopicArn" : "arn:aws:sns:us-east-1:123456789012:news",
  "Subject" : "News",
  "Message" : "say \"hello\"",
  "Timestamp" : "2023-11-14T22:13:20.123Z",
  "SignatureVersion" : "1",
  "Signature" : "c2ln",
  "SigningCertURL" : "https://sns/x.pem",
  "UnsubscribeURL" : "http://localhost:4566/?Action=Unsubscribe&SubscriptionArn=arn:aws:sns:us-east-1:123456789012:news:1",
  "MessageAttributes" : {
    "a" : {"Type":"String","Value":"x"},
    "b" : {"Type":"Binary","Value":"AAEC"}
  }
}"#;
    assert_eq!(notification.envelope(Some(&signature())).body(LINK), expected);
}

#[test]
fn a_fifo_topic_signs_nothing() {
    let notification = Notification { sequence_number: Some("10000000000000000001"), ..notification(&[]) };
    let expected = r#"{
  "Type" : "Notification",
  "MessageId" : "m-1",
  "SequenceNumber" : "10000000000000000001",
  "TopicArn" : "arn:aws:sns:us-east-1:123456789012:news",
  "Message" : "say \"hello\"",
  "Timestamp" : "2023-11-14T22:13:20.123Z",
  "UnsubscribeURL" : "u"
}"#;
    assert_eq!(notification.envelope(None).body("u"), expected);
    let replayed = Notification { replayed: true, ..notification }.envelope(None).body("u");
    assert_eq!(replayed, expected.replace("\"u\"\n", "\"u\",\n  \"Replayed\" : true\n"));
}

#[test]
fn what_is_signed_is_what_the_guide_says() {
    let plain = notification(&[]);
    let expected = "Message\nsay \"hello\"\nMessageId\nm-1\nTimestamp\n2023-11-14T22:13:20.123Z\nTopicArn\n\
                    arn:aws:sns:us-east-1:123456789012:news\nType\nNotification\n";
    assert_eq!(plain.canonical(), expected);
    let with_subject = Notification { subject: Some("News"), ..plain };
    assert_eq!(with_subject.canonical(), expected.replace("Timestamp\n", "Subject\nNews\nTimestamp\n"));
}

#[test]
fn confirmations_say_what_to_do() {
    let confirmation = Confirmation {
        kind: Kind::SubscriptionConfirmation,
        message_id: "m-1",
        token: "t-1",
        topic_arn: TOPIC,
        subscription_arn: "s-1",
        subscribe_url: "http://u",
        timestamp_ms: 0,
    };
    let asked = confirmation.body(Some(&signature()));
    let expected = r#"{
  "Type" : "SubscriptionConfirmation",
  "MessageId" : "m-1",
  "Token" : "t-1",
  "TopicArn" : "arn:aws:sns:us-east-1:123456789012:news",
  "Message" : "You have chosen to subscribe to the topic arn:aws:sns:us-east-1:123456789012:news.\nTo confirm the subscription, visit the SubscribeURL included in this message.",
  "SubscribeURL" : "http://u",
  "Timestamp" : "1970-01-01T00:00:00.000Z",
  "SignatureVersion" : "1",
  "Signature" : "c2ln",
  "SigningCertURL" : "https://sns/x.pem"
}"#;
    assert_eq!(asked, expected);
    let goodbye = Confirmation { kind: Kind::UnsubscribeConfirmation, ..confirmation };
    assert_eq!(
        goodbye.canonical(),
        "Message\nYou have chosen to deactivate subscription s-1.\nTo cancel this operation and restore the \
         subscription, visit the SubscribeURL included in this message.\nMessageId\nm-1\nSubscribeURL\nhttp://u\n\
         Timestamp\n1970-01-01T00:00:00.000Z\nToken\nt-1\nTopicArn\narn:aws:sns:us-east-1:123456789012:news\nType\n\
         UnsubscribeConfirmation\n"
    );
}

#[test]
fn functions_and_streams_get_it_in_one_line() {
    let attributes = attributes();
    let with = Notification { subject: Some("News"), ..notification(&attributes[..1]) };
    let event = r#"{"Records":[{"EventSource":"aws:sns","EventVersion":"1.0","EventSubscriptionArn":"s","Sns":{"Type":"Notification","MessageId":"m-1","TopicArn":"arn:aws:sns:us-east-1:123456789012:news","Subject":"News","Message":"say \"hello\"","Timestamp":"2023-11-14T22:13:20.123Z","SignatureVersion":"1","Signature":"c2ln","SigningCertUrl":"https://sns/x.pem","UnsubscribeUrl":"u","MessageAttributes":{"a":{"Type":"String","Value":"x"}}}}]}"#;
    assert_eq!(with.lambda_event(Some(&signature()), "s", "u"), event);
    let without = notification(&[]);
    let event = without.lambda_event(Some(&signature()), "s", "u");
    assert!(event.contains(r#""Subject":null,"#) && event.contains(r#""MessageAttributes":{}}"#), "{event}");
    let record = r#"{"Type":"Notification","MessageId":"m-1","TopicArn":"arn:aws:sns:us-east-1:123456789012:news","Message":"say \"hello\"","Timestamp":"2023-11-14T22:13:20.123Z","UnsubscribeURL":"u"}"#;
    assert_eq!(without.stream_record("u"), format!("{record}\n"));
}
