"""Whom the server calls, and whom never."""

import pytest

from support.receiver import Receiver
from support.server import Server
from support.sns_world import SnsWorld
from support.waiting import until


@pytest.fixture
def world_with(account):
    """A function that starts a server with this --egress."""
    servers = []

    def start(egress: str) -> SnsWorld:
        servers.append(Server("--egress", egress).start())
        return SnsWorld(servers[-1], account)

    yield start
    for server in servers:
        server.stop()


def asked_at(sns, url: str) -> dict:
    """Subscribes the URL and gives the delivery of the question once it was tried."""
    sns.subscribe(sns.topic(), "http", url)

    def look():
        return next((d for d in sns.outbox.page()["deliveries"] if d["url"] == url and
                     (d["attempts"] or d["state"] == "dead")), None)

    return until(look, f"an attempt at {url}")


@pytest.mark.parametrize("egress", ["allow", "loopback"])
def test_loopback_is_called(world_with, receiver, egress):
    sns = world_with(egress)
    topic = sns.topic()
    sns.confirmed(topic, receiver)
    sns.publish(topic, "hello")
    assert receiver.next("Notification").json()["Message"] == "hello"


def test_denied_nobody_is_called(world_with, receiver):
    sns = world_with("deny")
    delivery = asked_at(sns, receiver.url)
    assert delivery["state"] != "delivered"
    assert receiver.requests == []


def test_only_loopback_is_called(world_with):
    """192.0.2.1 is nobody's address (RFC 5737); a server that tried would wait for it."""
    delivery = asked_at(world_with("loopback"), "http://192.0.2.1:9/")
    assert delivery["state"] != "delivered"
    assert "status" not in str(delivery["attempts"])


@pytest.mark.parametrize("host", [
    "169.254.169.254", "[fe80::1]", "[fd00:ec2::254]", "[::ffff:169.254.169.254]", "0xa9fea9fe",
])
def test_the_metadata_of_a_machine_is_never_called(sns, host):
    delivery = asked_at(sns, f"http://{host}/latest/meta-data")
    assert delivery["state"] == "dead"
    assert all("status" not in attempt for attempt in delivery["attempts"])


@pytest.mark.parametrize("path", [
    "/_fanlight/reset", "/_localstack/state/reset", "/moto-api/reset", "/x/../_fanlight/reset", "/%5ffanlight/reset",
])
def test_it_does_not_call_its_own_pages(sns, path):
    bystander = sns.topic("bystander")
    delivery = asked_at(sns, sns.server.url + path)
    assert delivery["state"] == "dead"
    assert bystander in [topic["TopicArn"] for topic in sns.sns.list_topics()["Topics"]]


def test_a_name_for_loopback_will_do(sns, receiver):
    topic = sns.topic()
    sns.subscribe(topic, "http", receiver.url.replace("127.0.0.1", "localhost"))
    receiver.next("SubscriptionConfirmation")


def test_two_servers_may_be_neighbours(sns):
    """Another process on this machine is not one of our own pages."""
    neighbour = Receiver()
    sns.subscribe(sns.topic(), "http", neighbour.url)
    neighbour.next("SubscriptionConfirmation")
    neighbour.close()
