"""MessageStructure=json: one message, other words for each protocol."""

import json

import pytest

from support.sns_refusals import invalid, refused

NO_DEFAULT = "Message Structure - No default entry in JSON message body"


def publish(sns, topic, document, **more):
    message = document if isinstance(document, str) else json.dumps(document)
    return sns.publish(topic, message, MessageStructure="json", **more)


def test_each_protocol_gets_its_own(sns, topic):
    listener = sns.listen(topic)
    sns.subscribe(topic, "sms", "+15551234567")
    publish(sns, topic, {"default": "for all", "sqs": "for queues", "sms": "for phones", "http": "for servers"})
    assert listener.envelope()["Message"] == "for queues"
    assert sns.outbox.letter("sms")["message"] == "for phones"


def test_others_get_the_default(sns, topic):
    listener = sns.listen(topic)
    publish(sns, topic, {"default": "for all", "sms": "for phones"})
    assert listener.envelope()["Message"] == "for all"


def test_nothing_for_a_queue_is_no_message(sns, topic):
    """SQS takes no empty message; the outbox says so, and goes on to be shown."""
    listener = sns.raw_listen(topic)
    id = publish(sns, topic, {"default": "for all", "sqs": ""})["MessageId"]
    assert listener.messages() == []
    delivery = sns.outbox.delivery(id)
    assert (delivery["state"], delivery["body"], delivery["bodyBytes"]) == ("dead", "", 0)


@pytest.mark.parametrize("document", [{}, {"sqs": "for queues"}, {"default": 1}, {"default": {"a": "b"}}])
def test_a_default_is_needed(sns, topic, document):
    """Recorded: test_message_structure_json_exc."""
    with invalid(NO_DEFAULT):
        publish(sns, topic, document)


def test_it_must_be_json(sns, topic):
    """Recorded: test_message_structure_json_exc."""
    with invalid("Message Structure - JSON message body failed to parse"):
        publish(sns, topic, "no json")


def test_a_key_may_come_twice(sns, topic):
    """Recorded: test_message_structure_json_exc."""
    listener = sns.raw_listen(topic)
    publish(sns, topic, '{"default": "one", "default": "two"}')
    assert listener.body() in ("one", "two")


def test_unknown_protocols_are_passed_over(sns, topic):
    listener = sns.raw_listen(topic)
    publish(sns, topic, {"default": "for all", "pigeon": {"wings": 2}})
    assert listener.body() == "for all"


def test_unknown_structure(sns, topic):
    with refused("InvalidParameter"):
        sns.publish(topic, "x", MessageStructure="xml")


def test_without_it_json_is_a_message_like_any_other(sns, topic):
    listener = sns.raw_listen(topic)
    message = json.dumps({"default": "for all"})
    sns.publish(topic, message)
    assert listener.body() == message
