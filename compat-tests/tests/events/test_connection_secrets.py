"""What a connection keeps secret appears in the calls it makes, and nowhere else: no answer, no page, no log line."""

import json
import urllib.request

import pytest

from support.events_world import EventsWorld
from support.receiver import Reply

CANARIES = {
    name: f"canary-{name}-5f1c" for name in ("password", "key", "client", "header", "query", "body", "oauth", "token")
}


@pytest.fixture
def world(started) -> EventsWorld:
    """A server that logs everything."""
    return started("--log", "trace")


def invocation() -> dict:
    return {
        kind: [{"Key": f"x-{name}", "Value": CANARIES[name], "IsValueSecret": True}]
        for kind, name in {
            "HeaderParameters": "header", "QueryStringParameters": "query", "BodyParameters": "body"
        }.items()
    }


def oauth(url: str) -> dict:
    return {
        "ClientParameters": {"ClientID": "me", "ClientSecret": CANARIES["client"]},
        "AuthorizationEndpoint": url + "/token",
        "HttpMethod": "POST",
        "OAuthHttpParameters": {"BodyParameters": [{"Key": "o", "Value": CANARIES["oauth"], "IsValueSecret": True}]},
    }


def connections(world: EventsWorld, receiver) -> list[str]:
    token = json.dumps({"access_token": CANARIES["token"], "token_type": "Bearer", "expires_in": 3600}).encode()
    receiver.answers(Reply(200, {"Content-Type": "application/json"}, token))
    basic = {"Username": "u", "Password": CANARIES["password"]}
    made = [
        world.connection("basic", invocation(), BasicAuthParameters=basic),
        world.connection("key", invocation(), ApiKeyAuthParameters={"ApiKeyName": "k", "ApiKeyValue": CANARIES["key"]}),
        world.connection("oauth", invocation(), OAuthParameters=oauth(receiver.url)),
    ]
    world.authorized(made[-1])
    return made


def leaked(told: str) -> list[str]:
    return [name for name, canary in CANARIES.items() if canary in told]


def deliver(world: EventsWorld, receiver) -> list[str]:
    """Each connection calls once and fails for good; gives the ids of the events."""
    made = connections(world, receiver)
    for number, connection in enumerate(made):
        target = world.destination(receiver.url, connection)
        world.rule({"detail": {"n": [number]}}).target(target, RoleArn=world.role)
    receiver.answers(404)
    return [world.put({"n": number}) for number in range(len(made))]


def test_the_calls_have_them(world, receiver):
    for id in deliver(world, receiver):
        world.outbox.ended(id)
    calls = [call for call in receiver.requests if not call.path.endswith("/token")]
    assert len(calls) == 3
    for call in calls:
        assert {"header", "query", "body"} <= set(leaked(f"{call.path} {call.headers} {call.text()}"))


def test_no_answer_has_them(world, receiver):
    connections(world, receiver)
    answers = [world.events.describe_connection(Name=name) for name in ("basic", "key", "oauth")]
    answers += [world.events.list_connections(), world.events.update_connection(Name="key", Description="x")]
    answers += [world.events.deauthorize_connection(Name="basic"), world.events.delete_connection(Name="oauth")]
    assert leaked(json.dumps(answers, default=str)) == []


def test_no_page_has_them(world, receiver):
    for id in deliver(world, receiver):
        assert world.outbox.ended(id)["state"] == "dead"
    pages = ["/_fanlight/outbox", "/_fanlight/health", "/_localstack/health", "/_localstack/info"]
    told = "".join(urllib.request.urlopen(world.server.url + page, timeout=10).read().decode() for page in pages)
    assert "dead" in told
    assert leaked(told) == []


def test_no_log_line_has_them(world, receiver):
    for id in deliver(world, receiver):
        world.outbox.ended(id)
    assert world.server.log_text()
    assert leaked(world.server.log_text()) == []


def test_no_dead_letter_has_them(world, receiver):
    made, dead = connections(world, receiver), world.inbox()
    for connection in made:
        target = world.destination(receiver.url, connection)
        world.rule().target(target, RoleArn=world.role, DeadLetterConfig={"Arn": dead.arn})
    receiver.answers(404)
    world.put()
    assert leaked(json.dumps(dead.arrivals(3))) == []


def test_the_next_server_has_them(life, receiver):
    """Secrets outlive kill -9, or the deliveries that wait for them could not be made."""
    world = life()
    world.rule().target(world.destination(receiver.url, connections(world, receiver)[1]), RoleArn=world.role)
    world = life()
    receiver.answers(200)
    world.outbox.ended(world.put())
    assert receiver.requests[-1].headers["k"] == CANARIES["key"]
