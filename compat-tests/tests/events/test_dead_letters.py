"""Dead-letter queues of targets, and the six attributes of their messages.

AWS: "Using dead-letter queues to process undelivered events".
"""

import json

import pytest

from support.events_world import MEMBERS, EventsWorld, entry
from support.outbox import run_out

ALWAYS = {"RULE_ARN", "TARGET_ARN", "ERROR_CODE", "ERROR_MESSAGE"}
ALL = ALWAYS | {"EXHAUSTED_RETRY_CONDITION", "RETRY_ATTEMPTS"}


def to_nowhere(events: EventsWorld, **more):
    """A rule whose queue is gone; gives the rule and its dead-letter queue."""
    rule, dead, inbox = events.rule(), events.inbox(), events.inbox()
    rule.target(inbox.arn, DeadLetterConfig={"Arn": dead.arn}, **more)
    events.sqs.delete_queue(QueueUrl=inbox.url)
    return rule, dead


def test_all_six_attributes(steered_events, receiver):
    events = steered_events
    rule, dead = events.rule(), events.inbox()
    target = events.destination(receiver.url)
    rule.target(
        target, RoleArn=events.role, DeadLetterConfig={"Arn": dead.arn}, RetryPolicy={"MaximumRetryAttempts": 3}
    )
    receiver.answers(503)
    id = events.put({"a": 1})
    run_out(events, id)
    message = dead.arrival()
    reasons = dead.reasons(message)
    assert set(reasons) == ALL
    assert (reasons["RULE_ARN"], reasons["TARGET_ARN"]) == (rule.arn, target)
    assert reasons["EXHAUSTED_RETRY_CONDITION"] == "MaximumRetryAttempts"
    assert reasons["RETRY_ATTEMPTS"] == "3"
    assert "503" in reasons["ERROR_MESSAGE"]
    event = json.loads(message["Body"])
    assert list(event) == MEMBERS
    assert (event["id"], event["detail"]) == (id, {"a": 1})


def test_a_queue_that_is_gone(events):
    """AWS: a target that no longer exists is not retried."""
    rule, dead = to_nowhere(events)
    id = events.put({"a": 1})
    message = dead.arrival()
    reasons = dead.reasons(message)
    assert ALWAYS <= set(reasons) <= ALL - {"EXHAUSTED_RETRY_CONDITION"}
    assert (reasons["RULE_ARN"], reasons["ERROR_CODE"]) == (rule.arn, "NO_RESOURCE")
    assert json.loads(message["Body"])["id"] == id


def test_too_old(steered_events, receiver):
    events = steered_events
    dead = events.inbox()
    events.rule().target(
        events.destination(receiver.url), RoleArn=events.role, DeadLetterConfig={"Arn": dead.arn},
        RetryPolicy={"MaximumEventAgeInSeconds": 60, "MaximumRetryAttempts": 185},
    )
    receiver.answers(500)
    run_out(events, events.put())
    reasons = dead.reasons()
    assert reasons["EXHAUSTED_RETRY_CONDITION"] == "MaximumEventAgeInSeconds"
    assert int(reasons["RETRY_ATTEMPTS"]) > 0


def test_throttled_to_death(steered_events, receiver):
    events = steered_events
    dead = events.inbox()
    events.rule().target(
        events.destination(receiver.url), RoleArn=events.role, DeadLetterConfig={"Arn": dead.arn},
        RetryPolicy={"MaximumRetryAttempts": 1},
    )
    receiver.answers(429)
    run_out(events, events.put())
    assert dead.reasons()["ERROR_CODE"] == "THROTTLING"


def test_the_shaped_input_is_kept(events):
    """AWS: the message body is the event as it would have been sent."""
    _, dead = to_nowhere(events, Input='{"shaped": true}')
    events.put()
    assert dead.arrival()["Body"] == '{"shaped": true}'


def test_without_one_it_is_lost(events):
    inbox, gone = events.inbox(), events.inbox()
    rule = events.rule().target(gone.arn, "1").target(inbox.arn, "2")
    events.sqs.delete_queue(QueueUrl=gone.url)
    assert events.put()
    assert len(inbox.events()) == 1
    assert len(rule.targets()) == 2


def test_one_that_is_gone_itself(events):
    _, dead = to_nowhere(events)
    events.sqs.delete_queue(QueueUrl=dead.url)
    inbox = events.listen()
    events.put()
    assert len(inbox.events()) == 1


def test_other_targets_are_not_bothered(events):
    rule, dead = to_nowhere(events)
    inbox = rule.queue("2")
    id = events.put()
    assert inbox.event()["id"] == id
    assert len(dead.arrivals(1)) == 1


def test_each_event_of_a_call(events):
    _, dead = to_nowhere(events)
    events.put_entries(*[entry({"n": number}) for number in range(5)])
    assert sorted(json.loads(message["Body"])["detail"]["n"] for message in dead.arrivals(5)) == [0, 1, 2, 3, 4]


def test_a_queue_made_again_gets_the_next(events):
    rule, dead, inbox = events.rule(), events.inbox(), events.inbox(events.queue("orders"))
    rule.target(inbox.arn, DeadLetterConfig={"Arn": dead.arn})
    events.sqs.delete_queue(QueueUrl=inbox.url)
    events.put({"n": 1})
    dead.arrival()
    inbox = events.inbox(events.queue("orders"))
    events.put({"n": 2})
    assert inbox.details() == [{"n": 2}]


def test_a_scheduled_event_has_one_too(events):
    rule, dead, inbox = events.schedule("rate(30 days)"), events.inbox(), events.inbox()
    rule.target(inbox.arn, DeadLetterConfig={"Arn": dead.arn})
    events.sqs.delete_queue(QueueUrl=inbox.url)
    events.server.admin("POST", f"/_aws/events/rules/{rule.arn}/trigger")
    assert dead.reasons()["RULE_ARN"] == rule.arn


@pytest.mark.parametrize("target", ["sns", "sqs", "event-bus"])
def test_what_never_was(events, target):
    arn = {
        "sns": f"arn:aws:sns:us-east-1:{events.account}:nothing",
        "sqs": f"arn:aws:sqs:us-east-1:{events.account}:nothing",
        "event-bus": events.bus_arn("nothing"),
    }[target]
    dead = events.inbox()
    events.rule().target(arn, RoleArn=events.role, DeadLetterConfig={"Arn": dead.arn})
    events.put()
    reasons = dead.reasons()
    assert (reasons["ERROR_CODE"], reasons["TARGET_ARN"]) == ("NO_RESOURCE", arn)
