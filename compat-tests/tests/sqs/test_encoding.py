"""What is sent is what is received, to the byte, whichever protocol carries it in and out."""

import pytest

from support import md5
from support.world import World

BODIES = {
    "quotes": "\"double\" and 'single'",
    "entities": "<a href=\"x\">&amp; &lt; &#13; &</a>",
    "carriage-return": "one\rtwo",
    "crlf": "one\r\ntwo\r\n",
    "newline-and-tab": "\n\tone\n\n\ttwo\t\n",
    "outer-blanks": "  padded  ",
    "one-blank": " ",
    "cdata": "<![CDATA[x]]> ]]>",
    "declaration": "<?xml version=\"1.0\"?><!DOCTYPE x><x/>",
    "json": "{\"a\": \"b\\\\c\\n\", \"d\": null}",
    "form": "a+b%20c&d=e;f%zz",
    "non-bmp": "🎈𝄞\U0010ffff",
    "edges": "\x7f\x80\x85\xa0\u2028\u2029\ud7ff\ue000\ufffd",
    "rtl-and-combining": "שלום é e\u0301",
    "backslashes": "C:\\temp\\u0041\\",
    "nothing-but-xml-name": "ReceiveMessageResult",
}


@pytest.fixture(params=["json", "query"])
def receiver(request, server, account):
    return World(server, account, request.param)


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_body_survives(world, receiver, body):
    url = world.queue()
    sent = world.send(url, body)
    got = receiver.receive_one(url)
    assert got["Body"] == body
    assert sent["MD5OfMessageBody"] == got["MD5OfBody"] == md5.of_body(body)


@pytest.mark.parametrize("value", BODIES.values(), ids=BODIES.keys())
def test_attribute_value_survives(world, receiver, value):
    url = world.queue()
    attributes = {"a": {"DataType": "String", "StringValue": value}}
    sent = world.send(url, MessageAttributes=attributes)
    got = receiver.receive_one(url, MessageAttributeNames=["All"])
    assert got["MessageAttributes"] == attributes
    assert sent["MD5OfMessageAttributes"] == got["MD5OfMessageAttributes"]


def test_batch_bodies_survive(world, receiver):
    url = world.queue()
    batch = [{"Id": str(n), "MessageBody": body} for n, body in enumerate(list(BODIES.values())[:10])]
    world.sqs.send_message_batch(QueueUrl=url, Entries=batch)
    assert sorted(receiver.bodies(url)) == sorted(entry["MessageBody"] for entry in batch)


def test_queue_and_tags_are_the_same_for_both(world, receiver):
    url = world.sqs.create_queue(
        QueueName="orders", Attributes={"DelaySeconds": "3"}, tags={"a b/c=d+e-@": "ü_.:/=+-@ é"}
    )["QueueUrl"]
    assert receiver.sqs.get_queue_url(QueueName="orders")["QueueUrl"] == url
    assert receiver.sqs.list_queue_tags(QueueUrl=url)["Tags"] == {"a b/c=d+e-@": "ü_.:/=+-@ é"}
    assert receiver.attributes(url) == world.attributes(url)


def test_bytes_survive(world, receiver):
    url = world.queue()
    attributes = {"b": {"DataType": "Binary", "BinaryValue": bytes(range(256)) * 3}}
    world.send(url, MessageAttributes=attributes)
    assert receiver.receive_one(url, MessageAttributeNames=["b"])["MessageAttributes"] == attributes
