"""Connections: made, described, listed, changed, deauthorized, deleted."""

import re

import pytest

from support.events_refusals import fits, missing, not_one_of, refused, shorter, violates, violation
from support.events_world import UUID
from support.world import members

TYPES = {"BASIC", "OAUTH_CLIENT_CREDENTIALS", "API_KEY"}
API_KEY = {"ApiKeyAuthParameters": {"ApiKeyName": "x-api-key", "ApiKeyValue": "key"}}
BASIC = {"BasicAuthParameters": {"Username": "user", "Password": "password"}}


def described(events, name: str = "c") -> dict:
    answer = events.events.describe_connection(Name=name)
    return {member: answer[member] for member in members(answer)}


def gone(name: str = "c"):
    return missing(f"Failed to describe the connection(s). Connection '{name}' does not exist.")


def create(events, kind: str, parameters: dict, name: str = "c", **more) -> dict:
    return events.events.create_connection(Name=name, AuthorizationType=kind, AuthParameters=parameters, **more)


@pytest.mark.parametrize("kind, parameters", [("API_KEY", API_KEY), ("BASIC", BASIC)])
def test_a_new_connection(events, kind, parameters):
    """Recorded: test_create_connection, test_create_connection_with_auth."""
    answer = create(events, kind, parameters)
    assert members(answer) == {"ConnectionArn", "ConnectionState", "CreationTime", "LastModifiedTime"}
    assert re.fullmatch(f"arn:aws:events:us-east-1:{events.account}:connection/c/{UUID}", answer["ConnectionArn"])
    assert answer["ConnectionState"] == "AUTHORIZED"


def test_its_description(events):
    """Recorded: test_create_connection."""
    arn = create(events, "API_KEY", {**API_KEY, "InvocationHttpParameters": {}})["ConnectionArn"]
    found = described(events)
    assert set(found) == {
        "AuthParameters", "AuthorizationType", "ConnectionArn", "ConnectionState", "CreationTime", "LastAuthorizedTime",
        "LastModifiedTime", "Name", "SecretArn",
    }
    assert found["AuthParameters"] == {
        "ApiKeyAuthParameters": {"ApiKeyName": "x-api-key"}, "InvocationHttpParameters": {}
    }
    assert (found["AuthorizationType"], found["ConnectionArn"], found["Name"]) == ("API_KEY", arn, "c")


def test_its_secret(events):
    """Recorded: test_create_connection_secrets."""
    create(events, "API_KEY", API_KEY)
    pattern = f"arn:aws:secretsmanager:us-east-1:{events.account}:secret:events!connection/c/{UUID}-[A-Za-z0-9]{{6}}"
    assert re.fullmatch(pattern, described(events)["SecretArn"])


def test_without_its_password(events):
    create(events, "BASIC", BASIC)
    assert described(events)["AuthParameters"] == {"BasicAuthParameters": {"Username": "user"}}


def test_the_list_has_these_members(events):
    """Recorded: test_list_connections."""
    create(events, "API_KEY", API_KEY, Description="Mine")
    (found,) = events.events.list_connections()["Connections"]
    assert set(found) == {
        "AuthorizationType", "ConnectionArn", "ConnectionState", "CreationTime", "LastAuthorizedTime",
        "LastModifiedTime", "Name",
    }


def test_the_list_by_prefix_and_state(events):
    for name in ("b-2", "a", "b-1"):
        events.connection(name)

    def names(**arguments):
        return [connection["Name"] for connection in events.events.list_connections(**arguments)["Connections"]]

    assert names(NamePrefix="b-") == ["b-1", "b-2"]
    assert names(ConnectionState="AUTHORIZED") == ["a", "b-1", "b-2"]
    assert names(ConnectionState="DEAUTHORIZED") == []


def test_parameters_of_calls_come_back_without_secrets(events):
    parameters = {
        "HeaderParameters": [{"Key": "h", "Value": "shown", "IsValueSecret": False}],
        "QueryStringParameters": [{"Key": "q", "Value": "canary", "IsValueSecret": True}],
        "BodyParameters": [{"Key": "b", "Value": "canary", "IsValueSecret": True}],
    }
    create(events, "API_KEY", {**API_KEY, "InvocationHttpParameters": parameters})
    assert described(events)["AuthParameters"]["InvocationHttpParameters"] == {
        "HeaderParameters": [{"Key": "h", "Value": "shown", "IsValueSecret": False}],
        "QueryStringParameters": [{"Key": "q", "IsValueSecret": True}],
        "BodyParameters": [{"Key": "b", "IsValueSecret": True}],
    }


def test_a_change(events):
    """Recorded: test_update_connection."""
    create(events, "API_KEY", API_KEY)
    answer = events.events.update_connection(
        Name="c", AuthorizationType="BASIC", AuthParameters=BASIC, Description="Ours"
    )
    assert members(answer) >= {"ConnectionArn", "ConnectionState", "CreationTime", "LastModifiedTime"}
    assert answer["ConnectionState"] == "AUTHORIZED"
    found = described(events)
    assert (found["AuthorizationType"], found["Description"]) == ("BASIC", "Ours")
    assert found["AuthParameters"] == {"BasicAuthParameters": {"Username": "user"}}


def test_a_change_of_its_description_leaves_the_rest(events):
    create(events, "BASIC", BASIC)
    events.events.update_connection(Name="c", Description="Ours")
    assert described(events)["AuthParameters"] == {"BasicAuthParameters": {"Username": "user"}}


def test_an_empty_description_is_none(events):
    create(events, "BASIC", BASIC)
    events.events.update_connection(Name="c", Description="Ours")
    events.events.update_connection(Name="c", Description="")
    assert "Description" not in described(events)


def test_a_change_of_its_description_authorizes_nothing(steered_events):
    events = steered_events
    create(events, "BASIC", BASIC)
    authorized = described(events)["LastAuthorizedTime"]
    events.clock.advance(60)
    events.events.update_connection(Name="c", Description="Ours")
    assert described(events)["LastAuthorizedTime"] == authorized
    events.events.update_connection(Name="c", AuthParameters=BASIC)
    assert described(events)["LastAuthorizedTime"] > authorized


def test_parameters_of_another_kind_change_nothing(events):
    """AWS: without the authorization type they have no effect."""
    create(events, "API_KEY", API_KEY)
    before = described(events)
    events.events.update_connection(Name="c", AuthParameters=BASIC)
    assert described(events)["AuthParameters"] == before["AuthParameters"]
    assert described(events)["AuthorizationType"] == "API_KEY"


def private(arn: str) -> dict:
    return {"ResourceParameters": {"ResourceConfigurationArn": arn}}


def test_to_a_private_api_it_is_active(events):
    """AWS: successful connections to private APIs are ACTIVE; an empty ARN makes the API a public one again."""
    arn = f"arn:aws:vpc-lattice:us-east-1:{events.account}:resourceconfiguration/rcfg-0123456789abcdefg"
    answer = create(events, "BASIC", BASIC, InvocationConnectivityParameters=private(arn))
    assert answer["ConnectionState"] == "ACTIVE"
    found = described(events)
    assert found["ConnectionState"] == "ACTIVE"
    told = found["InvocationConnectivityParameters"]["ResourceParameters"]
    assert told["ResourceConfigurationArn"] == arn
    events.destination("https://example.com/", answer["ConnectionArn"], Name="d")
    assert events.events.describe_api_destination(Name="d")["ApiDestinationState"] == "ACTIVE"
    answer = events.events.update_connection(Name="c", InvocationConnectivityParameters=private(""))
    assert answer["ConnectionState"] == "AUTHORIZED"
    assert "InvocationConnectivityParameters" not in described(events)


def test_deauthorized_it_has_no_secrets(events):
    """AWS: DeauthorizeConnection removes all authorization parameters from the connection."""
    create(events, "API_KEY", API_KEY)
    answer = events.events.deauthorize_connection(Name="c")
    assert members(answer) >= {"ConnectionArn", "ConnectionState", "CreationTime", "LastModifiedTime"}
    assert answer["ConnectionState"] in ("DEAUTHORIZING", "DEAUTHORIZED")
    assert described(events)["ConnectionState"] == "DEAUTHORIZED"


def test_deauthorized_it_may_be_authorized_again(events):
    create(events, "API_KEY", API_KEY)
    events.events.deauthorize_connection(Name="c")
    events.events.update_connection(Name="c", AuthorizationType="API_KEY", AuthParameters=API_KEY)
    assert described(events)["ConnectionState"] == "AUTHORIZED"


def test_deleted_it_is_gone(events):
    """Recorded: test_delete_connection."""
    create(events, "API_KEY", API_KEY)
    answer = events.events.delete_connection(Name="c")
    assert members(answer) == {
        "ConnectionArn", "ConnectionState", "CreationTime", "LastAuthorizedTime", "LastModifiedTime",
    }
    assert answer["ConnectionState"] == "DELETING"
    with gone():
        described(events)
    assert events.events.list_connections()["Connections"] == []


@pytest.mark.parametrize("call", ["delete_connection", "deauthorize_connection", "update_connection"])
def test_an_unknown_connection(events, call):
    with refused("ResourceNotFoundException", re.compile(r"Connection 'nothing' does not exist\.$")):
        getattr(events.events, call)(Name="nothing")


def test_describing_an_unknown_connection(events):
    """Recorded: test_delete_connection."""
    with gone("nothing"):
        described(events, "nothing")


def test_a_connection_of_that_name(events):
    events.connection("c")
    with refused("ResourceAlreadyExistsException", re.compile("c.* already exists")):
        events.connection("c")


def test_a_name_that_is_none(events):
    """Recorded: test_create_connection_name_validation."""
    with violates(violation("Invalid Name With Spaces!", "name", fits(r"[\.\-_A-Za-z0-9]+"))):
        events.connection("Invalid Name With Spaces!")
    with violates(violation("x" * 65, "name", shorter(64))):
        events.connection("x" * 65)


def test_a_kind_there_is_not(events):
    """Recorded: test_create_connection_invalid_parameters."""
    with not_one_of("INVALID", "authorizationType", TYPES):
        create(events, "INVALID", API_KEY)


@pytest.mark.parametrize("kind, parameters", [
    ("API_KEY", BASIC), ("BASIC", API_KEY), ("OAUTH_CLIENT_CREDENTIALS", API_KEY), ("BASIC", {}),
])
def test_parameters_of_another_kind(events, kind, parameters):
    with refused("ValidationException"):
        create(events, kind, parameters)


def test_a_secret_is_not_told_in_a_refusal(events):
    """Members that are sensitive are not quoted."""
    with refused("ValidationException") as caught:
        create(events, "BASIC", {"BasicAuthParameters": {"Username": "user", "Password": "canary" * 100}})
    assert "canary" not in caught.value.response["Error"]["Message"]
