"""What a topic says of itself, and what may be set."""

import json

import pytest

from support.sns_refusals import invalid, invalid_about, not_an_arn, topic_missing

STANDARD = {
    "DisplayName", "EffectiveDeliveryPolicy", "Owner", "Policy", "SubscriptionsConfirmed", "SubscriptionsDeleted",
    "SubscriptionsPending", "TopicArn",
}
# The order is the service's own.
DEFAULT_ACTIONS = [
    "SNS:GetTopicAttributes", "SNS:SetTopicAttributes", "SNS:AddPermission", "SNS:RemovePermission",
    "SNS:DeleteTopic", "SNS:Subscribe", "SNS:ListSubscriptionsByTopic", "SNS:Publish",
]
DEFAULT_RETRY = {
    "minDelayTarget": 20, "maxDelayTarget": 20, "numRetries": 3, "numMaxDelayRetries": 0, "numNoDelayRetries": 0,
    "numMinDelayRetries": 0, "backoffFunction": "linear",
}


def test_a_standard_topic_has_these_and_no_others(sns, topic):
    """Recorded: test_create_topic_test_arn."""
    found = sns.topic_attributes(topic)
    assert set(found) == STANDARD
    assert found["DisplayName"] == ""
    assert found["Owner"] == sns.account
    assert found["TopicArn"] == topic
    assert {found["Subscriptions" + kind] for kind in ("Confirmed", "Deleted", "Pending")} == {"0"}


def test_the_delivery_policy_in_effect(sns, topic):
    """Recorded: test_create_topic_test_arn."""
    assert json.loads(sns.topic_attributes(topic)["EffectiveDeliveryPolicy"]) == {"http": {
        "defaultHealthyRetryPolicy": DEFAULT_RETRY,
        "disableSubscriptionOverrides": False,
        "defaultRequestPolicy": {"headerContentType": "text/plain; charset=UTF-8"},
    }}


def test_the_default_policy(sns, topic):
    """Recorded: test_create_topic_test_arn."""
    assert json.loads(sns.topic_attributes(topic)["Policy"]) == {
        "Version": "2008-10-17",
        "Id": "__default_policy_ID",
        "Statement": [{
            "Sid": "__default_statement_ID",
            "Effect": "Allow",
            "Principal": {"AWS": "*"},
            "Action": DEFAULT_ACTIONS,
            "Resource": topic,
            "Condition": {"StringEquals": {"AWS:SourceOwner": sns.account}},
        }],
    }


def test_a_fifo_topic_adds_its_own(sns):
    found = sns.topic_attributes(sns.fifo_topic())
    assert STANDARD < set(found)
    assert (found["FifoTopic"], found["ContentBasedDeduplication"]) == ("true", "false")


def test_fifo_false_leaves_no_trace(sns):
    """Recorded: test_topic_get_attributes_with_fifo_false."""
    topic = sns.topic(FifoTopic="false")
    assert set(sns.topic_attributes(topic)) == STANDARD
    with invalid("AttributeName"):
        sns.set_topic(topic, "FifoTopic", "true")


@pytest.mark.parametrize("name, value", [
    ("DisplayName", "Orders"),
    ("DeliveryPolicy", '{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":1,"maxDelayTarget":2,"numRetries":4,'
                       '"numMaxDelayRetries":0,"numNoDelayRetries":0,"numMinDelayRetries":0,'
                       '"backoffFunction":"exponential"},"disableSubscriptionOverrides":false}}'),
    ("KmsMasterKeyId", "alias/aws/sns"),
    ("SignatureVersion", "2"),
    ("TracingConfig", "Active"),
    ("MaximumMessageSize", "1024"),
    ("HTTPSuccessFeedbackSampleRate", "100"),
])
def test_what_is_set_is_shown(sns, topic, name, value):
    sns.set_topic(topic, name, value)
    shown = sns.topic_attributes(topic)[name]
    assert json.loads(shown) == json.loads(value) if name == "DeliveryPolicy" else shown == value


def test_attributes_can_be_given_at_creation(sns):
    topic = sns.topic(DisplayName="Orders", SignatureVersion="2")
    found = sns.topic_attributes(topic)
    assert (found["DisplayName"], found["SignatureVersion"]) == ("Orders", "2")


def test_a_set_delivery_policy_takes_effect(sns, topic):
    retry = DEFAULT_RETRY | {"numRetries": 5, "minDelayTarget": 1}
    sns.set_topic(topic, "DeliveryPolicy", {"http": {"defaultHealthyRetryPolicy": retry}})
    effective = json.loads(sns.topic_attributes(topic)["EffectiveDeliveryPolicy"])["http"]
    assert effective["defaultHealthyRetryPolicy"] == retry
    assert effective["disableSubscriptionOverrides"] is False


def test_content_based_deduplication_can_be_changed(sns):
    topic = sns.fifo_topic()
    sns.set_topic(topic, "ContentBasedDeduplication", "true")
    assert sns.topic_attributes(topic)["ContentBasedDeduplication"] == "true"


def test_a_policy_is_shown_as_set(sns, topic):
    policy = {"Version": "2012-10-17", "Id": "mine", "Statement": [{
        "Sid": "one", "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "SNS:Publish", "Resource": topic,
    }]}
    sns.set_topic(topic, "Policy", policy)
    assert json.loads(sns.topic_attributes(topic)["Policy"]) == policy


def statement(topic, **more) -> dict:
    plain = {"Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Resource": topic, **more}
    return {name: value for name, value in plain.items() if value is not None}


def policy(*statements) -> dict:
    return {"Version": "2012-10-17", "Statement": list(statements)}


@pytest.mark.parametrize("more", [
    {"Action": ["sns:Publish", "SNS:Receive"]},
    {"Principal": {"AWS": ["123456789012", "arn:aws:iam::123456789012:role/r"]}},
    {"Principal": {"Service": "events.amazonaws.com"}},
    {"Resource": "*"},
])
def test_a_policy_may_say(sns, topic, more):
    wanted = policy(statement(topic, **more))
    sns.set_topic(topic, "Policy", wanted)
    assert json.loads(sns.topic_attributes(topic)["Policy"]) == wanted


@pytest.mark.parametrize("more, sentence", [
    ({"Principal": {"AWS": "nonsense"}}, "Policy Error: PrincipalNotFound"),
    ({"Principal": {"AWS": "sns.amazonaws.com"}}, "Policy Error: PrincipalNotFound"),
    ({"Principal": {"AWS": []}}, "Policy Error: null"),
    ({"Principal": None}, "Policy Error: null"),
    ({"Action": "sns:*"}, "Policy statement action out of service scope!"),
    ({"Action": "sns:Unsubscribe"}, "Policy statement action out of service scope!"),
    ({"Action": "sqs:SendMessage"}, "Policy statement action out of service scope!"),
    ({"Resource": None}, "Policy statement must apply to a single resource!"),
    ({"Resource": ["*", "*"]}, "Policy statement must apply to a single resource!"),
])
def test_a_policy_may_not_say(sns, topic, more, sentence):
    """Recorded by callers: hashicorp/terraform#31538, serverless#5519, terraform-aws-sns-topic#44."""
    with invalid(sentence):
        sns.set_topic(topic, "Policy", policy(statement(topic, **more)))
    with invalid("Attributes Reason: " + sentence):
        sns.topic(Policy=policy(statement(topic, **more)))


@pytest.mark.parametrize("ids", [("a", "a"), (None, None)])
def test_statements_have_ids_of_their_own(sns, topic, ids):
    """Recorded by callers: cloudformation-template-generator#138, serverless-step-functions#801."""
    with invalid("Every policy statement must have a unique ID"):
        sns.set_topic(topic, "Policy", policy(*(statement(topic, Sid=sid) for sid in ids)))


@pytest.mark.parametrize("count, more", [
    (101, {}),
    (1, {"Principal": {"AWS": ["123456789012"] * 201}}),
    (1, {"Condition": {"StringEquals": {"aws:PrincipalTag/k": "v" * 30_720}}}),
])
def test_a_policy_has_an_end(sns, topic, count, more):
    """AWS: SNS Developer Guide, "Policy quotas"."""
    too_much = policy(*(statement(topic, Sid=str(n), **more) for n in range(count)))
    with invalid_about("^Invalid parameter: Policy Error: "):
        sns.set_topic(topic, "Policy", too_much)
    with invalid_about("^Invalid parameter: Attributes Reason: Policy Error: "):
        sns.topic(Policy=too_much)


@pytest.mark.parametrize("text", ["a\x01b", "a\x00b", "a\ufffeb"])
def test_what_no_answer_can_carry_is_refused(sns, topic, text):
    """XML 1.0 has no spelling for it."""
    with invalid_about("^Invalid parameter: AttributeValue Reason: Invalid characters found"):
        sns.set_topic(topic, "DisplayName", text)
    with invalid_about("^Invalid parameter: Attributes Reason: Invalid characters found"):
        sns.topic(DisplayName=text)
    with invalid_about("^Invalid parameter: Tags Reason: Invalid characters found"):
        sns.sns.tag_resource(ResourceArn=topic, Tags=[{"Key": "k", "Value": text}])
    assert sns.topic_attributes(topic)["DisplayName"] == ""


def test_unknown_attribute_is_refused(sns, topic):
    with invalid("AttributeName"):
        sns.set_topic(topic, "Colour", "blue")


def test_what_is_counted_cannot_be_set(sns, topic):
    with invalid("AttributeName"):
        sns.set_topic(topic, "SubscriptionsConfirmed", "7")


@pytest.mark.parametrize("name, value", [
    ("DisplayName", "x" * 101),
    ("Policy", "no policy"),
    ("DeliveryPolicy", "no policy"),
    ("SignatureVersion", "3"),
    ("TracingConfig", "Sometimes"),
    ("MaximumMessageSize", "1023"),
    ("MaximumMessageSize", "1048577"),
    ("MaximumMessageSize", "big"),
])
def test_bad_value_is_refused(sns, topic, name, value):
    with invalid_about(name):
        sns.set_topic(topic, name, value)


def test_a_long_display_name(sns, topic):
    """Recorded by callers: getlift/lift#348, serverless#4937."""
    with invalid("DisplayName"):
        sns.set_topic(topic, "DisplayName", "x" * 101)
    with invalid("Attributes Reason: DisplayName"):
        sns.topic(DisplayName="x" * 101)


@pytest.mark.parametrize("protocol, endpoint", [("email", "a@example.com"), ("sms", "+15551234567")])
def test_large_messages_go_to_those_who_take_them(sns, topic, protocol, endpoint):
    """AWS: API_SetTopicAttributes and "Publishing large messages with Amazon SNS"."""
    large = sns.topic(MaximumMessageSize="262145")
    sns.listen(large)
    with invalid_about(protocol):
        sns.subscribe(large, protocol, endpoint)
    sns.subscribe(topic, protocol, endpoint)
    with invalid_about("MaximumMessageSize"):
        sns.set_topic(topic, "MaximumMessageSize", "262145")
    sns.set_topic(topic, "MaximumMessageSize", "262144")


def test_large_messages_go_to_a_hundred(sns, topic):
    """As a caller of the real service saw it: the number counts when the size is set, not when one more subscribes."""
    for n in range(101):
        sns.subscribe(topic, "sqs", f"arn:aws:sqs:us-east-1:{sns.account}:q{n}")
    with invalid_about("MaximumMessageSize"):
        sns.set_topic(topic, "MaximumMessageSize", "1048576")
    large = sns.topic(MaximumMessageSize="1048576")
    for n in range(101):
        sns.subscribe(large, "sqs", f"arn:aws:sqs:us-east-1:{sns.account}:q{n}")


def test_unknown_topic(sns, topic):
    with topic_missing():
        sns.topic_attributes(topic + "-not")
    with topic_missing():
        sns.set_topic(topic + "-not", "DisplayName", "x")


def test_something_that_is_no_arn(sns):
    with not_an_arn("TopicArn"):
        sns.topic_attributes("orders")


def test_subscriptions_are_counted(sns, topic):
    listener = sns.listen(topic)
    sns.subscribe(topic, "email", "a@example.com")
    found = sns.topic_attributes(topic)
    assert (found["SubscriptionsConfirmed"], found["SubscriptionsPending"]) == ("1", "1")
    sns.sns.unsubscribe(SubscriptionArn=listener.arn)
    found = sns.topic_attributes(topic)
    assert (found["SubscriptionsConfirmed"], found["SubscriptionsPending"]) == ("0", "1")
