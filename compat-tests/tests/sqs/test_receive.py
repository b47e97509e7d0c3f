"""ReceiveMessage: what comes back, and what is filtered."""

import pytest

from support import md5
from support.refusals import invalid, nonexistent_queue
from support.world import members

STANDARD = {"SenderId", "SentTimestamp", "ApproximateReceiveCount", "ApproximateFirstReceiveTimestamp"}
FIFO = STANDARD | {"MessageDeduplicationId", "MessageGroupId", "SequenceNumber"}


def text(value):
    return {"DataType": "String", "StringValue": value}


def test_empty_queue_gives_no_member(world):
    assert members(world.sqs.receive_message(QueueUrl=world.queue())) == set()


def test_plain_message_has_four_members(world):
    url = world.queue()
    world.send(url)
    assert set(world.receive_one(url)) == {"MessageId", "ReceiptHandle", "MD5OfBody", "Body"}


def test_one_message_unless_more_are_asked_for(world):
    url = world.queue()
    for _ in range(3):
        world.send(url)
    assert len(world.sqs.receive_message(QueueUrl=url)["Messages"]) == 1
    assert len(world.receive(url, 10)) == 2


@pytest.mark.parametrize("most", [0, 11, -1])
def test_number_of_messages_out_of_range(world, most):
    with invalid(most, "MaxNumberOfMessages", "Must be between 1 and 10, if provided."):
        world.receive(world.queue(), most)


@pytest.mark.parametrize("wait", [-1, 21])
def test_wait_out_of_range(world, wait):
    with invalid(wait, "WaitTimeSeconds", "Must be >= 0 and <= 20, if provided."):
        world.receive(world.queue(), WaitTimeSeconds=wait)


@pytest.mark.parametrize("timeout", [-1, 43201])
def test_visibility_out_of_range(world, timeout):
    with invalid(timeout, "VisibilityTimeout", "Must be >= 0 and <= 43200, if provided."):
        world.receive(world.queue(), VisibilityTimeout=timeout)


def test_receive_from_nothing(world):
    with nonexistent_queue(world.protocol):
        world.receive(f"{world.server.url}/{world.account}/nothing")


def test_several_receives_together_give_everything_once(world):
    url = world.queue()
    sent = {f"m{n}" for n in range(25)}
    for body in sent:
        world.send(url, body)
    got = [body for _ in range(5) for body in world.bodies(url, 10)]
    assert len(got) == 25 and set(got) == sent


# -- system attributes ---------------------------------------------------------------------------------


@pytest.mark.parametrize("parameter", ["AttributeNames", "MessageSystemAttributeNames"])
def test_all_system_attributes_of_a_standard_queue(world, parameter):
    url = world.queue()
    world.send(url)
    found = world.receive_one(url, **{parameter: ["All"]})["Attributes"]
    assert set(found) == STANDARD
    assert found["ApproximateReceiveCount"] == "1"
    assert len(found["SentTimestamp"]) == 13


@pytest.mark.parametrize("parameter", ["AttributeNames", "MessageSystemAttributeNames"])
def test_system_attributes_are_filtered(world, parameter):
    url = world.queue()
    world.send(url)
    # SequenceNumber means nothing on a standard queue and is passed over in silence.
    found = world.receive_one(url, **{parameter: ["SentTimestamp", "SequenceNumber"]})["Attributes"]
    assert set(found) == {"SentTimestamp"}


def test_fifo_attributes_follow_the_message(world):
    url = world.hashed_fifo()
    sent = world.send(url, MessageGroupId="g", MessageDeduplicationId="d")
    first = world.receive_one(url, AttributeNames=["All"], VisibilityTimeout=0)
    second = world.receive_one(url, AttributeNames=["All"])
    for count, message in (("1", first), ("2", second)):
        found = message["Attributes"]
        assert set(found) == FIFO
        assert (found["MessageGroupId"], found["MessageDeduplicationId"]) == ("g", "d")
        assert found["SequenceNumber"] == sent["SequenceNumber"]
        assert found["ApproximateReceiveCount"] == count
    assert first["ReceiptHandle"] != second["ReceiptHandle"]


def test_group_of_a_standard_message_is_an_attribute(world):
    url = world.queue()
    world.send(url, MessageGroupId="tenant-1")
    found = world.receive_one(url, AttributeNames=["All"])["Attributes"]
    assert found["MessageGroupId"] == "tenant-1"
    assert "SequenceNumber" not in found and "MessageDeduplicationId" not in found


def test_counts_and_times_over_several_receives(steered):
    url = steered.queue(VisibilityTimeout=5)
    sent_at = steered.clock.now_ms()
    steered.send(url)
    steered.clock.advance(3)
    first = steered.receive_one(url, AttributeNames=["All"])["Attributes"]
    steered.clock.advance(5)
    second = steered.receive_one(url, AttributeNames=["All"])["Attributes"]
    assert (first["ApproximateReceiveCount"], second["ApproximateReceiveCount"]) == ("1", "2")
    for found in (first, second):
        assert int(found["SentTimestamp"]) == sent_at
        assert int(found["ApproximateFirstReceiveTimestamp"]) == sent_at + 3000


# -- message attributes --------------------------------------------------------------------------------

SENT = {name: text(name) for name in ("color", "color.red", "color.blue", "size")}


@pytest.mark.parametrize("names, expected", [
    (["All"], set(SENT)),
    ([".*"], set(SENT)),
    (["color"], {"color"}),
    (["color.*"], {"color.red", "color.blue"}),
    (["size", "color.red"], {"size", "color.red"}),
    (["size", "unknown"], {"size"}),
    (["Color"], set()),
    (["unknown.*"], set()),
], ids=lambda value: "+".join(sorted(value)) or "nothing")
def test_message_attributes_are_filtered(world, names, expected):
    url = world.queue()
    world.send(url, MessageAttributes=SENT)
    got = world.receive_one(url, MessageAttributeNames=names)
    if names == ["color.*"]:
        # AWS: a prefix is everything that starts with it; whether "color" itself counts is not documented.
        got.get("MessageAttributes", {}).pop("color", None)
        assert set(got["MessageAttributes"]) == expected
        return
    assert set(got.get("MessageAttributes", {})) == expected
    if expected:
        # SDKs hold the digest against the attributes they were given, so it is that of the filtered ones.
        assert got["MD5OfMessageAttributes"] == md5.of_attributes(got["MessageAttributes"])
    else:
        assert "MessageAttributes" not in got


def test_attributes_come_only_when_asked_for(world):
    url = world.queue()
    world.send(url, MessageAttributes=SENT)
    got = world.receive_one(url)
    assert "MessageAttributes" not in got and "Attributes" not in got


# -- ReceiveRequestAttemptId ---------------------------------------------------------------------------


def test_same_attempt_gives_the_same_messages(steered):
    url = steered.hashed_fifo()
    steered.send_group(url, "g", "a", "b")
    first = steered.receive(url, ReceiveRequestAttemptId="attempt-1")
    again = steered.receive(url, ReceiveRequestAttemptId="attempt-1")
    assert [m["MessageId"] for m in first] == [m["MessageId"] for m in again]
    assert steered.receive(url, ReceiveRequestAttemptId="attempt-2") == []


def test_attempt_id_on_a_standard_queue_is_no_error(world):
    # Spring Cloud AWS sent it to both kinds of queue, and AWS did not complain (awspring/spring-cloud-aws#529).
    url = world.queue()
    world.send(url)
    assert world.bodies(url, ReceiveRequestAttemptId="attempt-1") == ["hello"]
