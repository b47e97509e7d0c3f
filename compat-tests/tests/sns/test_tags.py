"""Tags of topics."""

import pytest

from support.sns_refusals import invalid_about, refused
from support.world import members


def tag(sns, topic, **tags):
    sns.sns.tag_resource(ResourceArn=topic, Tags=[{"Key": k, "Value": v} for k, v in tags.items()])


def tags(sns, topic) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in sns.sns.list_tags_for_resource(ResourceArn=topic)["Tags"]}


def test_an_untagged_topic_has_an_empty_list(sns, topic):
    answer = sns.sns.list_tags_for_resource(ResourceArn=topic)
    assert members(answer) == {"Tags"}
    assert answer["Tags"] == []


def test_tags_given_at_creation(sns):
    arn = sns.sns.create_topic(Name="orders", Tags=[{"Key": "team", "Value": "blue"}])["TopicArn"]
    assert tags(sns, arn) == {"team": "blue"}


def test_tags_are_added_and_replaced(sns, topic):
    tag(sns, topic, a="1", b="2")
    tag(sns, topic, b="3", c="")
    assert tags(sns, topic) == {"a": "1", "b": "3", "c": ""}


def test_tags_are_taken_off_and_unknown_ones_ignored(sns, topic):
    tag(sns, topic, a="1", b="2")
    assert members(sns.sns.untag_resource(ResourceArn=topic, TagKeys=["a", "z"])) == set()
    assert tags(sns, topic) == {"b": "2"}


def test_a_new_topic_of_the_same_name_has_no_tags(sns):
    arn = sns.topic("orders")
    tag(sns, arn, a="1")
    sns.sns.delete_topic(TopicArn=arn)
    assert tags(sns, sns.topic("orders")) == {}


def test_fifty_are_the_limit(sns, topic):
    tag(sns, topic, **{f"k{n}": "v" for n in range(50)})
    with refused("TagLimitExceeded"):
        tag(sns, topic, more="v")
    assert len(tags(sns, topic)) == 50


def test_a_key_is_given_once(sns, topic):
    with invalid_about("(?i)duplicate"):
        sns.sns.tag_resource(ResourceArn=topic, Tags=[{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}])


@pytest.mark.parametrize("key, value", [("", "v"), ("k" * 129, "v"), ("k", "v" * 257)])
def test_lengths_are_checked(sns, topic, key, value):
    with invalid_about("(?i)tag|key|value"):
        tag(sns, topic, **{key: value})


@pytest.mark.parametrize("call", [
    lambda sns, arn: sns.list_tags_for_resource(ResourceArn=arn),
    lambda sns, arn: sns.tag_resource(ResourceArn=arn, Tags=[{"Key": "a", "Value": "1"}]),
    lambda sns, arn: sns.untag_resource(ResourceArn=arn, TagKeys=["a"]),
], ids=["list", "tag", "untag"])
def test_unknown_topic(sns, topic, call):
    with refused("ResourceNotFound", "Resource does not exist", status=404):
        call(sns.sns, topic + "-not")
