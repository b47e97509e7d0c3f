"""DeleteMessage: fresh, old, expired and foreign receipt handles."""

import pytest

from support.refusals import invalid, missing, nonexistent_queue, refused
from support.world import members


def test_delete_is_final(steered):
    url = steered.queue(VisibilityTimeout=5)
    steered.send(url)
    message = steered.receive_one(url)
    answer = steered.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    assert members(answer) == set()
    steered.clock.advance(60)
    assert steered.receive(url) == []
    assert steered.counts(url) == (0, 0, 0)


def test_deleting_twice_is_no_error(world):
    url = world.queue()
    world.send(url)
    message = world.receive_one(url)
    world.delete(url, message, message)
    assert world.counts(url) == (0, 0, 0)


def test_expired_handle_still_deletes_before_the_next_receive(steered):
    url = steered.queue(VisibilityTimeout=5)
    steered.send(url)
    message = steered.receive_one(url)
    steered.clock.advance(6)
    steered.delete(url, message)
    assert steered.receive(url) == []
    assert steered.counts(url) == (0, 0, 0)


def test_old_handle_deletes_what_was_received_again(steered):
    url = steered.queue(VisibilityTimeout=5)
    steered.send(url)
    old = steered.receive_one(url)
    steered.clock.advance(5)
    fresh = steered.receive_one(url)
    assert old["ReceiptHandle"] != fresh["ReceiptHandle"]
    steered.delete(url, old)
    assert steered.counts(url) == (0, 0, 0)


def test_fresh_handle_after_ending_the_timeout(world):
    url = world.queue()
    world.send(url)
    world.hide(url, world.receive_one(url), 0)
    world.delete(url, world.receive_one(url))
    assert world.counts(url) == (0, 0, 0)


def test_fifo_handle_expires_with_its_timeout(steered):
    url = steered.hashed_fifo(VisibilityTimeout=5)
    steered.send_group(url, "g", "a")
    message = steered.receive_one(url)
    steered.clock.advance(6)
    with invalid(message["ReceiptHandle"], "ReceiptHandle", "The receipt handle has expired."):
        steered.delete(url, message)
    assert steered.bodies(url) == ["a"]


def test_fifo_handle_lives_as_long_as_it_is_extended(steered):
    url = steered.hashed_fifo(VisibilityTimeout=2)
    steered.send_group(url, "g", "a")
    message = steered.receive_one(url)
    steered.hide(url, message, 10)
    steered.clock.advance(5)
    steered.delete(url, message)
    assert steered.counts(url) == (0, 0, 0)


@pytest.mark.parametrize("handle", ["garbage", "AQEB" + "x" * 300, "1 2 3", "ü"])
def test_no_handle_of_ours(world, handle):
    url = world.queue()
    world.send(url)
    with refused("ReceiptHandleIsInvalid", f'The input receipt handle "{handle}" is not a valid receipt handle.', 404):
        world.delete(url, {"ReceiptHandle": handle})
    assert world.counts(url) == (1, 0, 0)


def test_handle_of_another_queue_deletes_nothing(world):
    first, second = world.queue(), world.queue()
    world.send(first)
    message = world.receive_one(first)
    # In these words in aws-sdk-java-v2#3101.
    sentence = f'The receipt handle "{message["ReceiptHandle"]}" is not valid for this queue.'
    with refused("ReceiptHandleIsInvalid", sentence, 404):
        world.delete(second, message)
    with refused("ReceiptHandleIsInvalid", sentence, 404):
        world.hide(second, message, 10)
    assert world.counts(first) == (0, 1, 0)


def test_missing_handle(world):
    with missing("ReceiptHandle"):
        world.sqs.delete_message(QueueUrl=world.queue())


def test_delete_from_nothing(world):
    with nonexistent_queue(world.protocol):
        world.delete(f"{world.server.url}/{world.account}/nothing", {"ReceiptHandle": "x"})
