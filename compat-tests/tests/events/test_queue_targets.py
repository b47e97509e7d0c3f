"""Events to queues: standard, FIFO and fair."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.events_refusals import refused, shorter, violates, violation
from support.events_world import entry


def grouped(events, url: str, rule=None, group="orders"):
    inbox = events.inbox(url)
    (rule or events.rule()).target(inbox.arn, SqsParameters={"MessageGroupId": group})
    return inbox


def test_it_is_there_when_put_events_answers(events):
    inbox = events.listen()
    id = events.put()
    assert inbox.event()["id"] == id


def test_a_message_has_no_attributes(events):
    inbox = events.listen()
    events.put()
    message = inbox.message()
    assert "MessageAttributes" not in message
    assert message["Attributes"]["ApproximateReceiveCount"] == "1"


def test_a_fifo_queue(events):
    """Recorded: test_put_events_with_target_sqs_fifo. It has its group, in the order of the entries."""
    inbox = grouped(events, events.hashed_fifo())
    for number in range(3):
        events.put({"n": number})
    messages = inbox.messages()
    assert [json.loads(message["Body"])["detail"]["n"] for message in messages] == [0, 1, 2]
    assert {message["Attributes"]["MessageGroupId"] for message in messages} == {"orders"}
    assert all(message["Attributes"]["MessageDeduplicationId"] for message in messages)


def test_entries_of_one_call_keep_their_order(events):
    inbox = grouped(events, events.hashed_fifo())
    events.put_entries(*[entry({"n": number}) for number in range(10)])
    assert [detail["n"] for detail in inbox.details()] == list(range(10))


def test_a_fifo_target_needs_a_group(events, rule):
    """AWS's words, as users report them: `Parameter(s) SqsParameters must be specified for target: <id>.`"""
    with refused("ValidationException"):
        rule.put_targets({"Id": "1", "Arn": events.arn(events.hashed_fifo())})


def test_a_fair_queue(events):
    """AWS: MessageGroupId of a standard queue says whose message it is."""
    inbox = grouped(events, events.queue(), group="tenant-1")
    events.put()
    assert inbox.message()["Attributes"]["MessageGroupId"] == "tenant-1"


def test_a_group_too_long(events, rule):
    with violates(violation("x" * 101, "targets.1.member.sqsParameters.messageGroupId", shorter(100))):
        rule.put_targets({"Id": "1", "Arn": events.inbox().arn, "SqsParameters": {"MessageGroupId": "x" * 101}})


def test_delays_of_the_queue_hold(steered_events):
    events = steered_events
    inbox = events.inbox(DelaySeconds=30)
    events.rule().target(inbox.arn)
    events.put()
    events.clock.advance(29.999)
    assert inbox.events() == []
    events.clock.advance(0.001)
    assert len(inbox.events()) == 1


def test_a_queue_of_another_region(events):
    """Issues of other emulators: account and region always come from the ARN."""
    elsewhere = events.in_region("eu-west-1")
    here, there = events.inbox(events.queue("same")), elsewhere.inbox(elsewhere.queue("same"))
    events.rule().target(there.arn)
    events.put()
    assert there.event()["region"] == "us-east-1"
    assert here.events() == []


def test_a_queue_of_another_account(events, other):
    here, there = events.inbox(events.queue("same")), other.inbox(other.queue("same"))
    events.rule().target(there.arn, RoleArn=events.role)
    events.put()
    assert there.event()["account"] == events.account
    assert here.events() == []


def test_a_hundred_rules(events, bus):
    inboxes = [events.listen({"detail": {"n": [number % 10]}}, bus) for number in range(100)]
    events.put({"n": 7}, bus)
    assert [len(inbox.events()) for inbox in inboxes] == [int(number % 10 == 7) for number in range(100)]


def test_many_put_at_once(events):
    inbox = events.listen()
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda number: events.put({"n": number}), range(100)))
    assert sorted(event["id"] for event in inbox.events()) == sorted(ids)


@pytest.mark.parametrize("encrypted", [{}, {"KmsMasterKeyId": "alias/aws/sqs"}], ids=["plain", "encrypted"])
def test_a_long_poll_is_woken(events, encrypted):
    inbox = events.inbox(**encrypted)
    events.rule().target(inbox.arn)
    with ThreadPoolExecutor(1) as pool:
        polled = pool.submit(events.receive, inbox.url, WaitTimeSeconds=20)
        id = events.put()
        (message,) = polled.result(timeout=15)
    assert json.loads(message["Body"])["id"] == id
