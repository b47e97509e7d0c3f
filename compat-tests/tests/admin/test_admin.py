"""/_fanlight, and the paths that users of other emulators expect."""

import urllib.parse

import boto3
import pytest

from support.raw import Raw, assert_json_error
from support.server import Clock, Server
from support.world import World


def quoted(url):
    return urllib.parse.quote(url, safe="")


def peek(world, url):
    answer = world.server.admin("GET", f"/_fanlight/sqs/messages?queueUrl={quoted(url)}")
    return {message["body"]: message for message in answer["messages"]}


def test_health(server):
    health = server.admin("GET", "/_fanlight/health")
    assert health["status"] == "ok"
    assert health["version"] and health["durability"] == "none"
    assert "sqs" in health["services"]
    assert isinstance(health["counts"], dict)


def test_health_of_the_other_convention(raw):
    # People grep for this text, with Python's spacing.
    answer = raw.request("GET", "/_localstack/health")
    assert answer.status == 200 and b'"sqs": "running"' in answer.body
    assert {"services", "version"} <= set(answer.json())
    assert raw.request("HEAD", "/_localstack/health").status == 200


def test_peek_shows_every_state_and_changes_nothing(steered):
    url = steered.queue()
    steered.send(url, "in flight")
    in_flight = steered.receive_one(url)
    sent = steered.send(url, "visible")
    steered.send(url, "delayed", DelaySeconds=900)
    for _ in range(2):
        seen = peek(steered, url)
        states = {body: message["state"] for body, message in seen.items()}
        assert states == {"in flight": "inFlight", "visible": "visible", "delayed": "delayed"}
    assert seen["visible"]["messageId"] == sent["MessageId"]
    assert seen["in flight"]["messageId"] == in_flight["MessageId"]
    assert steered.counts(url) == (1, 1, 1)
    got = steered.receive_one(url, AttributeNames=["All"])
    assert got["Attributes"]["ApproximateReceiveCount"] == "1"


def test_peek_of_nothing(raw):
    url = f"http://{raw.address}/{raw.account}/nothing"
    assert 400 <= raw.request("GET", f"/_fanlight/sqs/messages?queueUrl={quoted(url)}").status < 500
    assert 400 <= raw.request("GET", "/_fanlight/sqs/messages").status < 500


def test_messages_of_the_other_convention(json_world, raw):
    url = json_world.queue()
    sent = json_world.send(url, "seen & kept")
    path = f"/_aws/sqs/messages?QueueUrl={quoted(url)}"
    answer = raw.request("GET", path, headers={"Accept": "application/json"})
    assert answer.status == 200
    assert sent["MessageId"] in answer.body.decode() and "seen & kept" in answer.body.decode()
    assert json_world.counts(url) == (1, 0, 0)


def test_reset_of_one_account_spares_the_others(json_world):
    server, account = json_world.server, json_world.account
    neighbour = World(server, "8" + account[1:])
    for there in (json_world, neighbour):
        there.send(there.queue("orders"))
    server.admin("POST", f"/_fanlight/reset?account={account}")
    assert "QueueUrls" not in json_world.sqs.list_queues()
    assert neighbour.counts("orders") == (1, 0, 0)
    assert json_world.counts(json_world.queue("orders")) == (0, 0, 0)


def test_reset_forgets_deduplication(json_world):
    url = json_world.hashed_fifo(name="orders.fifo")
    json_world.send_group(url, "g", "same")
    json_world.server.admin("POST", f"/_fanlight/reset?account={json_world.account}")
    assert json_world.hashed_fifo(name="orders.fifo") == url
    json_world.send_group(url, "g", "same")
    assert json_world.bodies(url) == ["same"]


@pytest.mark.parametrize("query", ["acount={0}", "service=sqs&region=eu-west-1", "account={0}&account={0}", "{0}"])
def test_reset_with_a_misspelt_parameter_deletes_nothing(json_world, raw, query):
    json_world.queue("orders")
    answer = raw.request("POST", "/_fanlight/reset?" + query.format(raw.account))
    assert answer.status == 400 and answer.json()["message"]
    assert len(json_world.sqs.list_queues()["QueueUrls"]) == 1


def test_the_outbox_with_a_misspelt_parameter_keeps_everything(raw):
    assert raw.request("DELETE", f"/_fanlight/outbox?acountId={raw.account}").status == 400
    for name in ("account", "accountId"):
        assert raw.request("DELETE", f"/_fanlight/outbox?{name}={raw.account}").json() == {}


def test_peek_into_another_region(server, account):
    there = World(server, account, region="eu-west-1")
    url = there.queue("orders")
    there.send(url, "far away")
    for path in (f"/_fanlight/sqs/messages?queueUrl={quoted(url)}", f"/_aws/sqs/messages?QueueUrl={quoted(url)}"):
        unsigned = Raw(server.url, account)
        none = unsigned.request("GET", path, headers={"Authorization": None})
        assert b"far away" not in none.body
        for headers, more in (({"Authorization": None}, "&region=eu-west-1"), ({}, "&region=eu-west-1")):
            assert b"far away" in unsigned.request("GET", path + more, headers=headers).body
        assert b"far away" in Raw(server.url, account, "eu-west-1").request("GET", path).body


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_reset_wants_a_post(json_world, raw, method):
    json_world.queue("orders")
    assert 400 <= raw.request(method, f"/_fanlight/reset?account={raw.account}").status < 500
    assert len(json_world.sqs.list_queues()["QueueUrls"]) == 1


@pytest.mark.parametrize("account", ["nonsense", "", "12345"])
def test_reset_of_no_account_is_refused(json_world, raw, account):
    json_world.queue("orders")
    assert raw.request("POST", f"/_fanlight/reset?account={account}").status == 400
    assert len(json_world.sqs.list_queues()["QueueUrls"]) == 1


def test_clock_is_real_by_default(server):
    assert server.admin("GET", "/_fanlight/clock")["mode"] == "real"


def test_clock_stands_still_until_moved(steered_server):
    clock = Clock(steered_server)
    before = clock.now_ms()
    assert clock.now_ms() == before
    answer = steered_server.admin("POST", "/_fanlight/clock", {"advanceMs": 1234})
    assert answer == {"mode": "frozen", "nowMs": before + 1234}
    answer = steered_server.admin("POST", "/_fanlight/clock", {"setMs": before + 5000})
    assert answer == {"mode": "frozen", "nowMs": before + 5000}


@pytest.mark.parametrize("body", [
    '{"advanceMs": "soon"}', "{", "[]", "{}", '{"advanceMs": 1e300}', '{"fly": true}', '{"setMs": 9223372036854775807}',
    '{"setMs": -1}', '{"freeze": true, "resume": true}', '{"freeze": true, "reset": true}',
])
def test_bad_clock_commands(raw, body):
    answer = raw.request("POST", "/_fanlight/clock", body, {"Content-Type": "application/json"})
    assert answer.status == 400, answer
    assert raw.request("GET", "/_fanlight/clock").json()["mode"] == "real"


@pytest.fixture
def verifying(tmp_path):
    """A server that checks signatures, and whose clock this test may steer."""
    config = tmp_path / "fanlight.toml"
    config.write_text('[[credentials]]\naccess_key = "AKIAEXAMPLE"\nsecret_key = "secret"\naccount = "111122223333"\n')
    started = Server("--auth", "verify", "--config", str(config)).start()
    yield started
    started.stop()


def test_signatures_hold_while_the_clock_is_steered(verifying):
    sqs = boto3.client(
        "sqs", endpoint_url=verifying.url, region_name="us-east-1",
        aws_access_key_id="AKIAEXAMPLE", aws_secret_access_key="secret",
    )
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="later", DelaySeconds=900)
    verifying.admin("POST", "/_fanlight/clock", {"advanceMs": 3_600_000})
    assert sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] == "later"
    verifying.admin("POST", "/_fanlight/clock", {"freeze": True, "setMs": 0})
    assert sqs.list_queues()["QueueUrls"] == [url]
    assert verifying.admin("POST", "/_fanlight/clock", {"reset": True})["mode"] == "real"


SIGNED_FOR_REGIONS = "AWS4-ECDSA-P256-SHA256 Credential={}/20261121/{}/aws4_request, SignedHeaders=host, Signature=0"


def test_a_signature_for_several_regions_says_account_and_region(json_world, raw):
    raw.json_call("CreateQueue", {"QueueName": "orders"})
    for regions, expected in (("*", "us-east-1"), ("us-east-1,eu-west-1", "us-east-1"), ("eu-west-1", None)):
        headers = {"Authorization": SIGNED_FOR_REGIONS.format(raw.account, "sqs"), "X-Amz-Region-Set": regions}
        answer = raw.json_call("ListQueues", {}, **headers).json()
        assert len(answer.get("QueueUrls", [])) == (1 if expected else 0), regions


def test_a_signature_for_several_regions_is_not_verified(verifying):
    headers = {
        "Authorization": SIGNED_FOR_REGIONS.format("AKIAEXAMPLE", "sqs"), "X-Amz-Region-Set": "*",
        "X-Amz-Date": "20261121T000000Z",
    }
    answer = Raw(verifying.url, "111122223333").json_call("ListQueues", {}, **headers)
    message = assert_json_error(answer, "IncompleteSignatureException", answer.status)
    assert message == "Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'."


def test_clock_goes_back_to_real_time():
    own = Server().start()
    try:
        clock = Clock(own)
        before = clock.now_ms()
        clock.freeze()
        clock.advance(86_400)
        answer = own.admin("POST", "/_fanlight/clock", {"reset": True})
        assert answer["mode"] == "real" and before <= answer["nowMs"] < before + 60_000
        clock.advance(86_400)
        own.admin("POST", "/_fanlight/reset")
        assert clock.now_ms() >= before + 86_400_000, "a reset leaves the clock as it is"
    finally:
        own.stop()
