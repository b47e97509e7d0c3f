"""OAuth client credentials: the token is fetched, kept, and fetched again when it is no longer good."""

import json
import urllib.parse

import pytest

from support.outbox import run_out
from support.receiver import Receiver, Reply
from support.waiting import until


class Issuer(Receiver):
    """A token endpoint; each token is another one."""

    def __init__(self):
        super().__init__()
        self.issues("token-1")

    def issues(self, *tokens: str, lasts: int | None = 3600) -> None:
        document = {"token_type": "Bearer", **({"expires_in": lasts} if lasts else {})}
        self.answers(*[
            Reply(200, {"Content-Type": "application/json"}, json.dumps({"access_token": token, **document}).encode())
            for token in tokens
        ])


@pytest.fixture
def issuer():
    issuer = Issuer()
    yield issuer
    issuer.close()


def connect(events, issuer, method="POST", wait=True, **parameters) -> str:
    connection = events.connection("c", OAuthParameters={
        "ClientParameters": {"ClientID": "me", "ClientSecret": "my secret"}, "AuthorizationEndpoint": issuer.url,
        "HttpMethod": method, **({"OAuthHttpParameters": parameters} if parameters else {}),
    })
    if wait:
        events.authorized(connection)
    return connection


def state(events) -> str:
    return events.events.describe_connection(Name="c")["ConnectionState"]


def aim(events, receiver, connection, **target) -> None:
    events.rule().target(events.destination(receiver.url, connection, Name="d"), RoleArn=events.role, **target)


def sent(call) -> dict:
    """The parameters of a token request, from its query and its form."""
    query = urllib.parse.urlsplit(call.path).query
    return {name: values[-1] for name, values in urllib.parse.parse_qs(f"{query}&{call.text()}").items()}


def test_first_it_is_authorizing(events, issuer):
    """AWS: a new connection with OAuth is AUTHORIZING until it has its token, then AUTHORIZED."""
    answer = events.events.create_connection(Name="c", AuthorizationType="OAUTH_CLIENT_CREDENTIALS", AuthParameters={
        "OAuthParameters": {
            "ClientParameters": {"ClientID": "me", "ClientSecret": "s"}, "AuthorizationEndpoint": issuer.url,
            "HttpMethod": "POST",
        },
    })
    assert answer["ConnectionState"] == "AUTHORIZING"
    until(lambda: state(events) == "AUTHORIZED", "the authorization")
    assert "LastAuthorizedTime" in events.events.describe_connection(Name="c")


def test_its_description(events, issuer):
    connect(
        events, issuer, BodyParameters=[{"Key": "grant_type", "Value": "client_credentials", "IsValueSecret": False}]
    )
    assert events.events.describe_connection(Name="c")["AuthParameters"] == {"OAuthParameters": {
        "AuthorizationEndpoint": issuer.url, "ClientParameters": {"ClientID": "me"}, "HttpMethod": "POST",
        "OAuthHttpParameters": {
            "BodyParameters": [{"Key": "grant_type", "Value": "client_credentials", "IsValueSecret": False}],
        },
    }}


@pytest.mark.parametrize("method", ["POST", "PUT", "GET"])
def test_the_token_request(events, issuer, method):
    connect(events, issuer, method)
    call = issuer.wait(1)[0]
    assert call.method == method
    assert (sent(call)["client_id"], sent(call)["client_secret"]) == ("me", "my secret")


def test_parameters_of_the_token_request(events, issuer):
    connect(
        events, issuer, HeaderParameters=[{"Key": "x-tenant", "Value": "t", "IsValueSecret": False}],
        QueryStringParameters=[{"Key": "audience", "Value": "api", "IsValueSecret": False}],
        BodyParameters=[{"Key": "scope", "Value": "a b", "IsValueSecret": True}],
    )
    call = issuer.wait(1)[0]
    assert call.headers["x-tenant"] == "t"
    assert "audience=api" in call.path
    assert sent(call)["scope"] == "a b"


def test_the_token_goes_with_the_call(events, issuer, receiver):
    aim(events, receiver, connect(events, issuer))
    events.outbox.ended(events.put())
    assert receiver.wait(1)[0].headers["authorization"] == "Bearer token-1"


def test_the_destination_becomes_active(events, issuer, receiver):
    aim(events, receiver, connect(events, issuer))
    assert events.events.describe_api_destination(Name="d")["ApiDestinationState"] == "ACTIVE"


def test_the_token_is_kept(events, issuer, receiver):
    aim(events, receiver, connect(events, issuer))
    for _ in range(5):
        events.outbox.ended(events.put())
    assert len(receiver.requests) == 5
    assert len(issuer.requests) == 1


@pytest.mark.parametrize("status", [401, 407])
def test_a_refused_token_is_fetched_again(steered_events, issuer, receiver, status):
    """AWS: OAuth tokens are refreshed when an endpoint answers 401 or 407."""
    events = steered_events
    aim(events, receiver, connect(events, issuer))
    issuer.issues("token-2")
    receiver.answers(status, 200)
    assert run_out(events, events.put())["state"] == "delivered"
    tokens = [call.headers["authorization"] for call in receiver.wait(2)]
    assert tokens == ["Bearer token-1", "Bearer token-2"]


@pytest.mark.parametrize("status", [403, 429, 500])
def test_other_answers_fetch_none(steered_events, issuer, receiver, status):
    events = steered_events
    aim(events, receiver, connect(events, issuer), RetryPolicy={"MaximumRetryAttempts": 1})
    receiver.answers(status)
    assert run_out(events, events.put())["state"] == "dead"
    assert len(issuer.requests) == 1


def test_a_token_that_has_expired_is_fetched_again(steered_events, issuer, receiver):
    events = steered_events
    issuer.issues("token-1", lasts=60)
    aim(events, receiver, connect(events, issuer))
    issuer.issues("token-2")
    events.clock.advance(61)
    run_out(events, events.put())
    assert receiver.wait(1)[0].headers["authorization"] == "Bearer token-2"


@pytest.mark.parametrize("reply", [
    401, 500, Reply(200, {}, b"no json"), Reply(200, {"Content-Type": "application/json"}, b"{}"),
], ids=["refused", "broken", "no json", "no token"])
def test_no_token_no_authorization(events, issuer, reply):
    """AWS: then a connection is DEAUTHORIZED, and tells the reason."""
    issuer.answers(reply)
    connect(events, issuer, wait=False)
    until(lambda: state(events) == "DEAUTHORIZED", "the refusal")
    assert events.events.describe_connection(Name="c")["StateReason"]


def test_another_secret_fetches_another_token(events, issuer, receiver):
    aim(events, receiver, connect(events, issuer))
    issuer.issues("token-2")
    answer = events.events.update_connection(Name="c", AuthParameters={
        "OAuthParameters": {"ClientParameters": {"ClientID": "me", "ClientSecret": "another"}},
    })
    assert answer["ConnectionState"] in ("AUTHORIZING", "UPDATING", "AUTHORIZED")
    until(lambda: len(issuer.requests) == 2 and state(events) == "AUTHORIZED", "the second token")
    assert sent(issuer.requests[1])["client_secret"] == "another"
    events.outbox.ended(events.put())
    assert receiver.wait(1)[0].headers["authorization"] == "Bearer token-2"


def test_one_token_for_many_calls_at_once(events, issuer, receiver):
    aim(events, receiver, connect(events, issuer))
    for id in [events.put({"n": number}) for number in range(20)]:
        events.outbox.ended(id)
    assert {call.headers["authorization"] for call in receiver.requests} == {"Bearer token-1"}
    assert len(issuer.requests) == 1
