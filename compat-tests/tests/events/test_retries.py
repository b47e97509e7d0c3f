"""Retry policies on a steered clock: how often, how long, and how far apart.

AWS: exponential back-off with jitter; 185 retries in 24 hours unless the target says less.
"""

import pytest

from support.events_refusals import at_least, violates, violation
from support.outbox import attempt_times, milliseconds, run_out
from support.waiting import until


def failing(events, receiver, **policy):
    """An endpoint that always fails; gives its dead-letter queue."""
    dead = events.inbox()
    target = {"DeadLetterConfig": {"Arn": dead.arn}, **({"RetryPolicy": policy} if policy else {})}
    events.rule().target(events.destination(receiver.url), RoleArn=events.role, **target)
    receiver.answers(500)
    return dead


def pauses(times: list[int]) -> list[int]:
    return [later - earlier for earlier, later in zip(times, times[1:])]


@pytest.mark.parametrize("retries", [0, 1, 5])
def test_so_many_retries(steered_events, receiver, retries):
    events = steered_events
    dead = failing(events, receiver, MaximumRetryAttempts=retries)
    ended = run_out(events, events.put())
    assert (ended["state"], len(ended["attempts"])) == ("dead", retries + 1)
    reasons = dead.reasons()
    assert reasons["EXHAUSTED_RETRY_CONDITION"] == "MaximumRetryAttempts"
    assert reasons["RETRY_ATTEMPTS"] == str(retries)


def test_no_older_than_that(steered_events, receiver):
    events = steered_events
    dead = failing(events, receiver, MaximumEventAgeInSeconds=60)
    ended = run_out(events, events.put())
    assert attempt_times(ended)[-1] <= 60_000
    assert len(ended["attempts"]) > 2
    assert dead.reasons()["EXHAUSTED_RETRY_CONDITION"] == "MaximumEventAgeInSeconds"


def test_it_dies_when_it_is_too_old(steered_events, receiver):
    """Not a millisecond before: a letter's time is the clock's."""
    events = steered_events
    dead = failing(events, receiver, MaximumEventAgeInSeconds=60)
    start = events.clock.now_ms()
    run_out(events, events.put())
    assert int(dead.arrival()["Attributes"]["SentTimestamp"]) == start + 60_000


def test_the_pauses_grow(steered_events, receiver):
    events = steered_events
    failing(events, receiver, MaximumRetryAttempts=8)
    found = pauses(attempt_times(run_out(events, events.put())))
    assert len(found) == 8
    assert all(later > earlier for earlier, later in zip(found, found[1:])), found


def test_the_pauses_have_jitter(steered_events, receiver):
    events = steered_events
    failing(events, receiver, MaximumRetryAttempts=5)
    runs = [tuple(pauses(attempt_times(run_out(events, events.put())))) for _ in range(3)]
    assert len(set(runs)) > 1, runs


def test_not_a_millisecond_early(steered_events, receiver):
    events = steered_events
    failing(events, receiver)
    id = events.put()
    next_ms = milliseconds(events.outbox.attempted(id, 1)["nextAttemptAt"])
    receiver.answers(200)
    events.clock.advance((next_ms - events.clock.now_ms() - 1) / 1000)
    assert len(events.outbox.delivery(id)["attempts"]) == 1
    events.clock.advance(0.001)
    ended = events.outbox.ended(id)
    assert ended["state"] == "delivered"
    assert milliseconds(ended["attempts"][1]["at"]) == next_ms


def test_a_day_and_185_retries(steered_events, receiver):
    """AWS: the default policy."""
    events = steered_events
    dead = failing(events, receiver)
    ended = run_out(events, events.put())
    assert (ended["state"], len(ended["attempts"])) == ("dead", 186)
    assert attempt_times(ended)[-1] <= 24 * 3600 * 1000
    assert dead.reasons()["RETRY_ATTEMPTS"] == "185"


def test_each_target_by_its_own_policy(steered_events, receiver):
    events = steered_events
    inboxes = [failing(events, receiver, MaximumRetryAttempts=retries) for retries in (0, 2)]
    events.put()
    assert inboxes[0].reasons()["RETRY_ATTEMPTS"] == "0"
    assert inboxes[1].messages() == []

    def later():
        events.clock.advance(5)
        return inboxes[1].messages()

    (message,) = until(later, "the other dead letter")
    assert inboxes[1].reasons(message)["RETRY_ATTEMPTS"] == "2"


def test_what_waits_when_a_target_is_removed(steered_events, receiver):
    """The delivery was begun, and goes on; AWS keeps sending what a rule had matched."""
    events = steered_events
    dead = events.inbox()
    rule = events.rule().target(
        events.destination(receiver.url), RoleArn=events.role, DeadLetterConfig={"Arn": dead.arn}
    )
    receiver.answers(500, 200)
    id = events.put()
    events.outbox.attempted(id, 1)
    rule.remove()
    assert run_out(events, id)["state"] == "delivered"


@pytest.mark.parametrize("policy, path, value, least", [
    ({"MaximumRetryAttempts": -1}, "maximumRetryAttempts", -1, 0),
    ({"MaximumEventAgeInSeconds": 59}, "maximumEventAgeInSeconds", 59, 60),
])
def test_policies_below_the_limits(events, rule, policy, path, value, least):
    with violates(violation(value, f"targets.1.member.retryPolicy.{path}", at_least(least))):
        rule.put_targets({"Id": "1", "Arn": events.inbox().arn, "RetryPolicy": policy})
