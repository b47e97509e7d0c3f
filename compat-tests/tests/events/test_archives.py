"""Archives: made, described, listed, changed, deleted, filled and emptied."""

import pytest

from support.events_refusals import (
    at_least, bus_missing, fits, missing, not_a_pattern, not_one_of, refused, shorter, taken, violates, violation,
)
from support.events_world import entry
from support.waiting import until
from support.world import members

DAY = 24 * 3600
PATTERN = '{"source": ["shop"],  "detail": {"n": [1]}}'
STATES = {"ENABLED", "DISABLED", "CREATING", "UPDATING", "CREATE_FAILED", "UPDATE_FAILED"}


@pytest.fixture(params=["default", "custom"])
def any_bus(request, events) -> str:
    return "default" if request.param == "default" else events.bus()


def described(events, name: str = "a") -> dict:
    answer = events.events.describe_archive(ArchiveName=name)
    return {member: answer[member] for member in members(answer)}


def count(events, name: str = "a") -> int:
    return described(events, name)["EventCount"]


def names(events, **arguments) -> list[str]:
    return [archive["ArchiveName"] for archive in events.events.list_archives(**arguments)["Archives"]]


def test_a_new_archive(events, any_bus):
    """Recorded: test_create_list_describe_update_delete_archive."""
    answer = events.events.create_archive(ArchiveName="a", EventSourceArn=events.bus_arn(any_bus))
    assert members(answer) == {"ArchiveArn", "CreationTime", "State"}
    assert answer["ArchiveArn"] == f"arn:aws:events:us-east-1:{events.account}:archive/a"
    assert answer["State"] == "ENABLED"


def test_its_description(events, any_bus):
    """Recorded: test_create_list_describe_update_delete_archive."""
    arn = events.archive(any_bus, "a", Description="Mine", EventPattern=PATTERN, RetentionDays=1)
    found = described(events)
    del found["CreationTime"]
    assert found == {
        "ArchiveArn": arn, "ArchiveName": "a", "Description": "Mine", "EventCount": 0, "EventPattern": PATTERN,
        "EventSourceArn": events.bus_arn(any_bus), "RetentionDays": 1, "SizeBytes": 0, "State": "ENABLED",
    }


def test_the_list_has_these_members(events, any_bus):
    """Recorded: test_create_list_describe_update_delete_archive."""
    events.archive(any_bus, "a", Description="Mine", EventPattern=PATTERN, RetentionDays=1)
    (found,) = events.events.list_archives()["Archives"]
    del found["CreationTime"]
    assert found == {
        "ArchiveName": "a", "EventCount": 0, "EventSourceArn": events.bus_arn(any_bus), "RetentionDays": 1,
        "SizeBytes": 0,
        "State": "ENABLED",
    }


def test_without_retention_it_keeps_for_ever(events):
    """AWS: RetentionDays, 0 by default, is indefinite."""
    events.archive(name="a")
    assert described(events)["RetentionDays"] == 0
    assert "EventPattern" not in described(events)


def test_a_change(events, any_bus):
    """Recorded: test_create_list_describe_update_delete_archive."""
    events.archive(any_bus, "a", Description="Mine", EventPattern=PATTERN, RetentionDays=1)
    answer = events.events.update_archive(
        ArchiveName="a", Description="Ours", EventPattern='{"source": ["x"]}', RetentionDays=2
    )
    assert members(answer) == {"ArchiveArn", "CreationTime", "State"}
    found = described(events)
    assert (found["Description"], found["EventPattern"], found["RetentionDays"]) == ("Ours", '{"source": ["x"]}', 2)


def test_a_change_leaves_the_rest(events):
    events.archive(name="a", Description="Mine", EventPattern=PATTERN, RetentionDays=1)
    events.events.update_archive(ArchiveName="a", RetentionDays=5)
    found = described(events)
    assert (found["Description"], found["EventPattern"], found["RetentionDays"]) == ("Mine", PATTERN, 5)


def test_a_change_of_nothing(events):
    """AWS: UpdateArchive needs a pattern, a retention or a description."""
    events.archive(name="a")
    with refused("ValidationException"):
        events.events.update_archive(ArchiveName="a")


def test_deleted_it_is_gone(events, any_bus):
    """Recorded: test_create_list_describe_update_delete_archive."""
    events.archive(any_bus, "a")
    assert members(events.events.delete_archive(ArchiveName="a")) == set()
    with missing("Archive a does not exist."):
        described(events)
    assert names(events) == []


@pytest.mark.parametrize("call", ["describe_archive", "delete_archive"])
def test_an_unknown_archive(events, call):
    """Recorded: test_describe_archive_error_unknown_archive, test_delete_archive_error_unknown_archive."""
    with missing("Archive nothing does not exist."):
        getattr(events.events, call)(ArchiveName="nothing")


def test_changing_an_unknown_archive(events):
    """Recorded: test_update_archive_error_unknown_archive."""
    with missing("Archive nothing does not exist."):
        events.events.update_archive(ArchiveName="nothing", RetentionDays=1)


def test_an_archive_of_that_name(events, any_bus):
    """Recorded: test_create_archive_error_duplicate."""
    events.archive(any_bus, "a")
    with taken("Archive a"):
        events.archive(any_bus, "a")


def test_an_unknown_bus(events):
    """Recorded: test_create_archive_error_unknown_event_bus."""
    with bus_missing("nothing"):
        events.archive("nothing")


def test_the_archives_of_an_unknown_bus(events):
    """Recorded: test_list_archive_error_unknown_source_arn."""
    with bus_missing("nothing"):
        names(events, EventSourceArn=events.bus_arn("nothing"))


def test_the_list_by_prefix_bus_and_state(events, bus):
    """Recorded: test_list_archive_with_name_prefix, …_with_source_arn, …_state_enabled."""
    events.archive(name="a-1")
    events.archive(bus, "a-2")
    events.archive(bus, "b")
    assert names(events, NamePrefix="a-") == ["a-1", "a-2"]
    assert names(events, NamePrefix="nothing") == []
    assert names(events, EventSourceArn=events.bus_arn(bus)) == ["a-2", "b"]
    assert names(events, State="ENABLED") == ["a-1", "a-2", "b"]
    assert names(events, State="DISABLED") == []


def test_a_state_there_is_not(events):
    with not_one_of("ON", "state", STATES):
        names(events, State="ON")


def test_a_pattern_that_is_none(events):
    """Recorded: test_create_archive_error_invalid_event_pattern."""
    with not_a_pattern('Empty arrays are not allowed\n at [Source: (String)"{"source": []}"; line: 1, column: 14]'):
        events.archive(name="a", EventPattern='{"source": []}')
    assert names(events) == []


def test_values_that_are_none(events):
    with violates(violation("a b", "archiveName", fits(r"[\.\-_A-Za-z0-9]+"))):
        events.archive(name="a b")
    with violates(violation("x" * 49, "archiveName", shorter(48))):
        events.archive(name="x" * 49)
    with violates(violation(-1, "retentionDays", at_least(0))):
        events.archive(RetentionDays=-1)
    with violates(violation(
        "nonsense", "eventSourceArn", fits(r"^arn:aws([a-z]|\-)*:events:([a-z]|\d|\-)*:([0-9]{12})?:.+\/.+$")
    )):
        events.events.create_archive(ArchiveName="a", EventSourceArn="nonsense")


# -- what is kept ---------------------------------------------------------------------------------


def filled(events, name: str, expected: int) -> dict:
    """AWS counts with some delay; here it is there when PutEvents is answered."""
    found = described(events, name)
    assert found["EventCount"] == expected
    return found


def test_everything_is_counted(events, any_bus):
    """Recorded: test_list_archive_with_events."""
    events.archive(any_bus, "a")
    events.put_entries(*[entry({"n": number}, EventBusName=any_bus) for number in range(10)])
    assert filled(events, "a", 10)["SizeBytes"] > 0
    (listed,) = events.events.list_archives()["Archives"]
    assert listed["EventCount"] == 10


def test_only_what_the_pattern_lets_through(events, any_bus):
    """Recorded: test_list_archive_with_events."""
    events.archive(any_bus, "a", EventPattern=PATTERN)
    events.put_entries(*[entry({"n": number}, EventBusName=any_bus) for number in (1, 2, 1)])
    filled(events, "a", 2)


def test_only_its_bus(events, bus):
    events.archive(bus, "a")
    events.put()
    filled(events, "a", 0)


def test_nothing_from_before(events):
    events.put()
    events.archive(name="a")
    filled(events, "a", 0)


def test_a_changed_pattern_holds_at_once(events):
    events.archive(name="a", EventPattern=PATTERN)
    events.events.update_archive(ArchiveName="a", EventPattern='{"detail": {"n": [2]}}')
    events.put_entries(entry({"n": 1}), entry({"n": 2}))
    filled(events, "a", 1)


def test_what_is_too_old_goes(steered_events):
    """To the millisecond: a day after it came, and not before."""
    events = steered_events
    events.archive(name="a", RetentionDays=1)
    events.put()
    events.clock.advance(DAY - 0.001)
    assert count(events) == 1
    events.clock.advance(0.001)
    until(lambda: count(events) == 0, "the archive to be empty")
    assert described(events)["SizeBytes"] == 0


def test_without_retention_nothing_goes(started):
    events = started()
    events.clock.freeze()
    events.archive(name="a")
    events.put()
    events.clock.advance(400 * DAY)
    assert count(events) == 1


def test_a_bus_shows_its_archive_as_a_managed_rule(events, bus):
    """AWS: a managed rule fills it, which lets no replayed event through and is not the user's to delete."""
    events.archive(bus, "a", EventPattern=PATTERN)
    (rule,) = events.events.list_rules(EventBusName=bus)["Rules"]
    assert rule["ManagedBy"]
    assert '"replay-name"' in rule["EventPattern"]
    with refused("ManagedRuleException"):
        events.events.delete_rule(Name=rule["Name"], EventBusName=bus)
    events.events.delete_archive(ArchiveName="a")
    assert events.events.list_rules(EventBusName=bus)["Rules"] == []
