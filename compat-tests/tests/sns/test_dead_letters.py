"""Dead-letter queues of subscriptions."""

import base64
import json

import pytest

from support.sns_world import binary, text


def nowhere(sns) -> str:
    return f"arn:aws:sqs:{sns.region}:{sns.account}:nothing"


def redrive(sns, queue: str) -> dict:
    return {"deadLetterTargetArn": sns.arn(queue)}


def dead_letters(sns, queue: str, count: int = 1) -> list[dict]:
    return sns.arrivals(queue, count)


@pytest.mark.parametrize("raw", [False, True], ids=["envelope", "raw"])
def test_a_queue_that_is_gone(sns, topic, raw):
    """Recorded: test_redrive_policy_sqs_queue_subscription."""
    dead, queue = sns.queue(), sns.queue()
    sns.subscribe(
        topic, "sqs", sns.arn(queue), RedrivePolicy=redrive(sns, dead), RawMessageDelivery=str(raw).lower()
    )
    sns.sqs.delete_queue(QueueUrl=queue)
    attributes = {"t": text("v"), "b": binary(b"\x02\xff")}
    message_id = sns.publish_id(topic, "hello", MessageAttributes=attributes)
    (letter,) = dead_letters(sns, dead)
    if raw:
        assert letter["Body"] == "hello"
        assert {name: letter["MessageAttributes"][name] for name in attributes} == attributes
    else:
        envelope = json.loads(letter["Body"])
        assert (envelope["Message"], envelope["MessageId"]) == ("hello", message_id)
        assert envelope["MessageAttributes"]["t"] == {"Type": "String", "Value": "v"}
        assert envelope["MessageAttributes"]["b"]["Value"] == base64.b64encode(b"\x02\xff").decode()


def test_a_queue_that_never_was(sns, topic):
    dead = sns.queue()
    sns.subscribe(topic, "sqs", nowhere(sns), RedrivePolicy=redrive(sns, dead), RawMessageDelivery="true")
    sns.publish(topic, "hello")
    assert dead_letters(sns, dead)[0]["Body"] == "hello"


def test_a_failed_delivery_leaves_the_subscription(sns, topic):
    """Recorded: test_subscription_after_failure_to_deliver."""
    dead, queue = sns.queue(), sns.queue("orders")
    arn = sns.subscribe(topic, "sqs", sns.arn(queue), RedrivePolicy=redrive(sns, dead), RawMessageDelivery="true")
    sns.sqs.delete_queue(QueueUrl=queue)
    sns.publish(topic, "lost")
    assert dead_letters(sns, dead)[0]["Body"] == "lost"
    assert sns.subscribers(topic) == [arn]
    queue = sns.queue("orders")
    sns.publish(topic, "found")
    assert sns.bodies(queue) == ["found"]


def test_other_listeners_are_not_bothered(sns, topic):
    dead = sns.queue()
    sns.subscribe(topic, "sqs", nowhere(sns), RedrivePolicy=redrive(sns, dead))
    living = sns.raw_listen(topic)
    sns.publish(topic, "hello")
    assert living.body() == "hello"
    assert len(dead_letters(sns, dead)) == 1


def test_without_one_the_message_is_lost(sns, topic):
    sns.subscribe(topic, "sqs", nowhere(sns))
    assert sns.publish(topic)["MessageId"]


def test_one_that_is_gone_itself(sns, topic):
    sns.subscribe(topic, "sqs", nowhere(sns), RedrivePolicy={"deadLetterTargetArn": nowhere(sns) + "-too"})
    living = sns.raw_listen(topic)
    sns.publish(topic, "hello")
    assert living.body() == "hello"


def test_a_closed_http_endpoint(steered_sns, receiver):
    """Recorded: test_redrive_policy_http_subscription. Here it is dead when its retries are spent."""
    sns, topic, dead = steered_sns, steered_sns.topic(), steered_sns.queue()
    sns.confirmed(topic, receiver, RedrivePolicy=redrive(sns, dead))
    receiver.close()
    message_id = sns.publish_id(topic, "hello")
    for attempt in (1, 2, 3, 4):
        if sns.outbox.attempted(message_id, attempt)["state"] != "waiting":
            break
        sns.clock.advance(20)
    envelope = json.loads(dead_letters(sns, dead)[0]["Body"])
    assert (envelope["Message"], envelope["MessageId"]) == ("hello", message_id)


@pytest.mark.parametrize("raw", [False, True], ids=["envelope", "raw"])
def test_an_endpoint_that_refuses(sns, topic, receiver, raw):
    """Recorded: test_dlq_external_http_endpoint."""
    dead = sns.queue()
    sns.confirmed(topic, receiver, RedrivePolicy=redrive(sns, dead), RawMessageDelivery=str(raw).lower())
    receiver.answers(404)
    message_id = sns.publish_id(topic, "hello", MessageAttributes={"t": text("v")})
    (letter,) = dead_letters(sns, dead)
    if raw:
        assert letter["Body"] == "hello"
        assert letter["MessageAttributes"]["t"] == text("v")
    else:
        assert json.loads(letter["Body"])["MessageId"] == message_id


def test_unsubscribed_there_are_no_dead_letters(sns, topic, receiver):
    """Recorded: test_dlq_external_http_endpoint."""
    dead = sns.queue()
    arn = sns.confirmed(topic, receiver, RedrivePolicy=redrive(sns, dead))
    receiver.answers(404)
    sns.publish(topic, "one")
    assert len(dead_letters(sns, dead)) == 1
    sns.sns.unsubscribe(SubscriptionArn=arn)
    # Refused as well, and not worth a dead letter: what says goodbye is no notification.
    receiver.next("UnsubscribeConfirmation")
    sns.publish(topic, "two")
    assert sns.counts(dead)[0] == 0


def test_unsubscribed_what_waits_is_given_up(steered_sns, receiver):
    sns, topic, dead = steered_sns, steered_sns.topic(), steered_sns.queue()
    arn = sns.confirmed(topic, receiver, RedrivePolicy=redrive(sns, dead))
    receiver.answers(500)
    message_id = sns.publish_id(topic)
    sns.outbox.attempted(message_id, 1)
    sns.sns.unsubscribe(SubscriptionArn=arn)
    assert sns.outbox.delivery(message_id)["state"] == "cancelled"
    sns.clock.advance(3600)
    assert sns.counts(dead) == (0, 0, 0)


def test_a_fifo_topic_has_fifo_dead_letters(sns):
    """AWS: the dead-letter queue of a FIFO topic's subscription is a FIFO queue."""
    topic, dead, queue = sns.hashed_fifo_topic(), sns.hashed_fifo(), sns.hashed_fifo()
    sns.subscribe(topic, "sqs", sns.arn(queue), RedrivePolicy=redrive(sns, dead), RawMessageDelivery="true")
    sns.sqs.delete_queue(QueueUrl=queue)
    for body in ("one", "two"):
        sns.publish(topic, body, MessageGroupId="g")
    letters = dead_letters(sns, dead, 2)
    assert [letter["Body"] for letter in letters] == ["one", "two"]
    assert {letter["Attributes"]["MessageGroupId"] for letter in letters} == {"g"}
