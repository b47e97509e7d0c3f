"""Replays: what an archive has kept, sent again to the bus it came from."""

import datetime

import pytest

from support.events_refusals import (
    bus_missing, fits, missing, not_valid, refused, taken, violates, violation,
)
from support.events_world import EventsWorld, entry, utc
from support.world import members


@pytest.fixture
def events(steered_events) -> EventsWorld:
    """Time stands still, so that what was put is surely before or after a moment."""
    return steered_events


class Story:
    """Three events, a minute apart, on a bus with an archive; and the times around them."""

    def __init__(self, events: EventsWorld, **archive):
        self.events = events
        self.bus = events.bus()
        self.archive = events.archive(self.bus, **archive)
        self.times, self.ids = [], []
        for number in range(3):
            self.times.append(events.now())
            self.ids.append(events.put({"n": number}, self.bus))
            events.clock.advance(60)
        self.end = events.now()

    def replay(self, first: int = 0, last: int = 2, **arguments) -> str:
        """Replays from the first to the last of the events, with half a minute on both sides."""
        half = datetime.timedelta(seconds=30)
        return self.events.replay(
            self.archive, self.times[first] - half, self.times[last] + half, self.bus, **arguments
        )

    def replayed(self, *arguments, **more) -> dict:
        return self.events.replayed(self.replay(*arguments, **more))


@pytest.fixture
def story(events) -> Story:
    return Story(events)


def test_what_is_answered(events, story):
    """Recorded: test_start_list_describe_canceled_replay."""
    answer = events.events.start_replay(
        ReplayName="again", EventSourceArn=story.archive, EventStartTime=story.times[0], EventEndTime=story.end,
        Destination={"Arn": events.bus_arn(story.bus)},
    )
    assert members(answer) == {"ReplayArn", "ReplayStartTime", "State"}
    assert answer["ReplayArn"] == f"arn:aws:events:us-east-1:{events.account}:replay/again"
    assert answer["State"] == "STARTING"


def test_an_empty_description_is_none(events, story):
    events.events.start_replay(
        ReplayName="again", EventSourceArn=story.archive, EventStartTime=story.times[0], EventEndTime=story.end,
        Destination={"Arn": events.bus_arn(story.bus)}, Description="",
    )
    assert "Description" not in events.events.describe_replay(ReplayName="again")


def test_its_description(events, story):
    name = story.replay()
    found = events.replayed(name)
    assert members(found) >= {
        "Destination", "EventEndTime", "EventLastReplayedTime", "EventSourceArn", "EventStartTime", "ReplayArn",
        "ReplayEndTime",
        "ReplayName", "ReplayStartTime", "State",
    }
    assert found["Destination"] == {"Arn": events.bus_arn(story.bus)}
    assert (found["EventSourceArn"], found["ReplayName"]) == (story.archive, name)


def test_the_list_has_these_members(events, story):
    """Recorded: test_list_replays_with_prefix."""
    events.replayed(story.replay(name="full"))
    before = story.times[0] - datetime.timedelta(hours=1)
    events.replayed(events.replay(story.archive, before, before + datetime.timedelta(minutes=1), story.bus, "empty"))
    expected = {
        "EventEndTime", "EventSourceArn", "EventStartTime", "ReplayEndTime", "ReplayName", "ReplayStartTime", "State",
    }
    (full,) = events.events.list_replays(NamePrefix="full")["Replays"]
    (empty,) = events.events.list_replays(NamePrefix="empty")["Replays"]
    assert (set(full), full["State"]) == (expected | {"EventLastReplayedTime"}, "COMPLETED")
    assert (set(empty), empty["State"]) == (expected, "COMPLETED")


def test_the_events_come_again(events, story):
    inbox = events.listen(bus=story.bus)
    story.replayed()
    found = sorted(inbox.events(), key=lambda event: event["detail"]["n"])
    assert [event["detail"] for event in found] == [{"n": 0}, {"n": 1}, {"n": 2}]
    assert [event["id"] for event in found] == story.ids


def test_a_replayed_event(events, story):
    """AWS: it has its old id and time, and tells the replay between region and resources."""
    inbox = events.listen(bus=story.bus)
    story.replayed(1, 1, name="again")
    event = inbox.event()
    assert list(event) == [
        "version", "id", "detail-type", "source", "account", "time", "region", "replay-name", "resources", "detail",
    ]
    assert event["replay-name"] == "again"
    assert event["time"] == story.times[1].strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize("first, last", [(0, 0), (1, 2), (2, 2)])
def test_only_of_that_time(events, story, first, last):
    inbox = events.listen(bus=story.bus)
    story.replayed(first, last)
    assert sorted(detail["n"] for detail in inbox.details()) == list(range(first, last + 1))


def test_only_to_chosen_rules(events, story):
    """AWS: Destination.FilterArns."""
    chosen, other = events.rule(bus=story.bus), events.rule(bus=story.bus)
    inbox, silent = chosen.queue(), other.queue()
    story.replayed(filters=[chosen.arn])
    assert len(inbox.events()) == 3
    assert silent.events() == []


def test_only_what_a_rule_lets_through(events, story):
    inbox = events.listen({"detail": {"n": [1]}}, story.bus)
    story.replayed()
    assert inbox.details() == [{"n": 1}]


def test_a_rule_may_refuse_replayed_events(events, story):
    inbox = events.listen({"source": ["shop"], "replay-name": [{"exists": False}]}, story.bus)
    story.replayed()
    events.put({"n": "new"}, story.bus)
    assert inbox.details() == [{"n": "new"}]


def test_it_is_not_archived_again(events, story):
    """AWS: CreateArchive, replayed events are not archived."""
    story.replayed()
    name = story.archive.split("/")[1]
    assert events.events.describe_archive(ArchiveName=name)["EventCount"] == 3


def test_it_may_be_replayed_twice(events, story):
    inbox = events.listen(bus=story.bus)
    story.replayed()
    story.replayed()
    assert len(inbox.events()) == 6


def test_how_far_it_came(events, story):
    told = story.replayed(0, 1)["EventLastReplayedTime"]
    assert abs((told - story.times[1]).total_seconds()) < 1


def test_what_an_archive_never_kept(events):
    story = Story(events, EventPattern='{"detail": {"n": [2]}}')
    inbox = events.listen(bus=story.bus)
    story.replayed()
    assert inbox.details() == [{"n": 2}]


# -- refusals -------------------------------------------------------------------------------------


def test_an_unknown_replay(events):
    """Recorded: test_describe_replay_error_unknown_replay."""
    for call in (events.events.describe_replay, events.events.cancel_replay):
        with missing("Replay nothing does not exist."):
            call(ReplayName="nothing")


def test_a_replay_of_that_name(story):
    """Recorded: test_start_replay_error_duplicate_name_same_archive, …_different_archive."""
    story.replayed(name="again")
    with taken("Replay again"):
        story.replay(name="again")


def test_a_bus_nobody_made(events, story):
    """Recorded: test_start_replay_error_unknown_event_bus."""
    with bus_missing("nothing"):
        events.replay(story.archive, story.times[0], story.end, "nothing")


def test_another_bus_than_the_archive_s(events, story):
    """Recorded: test_start_replay_error_unknown_event_bus."""
    with not_valid("Destination.Arn", "Cross event bus replay is not permitted."):
        events.replay(story.archive, story.times[0], story.end, "default")


def test_an_archive_nobody_made(events, story):
    """Recorded: test_start_replay_error_unknown_archive."""
    with not_valid("EventSourceArn", "Archive nothing does not exist."):
        events.replay(events.resource("archive", "nothing"), story.times[0], story.end, story.bus)


@pytest.mark.parametrize("seconds", [0, 10])
def test_an_end_before_the_start(events, story, seconds):
    """Recorded: test_start_replay_error_invalid_end_time."""
    with not_valid("EventEndTime", "EventStartTime must be before EventEndTime."):
        events.replay(story.archive, story.end, story.end - datetime.timedelta(seconds=seconds), story.bus)


def test_a_name_that_is_none(story):
    with violates(violation("a b", "replayName", fits(r"[\.\-_A-Za-z0-9]+"))):
        story.replay(name="a b")


def test_lists_by_state_and_archive(events, story):
    story.replayed(name="again")
    other = Story(events)
    other.replayed(name="other")

    def names(**arguments):
        return [replay["ReplayName"] for replay in events.events.list_replays(**arguments)["Replays"]]

    assert names() == ["again", "other"]
    assert names(EventSourceArn=other.archive) == ["other"]
    assert names(State="COMPLETED") == ["again", "other"]
    assert names(State="FAILED") == []


# -- cancelling -----------------------------------------------------------------------------------


def long_archive(events, bus: str, minutes: int = 300) -> str:
    """An archive of an event a minute. AWS: a replay goes on minute by minute, so this one takes many steps."""
    archive = events.archive(bus)
    start = events.clock.now_ms() - minutes * 60_000
    for first in range(0, minutes, 10):
        events.put_entries(*[
            entry(
                {"n": number}, EventBusName=bus, Time=utc(start + number * 60_000)
            ) for number in range(first, first + 10)
        ])
    events.clock.advance(1)
    return archive


def test_a_replay_is_cancelled(events):
    """Recorded: test_start_list_describe_canceled_replay."""
    bus = events.bus()
    archive = long_archive(events, bus)
    end = events.now()
    name = events.replay(archive, end - datetime.timedelta(hours=6), end, bus)
    answer = events.events.cancel_replay(ReplayName=name)
    assert members(answer) == {"ReplayArn", "State"}
    assert answer["State"] == "CANCELLING"
    assert "ReplayEndTime" in events.replayed(name, "CANCELLED")


def test_what_is_over_cannot_be_cancelled(events, story):
    name = story.replay()
    events.replayed(name)
    with refused("IllegalStatusException"):
        events.events.cancel_replay(ReplayName=name)


def test_all_of_a_long_archive(events):
    bus = events.bus()
    archive = long_archive(events, bus)
    inbox = events.listen(bus=bus)
    end = events.now()
    events.replayed(events.replay(archive, end - datetime.timedelta(hours=6), end, bus))
    assert sorted(detail["n"] for detail in inbox.details()) == list(range(300))


def test_a_replay_goes_on_after_a_restart(life):
    """Kill -9 in the middle: what was not sent is sent then. An event may come twice, none is missing."""
    events = life()
    events.clock.freeze()
    bus = events.bus("orders")
    archive = long_archive(events, bus)
    url = events.queue("inbox")
    events.rule(bus=bus).target(events.arn(url))
    end = events.now()
    later_ms = events.clock.now_ms() + 60_000
    events.replay(archive, end - datetime.timedelta(hours=6), end, bus, "again")
    events = life()
    # A new process reads the machine's clock; what was sent in the first life was sent hours ahead of it.
    events.clock.set(later_ms)
    events.replayed("again")
    found = events.inbox(events.queue("inbox")).details()
    assert {detail["n"] for detail in found} == set(range(300))
