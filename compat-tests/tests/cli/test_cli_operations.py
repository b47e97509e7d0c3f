"""Every operation of SQS through both CLIs. A process costs about a second, so each operation is called once
and everything around it is done through boto3."""

import json

import botocore
import pytest

from support.cli import Refused
from support.world import World

# Debian's 2.9.19 is older than these operations.
NEWER_THAN_V2 = pytest.mark.parametrize("version", ["v1"])


@pytest.fixture
def url(json_world) -> str:
    return json_world.queue("orders")


def in_flight(world: World, url: str) -> str:
    world.send(url)
    return world.receive_one(url)["ReceiptHandle"]


def test_create_queue(cli, json_world):
    answer = cli.sqs("create-queue", "--queue-name", "orders", "--attributes", "DelaySeconds=3", "--tags", "a=b")
    assert answer == {"QueueUrl": f"{json_world.server.url}/{json_world.account}/orders"}
    assert json_world.attributes("orders", "DelaySeconds") == {"DelaySeconds": "3"}
    assert json_world.sqs.list_queue_tags(QueueUrl="orders")["Tags"] == {"a": "b"}


def test_get_queue_url(cli, url):
    assert cli.sqs("get-queue-url", "--queue-name", "orders") == {"QueueUrl": url}


def test_list_queues(cli, url):
    assert cli.sqs("list-queues", "--queue-name-prefix", "ord") == {"QueueUrls": [url]}


def test_delete_queue(cli, url, json_world):
    assert cli.sqs("delete-queue", "--queue-url", url) is None
    assert "QueueUrls" not in json_world.sqs.list_queues()


def test_get_queue_attributes(cli, url):
    answer = cli.sqs("get-queue-attributes", "--queue-url", url, "--attribute-names", "All")
    assert answer["Attributes"]["VisibilityTimeout"] == "30"


def test_set_queue_attributes(cli, url, json_world):
    assert cli.sqs("set-queue-attributes", "--queue-url", url, "--attributes", "VisibilityTimeout=9") is None
    assert json_world.attributes(url, "VisibilityTimeout") == {"VisibilityTimeout": "9"}


def test_send_message(cli, url, json_world):
    answer = cli.sqs(
        "send-message", "--queue-url", url, "--message-body", "grüße <&> 🎈", "--message-attributes",
        json.dumps({"n": {"DataType": "Number", "StringValue": "1"}}),
    )
    assert set(answer) == {"MessageId", "MD5OfMessageBody", "MD5OfMessageAttributes"}
    assert json_world.bodies(url) == ["grüße <&> 🎈"]


def test_send_message_batch(cli, url, json_world):
    entries = [{"Id": "a", "MessageBody": "one"}, {"Id": "b", "MessageBody": "two", "DelaySeconds": 901}]
    answer = cli.sqs("send-message-batch", "--queue-url", url, "--entries", json.dumps(entries))
    assert [entry["Id"] for entry in answer["Successful"]] == ["a"]
    assert [(entry["Id"], entry["SenderFault"]) for entry in answer["Failed"]] == [("b", True)]
    assert json_world.bodies(url) == ["one"]


def test_receive_message(cli, url, json_world):
    json_world.send(url, "one\r\n", MessageAttributes={"a": {"DataType": "Binary", "BinaryValue": b"\xff"}})
    (message,) = cli.sqs(
        "receive-message", "--queue-url", url, "--attribute-names", "All", "--message-attribute-names", "All"
    )["Messages"]
    assert message["Body"] == "one\r\n"
    assert message["Attributes"]["ApproximateReceiveCount"] == "1"
    assert message["MessageAttributes"]["a"] == {"BinaryValue": "/w==", "DataType": "Binary"}


def test_receive_nothing(cli, url):
    assert cli.sqs("receive-message", "--queue-url", url) is None


def test_delete_message(cli, url, json_world):
    handle = in_flight(json_world, url)
    assert cli.sqs("delete-message", "--queue-url", url, "--receipt-handle", handle) is None
    assert json_world.counts(url) == (0, 0, 0)


def test_delete_message_batch(cli, url, json_world):
    entries = [{"Id": "a", "ReceiptHandle": in_flight(json_world, url)}]
    answer = cli.sqs("delete-message-batch", "--queue-url", url, "--entries", json.dumps(entries))
    assert answer == {"Successful": [{"Id": "a"}]}
    assert json_world.counts(url) == (0, 0, 0)


def test_change_message_visibility(cli, url, json_world):
    handle = in_flight(json_world, url)
    arguments = ["--queue-url", url, "--receipt-handle", handle, "--visibility-timeout", "0"]
    assert cli.sqs("change-message-visibility", *arguments) is None
    assert json_world.counts(url) == (1, 0, 0)


def test_change_message_visibility_batch(cli, url, json_world):
    entries = [{"Id": "a", "ReceiptHandle": in_flight(json_world, url), "VisibilityTimeout": 0}]
    answer = cli.sqs("change-message-visibility-batch", "--queue-url", url, "--entries", json.dumps(entries))
    assert answer == {"Successful": [{"Id": "a"}]}
    assert json_world.counts(url) == (1, 0, 0)


def test_purge_queue(cli, url, json_world):
    json_world.send(url)
    assert cli.sqs("purge-queue", "--queue-url", url) is None
    assert json_world.counts(url) == (0, 0, 0)


def test_tag_queue(cli, url, json_world):
    assert cli.sqs("tag-queue", "--queue-url", url, "--tags", "a=1,b=2") is None
    assert json_world.sqs.list_queue_tags(QueueUrl=url)["Tags"] == {"a": "1", "b": "2"}


def test_untag_queue(cli, url, json_world):
    json_world.sqs.tag_queue(QueueUrl=url, Tags={"a": "1", "b": "2"})
    assert cli.sqs("untag-queue", "--queue-url", url, "--tag-keys", "a") is None
    assert json_world.sqs.list_queue_tags(QueueUrl=url)["Tags"] == {"b": "2"}


def test_list_queue_tags(cli, url, json_world):
    json_world.sqs.tag_queue(QueueUrl=url, Tags={"a": "1"})
    assert cli.sqs("list-queue-tags", "--queue-url", url) == {"Tags": {"a": "1"}}


def test_list_dead_letter_source_queues(cli, url, json_world):
    source = json_world.with_dead_letters(url, 1)
    assert cli.sqs("list-dead-letter-source-queues", "--queue-url", url) == {"queueUrls": [source]}


def test_add_permission(cli, url, json_world):
    assert cli.sqs(
        "add-permission", "--queue-url", url, "--label", "x", "--aws-account-ids", "123456789012",
        "--actions", "SendMessage",
    ) is None
    assert json.loads(json_world.attributes(url)["Policy"])["Statement"][0]["Sid"] == "x"


def test_remove_permission(cli, url, json_world):
    json_world.sqs.add_permission(
        QueueUrl=url, Label="x", AWSAccountIds=["123456789012"], Actions=["SendMessage"]
    )
    assert cli.sqs("remove-permission", "--queue-url", url, "--label", "x") is None
    assert "Policy" not in json_world.attributes(url)


@pytest.fixture
def dead(json_world):
    """A dead-letter queue that holds one message."""
    dead = json_world.queue("dead")
    source = json_world.with_dead_letters(dead, 1)
    json_world.send(source)
    json_world.receive_one(source, VisibilityTimeout=0)
    assert json_world.receive(source) == []
    return dead


@NEWER_THAN_V2
def test_start_message_move_task(cli, dead, json_world):
    assert set(cli.sqs("start-message-move-task", "--source-arn", json_world.arn(dead))) == {"TaskHandle"}


@NEWER_THAN_V2
def test_list_message_move_tasks(cli, dead, json_world):
    json_world.sqs.start_message_move_task(SourceArn=json_world.arn(dead))
    (task,) = cli.sqs("list-message-move-tasks", "--source-arn", json_world.arn(dead))["Results"]
    assert task["Status"] in ("RUNNING", "COMPLETED")


@NEWER_THAN_V2
def test_cancel_message_move_task(cli, dead, json_world):
    # One message a second: with several, the task is still running when the CLI has started up.
    source = json_world.sqs.list_dead_letter_source_queues(QueueUrl=dead)["queueUrls"][0]
    for start in range(0, 100, 10):
        json_world.sqs.send_message_batch(QueueUrl=source, Entries=[
            {"Id": str(n), "MessageBody": str(n)} for n in range(start, start + 10)
        ])
        json_world.receive(source, VisibilityTimeout=0)
    while json_world.receive(source):
        pass
    handle = json_world.sqs.start_message_move_task(
        SourceArn=json_world.arn(dead), MaxNumberOfMessagesPerSecond=1
    )["TaskHandle"]
    answer = cli.sqs("cancel-message-move-task", "--task-handle", handle)
    assert set(answer) == {"ApproximateNumberOfMessagesMoved"}


def test_every_operation_has_its_test(json_world):
    operations = json_world.sqs.meta.service_model.operation_names
    assert len(operations) == 23
    assert [name for name in operations if f"test_{botocore.xform_name(name)}" not in globals()] == []


def test_refusals_are_readable(cli):
    with pytest.raises(Refused, match=r"\(AWS\.SimpleQueueService\.NonExistentQueue\).*GetQueueUrl.*does not exist"):
        cli.sqs("get-queue-url", "--queue-name", "nothing")


def test_fifo_round_trip(cli, json_world):
    url = json_world.hashed_fifo()
    answer = cli.sqs("send-message", "--queue-url", url, "--message-body", "a", "--message-group-id", "g")
    assert answer["SequenceNumber"].isdigit()


def test_caller_identity(cli, json_world):
    assert cli("sts", "get-caller-identity")["Account"] == json_world.account
