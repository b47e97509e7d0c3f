"""The envelope that a queue gets, member for member."""

import json
import re
import urllib.parse

from support.outbox import milliseconds
from support.sns_world import text

NOTIFICATION = [
    "Type", "MessageId", "TopicArn", "Message", "Timestamp", "SignatureVersion", "Signature", "SigningCertURL",
    "UnsubscribeURL",
]
FIFO = ["Type", "MessageId", "SequenceNumber", "TopicArn", "Message", "Timestamp", "UnsubscribeURL"]
TIMESTAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"


def test_the_least(sns, topic):
    listener = sns.listen(topic)
    message_id = sns.publish_id(topic, "hello")
    envelope = listener.envelope()
    assert list(envelope) == NOTIFICATION
    assert envelope["Type"] == "Notification"
    assert envelope["MessageId"] == message_id
    assert envelope["TopicArn"] == topic
    assert envelope["Message"] == "hello"
    assert re.fullmatch(TIMESTAMP, envelope["Timestamp"])
    assert envelope["SignatureVersion"] == "1"


def test_all_there_can_be(sns, topic):
    """AWS: the example under "HTTP/HTTPS notification JSON format" has the members in this order."""
    listener = sns.listen(topic)
    sns.publish(topic, Subject="News", MessageAttributes={"k": text("v")})
    subject_at = NOTIFICATION.index("Message")
    assert list(listener.envelope()) == [
        *NOTIFICATION[:subject_at], "Subject", *NOTIFICATION[subject_at:], "MessageAttributes",
    ]


def test_of_a_fifo_topic(sns):
    """Recorded: test_message_to_fifo_sqs. It is not signed."""
    topic = sns.hashed_fifo_topic()
    listener = sns.listen(topic)
    answer = sns.publish(topic, "hello", MessageGroupId="g")
    envelope = listener.envelope()
    assert list(envelope) == FIFO
    assert envelope["SequenceNumber"] == answer["SequenceNumber"]


def test_it_is_laid_out_for_people(sns, topic):
    """AWS: the examples under "HTTP/HTTPS notification JSON format"."""
    listener = sns.listen(topic)
    message_id = sns.publish_id(topic, 'say "hello"')
    body = listener.body()
    assert body.startswith(f'{{\n  "Type" : "Notification",\n  "MessageId" : "{message_id}",\n  "TopicArn" : "')
    assert '\n  "Message" : "say \\"hello\\"",\n' in body
    assert body.endswith('"\n}')


def test_characters_that_a_queue_takes_in_an_envelope_only(sns, topic):
    listener = sns.listen(topic)
    sns.publish(topic, "\ufffe, \uffff, \x1b[31m and \x00")
    assert listener.envelope()["Message"] == "\ufffe, \uffff, \x1b[31m and \x00"


def test_the_link_to_unsubscribe_names_the_subscription(sns, topic):
    listener = sns.listen(topic)
    sns.publish(topic)
    link = urllib.parse.urlsplit(listener.envelope()["UnsubscribeURL"])
    query = urllib.parse.parse_qs(link.query)
    assert query == {"Action": ["Unsubscribe"], "SubscriptionArn": [listener.arn]}
    assert f"{link.scheme}://{link.netloc}" == sns.server.url


def test_the_certificate_is_where_amazon_has_it(sns, topic):
    listener = sns.listen(topic)
    sns.publish(topic)
    url = listener.envelope()["SigningCertURL"]
    assert re.fullmatch(r"https://sns\.us-east-1\.amazonaws\.com/SimpleNotificationService-[0-9a-f]{32}\.pem", url)


def test_its_time_is_the_publish(steered_sns):
    topic = steered_sns.topic()
    listener = steered_sns.listen(topic)
    now = steered_sns.clock.now_ms()
    steered_sns.publish(topic)
    assert milliseconds(listener.envelope()["Timestamp"]) == now


def test_message_and_envelope_are_json_in_json(sns, topic):
    listener = sns.listen(topic)
    sns.publish(topic, json.dumps({"a": "\u2028 \x7f ü"}))
    assert json.loads(listener.envelope()["Message"]) == {"a": "\u2028 \x7f ü"}
