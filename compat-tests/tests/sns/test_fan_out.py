"""One publish, many listeners: all of them or none, also across accounts and regions."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.sns_world import Listener, SnsWorld
from support.world import members


def listen_across(subscriber: SnsWorld, topic: str, home: SnsWorld) -> Listener:
    """A queue of `home`, subscribed to the topic by `subscriber`."""
    url = home.queue()
    arn = subscriber.subscribe(topic, "sqs", home.arn(url), RawMessageDelivery="true")
    return Listener(home, url, arn)


def test_everyone_hears_it(sns, topic):
    listeners = [sns.listen(topic) for _ in range(5)]
    message_id = sns.publish_id(topic)
    envelopes = [listener.envelope() for listener in listeners]
    assert {envelope["MessageId"] for envelope in envelopes} == {message_id}
    assert len({envelope["Signature"] for envelope in envelopes}) == 1, "signed once"
    assert len({envelope["UnsubscribeURL"] for envelope in envelopes}) == 5


def test_a_hundred_queues(sns, topic):
    listeners = [sns.raw_listen(topic) for _ in range(100)]
    sns.publish(topic, "hello")
    assert [listener.body() for listener in listeners] == ["hello"] * 100


def test_a_queue_may_listen_to_many_topics(sns):
    queue, topics = sns.queue(), [sns.topic() for _ in range(3)]
    for number, topic in enumerate(topics):
        sns.subscribe(topic, "sqs", sns.arn(queue), RawMessageDelivery="true")
        sns.publish(topic, str(number))
    assert sorted(sns.bodies(queue)) == ["0", "1", "2"]


def test_waiting_receivers_hear_it_at_once(sns, topic):
    listener = sns.raw_listen(topic)
    with ThreadPoolExecutor(1) as pool:
        parked = pool.submit(sns.bodies, listener.url, WaitTimeSeconds=20)
        sns.publish(topic, "hello")
        assert parked.result(10) == ["hello"]


def test_a_queue_with_a_delay_delays(steered_sns):
    topic = steered_sns.topic()
    queue = steered_sns.queue(DelaySeconds=30)
    steered_sns.subscribe(topic, "sqs", steered_sns.arn(queue), RawMessageDelivery="true")
    steered_sns.publish(topic, "hello")
    assert steered_sns.bodies(queue) == []
    steered_sns.clock.advance(30)
    assert steered_sns.bodies(queue) == ["hello"]


def test_a_queue_in_another_region(sns, topic):
    listener = listen_across(sns, topic, sns.in_region("eu-west-1"))
    sns.publish(topic, "hello")
    assert listener.body() == "hello"


def test_the_owner_of_a_queue_subscribes_it_elsewhere(sns, other, topic):
    """AWS: API_Subscribe; the queue's owner need not confirm what the owner has asked for."""
    sns.sns.add_permission(TopicArn=topic, Label="other", AWSAccountId=[other.account], ActionName=["Subscribe"])
    listener = listen_across(other, topic, other)
    assert sns.subscription(listener.arn)["PendingConfirmation"] == "false"
    sns.publish(topic, "hello")
    assert listener.body() == "hello"


def test_a_queue_of_someone_else_is_asked_first(sns, other, topic):
    """AWS: API_Subscribe; endpoint and topic in two accounts: the endpoint's owner must confirm."""
    listener = listen_across(sns, topic, other)
    assert sns.subscription(listener.arn)["PendingConfirmation"] == "true"
    sns.publish(topic, "too early")
    asked = json.loads(listener.body())
    assert asked["Type"] == "SubscriptionConfirmation"
    other.sns.confirm_subscription(TopicArn=topic, Token=asked["Token"])
    sns.publish(topic, "in time")
    assert listener.body() == "in time"


def test_both_see_the_subscription(sns, other, topic):
    """The topic's owner lists it by topic; whoever subscribed lists it as his own."""
    sns.sns.add_permission(TopicArn=topic, Label="other", AWSAccountId=[other.account], ActionName=["Subscribe"])
    listener = listen_across(other, topic, other)
    assert sns.subscribers(topic) == [listener.arn]
    assert [s["SubscriptionArn"] for s in other.sns.list_subscriptions()["Subscriptions"]] == [listener.arn]


def test_another_account_publishes_where_it_may(sns, other, topic):
    sns.sns.add_permission(TopicArn=topic, Label="other", AWSAccountId=[other.account], ActionName=["Publish"])
    listener = sns.raw_listen(topic)
    assert members(other.publish(topic, "hello")) == {"MessageId"}
    assert listener.body() == "hello"


@pytest.mark.parametrize("publishes", [1, 20])
def test_nothing_is_lost_or_doubled(sns, topic, publishes):
    listeners = [sns.raw_listen(topic) for _ in range(3)]
    for number in range(publishes):
        sns.publish(topic, str(number))
    for listener in listeners:
        assert sorted(listener.bodies(), key=int) == [str(number) for number in range(publishes)]
