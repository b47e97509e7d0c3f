"""Visibility timeouts of standard queues: running out, restarted, ended early."""

import re

import pytest

from support.refusals import invalid, missing, nonexistent_queue, refused
from support.world import members


def hidden(steered, **attributes):
    """A queue with one message in flight."""
    url = steered.queue(**attributes)
    steered.send(url)
    return url, steered.receive_one(url)


def test_message_returns_when_the_timeout_of_the_queue_ends(steered):
    url, _ = hidden(steered, VisibilityTimeout=30)
    steered.clock.advance(29.9)
    assert steered.receive(url) == []
    assert steered.counts(url) == (0, 1, 0)
    steered.clock.advance(0.1)
    assert steered.counts(url) == (1, 0, 0)
    assert steered.bodies(url) == ["hello"]


def test_timeout_of_the_call_beats_that_of_the_queue(steered):
    url = steered.queue(VisibilityTimeout=30)
    steered.send(url)
    steered.receive_one(url, VisibilityTimeout=5)
    steered.clock.advance(5)
    assert steered.bodies(url) == ["hello"]


def test_timeout_zero_leaves_the_message_visible(steered):
    url = steered.queue(VisibilityTimeout=30)
    steered.send(url)
    assert steered.bodies(url, VisibilityTimeout=0) == ["hello"]
    assert steered.bodies(url) == ["hello"]
    assert steered.bodies(url) == []


def test_changed_timeout_of_the_queue_is_for_later_receives(steered):
    url, _ = hidden(steered, VisibilityTimeout=30)
    steered.set(url, VisibilityTimeout=1)
    steered.clock.advance(2)
    assert steered.receive(url) == []


def test_change_restarts_the_timer_each_time(steered):
    url, message = hidden(steered, VisibilityTimeout=10)
    for _ in range(4):
        steered.clock.advance(8)
        steered.hide(url, message, 10)
    steered.clock.advance(9)
    assert steered.receive(url) == []
    steered.clock.advance(1)
    assert steered.bodies(url) == ["hello"]


def test_change_can_shorten(steered):
    url, message = hidden(steered, VisibilityTimeout=600)
    steered.hide(url, message, 1)
    steered.clock.advance(1)
    assert steered.bodies(url) == ["hello"]


def test_change_to_zero_returns_the_message_at_once(world):
    url = world.queue()
    world.send(url)
    message = world.receive_one(url)
    answer = world.sqs.change_message_visibility(
        QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
    )
    assert members(answer) == set()
    assert world.bodies(url) == ["hello"]


def test_older_handle_of_the_same_message_ends_the_timeout(steered):
    url, old = hidden(steered, VisibilityTimeout=5)
    steered.clock.advance(5)
    steered.receive_one(url)
    steered.hide(url, old, 0)
    assert steered.bodies(url) == ["hello"]


@pytest.mark.parametrize("timeout", [-1, 43201])
def test_out_of_range(world, timeout):
    url = world.queue()
    world.send(url)
    message = world.receive_one(url)
    with refused("InvalidParameterValue", re.compile(f"^Value {timeout} for parameter VisibilityTimeout is invalid")):
        world.hide(url, message, timeout)
    assert world.counts(url) == (0, 1, 0)


def test_twelve_hours_count_from_the_receive(steered):
    url, message = hidden(steered, VisibilityTimeout=100)
    steered.hide(url, message, 43200)
    steered.clock.advance(10)
    reason = "Total VisibilityTimeout for the message is beyond the limit [43200 seconds]."
    with refused("InvalidParameterValue", f"Value 43200 for parameter VisibilityTimeout is invalid. Reason: {reason}"):
        steered.hide(url, message, 43200)
    steered.hide(url, message, 43190)


def test_expired_handle_does_not_hide_the_message_again(steered):
    # Seen at AWS as a success without effect (localstack/localstack#9632); the model declares MessageNotInflight.
    url, message = hidden(steered, VisibilityTimeout=5)
    steered.clock.advance(5)
    try:
        steered.hide(url, message, 30)
    except steered.sqs.exceptions.ClientError as refusal:
        assert refusal.response["Error"]["Code"] == "AWS.SimpleQueueService.MessageNotInflight"
    assert steered.bodies(url) == ["hello"]


def test_expired_fifo_handle_is_refused(steered):
    # As AWS answered in aws/aws-sdk-java#1628.
    url = steered.hashed_fifo(VisibilityTimeout=5)
    steered.send_group(url, "g", "a")
    message = steered.receive_one(url)
    steered.clock.advance(5)
    with invalid(message["ReceiptHandle"], "ReceiptHandle", "The receipt handle has expired."):
        steered.hide(url, message, 30)
    assert steered.bodies(url) == ["a"]


def test_deleted_message_has_no_visibility(world):
    url = world.queue()
    world.send(url)
    message = world.receive_one(url)
    world.delete(url, message)
    reason = "Message does not exist or is not available for visibility timeout change."
    with invalid(message["ReceiptHandle"], "ReceiptHandle", reason):
        world.hide(url, message, 30)


def test_no_handle_at_all(world):
    url = world.queue()
    sentence = 'The input receipt handle "garbage" is not a valid receipt handle.'
    with refused("ReceiptHandleIsInvalid", sentence, status=404):
        world.hide(url, {"ReceiptHandle": "garbage"}, 30)


def test_parts_are_needed(world):
    url = world.queue()
    world.send(url)
    handle = world.receive_one(url)["ReceiptHandle"]
    with missing("VisibilityTimeout"):
        world.sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle)
    with missing("ReceiptHandle"):
        world.sqs.change_message_visibility(QueueUrl=url, VisibilityTimeout=1)


def test_visibility_on_nothing(world):
    with nonexistent_queue(world.protocol):
        world.hide(f"{world.server.url}/{world.account}/nothing", {"ReceiptHandle": "x"}, 1)
