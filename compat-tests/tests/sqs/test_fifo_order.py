"""FIFO queues: order within a group, groups that lock, and which group is served next."""

import concurrent.futures

import pytest

from support.refusals import invalid, missing, refused


def served(steered, url, most=10, **arguments):
    return steered.bodies(url, most, **arguments)


def test_order_within_a_group(world):
    url = world.hashed_fifo()
    sent = [f"m{n}" for n in range(10)]
    world.send_group(url, "g", *sent)
    assert world.bodies(url) == sent


def test_sequence_numbers_rise(world):
    url = world.hashed_fifo()
    numbers = [int(world.send(url, f"m{n}", MessageGroupId=f"g{n % 2}")["SequenceNumber"]) for n in range(6)]
    assert numbers == sorted(set(numbers))


def test_group_is_locked_while_one_of_it_is_in_flight(world):
    url = world.hashed_fifo()
    world.send_group(url, "g", "a", "b")
    world.send_group(url, "other", "x")
    first = world.receive_one(url)
    assert first["Body"] == "a"
    assert world.bodies(url) == ["x"]
    assert world.bodies(url) == []
    world.delete(url, first)
    assert world.bodies(url) == ["b"]


def test_partial_delete_keeps_the_lock(world):
    url = world.hashed_fifo()
    world.send_group(url, "g", "a", "b", "c")
    first, second = world.receive(url, 2)
    world.delete(url, first)
    assert world.bodies(url) == []
    world.delete(url, second)
    assert world.bodies(url) == ["c"]


def test_emptied_group_takes_new_messages_at_once(world):
    url = world.hashed_fifo()
    world.send_group(url, "g", "a")
    world.delete(url, world.receive_one(url))
    world.send_group(url, "g", "b")
    assert world.bodies(url) == ["b"]


def test_order_survives_the_visibility_timeout(steered):
    url = steered.hashed_fifo(VisibilityTimeout=5)
    steered.send_group(url, "g", "a", "b", "c")
    assert served(steered, url, 2) == ["a", "b"]
    steered.clock.advance(5)
    assert served(steered, url) == ["a", "b", "c"]


def test_one_receive_drains_a_group_before_the_next(world):
    url = world.hashed_fifo()
    for body, group in (("a1", "one"), ("b1", "two"), ("a2", "one"), ("b2", "two"), ("a3", "one")):
        world.send_group(url, group, body)
    assert world.bodies(url) == ["a1", "a2", "a3", "b1", "b2"]


def test_touched_groups_go_to_the_back(world):
    url = world.hashed_fifo()
    for group in ("1", "2", "3"):
        world.send_group(url, group, f"{group}a", f"{group}b")
    assert world.bodies(url, 4, VisibilityTimeout=0) == ["1a", "1b", "2a", "2b"]
    assert world.bodies(url) == ["3a", "3b", "1a", "1b", "2a", "2b"]


def test_made_visible_alone_and_served_after_other_groups(world):
    url = world.hashed_fifo()
    world.send_group(url, "g", "a", "b")
    first, _second = world.receive(url, 2)
    world.send_group(url, "other", "x")
    world.hide(url, first, 0)
    assert world.bodies(url) == ["x", "a"]


@pytest.mark.parametrize("extended, expected", [(0, []), (1, ["m0"]), (2, ["m0", "m1"])])
def test_extended_message_holds_back_itself_and_those_after_it(steered, extended, expected):
    url = steered.hashed_fifo(VisibilityTimeout=1)
    steered.send_group(url, "g", "m0", "m1", "m2")
    got = steered.receive(url, 3)
    steered.hide(url, got[extended], 4)
    steered.clock.advance(1.5)
    assert served(steered, url) == expected


def test_queue_delay_keeps_the_order(steered):
    url = steered.hashed_fifo(DelaySeconds=5)
    steered.send_group(url, "g", "a", "b")
    assert served(steered, url) == []
    assert steered.counts(url) == (0, 0, 2)
    steered.clock.advance(5)
    assert served(steered, url) == ["a", "b"]


def test_delay_of_one_message_is_refused_but_zero_is_none(world):
    url = world.hashed_fifo()
    reason = "The request include parameter that is not valid for this queue type."
    with invalid(2, "DelaySeconds", reason):
        world.send(url, MessageGroupId="g", DelaySeconds=2)
    # AWS takes a zero (softwaremill/elasticmq#273, localstack/localstack#6633).
    world.send(url, MessageGroupId="g", DelaySeconds=0)
    assert world.counts(url) == (1, 0, 0)


def test_group_is_needed(world):
    with missing("MessageGroupId"):
        world.send(world.hashed_fifo())


@pytest.mark.parametrize("group", ["g" * 129, "two words", "ü"])
def test_bad_group_ids(world, group):
    with refused("InvalidParameterValue"):
        world.send(world.hashed_fifo(), MessageGroupId=group)


def test_good_group_ids(world):
    url = world.hashed_fifo()
    for group in ("g" * 128, "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"):
        world.send(url, group, MessageGroupId=group)
    assert world.counts(url) == (2, 0, 0)


def test_delete_hands_the_group_to_a_waiting_receiver(world):
    url = world.hashed_fifo()
    world.send_group(url, "g", "a", "b")
    head = world.receive_one(url)
    with concurrent.futures.ThreadPoolExecutor() as pool:
        waiters = [pool.submit(world.bodies, url, 1, WaitTimeSeconds=1) for _ in range(2)]
        world.delete(url, head)
        got = sorted(waiter.result() for waiter in waiters)
    assert got == [[], ["b"]]
