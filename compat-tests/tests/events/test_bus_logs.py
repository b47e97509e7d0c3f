"""What a bus's LogConfig has written down, at Fanlight's own page."""

import json
import urllib.error

import pytest


def logged(events, bus: str) -> list[dict]:
    return events.server.admin("GET", f"/_fanlight/events/logs?busArn={events.bus_arn(bus)}")["records"]


def test_the_way_of_an_event(events):
    bus = events.bus(LogConfig={"Level": "INFO", "IncludeDetail": "FULL"})
    inbox = events.listen(bus=bus)
    id = events.put({"n": 1}, bus=bus)
    records = logged(events, bus)
    assert [record["message_type"] for record in records] == ["EVENT_RECEIPT", "RULE_MATCH", "INVOCATION_SUCCESS"]
    assert {record["event_id"] for record in records} == {id}
    assert {record["resource_arn"] for record in records} == {events.bus_arn(bus)}
    assert records[0]["details"]["event_detail"] == {"n": 1}
    assert records[2]["details"]["target_arn"] == inbox.arn


def test_errors_alone(events):
    bus = events.bus(LogConfig={"Level": "ERROR", "IncludeDetail": "NONE"})
    rule = events.rule(bus=bus)
    rule.target(f"arn:aws:sqs:us-east-1:{events.account}:nothing")
    events.put({"secret": 1}, bus=bus)
    (record,) = logged(events, bus)
    assert (record["message_type"], record["log_level"]) == ("INVOCATION_FAILURE", "ERROR")
    assert "secret" not in json.dumps(record)


def test_a_bus_without_logs(events, bus):
    events.put(bus=bus)
    assert logged(events, bus) == []


def test_which_bus(events):
    with pytest.raises(urllib.error.HTTPError, match="400"):
        events.server.admin("GET", "/_fanlight/events/logs")
