"""SendMessage: bodies, sizes, delays, attributes."""

import re

import pytest

from support import clients, md5
from support.refusals import invalid, missing, nonexistent_queue, refused
from support.world import members

MEBIBYTE = 1_048_576


def text(value, kind="String"):
    return {"DataType": kind, "StringValue": value}


def test_plain_answer_has_two_members(world):
    answer = world.send(world.queue(), "hello")
    assert members(answer) == {"MessageId", "MD5OfMessageBody"}
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", answer["MessageId"])
    assert answer["MD5OfMessageBody"] == "5d41402abc4b2a76b9719d911017c592"


def test_digest_is_of_the_utf8_body(world):
    url, body = world.queue(), "größer 🎈 than ascii"
    sent = world.send(url, body)
    got = world.receive_one(url)
    assert sent["MD5OfMessageBody"] == got["MD5OfBody"] == md5.of_body(body)
    assert (got["Body"], got["MessageId"]) == (body, sent["MessageId"])


def test_sequence_number_only_from_fifo_queues(world):
    assert "SequenceNumber" not in world.send(world.queue())
    answer = world.send(world.hashed_fifo(), MessageGroupId="g")
    assert members(answer) == {"MessageId", "MD5OfMessageBody", "SequenceNumber"}
    assert re.fullmatch(r"\d{20}", answer["SequenceNumber"])


def test_missing_and_empty_bodies_are_refused(world):
    url = world.queue()
    with missing("MessageBody"):
        world.sqs.send_message(QueueUrl=url)
    with missing("MessageBody"):
        world.send(url, "")
    assert world.counts(url) == (0, 0, 0)


@pytest.mark.parametrize("character", ["\x00", "\x08", "\x13", "\uffff", "\ufffe", "\x1f"])
def test_characters_that_xml_cannot_carry_are_refused(world, character):
    url = world.queue()
    with refused("InvalidMessageContents"):
        world.send(url, f"before{character}after")
    assert world.counts(url) == (0, 0, 0)


def test_send_to_nothing(world):
    with nonexistent_queue(world.protocol):
        world.send(f"{world.server.url}/{world.account}/nothing")


# -- sizes -----------------------------------------------------------------------------------------


def test_one_mebibyte_is_the_most(world):
    url = world.queue()
    world.send(url, "x" * MEBIBYTE)
    sentence = f"One or more parameters are invalid. Reason: Message must be shorter than {MEBIBYTE} bytes."
    with refused("InvalidParameterValue", sentence):
        world.send(url, "x" * (MEBIBYTE + 1))
    assert world.counts(url) == (1, 0, 0)


def test_size_counts_bytes_not_characters(world):
    url = world.queue(MaximumMessageSize=1024)
    world.send(url, "ü" * 512)
    with refused("InvalidParameterValue", re.compile("shorter than 1024 bytes")):
        world.send(url, "ü" * 513)


def test_attributes_count_towards_the_size(world):
    url = world.queue(MaximumMessageSize=1024)
    attributes = {"name": text("value")}
    weight = len("name" + "String" + "value")
    world.send(url, "x" * (1024 - weight), MessageAttributes=attributes)
    with refused("InvalidParameterValue", re.compile("shorter than 1024 bytes")):
        world.send(url, "x" * (1025 - weight), MessageAttributes=attributes)


def test_lowered_limit_does_not_touch_kept_messages(world):
    url = world.queue()
    world.send(url, "x" * 2000)
    world.set(url, MaximumMessageSize=1024)
    assert world.bodies(url) == ["x" * 2000]


# -- delays ----------------------------------------------------------------------------------------


def test_delay_of_the_message_hides_it(steered):
    url = steered.queue()
    steered.send(url, DelaySeconds=10)
    assert steered.counts(url) == (0, 0, 1)
    steered.clock.advance(9.9)
    assert steered.bodies(url) == []
    steered.clock.advance(0.1)
    assert steered.counts(url) == (1, 0, 0)
    assert steered.bodies(url) == ["hello"]


def test_delay_of_the_queue_and_its_override(steered):
    url = steered.queue(DelaySeconds=60)
    steered.send(url, "as the queue says")
    steered.send(url, "at once", DelaySeconds=0)
    assert steered.bodies(url) == ["at once"]
    steered.clock.advance(60)
    assert "as the queue says" in steered.bodies(url)


def test_changed_queue_delay_is_for_new_messages(steered):
    # AWS: for standard queues the change is not retroactive (API_SetQueueAttributes, DelaySeconds).
    url = steered.queue(DelaySeconds=60)
    steered.send(url, "old")
    steered.set(url, DelaySeconds=0)
    steered.send(url, "new")
    assert steered.bodies(url) == ["new"]


@pytest.mark.parametrize("delay", [-1, 901])
def test_delay_out_of_range(world, delay):
    with invalid(delay, "DelaySeconds", "DelaySeconds must be >= 0 and <= 900."):
        world.send(world.queue(), DelaySeconds=delay)


# -- attributes ------------------------------------------------------------------------------------


def test_attributes_round_trip(world):
    url = world.queue()
    attributes = {
        "text": text("wörld & <tags> \"quoted\""),
        "number": text("42.5", "Number"),
        "bytes": {"DataType": "Binary", "BinaryValue": bytes(range(256))},
        "custom": text("x", "String.kind"),
        "count": text("1", "Number.int"),
        "picture": {"DataType": "Binary.png", "BinaryValue": b"\x89PNG"},
    }
    sent = world.send(url, MessageAttributes=attributes)
    assert members(sent) == {"MessageId", "MD5OfMessageBody", "MD5OfMessageAttributes"}
    got = world.receive_one(url, MessageAttributeNames=["All"])
    assert got["MessageAttributes"] == attributes
    assert sent["MD5OfMessageAttributes"] == got["MD5OfMessageAttributes"] == md5.of_attributes(attributes)


@pytest.mark.parametrize("name", ["attr.1øßä", "a", "a-b_c.d", "n" * 256, "Aws", "amazonian", "a.b.c"])
def test_good_attribute_names(world, name):
    url = world.queue()
    world.send(url, MessageAttributes={name: text("v")})
    assert list(world.receive_one(url, MessageAttributeNames=["All"])["MessageAttributes"]) == [name]


@pytest.mark.parametrize("name", [
    "aws.x", "AWS.x", "Amazon.x", "amazon.x", ".first", "last.", "two..dots", "n" * 257,
    "bang!", 'quote"', "para§", "paren(", "what?", "sp ace", "",
])
def test_bad_attribute_names(world, name):
    url = world.queue()
    with pytest.raises(world.sqs.exceptions.ClientError, match=r"\((Invalid|MissingParameter)"):
        world.send(url, MessageAttributes={name: text("v")})
    assert world.counts(url) == (0, 0, 0)


@pytest.mark.parametrize("kind", ["", "string", "Text", "Boolean", "StringArray", "String" + ".x" * 126])
def test_bad_attribute_types(world, kind):
    url = world.queue()
    with pytest.raises(world.sqs.exceptions.ClientError, match=r"\((Invalid|MissingParameter)"):
        world.send(url, MessageAttributes={"a": text("v", kind)})
    assert world.counts(url) == (0, 0, 0)


@pytest.mark.parametrize("value", [
    text("\x01"), text(""), {"DataType": "String"}, {"DataType": "Binary", "BinaryValue": b""},
    {"DataType": "Binary", "StringValue": "text"}, {"DataType": "String", "BinaryValue": b"bytes"},
    text("many", "Number"), text("1 2", "Number"),
], ids=["control", "empty", "absent", "no-bytes", "text-as-bytes", "bytes-as-text", "word", "two-numbers"])
def test_bad_attribute_values(world, value):
    url = world.queue()
    with pytest.raises(world.sqs.exceptions.ClientError, match=r"\(Invalid"):
        world.send(url, MessageAttributes={"a": value})
    assert world.counts(url) == (0, 0, 0)


def test_ten_attributes_are_the_most(world):
    url = world.queue()
    world.send(url, MessageAttributes={f"a{n}": text("v") for n in range(10)})
    with refused("InvalidParameterValue", re.compile(r"\[11\] exceeds the allowed maximum \[10\]")):
        world.send(url, MessageAttributes={f"a{n}": text("v") for n in range(11)})


TRACE = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"


def test_system_attribute_digest_is_apart(world):
    url = world.queue()
    attributes = {"a": text("v")}
    plain = world.send(url, MessageAttributes=attributes)
    system = {"AWSTraceHeader": text(TRACE)}
    traced = world.send(url, MessageAttributes=attributes, MessageSystemAttributes=system)
    assert "MD5OfMessageSystemAttributes" not in plain
    assert traced["MD5OfMessageSystemAttributes"] == md5.of_attributes(system)
    assert traced["MD5OfMessageAttributes"] == plain["MD5OfMessageAttributes"]
    got = world.receive(url, AttributeNames=["AWSTraceHeader"])
    assert sorted(m.get("Attributes", {}).get("AWSTraceHeader", "") for m in got) == ["", TRACE]


def test_trace_header_of_the_request_becomes_an_attribute(world):
    url = world.queue()
    traced = clients.client("sqs", world.server.url, world.account, world.protocol)
    traced.meta.events.register(
        "before-sign.sqs", lambda request, **_: request.headers.add_header("X-Amzn-Trace-Id", TRACE)
    )
    answer = traced.send_message(QueueUrl=url, MessageBody="traced")
    assert "MD5OfMessageSystemAttributes" not in answer
    assert world.receive_one(url, AttributeNames=["All"])["Attributes"]["AWSTraceHeader"] == TRACE


def test_only_the_trace_header_is_a_system_attribute(world):
    with refused("InvalidParameterValue"):
        world.send(world.queue(), MessageSystemAttributes={"Other": text("v")})


def test_deduplication_id_is_for_fifo_queues(world):
    url = world.queue()
    with invalid("x", "MessageDeduplicationId", "The request include parameter that is not valid for this queue type."):
        world.send(url, MessageDeduplicationId="x")
    assert world.counts(url) == (0, 0, 0)
