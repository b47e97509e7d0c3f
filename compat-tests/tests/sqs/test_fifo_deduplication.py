"""Deduplication: by id or by content, for five minutes, in the queue or in the group."""

import hashlib

import pytest

from support.refusals import refused

FIVE_MINUTES = 300


def send(world, url, body="hello", group="g", **arguments):
    return world.send(url, body, MessageGroupId=group, **arguments)


def test_same_id_is_accepted_and_delivered_once(world):
    url = world.fifo()
    first = send(world, url, "one", MessageDeduplicationId="d")
    again = send(world, url, "two", MessageDeduplicationId="d")
    assert again["MessageId"] == first["MessageId"]
    assert again["SequenceNumber"] == first["SequenceNumber"]
    assert world.bodies(url) == ["one"]


def test_id_counts_after_receive_and_delete(world):
    url = world.fifo()
    send(world, url, MessageDeduplicationId="d")
    world.delete(url, world.receive_one(url))
    send(world, url, MessageDeduplicationId="d")
    assert world.bodies(url) == []


def test_window_is_five_minutes_from_the_first_send(steered):
    url = steered.fifo()
    send(steered, url, "one", MessageDeduplicationId="d")
    steered.clock.advance(FIVE_MINUTES - 1)
    send(steered, url, "two", MessageDeduplicationId="d")
    steered.clock.advance(2)
    send(steered, url, "three", MessageDeduplicationId="d")
    assert steered.bodies(url) == ["one", "three"]


def test_content_is_hashed(world):
    url = world.hashed_fifo()
    send(world, url, "same")
    send(world, url, "same")
    send(world, url, "other")
    got = world.receive(url, AttributeNames=["MessageDeduplicationId"])
    assert [message["Body"] for message in got] == ["same", "other"]
    assert got[0]["Attributes"]["MessageDeduplicationId"] == hashlib.sha256(b"same").hexdigest()


def test_attributes_are_no_content(world):
    url = world.hashed_fifo()
    send(world, url, "same")
    send(world, url, "same", MessageAttributes={"a": {"DataType": "String", "StringValue": "different"}})
    assert world.counts(url) == (1, 0, 0)


def test_given_id_beats_content(world):
    url = world.hashed_fifo()
    send(world, url, "same", MessageDeduplicationId="1")
    send(world, url, "same", MessageDeduplicationId="2")
    assert world.bodies(url) == ["same", "same"]


def test_one_or_the_other_is_needed(world):
    sentence = (
        "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly"
    )
    with refused("InvalidParameterValue", sentence):
        send(world, world.fifo())


def test_scope_queue_looks_across_groups(world):
    url = world.fifo()
    send(world, url, "a", group="1", MessageDeduplicationId="d")
    send(world, url, "b", group="2", MessageDeduplicationId="d")
    assert world.bodies(url) == ["a"]


def test_scope_group_looks_within_the_group(world):
    url = world.fifo(DeduplicationScope="messageGroup", FifoThroughputLimit="perMessageGroupId")
    send(world, url, "a", group="1", MessageDeduplicationId="d")
    send(world, url, "b", group="2", MessageDeduplicationId="d")
    send(world, url, "c", group="1", MessageDeduplicationId="d")
    assert sorted(world.bodies(url)) == ["a", "b"]


def test_duplicates_within_a_batch(world):
    url = world.fifo()
    entries = [
        {"Id": f"e{n}", "MessageBody": f"m{n}", "MessageGroupId": "g", "MessageDeduplicationId": "d"}
        for n in range(3)
    ]
    answer = world.sqs.send_message_batch(QueueUrl=url, Entries=entries)
    assert len({result["MessageId"] for result in answer["Successful"]}) == 1
    assert len(answer["Successful"]) == 3
    assert world.bodies(url) == ["m0"]


def test_id_of_128_characters(world):
    url = world.fifo()
    send(world, url, MessageDeduplicationId="d" * 128)
    assert world.counts(url) == (1, 0, 0)


@pytest.mark.parametrize("bad", ["d" * 129, "two words", "ü"])
def test_bad_ids(world, bad):
    with refused("InvalidParameterValue"):
        send(world, world.fifo(), MessageDeduplicationId=bad)


def test_queues_do_not_share_a_window(world):
    first, second = world.fifo(), world.fifo()
    for url in (first, second):
        send(world, url, MessageDeduplicationId="d")
        assert world.counts(url) == (1, 0, 0)
