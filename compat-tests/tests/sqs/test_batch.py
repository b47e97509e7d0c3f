"""The three batch operations: what fails whole, and what fails entry by entry."""

import re

import pytest

from support import md5
from support.refusals import nonexistent_queue, refused
from support.world import members

MEBIBYTE = 1_048_576
BAD_ID = (
    "A batch entry id can only contain alphanumeric characters, hyphens and underscores. "
    "It can be at most 80 letters long."
)


def entries(*bodies, **more):
    return [{"Id": f"e{number}", "MessageBody": body, **more} for number, body in enumerate(bodies)]


def send(world, url, batch):
    return world.sqs.send_message_batch(QueueUrl=url, Entries=batch)


def ids(results):
    return [result["Id"] for result in results]


def test_success_has_no_failed_member(world):
    url = world.queue()
    answer = send(world, url, entries("a", "b", "c"))
    assert members(answer) == {"Successful"}
    assert ids(answer["Successful"]) == ["e0", "e1", "e2"]
    assert all(set(result) == {"Id", "MessageId", "MD5OfMessageBody"} for result in answer["Successful"])
    assert [result["MD5OfMessageBody"] for result in answer["Successful"]] == [md5.of_body(b) for b in "abc"]
    assert sorted(world.bodies(url)) == ["a", "b", "c"]


def test_message_ids_are_those_received(world):
    url = world.queue()
    sent = {result["MessageId"] for result in send(world, url, entries("a", "b"))["Successful"]}
    assert {message["MessageId"] for message in world.receive(url)} == sent


def test_attributes_travel_with_each_entry(world):
    url = world.queue()
    attributes = {"n": {"DataType": "Number", "StringValue": "1"}}
    answer = send(world, url, entries("a", MessageAttributes=attributes) + [{"Id": "z", "MessageBody": "z"}])
    assert answer["Successful"][0]["MD5OfMessageAttributes"] == md5.of_attributes(attributes)
    assert "MD5OfMessageAttributes" not in answer["Successful"][1]


def test_delay_of_each_entry(world):
    url = world.queue()
    batch = entries("now", "later")
    batch[1]["DelaySeconds"] = 900
    send(world, url, batch)
    assert world.counts(url) == (1, 0, 1)


def test_one_bad_entry_fails_alone(world):
    url = world.queue()
    batch = entries("good", "bad", "fine")
    batch[1]["DelaySeconds"] = 901
    answer = send(world, url, batch)
    assert members(answer) == {"Successful", "Failed"}
    assert ids(answer["Successful"]) == ["e0", "e2"]
    assert answer["Failed"] == [{
        "Id": "e1", "Code": "InvalidParameterValue", "SenderFault": True,
        # Whole, as AWS answered of 1800 seconds (moto#5372).
        "Message": "Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.",
    }]
    assert sorted(world.bodies(url)) == ["fine", "good"]


def test_nothing_successful_member_absent(world):
    url = world.queue()
    answer = send(world, url, entries("bad", DelaySeconds=901))
    assert members(answer) == {"Failed"}
    assert world.counts(url) == (0, 0, 0)


def test_bad_characters_fail_their_entry(world):
    url = world.queue()
    answer = send(world, url, entries("good", "b\x08d"))
    failed = [(f["Id"], f["Code"], f["SenderFault"]) for f in answer["Failed"]]
    assert failed == [("e1", "InvalidMessageContents", True)]
    assert world.bodies(url) == ["good"]


def test_total_limit_is_not_the_queue_limit(world):
    # Each entry is held against the queue's own limit; the sum may exceed it.
    url = world.queue(MaximumMessageSize=1024)
    answer = send(world, url, entries("a" * 1024, "b" * 1024, "c" * 1025))
    assert ids(answer["Successful"]) == ["e0", "e1"]
    assert [(f["Id"], f["Code"]) for f in answer["Failed"]] == [("e2", "InvalidParameterValue")]
    # An entry's words, which are not those of SendMessage (sqsmover#23).
    assert answer["Failed"][0]["Message"] == (
        "One or more parameters cannot be validated. Reason: Message must be shorter than 1024 bytes."
    )


def test_parameter_of_the_other_queue_type_tells_its_reason_alone(world):
    # Without its full stop (aws-sdk-js#3187).
    answer = send(world, world.queue(), entries("bad", MessageDeduplicationId="d"))
    assert answer["Failed"] == [{
        "Id": "e0", "Code": "InvalidParameterValue", "SenderFault": True,
        "Message": "The request include parameter that is not valid for this queue type",
    }]


def test_batch_of_one_mebibyte_passes_and_more_is_refused(world):
    url = world.queue()
    half = MEBIBYTE // 2
    assert members(send(world, url, entries("a" * half, "b" * half))) == {"Successful"}
    sentence = f"Batch requests cannot be longer than {MEBIBYTE} bytes. You have sent {MEBIBYTE + 1} bytes."
    with refused("AWS.SimpleQueueService.BatchRequestTooLong", sentence):
        send(world, url, entries("a" * half, "b" * (half + 1)))
    assert world.counts(url) == (2, 0, 0)


def test_fifo_batch_keeps_its_order(world):
    url = world.hashed_fifo()
    bodies = [f"m{number}" for number in range(10)]
    answer = send(world, url, entries(*bodies, MessageGroupId="g"))
    numbers = [int(result["SequenceNumber"]) for result in answer["Successful"]]
    assert numbers == sorted(set(numbers))
    assert world.bodies(url) == bodies


def test_fifo_entry_without_group_is_not_sent(world):
    # Whether AWS refuses the entry or the batch is not on record; the code is, and that the entry is not kept.
    url = world.hashed_fifo()
    batch = entries("good", "bad", MessageGroupId="g")
    del batch[1]["MessageGroupId"]
    try:
        codes = [failed["Code"] for failed in send(world, url, batch)["Failed"]]
    except world.sqs.exceptions.ClientError as refusal:
        codes = [refusal.response["Error"]["Code"]]
    assert codes == ["MissingParameter"]
    assert "bad" not in world.bodies(url)


# -- what refuses the whole batch, for all three operations -----------------------------------------

OPERATIONS = {
    "send_message_batch": lambda n: {"MessageBody": "x"},
    "delete_message_batch": lambda n: {"ReceiptHandle": "handle"},
    "change_message_visibility_batch": lambda n: {"ReceiptHandle": "handle", "VisibilityTimeout": 1},
}


@pytest.fixture(params=OPERATIONS)
def batch(request, world):
    """Calls one of the operations on a fresh queue with entries of these ids; the queue must stay empty."""
    url = world.queue()

    def call(*entry_ids):
        made = [{"Id": entry_id, **OPERATIONS[request.param](0)} for entry_id in entry_ids]
        return getattr(world.sqs, request.param)(QueueUrl=url, Entries=made)

    yield call
    assert world.counts(url) == (0, 0, 0)


@pytest.mark.parametrize("number", [11, 20])
def test_more_than_ten_entries(batch, number):
    sentence = f"Maximum number of entries per request are 10. You have sent {number}."
    with refused("AWS.SimpleQueueService.TooManyEntriesInBatchRequest", sentence):
        batch(*(f"e{n}" for n in range(number)))


def test_no_entries(batch, request):
    with refused("AWS.SimpleQueueService.EmptyBatchRequest", re.compile("at least one .*Entry in the request")):
        batch()


def test_same_id_twice(batch):
    with refused("AWS.SimpleQueueService.BatchEntryIdsNotDistinct", "Id twice repeated."):
        batch("once", "twice", "twice")


@pytest.mark.parametrize("entry_id", ["a:b", "a b", "a.b", "ü", "x" * 81])
def test_bad_ids(batch, entry_id):
    with refused("AWS.SimpleQueueService.InvalidBatchEntryId", BAD_ID):
        batch("fine", entry_id)


def test_batch_on_nothing(world):
    with nonexistent_queue(world.protocol):
        send(world, f"{world.server.url}/{world.account}/nothing", entries("a"))


# -- delete and visibility ----------------------------------------------------------------------------


def test_delete_batch(world):
    url = world.queue()
    send(world, url, entries("a", "b", "c"))
    got = world.receive(url)
    answer = world.sqs.delete_message_batch(
        QueueUrl=url,
        Entries=[{"Id": f"d{n}", "ReceiptHandle": message["ReceiptHandle"]} for n, message in enumerate(got)]
        + [{"Id": "bad", "ReceiptHandle": "no handle"}],
    )
    assert members(answer) == {"Successful", "Failed"}
    assert answer["Successful"] == [{"Id": "d0"}, {"Id": "d1"}, {"Id": "d2"}]
    assert [(f["Id"], f["Code"], f["SenderFault"]) for f in answer["Failed"]] == [
        ("bad", "ReceiptHandleIsInvalid", True)
    ]
    assert world.counts(url) == (0, 0, 0)


def test_handle_of_another_queue_fails_its_entry(world):
    url, other = world.queue(), world.queue()
    world.send(other)
    handle = world.receive_one(other)["ReceiptHandle"]
    answer = world.sqs.delete_message_batch(QueueUrl=url, Entries=[{"Id": "e", "ReceiptHandle": handle}])
    assert answer["Failed"] == [{
        "Id": "e", "Code": "ReceiptHandleIsInvalid", "SenderFault": True,
        "Message": f'The receipt handle "{handle}" is not valid for this queue.',
    }]


def test_visibility_batch(world):
    url = world.queue()
    send(world, url, entries("a", "b"))
    first, second = world.receive(url)
    answer = world.sqs.change_message_visibility_batch(QueueUrl=url, Entries=[
        {"Id": "free", "ReceiptHandle": first["ReceiptHandle"], "VisibilityTimeout": 0},
        {"Id": "long", "ReceiptHandle": second["ReceiptHandle"], "VisibilityTimeout": 43201},
    ])
    assert answer["Successful"] == [{"Id": "free"}]
    assert [(f["Id"], f["Code"]) for f in answer["Failed"]] == [("long", "InvalidParameterValue")]
    assert world.counts(url) == (1, 1, 0)


@pytest.mark.parametrize("operation", ["delete_message_batch", "change_message_visibility_batch"])
def test_all_successful_has_no_failed_member(world, operation):
    url = world.queue()
    world.send(url)
    entry = {"Id": "only", "ReceiptHandle": world.receive_one(url)["ReceiptHandle"]}
    if operation.startswith("change"):
        entry["VisibilityTimeout"] = 5
    answer = getattr(world.sqs, operation)(QueueUrl=url, Entries=[entry])
    assert members(answer) == {"Successful"}
