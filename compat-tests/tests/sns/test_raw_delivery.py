"""RawMessageDelivery: the message as it is, with typed attributes."""

import json

import pytest

from support.sns_world import array, binary, number, text


def test_the_body_is_the_message(sns, topic):
    listener = sns.raw_listen(topic)
    sns.publish(topic, '{"a": 1}', Subject="not shown")
    assert listener.body() == '{"a": 1}'


def test_attributes_keep_their_types(sns, topic):
    """Recorded: test_publish_sqs_from_sns."""
    listener = sns.raw_listen(topic)
    sent = {"s": text("v"), "n": number("1.50"), "b": binary(b"\x02\xff"), "a": array(["x"])}
    sns.publish(topic, MessageAttributes=sent)
    message = listener.message()
    assert message["MessageAttributes"] == sent
    assert message["MD5OfMessageAttributes"]


def test_switching_shows_at_once(sns, topic):
    """Recorded: test_publish_sqs_from_sns."""
    listener = sns.raw_listen(topic)
    sns.publish(topic, "one")
    assert listener.body() == "one"
    sns.set_subscription(listener.arn, "RawMessageDelivery", "false")
    sns.publish(topic, "two")
    assert listener.envelope()["Message"] == "two"
    sns.set_subscription(listener.arn, "RawMessageDelivery", "true")
    sns.publish(topic, "three")
    assert listener.body() == "three"


@pytest.mark.parametrize("count, arrives", [(10, True), (11, False)])
def test_a_queue_takes_ten_attributes(sns, topic, count, arrives):
    """AWS: raw message delivery; a raw message with more than ten attributes is discarded as a client-side error."""
    dead = sns.queue()
    listener = sns.raw_listen(topic, RedrivePolicy={"deadLetterTargetArn": sns.arn(dead)})
    envelopes = sns.listen(topic)
    sns.publish(topic, MessageAttributes={f"a{n}": text("v") for n in range(count)})
    assert len(listener.messages()) == (1 if arrives else 0)
    assert len(envelopes.envelope()["MessageAttributes"]) == count


def test_raw_and_not_side_by_side(sns, topic):
    raw, plain = sns.raw_listen(topic), sns.listen(topic)
    message_id = sns.publish_id(topic, "hello")
    assert raw.body() == "hello"
    envelope = json.loads(plain.body())
    assert (envelope["Message"], envelope["MessageId"]) == ("hello", message_id)
