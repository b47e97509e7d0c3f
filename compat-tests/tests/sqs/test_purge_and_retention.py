"""PurgeQueue, and messages that grow too old."""

from support.refusals import nonexistent_queue, refused
from support.world import members


def test_purge_empties_and_later_messages_stay(world):
    url = world.queue()
    for _ in range(3):
        world.send(url)
    assert members(world.sqs.purge_queue(QueueUrl=url)) == set()
    assert world.counts(url) == (0, 0, 0)
    world.send(url, "later")
    assert world.bodies(url) == ["later"]


def test_purge_takes_in_flight_and_delayed_messages(steered):
    url = steered.queue(VisibilityTimeout=5)
    steered.send(url)
    message = steered.receive_one(url)
    steered.send(url, DelaySeconds=10)
    steered.sqs.purge_queue(QueueUrl=url)
    steered.clock.advance(20)
    assert steered.receive(url) == []
    assert steered.counts(url) == (0, 0, 0)
    steered.delete(url, message)


def test_purge_frees_fifo_groups(world):
    url = world.hashed_fifo()
    world.send_group(url, "g", "a", "b")
    world.receive_one(url)
    world.sqs.purge_queue(QueueUrl=url)
    world.send_group(url, "g", "c")
    assert world.bodies(url) == ["c"]


def test_purge_of_nothing(world):
    with nonexistent_queue(world.protocol):
        world.sqs.purge_queue(QueueUrl=f"{world.server.url}/{world.account}/nothing")


def test_purging_again_at_once_is_allowed_by_default(world):
    url = world.queue()
    world.sqs.purge_queue(QueueUrl=url)
    world.sqs.purge_queue(QueueUrl=url)


def test_strict_timing_allows_one_purge_a_minute(strict):
    url = strict.queue("orders")
    strict.sqs.purge_queue(QueueUrl=url)
    strict.send(url)
    sentence = "Only one PurgeQueue operation on orders is allowed every 60 seconds."
    with refused("AWS.SimpleQueueService.PurgeQueueInProgress", sentence, status=403):
        strict.sqs.purge_queue(QueueUrl=url)
    assert strict.counts(url) == (1, 0, 0)
    strict.clock.advance(61)
    strict.sqs.purge_queue(QueueUrl=url)
    assert strict.counts(url) == (0, 0, 0)


def test_old_messages_are_gone(steered):
    url = steered.queue(MessageRetentionPeriod=60)
    steered.send(url, "old")
    steered.clock.advance(30)
    steered.send(url, "young")
    steered.clock.advance(31)
    assert steered.counts(url) == (1, 0, 0)
    assert steered.bodies(url) == ["young"]


def test_old_fifo_messages_are_gone(steered):
    url = steered.hashed_fifo(MessageRetentionPeriod=60)
    steered.send_group(url, "g", "old")
    steered.clock.advance(61)
    steered.send_group(url, "g", "young")
    assert steered.bodies(url) == ["young"]


def test_messages_in_flight_grow_old_too(steered):
    url = steered.queue(MessageRetentionPeriod=60, VisibilityTimeout=30)
    steered.send(url)
    message = steered.receive_one(url)
    steered.clock.advance(61)
    assert steered.receive(url) == []
    assert steered.counts(url) == (0, 0, 0)
    steered.delete(url, message)


def test_shorter_retention_reaches_kept_messages(steered):
    # AWS: a changed period applies to existing messages (API_SetQueueAttributes, MessageRetentionPeriod).
    url = steered.queue()
    steered.send(url)
    steered.clock.advance(100)
    steered.set(url, MessageRetentionPeriod=60)
    assert steered.receive(url) == []


def test_default_retention_is_four_days(steered):
    url = steered.queue()
    steered.send(url)
    steered.clock.advance(4 * 86400 - 1)
    assert steered.bodies(url, VisibilityTimeout=0) == ["hello"]
    steered.clock.advance(2)
    assert steered.bodies(url) == []
