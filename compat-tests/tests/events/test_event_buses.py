"""Event buses: made, described, listed, changed, deleted."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from support.events_refusals import bus_missing, invalid, refused, taken, too_many, violates, violation, fits, shorter
from support.world import members

KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
LOGS = {"IncludeDetail": "FULL", "Level": "TRACE"}


def described(events, name: str) -> dict:
    answer = events.events.describe_event_bus(Name=name)
    return {member: answer[member] for member in members(answer)}


def listed(events, **arguments) -> list[str]:
    return [bus["Name"] for bus in events.events.list_event_buses(**arguments)["EventBuses"]]


def test_a_new_bus(events):
    """Recorded: test_create_list_describe_delete_custom_event_buses."""
    answer = events.events.create_event_bus(Name="orders")
    assert members(answer) == {"EventBusArn"}
    assert answer["EventBusArn"] == f"arn:aws:events:us-east-1:{events.account}:event-bus/orders"


def test_its_description(events):
    """Recorded: test_create_list_describe_delete_custom_event_buses."""
    events.bus("orders")
    found = described(events, "orders")
    assert set(found) == {"Arn", "Name", "CreationTime", "LastModifiedTime"}
    assert (found["Arn"], found["Name"]) == (events.bus_arn("orders"), "orders")
    assert found["CreationTime"] == found["LastModifiedTime"]


def test_a_bus_has_what_it_was_given(events):
    dead = events.inbox()
    given = {
        "Description": "All orders", "KmsKeyIdentifier": KEY, "DeadLetterConfig": {"Arn": dead.arn}, "LogConfig": LOGS
    }
    answer = events.events.create_event_bus(Name="orders", **given)
    assert {name: answer[name] for name in given} == given
    assert described(events, "orders").items() >= given.items()


def test_everybody_has_the_default_bus(events):
    assert listed(events) == ["default"]
    found = events.events.describe_event_bus()
    assert (found["Name"], found["Arn"]) == ("default", events.bus_arn())


def test_a_bus_is_described_by_its_arn(events, bus):
    assert described(events, events.bus_arn(bus))["Name"] == bus


def test_the_list_has_what_the_description_has(events):
    events.bus("orders", Description="All orders")
    (_, found) = events.events.list_event_buses()["EventBuses"]
    assert set(found) == {"Arn", "Name", "Description", "CreationTime", "LastModifiedTime"}


def test_the_list_by_prefix(events):
    """Recorded: test_list_event_buses_with_prefix."""
    for name in ("orders-a", "orders-b", "bills"):
        events.bus(name)
    assert listed(events, NamePrefix="orders") == ["orders-a", "orders-b"]
    assert listed(events, NamePrefix="nothing") == []


def test_the_list_is_in_the_order_of_names(events):
    """Recorded: test_list_event_buses_with_limit."""
    for name in ("c", "a", "b"):
        events.bus(name)
    assert listed(events) == ["a", "b", "c", "default"]


def test_a_bus_of_that_name(events, bus):
    """Recorded: test_create_multiple_event_buses_same_name."""
    with taken(f"Event bus {bus}"):
        events.bus(bus)


def test_the_default_bus_is_taken(events):
    with taken("Event bus default"):
        events.bus("default")


def test_an_unknown_bus(events):
    """Recorded: test_describe_delete_not_existing_event_bus."""
    with bus_missing("nothing"):
        described(events, "nothing")


def test_deleted_it_is_gone(events, bus):
    """Recorded: test_create_list_describe_delete_custom_event_buses."""
    assert members(events.events.delete_event_bus(Name=bus)) == set()
    assert listed(events) == ["default"]
    with bus_missing(bus):
        described(events, bus)


def test_deleting_what_is_not_there_is_no_error(events):
    """AWS: DeleteEventBus knows no ResourceNotFoundException."""
    assert members(events.events.delete_event_bus(Name="nothing")) == set()


def test_the_default_bus_stays(events):
    """Recorded: test_delete_default_event_bus."""
    with invalid("Cannot delete event bus default."):
        events.events.delete_event_bus(Name="default")


def test_a_bus_with_rules_stays(events, bus):
    """AWS: all rules of a bus must be deleted first."""
    events.rule(bus=bus)
    with refused("ValidationException"):
        events.events.delete_event_bus(Name=bus)
    assert bus in listed(events)


def test_a_bus_is_changed(events, bus):
    given = {"Description": "All orders", "KmsKeyIdentifier": KEY, "LogConfig": LOGS}
    answer = events.events.update_event_bus(Name=bus, **given)
    assert members(answer) == {"Arn", "Name", *given}
    assert (answer["Arn"], answer["Name"]) == (events.bus_arn(bus), bus)
    assert described(events, bus).items() >= given.items()


def test_an_empty_text_is_none(events, bus):
    """AWS: UpdateEventBus; an empty KmsKeyIdentifier goes back to the key that AWS owns."""
    events.events.update_event_bus(Name=bus, Description="All orders", KmsKeyIdentifier=KEY)
    answer = events.events.update_event_bus(Name=bus, Description="", KmsKeyIdentifier="")
    assert members(answer) == {"Arn", "Name"}
    assert not {"Description", "KmsKeyIdentifier"} & set(described(events, bus))


@pytest.mark.parametrize("queue", ["x", "arn:aws:sqs:us-east-1:{}:q.fifo", "arn:aws:sqs:eu-west-1:{}:q"])
def test_dead_letters_go_to_a_standard_queue_here(events, bus, queue):
    """AWS: "Using dead-letter queues"."""
    dead = {"Arn": queue.format(events.account)}
    with refused("ValidationException"):
        events.bus("orders", DeadLetterConfig=dead)
    with refused("ValidationException"):
        events.events.update_event_bus(Name=bus, DeadLetterConfig=dead)
    assert "DeadLetterConfig" not in described(events, bus)


def test_a_change_is_dated(steered_events):
    events = steered_events
    bus = events.bus()
    events.clock.advance(5)
    events.events.update_event_bus(Name=bus, Description="later")
    found = described(events, bus)
    assert (found["LastModifiedTime"] - found["CreationTime"]).total_seconds() == 5


def test_the_default_bus_may_be_changed(events):
    assert events.events.update_event_bus(Description="Mine")["Name"] == "default"
    assert events.events.describe_event_bus()["Description"] == "Mine"


def test_changing_an_unknown_bus(events):
    with bus_missing("nothing"):
        events.events.update_event_bus(Name="nothing", Description="x")


@pytest.mark.parametrize("name", ["a b", "a:b", "ä", "a*"])
def test_names_that_are_none(events, name):
    with violates(violation(name, "name", fits(r"[/\.\-_A-Za-z0-9]+"))):
        events.bus(name)


def test_a_name_too_long(events):
    with violates(violation("x" * 257, "name", shorter(256))):
        events.bus("x" * 257)
    events.bus("x" * 256)


def test_only_partners_have_slashes(events):
    """AWS: CreateEventBus, custom event bus names can't contain the / character."""
    with refused("ValidationException"):
        events.bus("a/b")


def test_a_hundred_buses(events):
    """AWS: quotas; a hundred buses an account, the default one among them."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: events.bus(f"bus-{number}"), range(99)))
    with too_many():
        events.bus("one-more")


def test_accounts_and_regions_do_not_see_each_other(events, other, bus):
    assert bus not in listed(other)
    assert bus not in listed(events.in_region("eu-west-1"))
