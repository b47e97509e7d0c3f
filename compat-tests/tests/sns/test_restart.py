"""What was acknowledged is there after kill -9, and what was under way goes on."""

import signal

import pytest

from support.server import Server
from support.sns_world import SnsWorld

POLICY = {"healthyRetryPolicy": {"minDelayTarget": 1, "maxDelayTarget": 1, "numRetries": 20}}


@pytest.fixture
def life(tmp_path, account):
    """A function that ends the server, if there is one, with kill -9 and starts it on the same data."""
    servers = []

    def begin() -> SnsWorld:
        if servers:
            servers[-1].stop(signal.SIGKILL)
        servers.append(Server("--data", str(tmp_path)).start())
        return SnsWorld(servers[-1], account)

    yield begin
    servers[-1].stop()


def test_topics_subscriptions_and_tags(life):
    sns = life()
    topic = sns.topic("orders", DisplayName="Orders")
    sns.sns.tag_resource(ResourceArn=topic, Tags=[{"Key": "a", "Value": "1"}])
    sns.queue("inbox")
    listener = sns.subscribe(topic, "sqs", sns.arn("x/inbox"), RawMessageDelivery="true", FilterPolicy={"k": ["v"]},
                             FilterPolicyScope="MessageBody")
    before = sns.topic_attributes(topic), sns.subscription(listener)
    sns = life()
    assert (sns.topic_attributes(topic), sns.subscription(listener)) == before
    assert sns.sns.list_tags_for_resource(ResourceArn=topic)["Tags"] == [{"Key": "a", "Value": "1"}]
    for body in ('{"k": "v"}', '{"k": "w"}'):
        sns.publish(topic, body)
    assert sns.bodies("inbox") == ['{"k": "v"}']


def test_an_acknowledged_publish(life):
    sns = life()
    topic = sns.topic()
    for name in ("one", "two"):
        sns.queue(name)
        sns.subscribe(topic, "sqs", sns.arn(f"x/{name}"), RawMessageDelivery="true")
    sns.publish(topic, "hello")
    sns = life()
    assert sns.bodies("one") == sns.bodies("two") == ["hello"]


def test_a_delivery_goes_on(life, receiver):
    sns = life()
    topic = sns.topic()
    sns.confirmed(topic, receiver, DeliveryPolicy=POLICY)
    receiver.answers(500)
    message_id = sns.publish_id(topic, "hello")
    sns.outbox.attempted(message_id, 1)
    sns = life()
    receiver.answers(200)
    delivery = sns.outbox.ended(message_id)
    assert delivery["state"] == "delivered"
    assert [attempt["number"] for attempt in delivery["attempts"]] == list(range(1, len(delivery["attempts"]) + 1))
    assert len(delivery["attempts"]) >= 2, "what was tried before is remembered"


def test_a_token_still_confirms(life, receiver):
    sns = life()
    topic = sns.topic()
    sns.subscribe(topic, "http", receiver.url)
    token = receiver.next("SubscriptionConfirmation").json()["Token"]
    sns = life()
    arn = sns.sns.confirm_subscription(TopicArn=topic, Token=token)["SubscriptionArn"]
    assert sns.subscribers(topic) == [arn]


def test_deduplication_and_sequence_numbers(life):
    sns = life()
    topic = sns.hashed_fifo_topic()
    first = sns.publish(topic, "one", MessageGroupId="g")
    sns = life()
    again = sns.publish(topic, "one", MessageGroupId="g")
    assert (again["MessageId"], again["SequenceNumber"]) == (first["MessageId"], first["SequenceNumber"])
    assert sns.publish(topic, "two", MessageGroupId="g")["SequenceNumber"] > first["SequenceNumber"]


def test_letters(life):
    sns = life()
    sns.sns.publish(PhoneNumber="+15551234567", Message="hello")
    assert life().outbox.letter("sms")["message"] == "hello"
