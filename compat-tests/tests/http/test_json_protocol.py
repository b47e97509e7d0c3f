"""AWS JSON 1.0 by hand: what cannot be read is refused in its own envelope and changes nothing."""

import json

import pytest

from support.raw import assert_json_error

SEND_TO = '{"QueueUrl": "%s", "MessageBody": %s}'


def test_answer_and_its_headers(json_world, raw):
    url = json_world.queue()
    answer = raw.json_call("SendMessage", {"QueueUrl": url, "MessageBody": "x"})
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/x-amz-json-1.0"
    assert answer.headers["x-amzn-requestid"]
    assert set(answer.json()) == {"MessageId", "MD5OfMessageBody"}


def test_error_envelope(raw):
    answer = raw.json_call("GetQueueUrl", {"QueueName": "nothing"})
    assert assert_json_error(answer, "QueueDoesNotExist") == "The specified queue does not exist."
    assert answer.json()["__type"] == "com.amazonaws.sqs#QueueDoesNotExist"
    assert answer.headers["x-amzn-query-error"] == "AWS.SimpleQueueService.NonExistentQueue;Sender"
    assert set(answer.json()) == {"__type", "message"}


def test_operation_without_result_answers_little(json_world, raw):
    url = json_world.queue()
    answer = raw.json_call("PurgeQueue", {"QueueUrl": url})
    assert answer.status == 200
    assert answer.body in (b"", b"{}")


@pytest.mark.parametrize("body", [
    "{", "", "nonsense", "[]", '"text"', "5", "null", '{"QueueUrl": }', "{'QueueUrl': 'x'}", '{"QueueUrl": "x"} tail',
    '{"QueueUrl": NaN}',
])
@pytest.mark.parametrize("operation", ["SendMessage", "ReceiveMessage"])
def test_unreadable_bodies(raw, operation, body):
    answer = raw.json_call(operation, body)
    if answer.headers.get("x-amzn-query-error", "").startswith("MissingParameter") and body == "":
        return  # An empty body may be read as an empty object, which then lacks its members.
    assert_json_error(answer, "SerializationException")


@pytest.mark.parametrize("field, value", [
    ("MaxNumberOfMessages", "ten"), ("MaxNumberOfMessages", {}), ("MaxNumberOfMessages", 1e400),
    ("AttributeNames", "All"), ("AttributeNames", [1]), ("AttributeNames", {"a": 1}), ("QueueUrl", 5),
    ("QueueUrl", ["x"]), ("WaitTimeSeconds", 2**40), ("WaitTimeSeconds", True),
], ids=str)
def test_members_of_the_wrong_type(json_world, raw, field, value):
    url = json_world.queue()
    body = json.dumps({"QueueUrl": url, field: value})
    assert_json_error(raw.json_call("ReceiveMessage", body.replace("Infinity", "1e400")), "SerializationException")


def test_deep_nesting(raw):
    for bracket in ("[", '{"a":'):
        answer = raw.json_call("SendMessage", '{"MessageAttributes":' + bracket * 100_000)
        assert_json_error(answer, "SerializationException")


def test_bytes_that_are_no_text(json_world, raw):
    url = json_world.queue()
    body = (SEND_TO % (url, '"X"')).encode().replace(b"X", b"\xff\xfe")
    assert_json_error(raw.json_call("SendMessage", body), "SerializationException")
    assert json_world.counts(url) == (0, 0, 0)


def test_lone_surrogate(json_world, raw):
    url = json_world.queue()
    answer = raw.json_call("SendMessage", SEND_TO % (url, r'"\ud800"'))
    assert answer.status == 400
    assert answer.json()["__type"].rsplit("#", 1)[-1] in ("SerializationException", "InvalidMessageContents")
    assert json_world.counts(url) == (0, 0, 0)


@pytest.mark.parametrize("escape", [r"\u0000", r"\u0008", r"\uffff"])
def test_escaped_control_characters(json_world, raw, escape):
    url = json_world.queue()
    assert_json_error(raw.json_call("SendMessage", SEND_TO % (url, f'"{escape}"')), "InvalidMessageContents")
    assert json_world.counts(url) == (0, 0, 0)


def test_escaped_non_bmp(json_world, raw):
    url = json_world.queue()
    assert raw.json_call("SendMessage", SEND_TO % (url, r'"\ud83c\udf88"')).status == 200
    assert json_world.bodies(url) == ["🎈"]


def test_unknown_members_are_passed_over(json_world, raw):
    url = json_world.queue()
    body = {"QueueUrl": url, "MessageBody": "x", "Unknown": {"deep": [1]}, "messagebody": "not this one"}
    assert raw.json_call("SendMessage", body).status == 200
    assert json_world.bodies(url) == ["x"]


def test_null_members_count_as_absent(json_world, raw):
    url = json_world.queue()
    body = {"QueueUrl": url, "MessageBody": "x", "DelaySeconds": None, "MessageAttributes": None}
    assert raw.json_call("SendMessage", body).status == 200
    assert_json_error(raw.json_call("SendMessage", body | {"MessageBody": None}), "MissingRequiredParameterException")


@pytest.mark.parametrize("operation, body, parameter", [
    ("SendMessage", {"MessageBody": "x"}, "QueueUrl"),
    ("ReceiveMessage", {}, "QueueUrl"),
    ("CreateQueue", {}, "QueueName"),
    ("GetQueueUrl", {}, "QueueName"),
    ("CancelMessageMoveTask", {}, "TaskHandle"),
    ("SetQueueAttributes", {"QueueUrl": "q"}, "Attribute.Name"),
    ("TagQueue", {"QueueUrl": "q"}, "Tags"),
    ("UntagQueue", {"QueueUrl": "q"}, "TagKeys"),
    ("AddPermission", {"QueueUrl": "q", "Label": "x", "AWSAccountIds": ["123456789012"]}, "Actions"),
    ("SendMessageBatch", {"QueueUrl": "q", "Entries": [{"Id": "a"}]}, "SendMessageBatchRequestEntry.1.MessageBody"),
])
def test_missing_members(raw, operation, body, parameter):
    answer = raw.json_call(operation, body)
    sentence = assert_json_error(answer, "MissingRequiredParameterException")
    assert sentence == f"The request must contain the parameter {parameter}."
    assert answer.headers["x-amzn-query-error"] == "MissingParameter;Sender"


@pytest.mark.parametrize("target", [
    "AmazonSQS.FooBar", "AmazonSQS.", "AmazonSQS", "amazonsqs.SendMessage", "Other.Thing",
])
def test_unknown_targets(raw, target):
    answer = raw.request("POST", "/", "{}", {"X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.0"})
    assert_json_error(answer, "UnknownOperationException")


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data; boundary=x"])
def test_wrong_content_types(json_world, raw, kind):
    url = json_world.queue()
    answer = raw.request("POST", "/", "Action=SendMessage&MessageBody=x&QueueUrl=" + url, {"Content-Type": kind})
    assert 400 <= answer.status < 500, answer
    assert json_world.counts(url) == (0, 0, 0)
