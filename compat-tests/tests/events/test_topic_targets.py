"""Events to topics."""

import json

import pytest


def topic(events, **attributes) -> str:
    name = "topic.fifo" if attributes.get("FifoTopic") else "topic"
    return events.sns().create_topic(Name=name, Attributes=attributes)["TopicArn"]


def subscribed(events, arn: str, raw: bool = True, fifo: bool = False):
    inbox = events.inbox(events.hashed_fifo() if fifo else events.queue())
    events.sns().subscribe(
        TopicArn=arn, Protocol="sqs", Endpoint=inbox.arn, Attributes={"RawMessageDelivery": str(raw).lower()}
    )
    return inbox


def test_the_message_is_the_event(events, rule):
    arn = topic(events)
    inbox = subscribed(events, arn)
    rule.target(arn)
    id = events.put({"a": 1})
    event = inbox.event()
    assert (event["id"], event["detail"]) == (id, {"a": 1})


def test_in_the_envelope(events, rule):
    """Recorded: test_put_events_with_target_sns. There is no subject, and there are no attributes."""
    arn = topic(events)
    inbox = subscribed(events, arn, raw=False)
    rule.target(arn)
    id = events.put()
    envelope = inbox.event()
    assert (envelope["Type"], envelope["TopicArn"]) == ("Notification", arn)
    assert json.loads(envelope["Message"])["id"] == id
    assert "Subject" not in envelope and "MessageAttributes" not in envelope


def test_a_shaped_message(events, rule):
    arn = topic(events)
    inbox = subscribed(events, arn)
    rule.target(arn, InputPath="$.detail.text")
    events.put({"text": "hello"})
    assert inbox.body() == '"hello"'


def test_filter_policies_look_at_the_body(events, rule):
    arn = topic(events)
    inbox = events.inbox()
    events.sns().subscribe(TopicArn=arn, Protocol="sqs", Endpoint=inbox.arn, Attributes={
        "RawMessageDelivery": "true", "FilterPolicyScope": "MessageBody", "FilterPolicy": '{"detail": {"n": [2]}}',
    })
    rule.target(arn)
    for number in (1, 2, 3):
        events.put({"n": number})
    assert inbox.details() == [{"n": 2}]


@pytest.mark.parametrize("where", ["another region", "another account"])
def test_a_topic_elsewhere(events, other, rule, where):
    home = other if where == "another account" else events.in_region("eu-west-1")
    arn = topic(home)
    inbox = subscribed(home, arn)
    if home is other:
        home.sns().add_permission(TopicArn=arn, Label="x", AWSAccountId=[events.account], ActionName=["Publish"])
    rule.target(arn, RoleArn=events.role)
    events.put()
    assert inbox.event()["account"] == events.account


def test_a_topic_that_is_gone(events, rule):
    """NO_RESOURCE, at once."""
    arn, dead = topic(events), events.inbox()
    rule.target(arn, DeadLetterConfig={"Arn": dead.arn})
    events.sns().delete_topic(TopicArn=arn)
    events.put()
    assert dead.reasons()["ERROR_CODE"] == "NO_RESOURCE"
