"""PublishBatch."""

import json

import pytest

from support.sns_refusals import invalid, refused, topic_missing
from support.sns_world import entry, text
from support.world import members

ALLOWED = "aZ09-_"


def test_each_entry_gets_its_id(sns, topic):
    """Recorded: test_publish_batch_messages_from_sns_to_sqs."""
    listener = sns.raw_listen(topic)
    answer = sns.publish_batch(topic, entry("a", "one"), entry("b", "two"))
    assert members(answer) == {"Successful", "Failed"}
    assert answer["Failed"] == []
    assert [set(found) for found in answer["Successful"]] == [{"Id", "MessageId"}] * 2
    assert [found["Id"] for found in answer["Successful"]] == ["a", "b"]
    assert sorted(listener.bodies()) == ["one", "two"]


def test_structure_is_told_by_each_entry(sns, topic):
    """Recorded: test_publish_batch_messages_from_sns_to_sqs."""
    listener = sns.raw_listen(topic)
    sns.publish_batch(
        topic,
        entry("a", json.dumps({"default": "for all", "sqs": "for queues"}), MessageStructure="json"),
        entry("b", json.dumps({"default": "for all"}), MessageStructure="json"),
        entry("c", "plain"),
    )
    assert sorted(listener.bodies()) == ["for all", "for queues", "plain"]


def test_subject_and_attributes_are_told_by_each_entry(sns, topic):
    listener = sns.listen(topic)
    sns.publish_batch(topic, entry("a", Subject="News", MessageAttributes={"k": text("v")}), entry("b"))
    found = {envelope["Message"]: envelope for envelope in map(json.loads, listener.bodies())}
    assert found["a"]["Subject"] == "News"
    assert found["a"]["MessageAttributes"] == {"k": {"Type": "String", "Value": "v"}}
    assert not {"Subject", "MessageAttributes"} & set(found["b"])


def test_all_together_must_fit(sns, topic):
    """Recorded: test_publish_batch_too_long_message."""
    half = "a" * 131_072
    assert len(sns.publish_batch(topic, entry("a", half), entry("b", half))["Successful"]) == 2
    with refused("BatchRequestTooLong", "The length of all the messages put together is more than the limit."):
        sns.publish_batch(topic, entry("a", half), entry("b", half + "a"))


def test_an_id_of_all_that_is_allowed(sns, topic):
    """Recorded: test_publish_batch_invalid_entry_id."""
    answer = sns.publish_batch(topic, entry(ALLOWED), entry("x" * 80))
    assert [found["Id"] for found in answer["Successful"]] == [ALLOWED, "x" * 80]
    assert answer["Failed"] == []


@pytest.mark.parametrize("id", ["a:b", "a b", "ä", "a.b"])
def test_an_id_of_other_characters(sns, topic, id):
    """Recorded: test_publish_batch_invalid_entry_id."""
    words = f"The Id of a batch entry in the batch request contains an impermissible character: {id}"
    with refused("InvalidBatchEntryId", words):
        sns.publish_batch(topic, entry(id))


def test_an_id_too_long(sns, topic):
    """Recorded: test_publish_batch_invalid_entry_id."""
    words = f"The Id of a batch entry in the batch request is too long: {'x' * 81}"
    with refused("InvalidBatchEntryId", words):
        sns.publish_batch(topic, entry("x" * 81))


def test_ids_are_distinct(sns, topic):
    with refused("BatchEntryIdsNotDistinct"):
        sns.publish_batch(topic, entry("a"), entry("a"))


def test_ten_are_the_limit(sns, topic):
    assert len(sns.publish_batch(topic, *(entry(str(n)) for n in range(10)))["Successful"]) == 10
    with refused("TooManyEntriesInBatchRequest"):
        sns.publish_batch(topic, *(entry(str(n)) for n in range(11)))


def test_one_is_the_least(sns, topic):
    with refused("EmptyBatchRequest"):
        sns.publish_batch(topic)


def test_unknown_topic(sns, topic):
    with topic_missing():
        sns.publish_batch(topic + "-not", entry("a"))


def test_a_badly_formed_entry_fails_them_all(sns, topic):
    """AWS refuses the whole call when one entry is not formed as it should be."""
    listener = sns.raw_listen(topic)
    with invalid("Message Structure - No default entry in JSON message body"):
        sns.publish_batch(topic, entry("good"), entry("bad", "{}", MessageStructure="json"))
    assert listener.bodies() == []


def test_an_entry_must_say_something(sns, topic):
    with invalid("Empty message"):
        sns.publish_batch(topic, entry("good"), entry("bad", ""))
