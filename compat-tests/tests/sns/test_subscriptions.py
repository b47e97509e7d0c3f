"""Subscribing, confirming, listing."""

import re

import pytest

from support.sns_refusals import (
    invalid, invalid_about, lacking, not_an_arn, refused, subscription_missing, topic_missing,
)
from support.world import members

FIVE = {"SubscriptionArn", "Owner", "Protocol", "Endpoint", "TopicArn"}
GOOD_NUMBERS = ["+15551234567", "+12/34-567.890"]
BAD_NUMBERS = ["+15--551234567", "NAA+15551234567", "+15551234567.", "/+15551234567"]


def test_a_queue_is_confirmed_at_once(sns, topic):
    queue = sns.queue()
    answer = sns.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=sns.arn(queue))
    assert members(answer) == {"SubscriptionArn"}
    assert re.fullmatch(re.escape(topic) + ":[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", answer["SubscriptionArn"])


def test_a_listed_subscription_has_five_members(sns, topic):
    """Recorded: test_getting_subscriptions_by_topic."""
    listener = sns.listen(topic)
    expected = {
        "SubscriptionArn": listener.arn, "Owner": sns.account, "Protocol": "sqs", "Endpoint": sns.arn(listener.url),
        "TopicArn": topic,
    }
    assert set(expected) == FIVE
    assert sns.sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"] == [expected]
    assert sns.sns.list_subscriptions()["Subscriptions"] == [expected]


def test_no_subscriptions_are_an_empty_list(sns, topic):
    for answer in (sns.sns.list_subscriptions(), sns.sns.list_subscriptions_by_topic(TopicArn=topic)):
        assert members(answer) == {"Subscriptions"}
        assert answer["Subscriptions"] == []


def test_an_unconfirmed_one_is_listed_as_pending(sns, topic):
    """Recorded: test_publish_no_confirm_subscription."""
    answer = sns.sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="a@example.com")
    assert answer["SubscriptionArn"] == "pending confirmation"
    sns.publish(topic)
    (listed,) = sns.sns.list_subscriptions()["Subscriptions"]
    assert listed["SubscriptionArn"] == "PendingConfirmation"
    assert sns.subscribers(topic) == ["PendingConfirmation"]


def test_its_arn_is_told_to_who_asks(sns, topic):
    """Recorded: test_http_subscription_response."""
    answer = sns.sns.subscribe(
        TopicArn=topic, Protocol="email", Endpoint="a@example.com", ReturnSubscriptionArn=True
    )
    assert answer["SubscriptionArn"].startswith(topic + ":")
    assert sns.subscription(answer["SubscriptionArn"])["PendingConfirmation"] == "true"


def test_the_token_confirms(sns, topic):
    arn = sns.subscribe(topic, "email", "a@example.com")
    answer = sns.sns.confirm_subscription(TopicArn=topic, Token=sns.token(arn))
    assert answer["SubscriptionArn"] == arn
    assert sns.subscription(arn)["PendingConfirmation"] == "false"
    assert sns.subscribers(topic) == [arn]


def test_confirming_twice_is_no_error(sns, topic):
    arn = sns.subscribe(topic, "email", "a@example.com")
    token = sns.token(arn)
    for _ in range(2):
        assert sns.sns.confirm_subscription(TopicArn=topic, Token=token)["SubscriptionArn"] == arn


def test_a_wrong_token(sns, topic):
    """Recorded: test_sns_confirm_subscription_wrong_token."""
    token = sns.token(sns.subscribe(topic, "email", "a@example.com"))
    # The last digit changed: still what a token looks like.
    unknown = token[:-1] + ("0" if token[-1] != "0" else "1")
    for topic_arn, wrong in [(topic, unknown), (sns.topic(), token)]:
        with invalid("Token"):
            sns.sns.confirm_subscription(TopicArn=topic_arn, Token=wrong)
    with refused("InvalidParameter", "Invalid token"):
        sns.sns.confirm_subscription(TopicArn=topic, Token="no-token")


def test_a_topic_that_is_none(sns, topic):
    """Recorded: test_subscribe_with_invalid_topic."""
    with not_an_arn("TopicArn"):
        sns.subscribe("orders", "email", "a@example.com")
    with topic_missing():
        sns.subscribe(topic + "-not", "email", "a@example.com")


def test_a_queue_need_not_exist(sns, topic):
    """Recorded: test_subscribe_unknown_sqs_queue."""
    endpoint = f"arn:aws:sqs:us-east-1:{sns.account}:nothing"
    arn = sns.subscribe(topic, "sqs", endpoint)
    assert sns.subscription(arn)["Endpoint"] == endpoint
    with invalid("SQS endpoint ARN"):
        sns.subscribe(topic, "sqs", "nothing")


def test_a_queue_url_is_no_endpoint(sns, topic):
    """Recorded: test_subscribe_to_sqs_with_queue_url."""
    with invalid("SQS endpoint ARN"):
        sns.subscribe(topic, "sqs", sns.queue())


@pytest.mark.parametrize("number", GOOD_NUMBERS)
def test_a_phone_is_confirmed_at_once(sns, topic, number):
    """Recorded: test_subscribe_sms, test_subscribe_sms_obscure_phone_number."""
    answer = sns.sns.subscribe(TopicArn=topic, Protocol="sms", Endpoint=number)
    assert answer["SubscriptionArn"].startswith(topic + ":")


@pytest.mark.parametrize("number", BAD_NUMBERS)
def test_not_every_number_is_a_phone(sns, topic, number):
    """Recorded: test_subscribe_invalid_sms."""
    with refused("InvalidParameter", f"Invalid SMS endpoint: {number}"):
        sns.subscribe(topic, "sms", number)


@pytest.mark.parametrize("protocol, endpoint", [
    ("http", "https://example.com/"), ("https", "http://example.com/"), ("http", "example.com"),
    ("email", "nobody"), ("lambda", "my-function"), ("application", "my-phone"), ("firehose", "my-stream"),
    ("pigeon", "home"),
])
def test_endpoint_and_protocol_must_fit(sns, topic, protocol, endpoint):
    with refused("InvalidParameter"):
        sns.subscribe(topic, protocol, endpoint)


@pytest.mark.parametrize("missing", ["Protocol", "Endpoint"])
def test_required_members(sns, topic, missing):
    arguments = {"TopicArn": topic, "Protocol": "email", "Endpoint": "a@example.com"}
    del arguments[missing]
    with lacking(missing):
        sns.sns.subscribe(**arguments)


def test_the_same_again_is_the_same(sns, topic):
    listener = sns.listen(topic, RawMessageDelivery="true")
    again = sns.subscribe(topic, "sqs", sns.arn(listener.url), RawMessageDelivery="true")
    assert again == listener.arn
    assert sns.subscribers(topic) == [listener.arn]


def test_the_same_with_other_attributes_is_refused(sns, topic):
    listener = sns.listen(topic, RawMessageDelivery="true")
    with invalid_about("Subscription already exists with different attributes"):
        sns.subscribe(topic, "sqs", sns.arn(listener.url), RawMessageDelivery="false")


def test_a_fifo_queue_listens_to_fifo_topics_only(sns, topic):
    with invalid_about("(?i)fifo"):
        sns.subscribe(topic, "sqs", sns.arn(sns.fifo()))


@pytest.mark.parametrize("protocol, endpoint", [("email", "a@example.com"), ("http", "http://example.com/")])
def test_a_fifo_topic_speaks_to_queues_only(sns, protocol, endpoint):
    """AWS's words as quoted in hashicorp/terraform#28632 and terraform-provider-aws#38441."""
    with invalid(f"Invalid protocol type: {protocol}"):
        sns.subscribe(sns.fifo_topic(), protocol, endpoint)


def test_a_fifo_topic_speaks_to_standard_queues_too(sns):
    """AWS: FIFO topics deliver to standard queues as well since 2023."""
    topic, queue = sns.hashed_fifo_topic(), sns.queue()
    sns.subscribe(topic, "sqs", sns.arn(queue), RawMessageDelivery="true")
    sns.publish(topic, "hello", MessageGroupId="g")
    assert sns.bodies(queue) == ["hello"]


def test_unsubscribed_it_is_gone(sns, topic):
    listener = sns.listen(topic)
    assert members(sns.sns.unsubscribe(SubscriptionArn=listener.arn)) == set()
    assert sns.subscribers(topic) == []
    sns.publish(topic)
    assert listener.messages() == []
    with subscription_missing():
        sns.subscription(listener.arn)


def test_unsubscribing_twice_is_no_error(sns, topic):
    """Recorded: test_unsubscribe_idempotency, test_unsubscribe_from_non_existing_subscription."""
    listener = sns.listen(topic)
    for _ in range(2):
        answer = sns.sns.unsubscribe(SubscriptionArn=listener.arn)
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200


@pytest.mark.parametrize("protocol, endpoint", [("email", "a@example.com"), ("http", "http://127.0.0.1:9/")])
def test_what_is_pending_cannot_be_unsubscribed(sns, topic, protocol, endpoint):
    """Recorded by callers: aws-sdk-net#350; terraform-provider-aws looks for the sentence."""
    arn = sns.subscribe(topic, protocol, endpoint)
    with invalid("SubscriptionArn Reason: Cannot unsubscribe a subscription that is pending confirmation"):
        sns.sns.unsubscribe(SubscriptionArn=arn)
    assert sns.subscription(arn)["PendingConfirmation"] == "true"


def test_unsubscribing_what_is_no_arn(sns):
    with not_an_arn("SubscriptionArn"):
        sns.sns.unsubscribe(SubscriptionArn="nothing")


def test_a_pending_one_gets_nothing_until_it_is_confirmed(sns, topic):
    arn = sns.subscribe(topic, "email", "a@example.com")
    sns.publish(topic, "too early")
    sns.sns.confirm_subscription(TopicArn=topic, Token=sns.token(arn))
    sns.publish(topic, "in time")
    heard = "".join(letter["message"] for letter in sns.outbox.letters("email", "a@example.com"))
    assert "too early" not in heard and "in time" in heard
