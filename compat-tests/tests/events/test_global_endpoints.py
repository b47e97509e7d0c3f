"""Global endpoints: one name for a bus in two regions."""

import re

import pytest

from support.events_refusals import fits, refused, violates, violation, violations_of
from support.events_world import EventsWorld, entry
from support.raw import assert_json_error
from support.world import members

CHECK = "arn:aws:route53:::healthcheck/11111111-2222-3333-4444-555555555555"
SECONDARY = "eu-west-1"


@pytest.fixture
def elsewhere(events) -> EventsWorld:
    return events.in_region(SECONDARY)


@pytest.fixture
def buses(events, elsewhere) -> list[dict]:
    return [{"EventBusArn": world.bus_arn(world.bus("orders"))} for world in (events, elsewhere)]


def routing(secondary: str = SECONDARY) -> dict:
    return {"FailoverConfig": {"Primary": {"HealthCheck": CHECK}, "Secondary": {"Route": secondary}}}


def create(events, buses, name: str = "e", **more) -> dict:
    return events.events.create_endpoint(
        Name=name, EventBuses=buses, RoutingConfig=routing(), RoleArn=events.role, **more
    )


def described(events, name: str = "e") -> dict:
    answer = events.events.describe_endpoint(Name=name)
    return {member: answer[member] for member in members(answer)}


def put_through(events_raw, endpoint_id: str) -> dict:
    """boto3 would sign this with SigV4A, for which it needs another library."""
    answer = events_raw.json_call("PutEvents", {
        "EndpointId": endpoint_id, "Entries": [entry({"n": 1}, EventBusName="orders")],
    })
    assert answer.status == 200, answer
    return answer.json()


def test_a_new_endpoint(events, buses):
    answer = create(events, buses, ReplicationConfig={"State": "ENABLED"})
    assert members(answer) == {"Arn", "EventBuses", "Name", "ReplicationConfig", "RoleArn", "RoutingConfig", "State"}
    assert answer["Arn"] == f"arn:aws:events:us-east-1:{events.account}:endpoint/e"
    assert (answer["Name"], answer["EventBuses"], answer["RoutingConfig"]) == ("e", buses, routing())
    assert answer["State"] in ("CREATING", "ACTIVE")


def test_its_description(events, buses):
    create(events, buses, Description="Mine")
    found = described(events)
    assert set(found) >= {
        "Arn", "CreationTime", "Description", "EndpointId", "EndpointUrl", "EventBuses", "LastModifiedTime", "Name",
        "ReplicationConfig", "RoleArn", "RoutingConfig", "State",
    }
    assert re.fullmatch(r"[A-Za-z0-9\-]+\.[A-Za-z0-9\-]+", found["EndpointId"])
    assert found["EndpointUrl"] == f"https://{found['EndpointId']}.endpoint.events.amazonaws.com"
    assert (found["State"], found["Description"]) == ("ACTIVE", "Mine")
    assert found["ReplicationConfig"] == {"State": "ENABLED"}, "AWS: the default"


def test_the_list(events, buses):
    for name in ("b-2", "a", "b-1"):
        create(events, buses, name)
    found = events.events.list_endpoints(NamePrefix="b-")
    assert [endpoint["Name"] for endpoint in found["Endpoints"]] == ["b-1", "b-2"]
    first = events.events.list_endpoints(MaxResults=2)
    second = events.events.list_endpoints(MaxResults=2, NextToken=first["NextToken"])
    assert [endpoint["Name"] for page in (first, second) for endpoint in page["Endpoints"]] == ["a", "b-1", "b-2"]
    assert "NextToken" not in second


def test_a_change(events, buses):
    create(events, buses)
    answer = events.events.update_endpoint(Name="e", Description="Ours", ReplicationConfig={"State": "DISABLED"})
    assert members(answer) >= {"Arn", "EndpointId", "EndpointUrl", "EventBuses", "Name", "RoutingConfig", "State"}
    found = described(events)
    assert (found["Description"], found["ReplicationConfig"]) == ("Ours", {"State": "DISABLED"})
    assert found["EventBuses"] == buses


def test_deleted_it_is_gone(events, buses):
    create(events, buses)
    assert members(events.events.delete_endpoint(Name="e")) == set()
    with refused("ResourceNotFoundException"):
        described(events)
    assert events.events.list_endpoints()["Endpoints"] == []


@pytest.mark.parametrize("call", ["describe_endpoint", "delete_endpoint", "update_endpoint"])
def test_an_unknown_endpoint(events, call):
    with refused("ResourceNotFoundException"):
        getattr(events.events, call)(Name="nothing")


def test_an_endpoint_of_that_name(events, buses):
    create(events, buses)
    with refused("ResourceAlreadyExistsException"):
        create(events, buses)


def test_two_buses(events, buses):
    """The length is the model's."""
    with refused(
        "ValidationException", re.compile("at 'eventBuses' failed to satisfy constraint: Member must have length")
    ):
        create(events, buses[:1])


def test_both_buses_have_one_name(events, elsewhere):
    """AWS: the names of both buses must be the same."""
    buses = [
        {"EventBusArn": events.bus_arn(events.bus("one"))}, {"EventBusArn": elsewhere.bus_arn(elsewhere.bus("two"))}
    ]
    with refused("ValidationException"):
        create(events, buses)


def test_what_is_required(events):
    with violates(*[
        violation(None, member, "Member must not be null") for member in ("name", "routingConfig", "eventBuses")
    ]):
        events.events.create_endpoint()


@pytest.mark.parametrize("state, there", [("ENABLED", 1), ("DISABLED", 0)])
def test_events_through_it(events, elsewhere, buses, events_raw, state, there):
    """AWS: with replication, an event goes to both buses, and shows the region it came from."""
    create(events, buses, ReplicationConfig={"State": state})
    inboxes = [events.listen(bus="orders"), elsewhere.listen(bus="orders")]
    assert put_through(events_raw, described(events)["EndpointId"])["FailedEntryCount"] == 0
    (event,) = inboxes[0].events()
    assert event["region"] == "us-east-1"
    copies = inboxes[1].events()
    assert [copy["region"] for copy in copies] == ["us-east-1"] * there


def test_an_endpoint_id_that_is_none(events_raw):
    answer = events_raw.json_call("PutEvents", {"EndpointId": "no dot", "Entries": [entry()]})
    sentence = assert_json_error(answer, "ValidationException", version="1.1")
    assert violations_of(sentence) == {violation("no dot", "endpointId", fits(r"^[A-Za-z0-9\-]+[\.][A-Za-z0-9\-]+$"))}
