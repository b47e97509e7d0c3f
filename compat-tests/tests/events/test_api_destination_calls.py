"""What API destinations are sent, and what their answers mean."""

import base64
import json
import threading
import urllib.parse

import pytest

from support.events_refusals import invalid
from support.outbox import attempt_times, milliseconds, run_out
from support.receiver import Receiver, Reply
from support.waiting import until


def shown(**values) -> list[dict]:
    return [{"Key": name.replace("_", "-"), "Value": value, "IsValueSecret": False} for name, value in values.items()]


def aim(events, receiver, connection=None, path="", method="POST", destination=None, **target):
    """A rule for everything whose target is the endpoint."""
    arn = events.destination(receiver.url + path, connection, method, **(destination or {}))
    return events.rule().target(arn, RoleArn=events.role, **target)


def called(events, receiver, detail=None):
    """Puts one event, and gives the call that it causes."""
    id = events.put(detail)
    assert events.outbox.ended(id)["state"] == "delivered"
    return receiver.wait(1)[-1]


# -- the call -------------------------------------------------------------------------------------


def test_the_body_is_the_event(events, receiver):
    aim(events, receiver)
    call = called(events, receiver, {"a": 1})
    assert (call.method, call.path) == ("POST", receiver.path)
    event = call.json()
    assert (event["detail"], event["source"], event["account"]) == ({"a": 1}, "shop", events.account)


def test_the_headers(events, receiver):
    """AWS: "Headers included in requests to API destinations"."""
    aim(events, receiver)
    headers = called(events, receiver).headers
    assert headers["user-agent"] == "Amazon/EventBridge/ApiDestinations"
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert headers["range"] == "bytes=0-1048575"
    assert headers["accept-encoding"] == "gzip,deflate"
    assert headers["connection"].lower() == "close"
    assert headers["host"] in receiver.url
    assert int(headers["content-length"]) > 0


@pytest.mark.parametrize("detail, sent", [
    (
        '{"n":0.10000000000000000555,"b":12345678901234.123456789,"d":1E2}',
        '{"n":0.10000000000000000555,"b":12345678901234.123456789,"d":1E2,"bb":"vv"}',
    ),
    ('{"n":1e400,"bb":[]}', '{"n":1e400,"bb":"vv"}'),
    ("{}", '{"bb":"vv"}'),
])
def test_a_body_parameter_leaves_the_numbers(events, receiver, detail, sent):
    connection = events.connection(invocation={"BodyParameters": shown(bb="vv")})
    aim(events, receiver, connection, InputPath="$.detail")
    assert called(events, receiver, detail).body.decode() == sent


def test_an_api_key(events, receiver):
    connection = events.connection(ApiKeyAuthParameters={"ApiKeyName": "X-Token", "ApiKeyValue": "abc 123"})
    aim(events, receiver, connection)
    assert called(events, receiver).headers["x-token"] == "abc 123"


def test_basic_authorization(events, receiver):
    connection = events.connection(BasicAuthParameters={"Username": "user", "Password": "pass word"})
    aim(events, receiver, connection)
    expected = "Basic " + base64.b64encode(b"user:pass word").decode()
    assert called(events, receiver).headers["authorization"] == expected


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "GET", "HEAD", "OPTIONS"])
def test_methods(events, receiver, method):
    aim(events, receiver, method=method)
    assert called(events, receiver).method == method


def test_parameters_of_the_connection(events, receiver):
    connection = events.connection(invocation={
        "HeaderParameters": shown(x_tenant="t-1"), "QueryStringParameters": shown(page="a&b=c ü"),
        "BodyParameters": shown(extra="e"),
    })
    aim(events, receiver, connection)
    call = called(events, receiver, {"a": 1})
    assert call.headers["x-tenant"] == "t-1"
    assert urllib.parse.parse_qs(urllib.parse.urlsplit(call.path).query) == {"page": ["a&b=c ü"]}
    assert call.json()["extra"] == "e"
    assert call.json()["detail"] == {"a": 1}


def test_parameters_of_the_target(events, receiver):
    aim(events, receiver, HttpParameters={"HeaderParameters": {"x-kind": "k"}, "QueryStringParameters": {"q": "1"}})
    call = called(events, receiver)
    assert call.headers["x-kind"] == "k"
    assert urllib.parse.urlsplit(call.path).query == "q=1"


def test_the_connection_wins(events, receiver):
    """AWS: HttpParameters; in case of conflicting keys, values from the connection take precedence."""
    connection = events.connection(invocation={
        "HeaderParameters": shown(x_kind="connection"), "QueryStringParameters": shown(q="connection"),
    })
    aim(events, receiver, connection, HttpParameters={
        "HeaderParameters": {"x-kind": "target"}, "QueryStringParameters": {"q": "target", "r": "target"},
    })
    call = called(events, receiver)
    assert call.headers["x-kind"] == "connection"
    assert urllib.parse.parse_qs(urllib.parse.urlsplit(call.path).query) == {"q": ["connection"], "r": ["target"]}


def test_placeholders_of_the_path(events, receiver):
    aim(events, receiver, path="/orders/*/lines/*", HttpParameters={"PathParameterValues": ["o 1", "7"]})
    assert called(events, receiver).path == f"{receiver.path}/orders/o%201/lines/7"


def test_parameters_from_the_event(events, receiver):
    """AWS: parameters may be JSON paths into the event."""
    aim(events, receiver, path="/orders/*", HttpParameters={
        "PathParameterValues": ["$.detail.id"], "HeaderParameters": {"x-source": "$.source"},
        "QueryStringParameters": {"n": "$.detail.n"},
    })
    call = called(events, receiver, {"id": "o-1", "n": 5})
    assert call.path == f"{receiver.path}/orders/o-1?n=5"
    assert call.headers["x-source"] == "shop"


def test_the_body_may_be_shaped(events, receiver):
    aim(events, receiver, InputTransformer={"InputPathsMap": {"a": "$.detail.a"}, "InputTemplate": '{"only": <a>}'})
    assert called(events, receiver, {"a": [1]}).json() == {"only": [1]}


def test_a_changed_destination_holds_for_the_next_call(events, receiver):
    arn = events.destination(receiver.url + "/old", Name="d")
    events.rule().target(arn, RoleArn=events.role)
    events.events.update_api_destination(Name="d", InvocationEndpoint=receiver.url + "/new")
    assert called(events, receiver).path.endswith("/new")


def test_a_target_needs_a_role(events, rule, receiver):
    """AWS's words, as users report them."""
    arn = events.destination(receiver.url)
    with invalid(f"RoleArn is required for target {arn}."):
        rule.put_targets({"Id": "1", "Arn": arn})


# -- the answer -----------------------------------------------------------------------------------


def failing(events, receiver, *replies, **target) -> tuple:
    """An endpoint that answers this; gives the event's id and the dead-letter queue."""
    dead = events.inbox()
    aim(events, receiver, DeadLetterConfig={"Arn": dead.arn}, **target)
    receiver.answers(*replies)
    return events.put(), dead


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_these_are_fine(events, receiver, status):
    id, _ = failing(events, receiver, status)
    assert events.outbox.ended(id)["state"] == "delivered"


@pytest.mark.parametrize("status", [401, 407, 409, 429, 500, 502, 503, 504])
def test_these_are_tried_again(steered_events, receiver, status):
    """AWS: 401, 407, 409, 429 and 5xx are retried."""
    id, _ = failing(steered_events, receiver, status, 200)
    ended = run_out(steered_events, id)
    assert ended["state"] == "delivered"
    assert [attempt["status"] for attempt in ended["attempts"]] == [status, 200]


@pytest.mark.parametrize("status", [401, 407])
def test_a_refused_key_deauthorizes(events, receiver, status):
    """AWS: "De-authorizing connections": update the connection with appropriate credentials to resolve the error."""
    connection = events.connection("c")
    arn = events.destination(receiver.url, connection, Name="d")
    events.rule().target(arn, RoleArn=events.role, RetryPolicy={"MaximumRetryAttempts": 0})
    receiver.answers(status, 200)
    events.outbox.ended(events.put())
    found = events.events.describe_connection(Name="c")
    assert (found["ConnectionState"], str(status) in found["StateReason"]) == ("DEAUTHORIZED", True)
    assert events.events.describe_api_destination(Name="d")["ApiDestinationState"] == "INACTIVE"
    key = {"ApiKeyName": "x-api-key", "ApiKeyValue": "better"}
    events.events.update_connection(Name="c", AuthParameters={"ApiKeyAuthParameters": key})
    found = events.events.describe_connection(Name="c")
    assert (found["ConnectionState"], "StateReason" in found) == ("AUTHORIZED", False)
    assert events.outbox.ended(events.put())["state"] == "delivered"
    assert receiver.wait(2)[-1].headers["x-api-key"] == "better"


@pytest.mark.parametrize("status", [301, 400, 403, 404, 410, 422])
def test_these_are_not(events, receiver, status):
    id, dead = failing(events, receiver, status)
    assert [attempt["status"] for attempt in events.outbox.ended(id)["attempts"]] == [status]
    reasons = dead.reasons()
    assert reasons["ERROR_CODE"] == "SDK_CLIENT_ERROR"
    assert str(status) in reasons["ERROR_MESSAGE"]
    assert "EXHAUSTED_RETRY_CONDITION" not in reasons


def test_a_retry_sends_the_same(steered_events, receiver):
    id, _ = failing(steered_events, receiver, 500, 200)
    run_out(steered_events, id)
    first, second = receiver.wait(2)
    assert (first.body, first.path) == (second.body, second.path)
    assert json.loads(first.body)["id"] == id


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after(steered_events, receiver, status):
    """AWS: of Retry-After and the retry policy, the more conservative one counts."""
    id, _ = failing(steered_events, receiver, Reply(status, {"Retry-After": "30"}), 200)
    seen = steered_events.outbox.attempted(id, 1)
    assert milliseconds(seen["nextAttemptAt"]) == steered_events.clock.now_ms() + 30_000
    assert attempt_times(run_out(steered_events, id)) == [0, 30_000]


def test_retry_after_of_no_time(steered_events, receiver):
    """The policy is more conservative."""
    id, _ = failing(steered_events, receiver, Reply(503, {"Retry-After": "0"}), 200)
    assert attempt_times(run_out(steered_events, id))[1] > 0


def test_a_negative_retry_after(events, receiver):
    """AWS: EventBridge stops retrying."""
    id, dead = failing(events, receiver, Reply(503, {"Retry-After": "-1"}))
    ended = events.outbox.ended(id)
    assert (ended["state"], len(ended["attempts"])) == ("dead", 1)
    assert dead.arrival()


def test_retry_after_beyond_the_age(steered_events, receiver):
    id, dead = failing(
        steered_events, receiver, Reply(429, {"Retry-After": "600"}), RetryPolicy={"MaximumEventAgeInSeconds": 60}
    )
    run_out(steered_events, id)
    assert dead.reasons()["EXHAUSTED_RETRY_CONDITION"] == "MaximumEventAgeInSeconds"


def test_five_seconds_are_long_enough(events, receiver):
    """AWS: an endpoint has five seconds. A connection waits in real time, so this test does, too."""
    never = threading.Event()
    id, dead = failing(events, receiver, Reply(after=never), RetryPolicy={"MaximumRetryAttempts": 0})
    ended = until(lambda: (d := events.outbox.delivery(id)) and d["state"] != "waiting" and d, "the timeout", 15)
    never.set()
    assert 4_000 <= ended["attempts"][0]["durationMs"] <= 8_000
    assert dead.reasons()["ERROR_CODE"] == "TIMEOUT"


def test_a_closed_endpoint_is_tried_again(steered_events, receiver):
    id, dead = failing(steered_events, receiver, 200, RetryPolicy={"MaximumRetryAttempts": 2})
    steered_events.outbox.ended(id)
    receiver.close()
    id = steered_events.put()
    ended = run_out(steered_events, id)
    assert (ended["state"], len(ended["attempts"])) == ("dead", 3)
    assert dead.reasons()["RETRY_ATTEMPTS"] == "2"


def test_so_many_calls_a_second(steered_events, receiver):
    """AWS: InvocationRateLimitPerSecond. What is beyond waits, and is no failed attempt."""
    events = steered_events
    aim(events, receiver, destination={"InvocationRateLimitPerSecond": 2})
    ids = [events.put({"n": number}) for number in range(6)]
    while waiting := until(lambda: still_waiting(events, ids), "what is due to be done")[0]:
        events.clock.advance((min(waiting) - events.clock.now_ms()) / 1000)
    deliveries = [events.outbox.delivery(id) for id in ids]
    assert all(len(delivery["attempts"]) == 1 for delivery in deliveries)
    times = sorted(milliseconds(delivery["attempts"][0]["at"]) for delivery in deliveries)
    assert all(later - earlier >= 1000 for earlier, later in zip(times, times[2:])), times
    assert times[-1] - times[0] <= 3000, times
    assert len(receiver.requests) == 6


def still_waiting(events, ids: list[str]) -> list[list[int]] | None:
    """When it is whose turn, once all that is due is done."""
    deliveries = [events.outbox.delivery(id) for id in ids]
    waiting = [milliseconds(found["nextAttemptAt"]) for found in deliveries if found["state"] == "waiting"]
    return [waiting] if all(turn > events.clock.now_ms() for turn in waiting) else None


def test_a_deauthorized_connection_calls_nobody(events, receiver):
    connection, dead = events.connection("c"), events.inbox()
    aim(events, receiver, connection, DeadLetterConfig={"Arn": dead.arn}, RetryPolicy={"MaximumRetryAttempts": 0})
    events.events.deauthorize_connection(Name="c")
    events.put()
    assert dead.arrival()
    assert receiver.requests == []


def test_a_destination_that_is_gone(events, receiver):
    dead = events.inbox()
    arn = events.destination(receiver.url, Name="d")
    events.rule().target(arn, RoleArn=events.role, DeadLetterConfig={"Arn": dead.arn})
    events.events.delete_api_destination(Name="d")
    events.put()
    assert dead.reasons()["ERROR_CODE"] == "NO_RESOURCE"
    assert receiver.requests == []


def test_fast_endpoints_do_not_wait_for_slow_ones(events, receiver):
    slow, never = Receiver(), threading.Event()
    slow.answers(Reply(after=never))
    for endpoint in (slow, receiver):
        aim(events, endpoint)
    events.put()
    receiver.wait(1, seconds=4)
    never.set()
    slow.close()
