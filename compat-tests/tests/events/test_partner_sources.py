"""Partner event sources: offered by a partner's account, taken by a customer's with a bus of the same name."""

import re

import pytest

from support.events_refusals import fits, longer, refused, violates, violation
from support.events_world import UUID
from support.world import members

NAME = "aws.partner/example.com/4711/orders"
PATTERN = r"aws\.partner(/[\.\-_A-Za-z0-9]+){2,}"
ARN = f"arn:aws:events:us-east-1::event-source/{NAME}"


@pytest.fixture
def partner(other):
    return other


@pytest.fixture
def offered(partner, events) -> str:
    partner.events.create_partner_event_source(Name=NAME, Account=events.account)
    return NAME


@pytest.fixture
def taken(offered, events) -> str:
    events.events.create_event_bus(Name=offered, EventSourceName=offered)
    return offered


def state(events) -> str:
    return events.events.describe_event_source(Name=NAME)["State"]


def accounts(partner) -> list[dict]:
    return partner.events.list_partner_event_source_accounts(EventSourceName=NAME)["PartnerEventSourceAccounts"]


def partner_entry(**more) -> dict:
    return {"Source": NAME, "DetailType": "OrderCreated", "Detail": '{"n":1}', **more}


def test_an_offer(partner, events):
    answer = partner.events.create_partner_event_source(Name=NAME, Account=events.account)
    assert members(answer) == {"EventSourceArn"}
    assert answer["EventSourceArn"] == ARN


def test_as_the_customer_sees_it(offered, events):
    found = events.events.describe_event_source(Name=offered)
    assert members(found) >= {"Arn", "CreatedBy", "CreationTime", "Name", "State"}
    assert (found["Arn"], found["Name"], found["State"]) == (ARN, NAME, "PENDING")
    (listed,) = events.events.list_event_sources()["EventSources"]
    assert (listed["Name"], listed["State"]) == (NAME, "PENDING")
    assert events.events.list_event_sources(NamePrefix="aws.partner/else")["EventSources"] == []


def test_as_the_partner_sees_it(offered, partner, events):
    found = partner.events.describe_partner_event_source(Name=offered)
    assert (found["Arn"], found["Name"]) == (ARN, NAME)
    assert members(found) == {"Arn", "Name"}
    listed = partner.events.list_partner_event_sources(NamePrefix="aws.partner/example.com/")
    assert listed["PartnerEventSources"] == [{"Arn": ARN, "Name": NAME}]
    (account,) = accounts(partner)
    assert (account["Account"], account["State"]) == (events.account, "PENDING")


def test_with_a_bus_it_is_active(taken, partner, events):
    assert state(events) == "ACTIVE"
    assert events.events.describe_event_bus(Name=taken)["Arn"] == events.bus_arn(taken)
    (account,) = accounts(partner)
    assert account["State"] == "ACTIVE"


def test_the_bus_has_the_name_of_its_source(offered, events):
    """AWS: CreateEventBus, for a partner event bus the name must match the partner event source's."""
    with refused("ValidationException"):
        events.events.create_event_bus(Name="orders", EventSourceName=offered)


def test_a_source_nobody_offered(events):
    with refused("ResourceNotFoundException"):
        events.events.create_event_bus(Name=NAME, EventSourceName=NAME)


def test_events_come(taken, partner, events):
    inbox = events.listen(bus=taken)
    answer = partner.events.put_partner_events(Entries=[partner_entry(Resources=["arn:a"])])
    assert members(answer) == {"Entries", "FailedEntryCount"}
    assert answer["FailedEntryCount"] == 0
    (result,) = answer["Entries"]
    assert set(result) == {"EventId"} and re.fullmatch(UUID, result["EventId"])
    event = inbox.event()
    assert (event["id"], event["source"], event["detail"]) == (result["EventId"], NAME, {"n": 1})
    assert (event["account"], event["resources"]) == (events.account, ["arn:a"])


def test_pending_they_are_lost(offered, partner, events):
    assert partner.events.put_partner_events(Entries=[partner_entry()])["FailedEntryCount"] == 0
    events.events.create_event_bus(Name=offered, EventSourceName=offered)
    assert events.listen(bus=offered).events() == []


def test_a_malformed_detail(taken, partner):
    answer = partner.events.put_partner_events(Entries=[partner_entry(), partner_entry(Detail="broken")])
    assert answer["FailedEntryCount"] == 1
    assert answer["Entries"][1] == {"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}


def test_off_and_on(taken, partner, events):
    inbox = events.listen(bus=taken)
    assert members(events.events.deactivate_event_source(Name=taken)) == set()
    assert state(events) == "PENDING"
    partner.events.put_partner_events(Entries=[partner_entry(Detail='{"n":1}')])
    assert members(events.events.activate_event_source(Name=taken)) == set()
    assert state(events) == "ACTIVE"
    partner.events.put_partner_events(Entries=[partner_entry(Detail='{"n":2}')])
    assert inbox.details() == [{"n": 2}]


def test_what_is_active_cannot_be_activated(taken, events):
    with refused("InvalidStateException"):
        events.events.activate_event_source(Name=taken)


def test_without_its_bus_it_is_pending(taken, events):
    events.events.delete_event_bus(Name=taken)
    assert state(events) == "PENDING"


def test_withdrawn_it_is_deleted(taken, partner, events):
    """AWS: the customer's event source is then in the state DELETED."""
    assert members(partner.events.delete_partner_event_source(Name=taken, Account=events.account)) == set()
    assert state(events) == "DELETED"
    with refused("ResourceNotFoundException"):
        partner.events.describe_partner_event_source(Name=taken)


def test_offered_twice(offered, partner, events):
    with refused("ResourceAlreadyExistsException"):
        partner.events.create_partner_event_source(Name=offered, Account=events.account)


@pytest.mark.parametrize("call", ["describe_event_source", "activate_event_source", "deactivate_event_source"])
def test_a_source_there_is_not(events, call):
    with refused("ResourceNotFoundException"):
        getattr(events.events, call)(Name=NAME)


def test_values_that_are_none(partner):
    with violates(violation("example.com/orders", "name", fits(PATTERN))):
        partner.events.create_partner_event_source(Name="example.com/orders", Account="123456789012")
    with violates(violation("[]", "entries", longer(1))):
        partner.events.put_partner_events(Entries=[])
