"""Events from bus to bus: here, in another region, in another account."""

import pytest

from support.events_world import EventsWorld


def allow(owner: EventsWorld, bus: str, guest: EventsWorld) -> None:
    owner.events.put_permission(
        EventBusName=bus, Action="events:PutEvents", Principal=guest.account, StatementId=f"guest-{guest.account}"
    )


def forward(events: EventsWorld, bus: str | None, to: str, **more) -> None:
    events.rule(bus=bus).target(to, RoleArn=events.role, **more)


@pytest.mark.parametrize("source, goal", [("a", "b"), ("default", "b"), ("a", "default")])
def test_to_another_bus(events, source, goal):
    """Recorded: test_put_events_with_target_events."""
    for name in {source, goal} - {"default"}:
        events.bus(name)
    inbox = events.listen(bus=goal)
    forward(events, events.bus_arn(source), events.bus_arn(goal))
    id = events.put({"a": 1}, source)
    event = inbox.event()
    assert (event["id"], event["detail"], event["source"]) == (id, {"a": 1}, "shop")


def test_to_another_account(events, other):
    """Recorded: test_event_bus_to_event_bus_cross_account_region (another account, the same region): the id stays."""
    bus = other.bus("orders")
    inbox = other.listen(bus=bus)
    allow(other, bus, events)
    forward(events, None, other.bus_arn(bus))
    id = events.put({"a": 1})
    event = inbox.event()
    assert (event["account"], event["region"], event["id"]) == (events.account, "us-east-1", id)


def test_to_another_region(events):
    """Recorded: test_event_bus_to_event_bus_cross_account_region (the same account, another region): a new id."""
    elsewhere = events.in_region("eu-west-1")
    bus = elsewhere.bus("orders")
    inbox = elsewhere.listen(bus=bus)
    forward(events, None, elsewhere.bus_arn(bus))
    id = events.put({"a": 1})
    event = inbox.event()
    assert (event["account"], event["region"], event["detail"]) == (events.account, "us-east-1", {"a": 1})
    assert event["id"] != id


def test_to_another_account_in_another_region(events, other):
    """Recorded: test_event_bus_to_event_bus_cross_account_region."""
    elsewhere = other.in_region("eu-west-1")
    bus = elsewhere.bus("orders")
    inbox = elsewhere.listen(bus=bus)
    allow(elsewhere, bus, events)
    forward(events, None, elsewhere.bus_arn(bus))
    id = events.put()
    event = inbox.event()
    assert (event["account"], event["region"]) == (events.account, "us-east-1")
    assert event["id"] != id


def test_uninvited_nobody_comes(events, other):
    """AWS: the other account must grant permission; without it the event goes to the dead-letter queue."""
    bus, dead = other.bus("orders"), events.inbox()
    inbox = other.listen(bus=bus)
    forward(events, None, other.bus_arn(bus), DeadLetterConfig={"Arn": dead.arn})
    events.put()
    assert dead.reasons()["ERROR_CODE"] == "NO_PERMISSIONS"
    assert inbox.events() == []


def test_a_bus_that_is_gone(events):
    bus, dead = events.bus("orders"), events.inbox()
    forward(events, None, events.bus_arn(bus), DeadLetterConfig={"Arn": dead.arn})
    events.events.delete_event_bus(Name=bus)
    events.put()
    assert dead.reasons()["ERROR_CODE"] == "NO_RESOURCE"


def test_the_pattern_of_the_second_bus_counts(events, bus):
    inbox = events.listen({"detail": {"n": [2]}}, bus)
    forward(events, None, events.bus_arn(bus))
    for number in (1, 2):
        events.put({"n": number})
    assert inbox.details() == [{"n": 2}]


def test_no_loops(events):
    """AWS: an event that came from one bus to another is not sent on; each inbox gets it once."""
    for name in ("a", "b"):
        events.bus(name)
    inboxes = [events.listen(bus=name) for name in ("a", "b")]
    forward(events, "a", events.bus_arn("b"))
    forward(events, "b", events.bus_arn("a"))
    events.put({"n": 1}, "a")
    assert [len(inbox.events()) for inbox in inboxes] == [1, 1]


def test_what_is_sent_is_the_whole_event(events, bus):
    """AWS: a bus gets the event as it is; shaped input is no event."""
    inbox = events.listen(bus=bus)
    forward(events, None, events.bus_arn(bus))
    events.put({"a": 1}, Resources=["arn:a"])
    event = inbox.event()
    assert (event["detail-type"], event["resources"], event["detail"]) == ("OrderCreated", ["arn:a"], {"a": 1})
