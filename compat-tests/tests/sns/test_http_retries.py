"""Retries of HTTP deliveries, to the millisecond on a steered clock.

AWS: message delivery retries. The immediate phase has no delay, the pre-backoff phase the least, the post-backoff phase
the most; the backoff phase goes from the least to the most by its function and takes what retries the others leave.
"""

import threading

import pytest

from support.outbox import attempt_times, milliseconds
from support.receiver import Receiver, Reply
from support.sns_world import entry
from support.waiting import until

MOST_ATTEMPTS = 101


def run_out(sns, message_id: str) -> dict:
    """Lets time pass, exactly to each next attempt, until the delivery has ended."""
    for _ in range(MOST_ATTEMPTS):
        seen = until(lambda: sns.outbox.delivery(message_id), "the delivery")
        if seen["state"] != "waiting":
            return seen
        wait = milliseconds(seen["nextAttemptAt"]) - sns.clock.now_ms() if seen["attempts"] else 0
        if wait > 0:
            sns.clock.advance(wait / 1000)

        def moved():
            found = sns.outbox.delivery(message_id)
            return found["state"] != "waiting" or len(found["attempts"]) > len(seen["attempts"])

        until(moved, f"attempt {len(seen['attempts']) + 1}")
    raise AssertionError("it goes on for ever")


def retry(**more) -> dict:
    default = {
        "minDelayTarget": 5, "maxDelayTarget": 30, "numRetries": 3, "numNoDelayRetries": 0, "numMinDelayRetries": 0,
        "numMaxDelayRetries": 0, "backoffFunction": "linear",
    }
    return {"healthyRetryPolicy": default | more}


def delays(sns, receiver, policy=None) -> list[int]:
    """The milliseconds between the attempts to reach an endpoint that always fails."""
    topic = sns.topic()
    sns.confirmed(topic, receiver, **({"DeliveryPolicy": policy} if policy else {}))
    receiver.answers(500)
    ended = run_out(sns, sns.publish_id(topic))
    assert ended["state"] == "dead"
    times = attempt_times(ended)
    return [later - earlier for earlier, later in zip(times, times[1:])]


def test_three_retries_twenty_seconds_apart(steered_sns, receiver):
    assert delays(steered_sns, receiver) == [20_000] * 3


def test_not_a_millisecond_early(steered_sns, receiver):
    sns, topic = steered_sns, steered_sns.topic()
    sns.confirmed(topic, receiver)
    receiver.answers(500, 200)
    message_id = sns.publish_id(topic)
    first = sns.outbox.attempted(message_id, 1)
    assert milliseconds(first["nextAttemptAt"]) == sns.clock.now_ms() + 20_000
    sns.clock.advance(19.999)
    assert len(sns.outbox.delivery(message_id)["attempts"]) == 1
    sns.clock.advance(0.001)
    ended = sns.outbox.ended(message_id)
    assert (ended["state"], attempt_times(ended)) == ("delivered", [0, 20_000])


def test_a_retry_sends_the_same(steered_sns, receiver):
    sns, topic = steered_sns, steered_sns.topic()
    sns.confirmed(topic, receiver)
    receiver.answers(500, 200)
    message_id = sns.publish_id(topic)
    run_out(sns, message_id)
    first, second = (receiver.next("Notification") for _ in range(2))
    assert second.body == first.body
    assert second.headers["x-amz-sns-message-id"] == first.headers["x-amz-sns-message-id"] == message_id


def test_the_immediate_phase(steered_sns, receiver):
    assert delays(steered_sns, receiver, retry(numRetries=3, numNoDelayRetries=3)) == [0] * 3


def test_the_phase_before_backoff(steered_sns, receiver):
    assert delays(steered_sns, receiver, retry(numRetries=2, numMinDelayRetries=2)) == [5_000] * 2


def test_the_phase_after_backoff(steered_sns, receiver):
    assert delays(steered_sns, receiver, retry(numRetries=2, numMaxDelayRetries=2)) == [30_000] * 2


def test_all_phases_in_their_order(steered_sns, receiver):
    policy = retry(numRetries=8, numNoDelayRetries=2, numMinDelayRetries=2, numMaxDelayRetries=2)
    found = delays(steered_sns, receiver, policy)
    assert len(found) == 8
    assert found[:4] == [0, 0, 5_000, 5_000]
    assert 5_000 <= found[4] <= found[5] <= 30_000
    assert found[6:] == [30_000] * 2


def test_the_backoff_is_linear(steered_sns, receiver):
    found = delays(steered_sns, receiver, retry(numRetries=6))
    steps = [later - earlier for earlier, later in zip(found, found[1:])]
    assert 5_000 <= found[0] and found[-1] <= 30_000
    assert max(steps) - min(steps) <= 1000, "equal steps, whole seconds at most apart"
    assert min(steps) > 0


@pytest.mark.parametrize("function", ["arithmetic", "exponential", "geometric"])
def test_other_backoffs_rise_between_the_two(steered_sns, receiver, function):
    found = delays(steered_sns, receiver, retry(numRetries=6, backoffFunction=function))
    assert found == sorted(found)
    assert 5_000 <= found[0] < found[-1] <= 30_000


def test_no_retries_at_all(steered_sns, receiver):
    assert delays(steered_sns, receiver, retry(numRetries=0)) == []


def test_the_topic_says_it_for_all(steered_sns, receiver):
    sns = steered_sns
    healthy = retry(numRetries=1, numMinDelayRetries=1)["healthyRetryPolicy"]
    topic = sns.topic(DeliveryPolicy={"http": {"defaultHealthyRetryPolicy": healthy}})
    sns.confirmed(topic, receiver)
    receiver.answers(500)
    assert attempt_times(run_out(sns, sns.publish_id(topic))) == [0, 5_000]


@pytest.mark.parametrize("overrides, times", [(False, [0, 0]), (True, [0, 5_000])], ids=["allowed", "disabled"])
def test_the_topic_may_forbid_others_to_say(steered_sns, receiver, overrides, times):
    """AWS: disableSubscriptionOverrides."""
    sns = steered_sns
    healthy = retry(numRetries=1, numMinDelayRetries=1)["healthyRetryPolicy"]
    topic = sns.topic(DeliveryPolicy={
        "http": {"defaultHealthyRetryPolicy": healthy, "disableSubscriptionOverrides": overrides},
    })
    sns.confirmed(topic, receiver, DeliveryPolicy=retry(numRetries=1, numNoDelayRetries=1))
    receiver.answers(500)
    assert attempt_times(run_out(sns, sns.publish_id(topic))) == times


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_these_are_tried_again(steered_sns, receiver, status):
    """AWS: all 5XX errors and 429 are retryable."""
    sns, topic = steered_sns, steered_sns.topic()
    sns.confirmed(topic, receiver)
    receiver.answers(status, 200)
    ended = run_out(sns, sns.publish_id(topic))
    assert ended["state"] == "delivered"
    assert [attempt["status"] for attempt in ended["attempts"]] == [status, 200]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_these_are_not(steered_sns, receiver, status):
    """AWS: all other errors are permanent failures, and retries are not attempted."""
    sns, topic = steered_sns, steered_sns.topic()
    sns.confirmed(topic, receiver)
    receiver.answers(status)
    ended = sns.outbox.ended(sns.publish_id(topic))
    assert ended["state"] == "dead"
    assert [attempt["status"] for attempt in ended["attempts"]] == [status]


def test_a_redirect_is_not_followed(steered_sns, receiver):
    sns, topic, elsewhere = steered_sns, steered_sns.topic(), Receiver()
    sns.confirmed(topic, receiver)
    receiver.answers(Reply(302, {"Location": elsewhere.url}))
    ended = run_out(sns, sns.publish_id(topic))
    elsewhere.close()
    assert ended["state"] == "dead"
    assert elsewhere.requests == []


def test_a_closed_endpoint_is_tried_again(steered_sns, receiver):
    sns, topic = steered_sns, steered_sns.topic()
    sns.confirmed(topic, receiver)
    receiver.close()
    ended = run_out(sns, sns.publish_id(topic))
    assert ended["state"] == "dead"
    assert all(attempt["error"] and "status" not in attempt for attempt in ended["attempts"])


def test_fifteen_seconds_are_long_enough(steered_sns, receiver):
    """AWS: an endpoint has 15 seconds to answer. A connection waits in real time, so this test does, too."""
    sns, topic, never = steered_sns, steered_sns.topic(), threading.Event()
    sns.confirmed(topic, receiver, DeliveryPolicy=retry(numRetries=0))
    receiver.answers(Reply(after=never))
    message_id = sns.publish_id(topic)
    receiver.next("Notification")
    sns.clock.advance(15)
    ended = until(lambda: (d := sns.outbox.delivery(message_id))["state"] != "waiting" and d, "the timeout", 20)
    never.set()
    assert ended["state"] == "dead"
    assert ended["attempts"][0]["error"]


def test_a_second_at_a_time(steered_sns, receiver):
    """AWS: throttlePolicy.maxReceivesPerSecond."""
    sns, topic = steered_sns, steered_sns.topic()
    sns.confirmed(topic, receiver, DeliveryPolicy={"throttlePolicy": {"maxReceivesPerSecond": 1}})
    ids = [sns.publish_id(topic, str(number)) for number in range(3)]
    for count in (1, 2, 3):
        receiver.wait(count)
        ended = sum(sns.outbox.ended(id)["state"] == "delivered" for id in ids[:count])
        assert ended == count == len(receiver.requests)
        sns.clock.advance(1)


def test_two_come_together(steered_sns, receiver):
    sns, topic = steered_sns, steered_sns.topic()
    sns.confirmed(topic, receiver, DeliveryPolicy={"throttlePolicy": {"maxReceivesPerSecond": 2}})
    ids = [sns.publish_id(topic, str(number)) for number in range(4)]
    for count in (2, 4):
        receiver.wait(count)
        assert all(sns.outbox.ended(id)["state"] == "delivered" for id in ids[:count])
        assert len(receiver.requests) == count
        sns.clock.advance(1)


def test_an_endpoint_that_hangs_does_not_hold_the_others(sns, receiver):
    topic, other, hanging, never = sns.topic(), sns.topic(), Receiver(), threading.Event()
    try:
        sns.confirmed(topic, hanging)
        sns.confirmed(other, receiver)
        hanging.answers(Reply(after=never))
        for number in range(15):
            sns.publish_batch(topic, *(entry(f"{number}-{place}") for place in range(10)))
        hanging.wait(64)
        for number in range(10):
            sns.publish(other, str(number))
        receiver.wait(10)
        assert len(hanging.requests) == 64
    finally:
        never.set()
        hanging.close()


def test_one_question_is_retried_too(steered_sns, receiver):
    """A confirmation is delivered by the topic's policy."""
    sns, topic = steered_sns, steered_sns.topic()
    receiver.answers(500, 200)
    sns.subscribe(topic, "http", receiver.url)
    first = receiver.next("SubscriptionConfirmation")
    message_id = first.headers["x-amz-sns-message-id"]
    assert run_out(sns, message_id)["state"] == "delivered"
    assert receiver.next("SubscriptionConfirmation").body == first.body
