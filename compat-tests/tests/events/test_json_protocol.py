"""AWS JSON 1.1 by hand, for what no SDK would send."""

import json

import pytest

from support.raw import EventsRaw, assert_json_error
from support.events_world import entry


def test_an_answer(events_raw, events):
    answer = events_raw.json_call("ListEventBuses", {})
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/x-amz-json-1.1"
    assert answer.headers["x-amzn-requestid"]
    assert [bus["Name"] for bus in answer.json()["EventBuses"]] == ["default"]


def test_an_error(events_raw):
    answer = events_raw.json_call("DescribeRule", {"Name": "nothing"})
    sentence = assert_json_error(answer, "ResourceNotFoundException", version="1.1")
    assert sentence == "Rule nothing does not exist on EventBus default."
    assert set(answer.json()) == {"__type", "message"}


def test_a_violation(events_raw):
    answer = events_raw.json_call("DescribeRule", {})
    sentence = assert_json_error(answer, "ValidationException", version="1.1")
    told = "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null"
    assert sentence == told


def test_errors_of_other_protocols_stay_there(events_raw):
    answer = events_raw.json_call("DescribeRule", {"Name": "nothing"})
    assert "x-amzn-query-error" not in answer.headers


def test_nothing_to_say(events_raw):
    answer = events_raw.json_call("DeleteEventBus", {"Name": "nothing"})
    assert (answer.status, answer.body) in ((200, b""), (200, b"{}"))


def test_empty_lists_are_there(events_raw):
    for operation, member in (
        ("ListRules", "Rules"), ("ListArchives", "Archives"), ("ListReplays", "Replays"),
        ("ListConnections", "Connections"),
        ("ListApiDestinations", "ApiDestinations"), ("ListEventSources", "EventSources"),
        ("ListEndpoints", "Endpoints"),
    ):
        assert events_raw.json_call(operation, {}).json() == {member: []}


def test_times_are_seconds(events_raw, events, bus):
    found = events_raw.json_call("DescribeEventBus", {"Name": bus}).json()
    assert isinstance(found["CreationTime"], (int, float))
    assert 1_700_000_000 < found["CreationTime"] < 5_000_000_000


@pytest.mark.parametrize("time, expected", [
    (1_641_038_400, "2022-01-01T12:00:00Z"), (1_641_038_400.75, "2022-01-01T12:00:00Z"),
])
def test_times_may_have_fractions(events_raw, events, time, expected):
    inbox = events.listen()
    assert events_raw.json_call("PutEvents", {"Entries": [entry(Time=time)]}).status == 200
    assert inbox.event()["time"] == expected


def test_times_stay_within_the_years_that_can_be_told(events_raw, events):
    """Milliseconds where seconds belong: the year would have five digits, which RFC 3339 does not know."""
    inbox = events.listen()
    assert events_raw.json_call("PutEvents", {"Entries": [entry(Time=1_641_038_400_000)]}).status == 200
    assert inbox.event()["time"] == "9999-12-31T23:59:59Z"


@pytest.mark.parametrize("body", ["{", "[]", "1", "null", '"text"', b"\xff"])
def test_a_body_that_is_no_object(events_raw, body):
    assert_json_error(events_raw.json_call("ListEventBuses", body), "SerializationException", version="1.1")


@pytest.mark.parametrize("body", [{"Name": 1}, {"Name": ["a"]}, {"Limit": "many"}])
def test_a_member_of_another_type(events_raw, body):
    operation = "ListEventBuses" if "Limit" in body else "DescribeRule"
    assert_json_error(events_raw.json_call(operation, body), "SerializationException", version="1.1")


def test_members_nobody_knows(events_raw):
    assert events_raw.json_call("ListEventBuses", {"Nonsense": 1}).status == 200


def test_null_is_absent(events_raw):
    assert events_raw.json_call("ListEventBuses", {"NamePrefix": None}).status == 200


def test_an_operation_there_is_not(events_raw):
    assert_json_error(events_raw.json_call("Nonsense", {}), "UnknownOperationException", version="1.1")


def test_the_account_is_the_signature_s(server, events, other_account):
    events.rule(name="mine")
    stranger = EventsRaw(server.url, other_account)
    assert stranger.json_call("ListRules", {}).json()["Rules"] == []


def test_a_page_may_not_put_events(events_raw, events):
    """A browser's page of another origin."""
    inbox = events.listen()
    answer = events_raw.json_call("PutEvents", {"Entries": [entry()]}, Origin="https://example.com")
    assert answer.status == 403
    assert inbox.events() == []


def test_nested_beyond_reason(events_raw):
    body = '{"Entries": ' + "[" * 100_000 + "]" * 100_000 + "}"
    assert 400 <= events_raw.json_call("PutEvents", body).status < 500


def test_characters_are_utf8(events_raw, events):
    inbox = events.listen()
    body = json.dumps({"Entries": [entry('{"text":"grüße 🎈"}')]}, ensure_ascii=False)
    assert events_raw.json_call("PutEvents", body).status == 200
    assert inbox.event()["detail"]["text"] == "grüße 🎈"
