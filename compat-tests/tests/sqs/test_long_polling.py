"""Long polls: ended by time, woken by whatever makes a message receivable."""

import concurrent.futures

import pytest

from support.refusals import refused

ANSWER_DEADLINE_SECONDS = 15


@pytest.fixture
def polling(steered):
    """Starts long polls in the background; whatever is still waiting at the end is let go by passing time."""
    pool = concurrent.futures.ThreadPoolExecutor()
    started = []

    def poll(url, **arguments):
        future = pool.submit(steered.bodies, url, **{"WaitTimeSeconds": 20, **arguments})
        started.append(future)
        # A few round trips, so that the poll is most likely parked before the test goes on.
        for _ in range(10):
            steered.counts(url)
        return future

    yield poll
    while not all(future.done() for future in started):
        steered.clock.advance(21)
    pool.shutdown()


def pass_until_done(steered, future, step=1.0):
    waited = 0.0
    while not future.done() and waited < 200:
        steered.clock.advance(step)
        waited += step
    return waited


def result(future):
    return future.result(timeout=ANSWER_DEADLINE_SECONDS)


def test_poll_ends_empty_when_its_time_is_up(steered, polling):
    future = polling(steered.queue(), WaitTimeSeconds=5)
    assert not future.done()
    pass_until_done(steered, future)
    assert result(future) == []


def test_wait_of_the_queue_is_the_default(steered, polling):
    url = steered.queue(ReceiveMessageWaitTimeSeconds=20)
    future = polling(url, **{"WaitTimeSeconds": 20})
    steered.send(url)
    assert result(future) == ["hello"]
    # An explicit zero asks for a short poll whatever the queue says.
    assert steered.bodies(url, WaitTimeSeconds=0) == []


def test_queue_wait_applies_without_a_call_wait(steered):
    url = steered.queue(ReceiveMessageWaitTimeSeconds=20)
    with concurrent.futures.ThreadPoolExecutor() as pool:
        future = pool.submit(steered.bodies, url)
        for _ in range(10):
            steered.counts(url)
        assert not future.done()
        steered.send(url)
        assert result(future) == ["hello"]


def test_send_wakes(steered, polling):
    url = steered.queue()
    future = polling(url)
    steered.send(url)
    assert result(future) == ["hello"]


def test_poll_does_not_wait_for_more_messages(steered):
    url = steered.queue()
    steered.send(url)
    assert steered.bodies(url, 10, WaitTimeSeconds=20) == ["hello"]


def test_send_to_another_queue_does_not_wake(steered, polling):
    url, other = steered.queue(), steered.queue()
    future = polling(url)
    steered.send(other)
    assert steered.bodies(other) == ["hello"]
    assert not future.done()


def test_end_of_a_delay_wakes(steered, polling):
    url = steered.queue()
    steered.send(url, DelaySeconds=3)
    future = polling(url)
    assert not future.done()
    pass_until_done(steered, future)
    assert result(future) == ["hello"]


def test_end_of_a_visibility_timeout_wakes(steered, polling):
    url = steered.queue(VisibilityTimeout=3)
    steered.send(url)
    steered.receive_one(url)
    future = polling(url)
    assert not future.done()
    pass_until_done(steered, future)
    assert result(future) == ["hello"]


def test_ended_visibility_wakes(steered, polling):
    url = steered.queue()
    steered.send(url)
    message = steered.receive_one(url)
    future = polling(url)
    steered.hide(url, message, 0)
    assert result(future) == ["hello"]


def test_delete_wakes_the_next_of_the_group(steered, polling):
    url = steered.hashed_fifo()
    steered.send_group(url, "g", "a", "b")
    head = steered.receive_one(url)
    future = polling(url)
    assert not future.done()
    steered.delete(url, head)
    assert result(future) == ["b"]


def test_batch_wakes_several(steered, polling):
    url = steered.queue()
    futures = [polling(url, most=1) for _ in range(3)]
    entries = [{"Id": str(n), "MessageBody": str(n)} for n in range(3)]
    steered.sqs.send_message_batch(QueueUrl=url, Entries=entries)
    assert sorted(result(future) for future in futures) == [["0"], ["1"], ["2"]]


def test_one_message_wakes_one(steered, polling):
    url = steered.queue()
    futures = [polling(url) for _ in range(3)]
    steered.send(url)
    done, waiting = concurrent.futures.wait(
        futures, timeout=ANSWER_DEADLINE_SECONDS, return_when=concurrent.futures.FIRST_COMPLETED
    )
    assert [future.result() for future in done] == [["hello"]]
    assert len(waiting) == 2


def test_dead_letter_wakes_a_poll_on_the_dead_letter_queue(steered, polling):
    dead = steered.queue()
    url = steered.with_dead_letters(dead, 1)
    steered.send(url, "poison")
    steered.receive_one(url, VisibilityTimeout=0)
    future = polling(dead)
    assert steered.receive(url) == []
    assert result(future) == ["poison"]


def test_poll_on_a_deleted_queue_ends(steered, polling):
    url = steered.queue()
    future = polling(url)
    steered.sqs.delete_queue(QueueUrl=url)
    pass_until_done(steered, future)
    try:
        assert result(future) == []
    except steered.sqs.exceptions.ClientError as error:
        assert "NonExistentQueue" in str(error)


def test_poll_on_nothing_is_refused_at_once(steered):
    with refused("AWS.SimpleQueueService.NonExistentQueue"):
        steered.receive(f"{steered.server.url}/{steered.account}/nothing", WaitTimeSeconds=20)


def test_poll_ends_on_a_clock_that_stands_still(steered):
    """Its caller's time passes all the same. AWS's shortest wait is a second."""
    assert steered.receive(steered.queue(), WaitTimeSeconds=1) == []
