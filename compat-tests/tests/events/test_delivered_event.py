"""The event as targets get it: its members, their order, and their form."""

import datetime
import json

import pytest

from support.events_world import MEMBERS, iso


def pairs(members) -> list:
    """An object as a list of names and values, in their order."""
    return [list(member) for member in members]


def test_members_and_their_order(events):
    inbox = events.listen()
    events.put({"a": 1})
    body = inbox.body()
    assert [name for name, _ in json.loads(body, object_pairs_hook=pairs)] == MEMBERS


def test_every_member(steered_events):
    events = steered_events
    inbox = events.listen()
    id = events.put({"a": 1}, Resources=["arn:a", "arn:b"])
    assert inbox.event() == {
        "version": "0", "id": id, "detail-type": "OrderCreated", "source": "shop", "account": events.account,
        "time": iso(events.clock.now_ms()), "region": "us-east-1", "resources": ["arn:a", "arn:b"], "detail": {"a": 1},
    }


def test_it_has_no_spaces(events):
    inbox = events.listen()
    id = events.put('{"a":1}', Time=datetime.datetime(2016, 1, 14, 1, 2, 3, tzinfo=datetime.timezone.utc))
    assert inbox.body() == (
        f'{{"version":"0","id":"{id}","detail-type":"OrderCreated","source":"shop","account":"{events.account}",'
        '"time":"2016-01-14T01:02:03Z","region":"us-east-1","resources":[],"detail":{"a":1}}'
    )


def test_without_resources_the_list_is_empty(events):
    inbox = events.listen()
    events.put()
    assert inbox.event()["resources"] == []


def test_its_own_time(events):
    """Recorded: test_put_events_time."""
    inbox = events.listen()
    events.put(Time=datetime.datetime(2022, 1, 1, 0, 0, 0, tzinfo=datetime.timezone.utc))
    assert inbox.event()["time"] == "2022-01-01T00:00:00Z"


def test_details_keep_their_order(events):
    inbox = events.listen()
    events.put('{"z": 1, "a": {"y": 2, "b": 3}, "m": null}')
    event = dict(json.loads(inbox.body(), object_pairs_hook=pairs))
    assert event["detail"] == [["z", 1], ["a", [["y", 2], ["b", 3]]], ["m", None]]


@pytest.mark.parametrize("value", [
    "grüße 🎈 \u2028 \"quoted\" \\ / \t", 9_223_372_036_854_775_807, -1, 1.5, True, None, [], {}, [[1], {"a": [None]}],
], ids=repr)
def test_values_are_kept(events, value):
    inbox = events.listen()
    events.put({"value": value})
    assert inbox.event()["detail"] == {"value": value}


def test_the_region_is_where_it_was_put(events):
    elsewhere = events.in_region("eu-west-1")
    inbox = elsewhere.listen()
    elsewhere.put()
    assert inbox.event()["region"] == "eu-west-1"


def test_every_target_gets_the_same(events, rule):
    inboxes = [rule.queue(str(number)) for number in range(5)]
    events.put({"a": 1})
    assert len({inbox.body() for inbox in inboxes}) == 1


def test_two_rules_two_copies(events):
    inbox = events.inbox()
    for name in ("one", "two"):
        events.rule(name=name).target(inbox.arn)
    events.put()
    first, second = inbox.events()
    assert first == second
