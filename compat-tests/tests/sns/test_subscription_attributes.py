"""What a subscription says of itself, and what may be set."""

import json

import pytest

from support.sns_refusals import invalid, invalid_about, refused, subscription_missing
from support.world import members

ALWAYS = {
    "ConfirmationWasAuthenticated", "Endpoint", "Owner", "PendingConfirmation", "Protocol", "RawMessageDelivery",
    "SubscriptionArn", "TopicArn",
}
# The identity that subscribed: an ARN of IAM, which a local endpoint need not know.
MAYBE = {"SubscriptionPrincipal"}
UNREADABLE = (
    "failed to parse JSON. Unrecognized token 'invalid': was expecting (JSON String, Number, Array, Object or token "
    "'null', 'true' or 'false')\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); "
    "line: 1, column: 8]"
)


def test_those_of_a_queue(sns, topic):
    listener = sns.listen(topic)
    found = sns.subscription(listener.arn)
    assert set(found) - MAYBE == ALWAYS
    assert {name: found[name] for name in ALWAYS} == {
        "ConfirmationWasAuthenticated": "true", "Endpoint": sns.arn(listener.url), "Owner": sns.account,
        "PendingConfirmation": "false", "Protocol": "sqs", "RawMessageDelivery": "false",
        "SubscriptionArn": listener.arn, "TopicArn": topic,
    }


def test_those_of_a_phone(sns, topic):
    """Recorded: test_subscribe_sms_endpoint."""
    found = sns.subscription(sns.subscribe(topic, "sms", "+15551234567"))
    assert set(found) - MAYBE == ALWAYS
    assert (found["ConfirmationWasAuthenticated"], found["PendingConfirmation"]) == ("true", "false")


def test_those_of_a_pending_one(sns, topic):
    found = sns.subscription(sns.subscribe(topic, "email", "a@example.com"))
    assert (found["ConfirmationWasAuthenticated"], found["PendingConfirmation"]) == ("false", "true")


def test_http_shows_the_delivery_policy_in_effect(sns, topic):
    found = sns.subscription(sns.subscribe(topic, "http", "http://127.0.0.1:9/"))
    effective = json.loads(found["EffectiveDeliveryPolicy"])
    assert effective["healthyRetryPolicy"]["numRetries"] == 3
    assert effective["healthyRetryPolicy"]["minDelayTarget"] == 20


def test_raw_delivery_can_be_switched(sns, topic):
    """Recorded: test_set_subscription_attributes."""
    listener = sns.listen(topic)
    answer = sns.sns.set_subscription_attributes(
        SubscriptionArn=listener.arn, AttributeName="RawMessageDelivery", AttributeValue="true"
    )
    assert members(answer) == set()
    assert sns.subscription(listener.arn)["RawMessageDelivery"] == "true"


def test_true_may_be_written_large(sns, topic):
    """MassTransit sends RawMessageDelivery = True."""
    listener = sns.listen(topic, RawMessageDelivery="True")
    sns.publish(topic, "as it is")
    assert listener.body() == "as it is"


def test_unknown_attribute(sns, topic):
    """Recorded: test_validate_set_sub_attributes."""
    with invalid("AttributeName"):
        sns.set_subscription(sns.listen(topic).arn, "Colour", "blue")


def test_unknown_attribute_at_birth(sns, topic):
    with invalid_about("^Invalid parameter: AttributeName|^Invalid parameter: Attributes Reason"):
        sns.subscribe(topic, "sqs", sns.arn(sns.queue()), Colour="blue")


def test_raw_is_true_or_false(sns, topic):
    """Recorded: test_validate_set_sub_attributes."""
    with invalid("RawMessageDelivery: Invalid value [maybe]. Must be true or false."):
        sns.set_subscription(sns.listen(topic).arn, "RawMessageDelivery", "maybe")


def test_raw_is_true_or_false_at_birth(sns, topic):
    """Recorded (by contrast): test_validate_set_sub_attributes says that only Set leaves the reason out."""
    with invalid("Attributes Reason: RawMessageDelivery: Invalid value [maybe]. Must be true or false."):
        sns.listen(topic, RawMessageDelivery="maybe")


def test_dead_letters_need_an_arn(sns, topic):
    """Recorded: test_validate_set_sub_attributes."""
    with invalid("RedrivePolicy: deadLetterTargetArn is an invalid arn"):
        sns.set_subscription(sns.listen(topic).arn, "RedrivePolicy", {"deadLetterTargetArn": "nothing"})


def test_dead_letters_are_said_to_go_to_a_queue_and_nothing_else(sns, topic):
    """Recorded by callers: terraform-aws-sns-topic#48, cloud-platform-environments#11520."""
    policy = {"deadLetterTargetArn": sns.arn(sns.queue()), "maxReceiveCount": 5}
    words = "RedrivePolicy: invalid JSON. Attribute maxReceiveCount is unknown."
    with invalid(words):
        sns.set_subscription(sns.listen(topic).arn, "RedrivePolicy", policy)
    with invalid("Attributes Reason: " + words):
        sns.listen(topic, RedrivePolicy=policy)


def test_dead_letters_are_taken_away_by_no_value(sns, topic):
    """Recorded by callers: terraform-provider-aws, putSubscriptionAttribute."""
    listener = sns.listen(topic, RedrivePolicy={"deadLetterTargetArn": sns.arn(sns.queue())})
    with invalid_about("^Invalid parameter: RedrivePolicy: failed to parse JSON"):
        sns.set_subscription(listener.arn, "RedrivePolicy", "")
    with invalid_about("^Invalid parameter: Attributes Reason: RedrivePolicy: "):
        sns.listen(topic, RedrivePolicy="")
    assert "RedrivePolicy" in sns.subscription(listener.arn)
    sns.sns.set_subscription_attributes(SubscriptionArn=listener.arn, AttributeName="RedrivePolicy")
    assert "RedrivePolicy" not in sns.subscription(listener.arn)


def test_dead_letters_go_to_a_queue_of_the_topics_kind(sns, topic):
    """AWS: "FIFO topic subscriptions use FIFO queues, and standard topic subscriptions use standard queues"."""
    fifo = {"deadLetterTargetArn": sns.arn(sns.fifo())}
    with invalid_about("RedrivePolicy: "):
        sns.set_subscription(sns.listen(topic).arn, "RedrivePolicy", fifo)
    with invalid_about("RedrivePolicy: "):
        sns.listen(topic, RedrivePolicy=fifo)
    ordered = sns.listen(sns.fifo_topic(), RedrivePolicy=fifo)
    # As the real service says it.
    with invalid("RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic."):
        sns.set_subscription(ordered.arn, "RedrivePolicy", {"deadLetterTargetArn": sns.arn(sns.queue())})


@pytest.mark.parametrize("name", ["RedrivePolicy", "FilterPolicy"])
def test_documents_must_be_readable(sns, topic, name):
    """Recorded: test_validate_set_sub_attributes."""
    with invalid(f"{name}: {UNREADABLE}"):
        sns.set_subscription(sns.listen(topic).arn, name, "invalid")


def test_a_filter_must_be_readable_at_birth(sns, topic):
    """Recorded: test_subscribe_invalid_filter_policy."""
    with invalid(f"Attributes Reason: FilterPolicy: {UNREADABLE}"):
        sns.listen(topic, FilterPolicy="invalid")


def test_dead_letters_are_shown(sns, topic):
    """Recorded: test_subscription_after_failure_to_deliver."""
    policy = {"deadLetterTargetArn": sns.arn(sns.queue())}
    listener = sns.listen(topic, RedrivePolicy=policy)
    assert json.loads(sns.subscription(listener.arn)["RedrivePolicy"]) == policy


def test_a_filter_is_shown_with_its_scope(sns, topic):
    listener = sns.listen(topic)
    assert not {"FilterPolicy", "FilterPolicyScope"} & set(sns.subscription(listener.arn))
    sns.set_subscription(listener.arn, "FilterPolicy", {"a": ["b"]})
    found = sns.subscription(listener.arn)
    assert json.loads(found["FilterPolicy"]) == {"a": ["b"]}
    assert found["FilterPolicyScope"] == "MessageAttributes"


def test_a_scope_without_a_filter_is_not_shown(sns, topic):
    """Recorded: test_set_subscription_filter_policy_scope."""
    listener = sns.listen(topic)
    sns.set_subscription(listener.arn, "FilterPolicyScope", "MessageBody")
    assert "FilterPolicyScope" not in sns.subscription(listener.arn)
    sns.set_subscription(listener.arn, "FilterPolicy", {"a": ["b"]})
    assert sns.subscription(listener.arn)["FilterPolicyScope"] == "MessageBody"


def test_the_empty_filter_takes_both_away(sns, topic):
    listener = sns.listen(topic, FilterPolicy={"a": ["b"]}, FilterPolicyScope="MessageBody")
    sns.set_subscription(listener.arn, "FilterPolicy", "")
    assert not {"FilterPolicy", "FilterPolicyScope"} & set(sns.subscription(listener.arn))


def test_unknown_scope(sns, topic):
    """Recorded: test_set_subscription_filter_policy_scope."""
    words = "FilterPolicyScope: Invalid value [RandomValue]. Please use either MessageBody or MessageAttributes"
    with invalid(words):
        sns.set_subscription(sns.listen(topic).arn, "FilterPolicyScope", "RandomValue")
    with invalid(f"Attributes Reason: {words}"):
        sns.listen(topic, FilterPolicy={"a": ["b"]}, FilterPolicyScope="RandomValue")


def test_unknown_subscription(sns, topic):
    """Recorded: test_get_subscription_attributes_error_not_exists."""
    nothing = f"{topic}:00000000-0000-4000-8000-000000000000"
    with subscription_missing():
        sns.subscription(nothing)
    with subscription_missing():
        sns.set_subscription(nothing, "RawMessageDelivery", "true")


def test_a_delivery_policy_is_shown_and_takes_effect(sns, topic):
    retry = {
        "minDelayTarget": 1, "maxDelayTarget": 2, "numRetries": 5, "numMaxDelayRetries": 1, "numNoDelayRetries": 1,
        "numMinDelayRetries": 1, "backoffFunction": "geometric",
    }
    policy = {"healthyRetryPolicy": retry, "requestPolicy": {"headerContentType": "application/json"}}
    arn = sns.subscribe(topic, "http", "http://127.0.0.1:9/", DeliveryPolicy=policy)
    found = sns.subscription(arn)
    assert json.loads(found["DeliveryPolicy"])["healthyRetryPolicy"] == retry
    effective = json.loads(found["EffectiveDeliveryPolicy"])
    assert effective["healthyRetryPolicy"] == retry
    assert effective["requestPolicy"] == {"headerContentType": "application/json"}


@pytest.mark.parametrize("retry", [
    {"numRetries": 101}, {"numRetries": -1}, {"minDelayTarget": 0}, {"maxDelayTarget": 3601},
    {"minDelayTarget": 30, "maxDelayTarget": 20}, {"backoffFunction": "sometimes"}, {"numRetries": "three"},
])
def test_a_delivery_policy_is_checked(sns, topic, retry):
    """AWS: SetSubscriptionAttributes delivery policy, the table of its constraints."""
    default = {"minDelayTarget": 20, "maxDelayTarget": 20, "numRetries": 3}
    with invalid_about("DeliveryPolicy"):
        sns.subscribe(topic, "http", "http://127.0.0.1:9/", DeliveryPolicy={"healthyRetryPolicy": default | retry})


def test_only_lambda_firehose_and_the_like_have_roles(sns, topic):
    with refused("InvalidParameter"):
        sns.set_subscription(sns.listen(topic).arn, "SubscriptionRoleArn", "nobody")
