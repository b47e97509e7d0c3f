"""Topics: names, making them twice, listing and deleting them."""

import pytest

from support.sns_refusals import invalid, invalid_about, lacking, topic_missing
from support.world import members

BAD_CHARACTERS = [":", ";", "!", "@", "|", "^", "%", " "]


def test_a_topic_is_named_by_its_arn(sns):
    answer = sns.sns.create_topic(Name="orders")
    assert members(answer) == {"TopicArn"}
    assert answer["TopicArn"] == f"arn:aws:sns:us-east-1:{sns.account}:orders"


def test_256_characters_are_a_name(sns):
    """Recorded: test_create_topic_name_constraints."""
    assert sns.topic("a" * 256).endswith(":" + "a" * 256)


@pytest.mark.parametrize("name", ["", "a" * 257, "orders.fifo", *(f"a{c}b" for c in BAD_CHARACTERS)])
def test_name_is_refused(sns, name):
    """Recorded: test_create_topic_name_constraints."""
    with invalid("Topic Name"):
        sns.sns.create_topic(Name=name)


def test_fifo_topic_needs_the_suffix(sns):
    """Recorded: test_create_topic_name_constraints."""
    with invalid("Topic Name"):
        sns.sns.create_topic(Name="orders", Attributes={"FifoTopic": "true"})


def test_name_is_required(sns):
    with lacking("Name"):
        sns.sns.create_topic()


def test_made_again_it_is_the_same(sns):
    assert sns.topic("orders") == sns.topic("orders")
    assert len(sns.sns.list_topics()["Topics"]) == 1


@pytest.mark.parametrize("tags", [None, [("a", "1")], [("a", "1"), ("b", "2")]], ids=["none", "some", "all"])
def test_made_again_with_its_tags_it_is_the_same(sns, tags):
    """Recorded: test_create_duplicate_topic_check_idempotency."""
    first = sns.sns.create_topic(Name="orders", Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    more = {} if tags is None else {"Tags": [{"Key": key, "Value": value} for key, value in tags]}
    assert sns.sns.create_topic(Name="orders", **more)["TopicArn"] == first["TopicArn"]
    assert len(sns.sns.list_tags_for_resource(ResourceArn=first["TopicArn"])["Tags"]) == 2


def test_made_again_with_other_tags_it_is_refused(sns):
    sns.sns.create_topic(Name="orders", Tags=[{"Key": "a", "Value": "1"}])
    with invalid_about("Topic already exists with different tags"):
        sns.sns.create_topic(Name="orders", Tags=[{"Key": "a", "Value": "2"}])


@pytest.mark.parametrize("attributes", [{"DisplayName": "other"}, {"DisplayName": "first", "KmsMasterKeyId": "k"}],
                         ids=["different", "additional"])
def test_made_again_with_other_attributes_it_is_refused(sns, attributes):
    """Recorded: test_create_topic_different_attrs."""
    sns.topic("orders", DisplayName="first")
    with invalid("Attributes Reason: Topic already exists with different attributes"):
        sns.topic("orders", **attributes)


def test_made_again_with_equal_or_no_attributes_it_is_the_same(sns):
    arn = sns.topic("orders", DisplayName="first")
    assert sns.topic("orders", DisplayName="first") == arn
    assert sns.topic("orders") == arn


def test_no_fifo_says_nothing_new_of_a_standard_topic(sns):
    """Recorded: test_create_topic_different_attrs."""
    assert sns.topic("orders") == sns.topic("orders", FifoTopic="false")
    with invalid("Topic Name"):
        sns.topic("orders", FifoTopic="true")


def test_topics_are_listed(sns):
    arns = sorted(sns.topic(name) for name in ("a", "b", "c"))
    answer = sns.sns.list_topics()
    assert members(answer) == {"Topics"}
    assert sorted(topic["TopicArn"] for topic in answer["Topics"]) == arns
    assert all(set(topic) == {"TopicArn"} for topic in answer["Topics"])


def test_no_topics_are_an_empty_list(sns):
    assert sns.sns.list_topics()["Topics"] == []


def test_a_deleted_topic_is_gone(sns, topic):
    assert members(sns.sns.delete_topic(TopicArn=topic)) == set()
    assert sns.sns.list_topics()["Topics"] == []
    with topic_missing():
        sns.topic_attributes(topic)


def test_deleting_twice_is_no_error(sns, topic):
    """Recorded: test_delete_topic_idempotency."""
    for _ in range(2):
        assert sns.sns.delete_topic(TopicArn=topic)["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_deleting_what_never_was_is_no_error(sns, topic):
    """Recorded: test_delete_non_existent_topic."""
    assert sns.sns.delete_topic(TopicArn=topic + "-not")["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_deleting_takes_the_subscriptions_along(sns, topic):
    listener = sns.listen(topic)
    sns.sns.delete_topic(TopicArn=topic)
    assert sns.topic(topic.rsplit(":", 1)[1]) == topic
    assert sns.subscribers(topic) == []
    sns.publish(topic)
    assert listener.messages() == []


def test_accounts_and_regions_do_not_see_each_other(sns, other):
    sns.topic("orders")
    assert other.sns.list_topics()["Topics"] == []
    assert sns.in_region("eu-west-1").sns.list_topics()["Topics"] == []
    assert other.topic("orders") != sns.topic("orders") != sns.in_region("eu-west-1").topic("orders")


@pytest.mark.parametrize("call", [
    lambda sns, topic: sns.get_topic_attributes(TopicArn=topic),
    lambda sns, topic: sns.set_topic_attributes(TopicArn=topic, AttributeName="DisplayName", AttributeValue="x"),
    lambda sns, topic: sns.publish(TopicArn=topic, Message="x"),
    lambda sns, topic: sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="a@example.com"),
    lambda sns, topic: sns.list_subscriptions_by_topic(TopicArn=topic),
    lambda sns, topic: sns.delete_topic(TopicArn=topic),
], ids=["get", "set", "publish", "subscribe", "list", "delete"])
def test_another_region_does_not_serve_it(sns, topic, call):
    """Recorded: test_cross_region_access."""
    with invalid("TopicArn"):
        call(sns.in_region("eu-west-1").sns, topic)
