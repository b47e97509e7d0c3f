"""Publish to a topic: what is answered, what is refused, and the limits."""

import re

import pytest

from support.sns_refusals import invalid, invalid_about, lacking, not_an_arn, refused, topic_missing
from support.sns_world import binary, text
from support.world import members

LIMIT = 262_144
UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


def test_a_standard_topic_answers_an_id(sns, topic):
    answer = sns.publish(topic)
    assert members(answer) == {"MessageId"}
    assert re.fullmatch(UUID, answer["MessageId"])


def test_a_topic_may_be_named_as_target(sns, topic):
    listener = sns.raw_listen(topic)
    sns.sns.publish(TargetArn=topic, Message="hello")
    assert listener.body() == "hello"


@pytest.mark.parametrize("message", ["grüße <&> \"'\" 🎈", "line\r\nline\ttab", " ", "{\"a\": 1}", "\\n"])
def test_every_character_arrives(sns, topic, message):
    plain, raw = sns.listen(topic), sns.raw_listen(topic)
    sns.publish(topic, message)
    assert plain.envelope()["Message"] == message
    assert raw.body() == message


def test_the_subject_arrives(sns, topic):
    listener = sns.listen(topic)
    sns.publish(topic, Subject="News & more")
    assert listener.envelope()["Subject"] == "News & more"


def test_an_empty_message(sns, topic):
    """Recorded: test_empty_sns_message."""
    with invalid("Empty message"):
        sns.publish(topic, "")


def test_an_empty_subject(sns, topic):
    """Recorded: test_publish_with_empty_subject."""
    with invalid("Subject"):
        sns.publish(topic, Subject="")


@pytest.mark.parametrize("subject", ["a" * 101, "two\nlines", "bell\x07"])
def test_a_subject_is_one_short_line(sns, topic, subject):
    """AWS: API_Publish, Subject."""
    with invalid("Subject"):
        sns.publish(topic, Subject=subject)


def test_the_largest_message(sns, topic):
    """Recorded: test_publish_too_long_message."""
    listener = sns.raw_listen(topic)
    sns.publish(topic, "a" * LIMIT)
    assert len(listener.body()) == LIMIT
    with invalid("Message too long"):
        sns.publish(topic, "a" * (LIMIT + 1))


def test_bytes_are_counted_not_characters(sns, topic):
    sns.publish(topic, "ü" * (LIMIT // 2))
    with invalid("Message too long"):
        sns.publish(topic, "ü" * (LIMIT // 2) + "a")


@pytest.mark.parametrize("value", [text("v" * 10), binary(b"v" * 10)], ids=["text", "binary"])
def test_attributes_count_with_name_type_and_value(sns, topic, value):
    """Recorded: test_publish_too_long_message."""
    room = LIMIT - len("name") - len(value["DataType"]) - 10
    sns.publish(topic, "a" * room, MessageAttributes={"name": value})
    with invalid("Message too long"):
        sns.publish(topic, "a" * (room + 1), MessageAttributes={"name": value})


def test_the_limit_can_be_set(sns):
    """AWS: large message payloads, topic attribute MaximumMessageSize."""
    large, small = sns.topic(MaximumMessageSize="1048576"), sns.topic(MaximumMessageSize="1024")
    listener = sns.raw_listen(large)
    sns.publish(large, "a" * 1_048_576)
    assert len(listener.body()) == 1_048_576
    sns.publish(small, "a" * 1024)
    with refused("InvalidParameter"):
        sns.publish(small, "a" * 1025)


def test_unknown_topic(sns, topic):
    with topic_missing():
        sns.publish(topic + "-not")


def test_something_that_is_no_arn(sns):
    with not_an_arn("TopicArn"):
        sns.publish("orders")
    with not_an_arn("TargetArn"):
        sns.sns.publish(TargetArn="orders", Message="x")


def test_a_message_goes_somewhere(sns):
    with invalid_about("TopicArn or TargetArn"):
        sns.sns.publish(Message="x")


def test_a_message_goes_to_one_place(sns, topic):
    with refused("InvalidParameter"):
        sns.sns.publish(TopicArn=topic, PhoneNumber="+15551234567", Message="x")


def test_a_message_is_required(sns, topic):
    with lacking("Message"):
        sns.sns.publish(TopicArn=topic)


def test_the_trace_header_arrives(sns, topic, sns_raw):
    """Recorded: test_publish_sqs_from_sns_with_xray_propagation."""
    trace = "Root=1-3152b799-8954dae64eda91bc9a23a7e8;Parent=7fa8c0f79203be72;Sampled=1"
    listener = sns.raw_listen(topic)
    answer = sns_raw.form(headers={"X-Amzn-Trace-Id": trace}, Action="Publish", TopicArn=topic, Message="x")
    assert answer.status == 200
    assert listener.message()["Attributes"]["AWSTraceHeader"] == trace


def test_a_standard_topic_passes_the_group_on(sns, topic):
    """AWS: fair queues; MessageGroupId on standard topics."""
    listener = sns.raw_listen(topic)
    answer = sns.publish(topic, MessageGroupId="tenant-1")
    assert members(answer) == {"MessageId"}
    assert listener.message()["Attributes"]["MessageGroupId"] == "tenant-1"


def test_a_standard_topic_knows_no_deduplication(sns, topic):
    with invalid_about("MessageDeduplicationId"):
        sns.publish(topic, MessageDeduplicationId="d")


def test_a_dead_endpoint_does_not_fail_the_publish(sns, topic):
    """Recorded: test_subscription_after_failure_to_deliver."""
    arn = sns.subscribe(topic, "sqs", f"arn:aws:sqs:us-east-1:{sns.account}:nothing")
    living = sns.raw_listen(topic)
    sns.publish(topic, "hello")
    assert living.body() == "hello"
    assert arn in sns.subscribers(topic)
