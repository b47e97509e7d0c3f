"""Lists in pages: Limit and NextToken."""

import datetime

import pytest

from support.events_refusals import at_least, at_most, refused, violates, violation


def pages(call, kind: str, **arguments) -> list[list]:
    answer = call(**arguments)
    found = [answer[kind]]
    while "NextToken" in answer:
        answer = call(NextToken=answer["NextToken"], **arguments)
        found.append(answer[kind])
    return found


def sizes(found: list[list]) -> list[int]:
    return [len(page) for page in found]


def test_buses(events):
    """Recorded: test_list_event_buses_with_limit."""
    for number in range(4):
        events.bus(f"bus-{number}")
    found = pages(events.events.list_event_buses, "EventBuses", Limit=2)
    assert sizes(found) == [2, 2, 1]
    names = [bus["Name"] for page in found for bus in page]
    assert names == ["bus-0", "bus-1", "bus-2", "bus-3", "default"]


def test_rules(events, bus):
    """Recorded: test_list_rule_with_limit."""
    for number in range(5):
        events.rule(bus=bus, name=f"rule-{number}")
    found = pages(events.events.list_rules, "Rules", EventBusName=bus, Limit=3)
    assert sizes(found) == [3, 2]
    assert [rule["Name"] for page in found for rule in page] == [f"rule-{number}" for number in range(5)]


def test_targets(events, rule):
    """Recorded: test_list_target_by_rule_limit."""
    for number in range(5):
        rule.queue(str(number))
    found = pages(events.events.list_targets_by_rule, "Targets", Rule=rule.name, Limit=3)
    assert sizes(found) == [3, 2]
    assert len({target["Id"] for page in found for target in page}) == 5


def test_names_of_rules_by_target(events, bus):
    """Recorded: test_list_rule_names_by_target_with_limit."""
    inbox = events.inbox()
    for number in range(5):
        events.rule(bus=bus, name=f"rule-{number}").target(inbox.arn)
    found = pages(
        events.events.list_rule_names_by_target, "RuleNames", TargetArn=inbox.arn, EventBusName=bus, Limit=2
    )
    assert sizes(found) == [2, 2, 1]
    assert len({name for page in found for name in page}) == 5


def test_archives(events):
    for number in range(3):
        events.archive(name=f"archive-{number}")
    assert sizes(pages(events.events.list_archives, "Archives", Limit=2)) == [2, 1]


def test_replays(steered_events):
    """Recorded: test_list_replay_with_limit."""
    events = steered_events
    archive = events.archive()
    end = events.now()
    events.clock.advance(60)
    for number in range(3):
        events.replay(archive, end - datetime.timedelta(days=1), end, name=f"replay-{number}")
    found = pages(events.events.list_replays, "Replays", Limit=2)
    assert sizes(found) == [2, 1]
    assert len({replay["ReplayName"] for page in found for replay in page}) == 3


def test_connections_and_destinations(events):
    for number in range(3):
        connection = events.connection(f"connection-{number}")
        events.destination("https://example.com/", connection, Name=f"destination-{number}")
    assert sizes(pages(events.events.list_connections, "Connections", Limit=2)) == [2, 1]
    assert sizes(pages(events.events.list_api_destinations, "ApiDestinations", Limit=2)) == [2, 1]


def test_exactly_a_page_has_no_next(events, bus):
    for number in range(2):
        events.rule(bus=bus, name=f"rule-{number}")
    assert "NextToken" not in events.events.list_rules(EventBusName=bus, Limit=2)


@pytest.mark.parametrize("call", [
    "list_api_destinations", "list_archives", "list_connections", "list_event_buses", "list_event_sources",
    "list_replays",
    "list_rules",
])
def test_limits_that_are_none(events, call):
    with violates(violation(0, "limit", at_least(1))):
        getattr(events.events, call)(Limit=0)
    with violates(violation(101, "limit", at_most(100))):
        getattr(events.events, call)(Limit=101)


@pytest.mark.parametrize("call", ["list_event_buses", "list_rules", "list_archives", "list_connections"])
def test_a_token_that_was_never_given(events, call):
    """AWS tells that with a ValidationException; its words are not recorded."""
    with refused("ValidationException"):
        getattr(events.events, call)(NextToken="never given")
