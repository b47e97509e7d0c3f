"""API destinations: made, described, listed, changed, deleted."""

import re

import pytest

from support.events_refusals import (
    at_least, fits, missing, not_valid, refused, shorter, violates, violation, violations_of,
)
from support.events_world import UUID
from support.world import members

URL = "https://example.com/orders"
CONNECTION_PATTERN = (
    r"^arn:aws([a-z]|\-)*:events:([a-z]|\d|\-)*:([0-9]{12})?:connection\/[\.\-_A-Za-z0-9]+\/[\-A-Za-z0-9]+$"
)
OAUTH = {
    "ClientParameters": {"ClientID": "me", "ClientSecret": "secret"},
    "AuthorizationEndpoint": "http://127.0.0.1:9/token",
    "HttpMethod": "POST",
}
AUTHORIZATIONS = {
    "API_KEY": {"ApiKeyAuthParameters": {"ApiKeyName": "k", "ApiKeyValue": "v"}},
    "BASIC": {"BasicAuthParameters": {"Username": "u", "Password": "p"}},
    "OAUTH_CLIENT_CREDENTIALS": {"OAuthParameters": OAUTH},
}


def described(events, name: str = "d") -> dict:
    answer = events.events.describe_api_destination(Name=name)
    return {member: answer[member] for member in members(answer)}


def create(events, **arguments) -> dict:
    defaults = {"Name": "d", "InvocationEndpoint": URL, "HttpMethod": "POST"}
    if "ConnectionArn" not in arguments:
        defaults["ConnectionArn"] = events.connection()
    return events.events.create_api_destination(**{**defaults, **arguments})


@pytest.mark.parametrize("kind", list(AUTHORIZATIONS))
def test_a_new_destination(events, kind):
    """Recorded: test_api_destinations. While OAuth is not yet authorized, a destination is INACTIVE."""
    answer = create(events, ConnectionArn=events.connection(**AUTHORIZATIONS[kind]))
    assert members(answer) == {"ApiDestinationArn", "ApiDestinationState", "CreationTime", "LastModifiedTime"}
    assert re.fullmatch(
        f"arn:aws:events:us-east-1:{events.account}:api-destination/d/{UUID}", answer["ApiDestinationArn"]
    )
    assert answer["ApiDestinationState"] == ("INACTIVE" if kind == "OAUTH_CLIENT_CREDENTIALS" else "ACTIVE")


def test_its_description(events):
    """Recorded: test_api_destinations."""
    connection = events.connection()
    created = create(events, ConnectionArn=connection, Description="Mine")
    found = described(events)
    del found["CreationTime"], found["LastModifiedTime"]
    assert found == {
        "ApiDestinationArn": created["ApiDestinationArn"], "ApiDestinationState": "ACTIVE", "ConnectionArn": connection,
        "Description": "Mine", "HttpMethod": "POST", "InvocationEndpoint": URL, "InvocationRateLimitPerSecond": 300,
        "Name": "d",
    }


def test_the_list_has_no_description(events):
    """Recorded: test_api_destinations."""
    create(events, Description="Mine")
    (found,) = events.events.list_api_destinations()["ApiDestinations"]
    assert set(found) == set(described(events)) - {"Description"}


def test_the_list_by_prefix_and_connection(events):
    connections = [events.connection() for _ in range(2)]
    for name, connection in (("b-1", 0), ("a", 0), ("b-2", 1)):
        create(events, Name=name, ConnectionArn=connections[connection])

    def names(**arguments):
        return [found["Name"] for found in events.events.list_api_destinations(**arguments)["ApiDestinations"]]

    assert names(NamePrefix="b-") == ["b-1", "b-2"]
    assert names(ConnectionArn=connections[0]) == ["a", "b-1"]


def test_a_change(events):
    """Recorded: test_api_destinations."""
    created = create(events)
    answer = events.events.update_api_destination(
        Name="d", InvocationEndpoint=URL + "/*", HttpMethod="PUT", InvocationRateLimitPerSecond=5, Description="Ours"
    )
    assert members(answer) == {"ApiDestinationArn", "ApiDestinationState", "CreationTime", "LastModifiedTime"}
    assert answer["ApiDestinationArn"] == created["ApiDestinationArn"]
    found = described(events)
    assert (found["InvocationEndpoint"], found["HttpMethod"]) == (URL + "/*", "PUT")
    assert (found["InvocationRateLimitPerSecond"], found["Description"]) == (5, "Ours")


def test_a_change_leaves_the_rest(events):
    create(events, InvocationRateLimitPerSecond=7)
    events.events.update_api_destination(Name="d", HttpMethod="GET")
    found = described(events)
    assert (found["InvocationRateLimitPerSecond"], found["InvocationEndpoint"], found["HttpMethod"]) == (7, URL, "GET")


def test_deleted_it_is_gone(events):
    """Recorded: test_api_destinations."""
    create(events)
    assert members(events.events.delete_api_destination(Name="d")) == set()
    with missing("Failed to describe the api-destination(s). An api-destination 'd' does not exist."):
        described(events)
    assert events.events.list_api_destinations()["ApiDestinations"] == []


@pytest.mark.parametrize("call", ["delete_api_destination", "update_api_destination"])
def test_an_unknown_destination(events, call):
    with refused("ResourceNotFoundException", re.compile(r"[Aa]pi-destination 'nothing' does not exist\.$")):
        getattr(events.events, call)(Name="nothing")


def test_a_destination_of_that_name(events):
    create(events)
    with refused("ResourceAlreadyExistsException", re.compile("d.* already exists")):
        create(events)


def test_a_connection_nobody_made(events):
    arn = f"arn:aws:events:us-east-1:{events.account}:connection/nothing/11111111-2222-3333-4444-555555555555"
    with refused("ResourceNotFoundException", re.compile("Connection 'nothing' does not exist")):
        create(events, ConnectionArn=arn)


def test_values_that_are_none(events):
    """Recorded: test_create_api_destination_invalid_parameters, word for word: AWS's order of methods is its own."""
    sentence = (
        "Value 'INVALID_METHOD' at 'httpMethod' failed to satisfy constraint: Member must satisfy enum value set: "
        "[HEAD, POST, PATCH, DELETE, PUT, GET, OPTIONS]"
    )
    arn = violation("invalid-connection-arn", "connectionArn", fits(CONNECTION_PATTERN))
    with refused("ValidationException", f"2 validation errors detected: {arn}; {sentence}"):
        create(events, ConnectionArn="invalid-connection-arn", HttpMethod="INVALID_METHOD")


def test_a_name_that_is_none(events):
    """Recorded: test_create_api_destination_name_validation."""
    with violates(violation("a b", "name", fits(r"[\.\-_A-Za-z0-9]+"))):
        create(events, Name="a b")
    with violates(violation("x" * 65, "name", shorter(64))):
        create(events, Name="x" * 65)


def test_a_rate_too_small(events):
    with violates(violation(0, "invocationRateLimitPerSecond", at_least(1))):
        create(events, InvocationRateLimitPerSecond=0)


@pytest.mark.parametrize("url", [
    "https://", "https:///path", "http://localhost:99999/", "http://localhost:x/", "http://user:password@localhost/",
    "ftp://localhost/",
])
def test_a_url_that_cannot_be_called(events, url):
    """A password would be shown: credentials are a connection's."""
    with not_valid("InvocationEndpoint"):
        create(events, InvocationEndpoint=url)
    create(events)
    with not_valid("InvocationEndpoint"):
        events.events.update_api_destination(Name="d", InvocationEndpoint=url)


@pytest.mark.parametrize("url", ["not a url", "https://example.com/<x>", "https://example.com/ä"])
def test_a_url_that_is_none(events, url):
    with refused("ValidationException") as caught:
        create(events, InvocationEndpoint=url)
    (sentence,) = violations_of(caught.value.response["Error"]["Message"])
    assert sentence.startswith(f"Value '{url}' at 'invocationEndpoint' failed to satisfy constraint: ")
