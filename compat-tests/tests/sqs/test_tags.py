"""TagQueue, UntagQueue, ListQueueTags."""

import pytest

from support.refusals import missing, nonexistent_queue, refused
from support.world import members


def tags(world, url):
    return world.sqs.list_queue_tags(QueueUrl=url).get("Tags")


def test_untagged_queue_has_no_tags_member(world):
    assert members(world.sqs.list_queue_tags(QueueUrl=world.queue())) == set()


def test_tags_are_listed_as_a_map(world):
    url = world.queue()
    world.sqs.tag_queue(QueueUrl=url, Tags={"tag1": "value1", "tag2": ""})
    assert tags(world, url) == {"tag1": "value1", "tag2": ""}


def test_tagging_adds_and_overwrites(world):
    url = world.queue()
    world.sqs.tag_queue(QueueUrl=url, Tags={"a": "1", "b": "2"})
    assert members(world.sqs.tag_queue(QueueUrl=url, Tags={"b": "3", "c": "4"})) == set()
    assert tags(world, url) == {"a": "1", "b": "3", "c": "4"}


def test_tags_gone_member_gone(world):
    url = world.queue()
    world.sqs.tag_queue(QueueUrl=url, Tags={"a": "1", "b": "2"})
    world.sqs.untag_queue(QueueUrl=url, TagKeys=["a"])
    assert tags(world, url) == {"b": "2"}
    world.sqs.untag_queue(QueueUrl=url, TagKeys=["b"])
    assert tags(world, url) is None


def test_untagging_ignores_unknown_keys(world):
    url = world.queue()
    world.sqs.tag_queue(QueueUrl=url, Tags={"a": "1"})
    world.sqs.untag_queue(QueueUrl=url, TagKeys=["z", "y"])
    assert tags(world, url) == {"a": "1"}


def test_keys_are_case_sensitive(world):
    url = world.queue()
    world.sqs.tag_queue(QueueUrl=url, Tags={"key": "1", "Key": "2"})
    assert tags(world, url) == {"key": "1", "Key": "2"}


def test_fifty_tags_are_the_most(world):
    url = world.queue()
    world.sqs.tag_queue(QueueUrl=url, Tags={f"key-{n}": "v" for n in range(50)})
    with refused("InvalidParameterValue"):
        world.sqs.tag_queue(QueueUrl=url, Tags={"one-more": "v"})
    assert len(tags(world, url)) == 50


def test_no_tags_at_all(world):
    url = world.queue()
    for tags in ({}, {"Tags": {}}):
        with missing("Tags"):
            world.sqs.tag_queue(QueueUrl=url, **tags)
    for keys in ({}, {"TagKeys": []}):
        with missing("TagKeys"):
            world.sqs.untag_queue(QueueUrl=url, **keys)


@pytest.mark.parametrize("call", ["list_queue_tags", "tag_queue", "untag_queue"])
def test_tags_of_nothing(world, call):
    more = {"tag_queue": {"Tags": {"a": "1"}}, "untag_queue": {"TagKeys": ["a"]}}.get(call, {})
    with nonexistent_queue(world.protocol):
        getattr(world.sqs, call)(QueueUrl=f"{world.server.url}/{world.account}/nothing", **more)
