"""EventBridge speaks one protocol, so its tests come once. `steered_events` stands still until a test advances it."""

from __future__ import annotations

import signal

import pytest

from support.events_world import EventsWorld, Rule
from support.raw import EventsRaw
from support.receiver import Receiver
from support.server import Clock, Server


@pytest.fixture
def events(server, account) -> EventsWorld:
    return EventsWorld(server, account)


@pytest.fixture
def steered_events(steered_server, account) -> EventsWorld:
    return EventsWorld(steered_server, account)


@pytest.fixture
def events_raw(server, account) -> EventsRaw:
    """Plain HTTP in the same account as `events`."""
    return EventsRaw(server.url, account)


@pytest.fixture
def other(server, other_account) -> EventsWorld:
    """A second account on the same server."""
    return EventsWorld(server, other_account)


@pytest.fixture
def bus(events) -> str:
    return events.bus()


@pytest.fixture
def rule(events) -> Rule:
    """A rule on the default bus that lets everything through."""
    return events.rule(name="everything")


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def stand_in(receiver) -> Receiver:
    """Takes calls on every path, as an AWS endpoint does."""
    receiver.path = "/"
    receiver.url = receiver.url.rsplit("/", 1)[0]
    return receiver


@pytest.fixture
def started(account):
    """A function that starts a server of its own with these flags."""
    servers = []

    def start(*flags: str) -> EventsWorld:
        servers.append(Server(*flags).start())
        return EventsWorld(servers[-1], account)

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def calendar(started):
    """A function that starts a server whose time stands still at this moment (milliseconds since 1970)."""
    def begin(milliseconds: int) -> EventsWorld:
        world = started()
        Clock(world.server).set(milliseconds)
        return world

    return begin


@pytest.fixture
def life(tmp_path, account):
    """A function that ends the server, if there is one, with kill -9 and starts it on the same data."""
    servers = []

    def begin() -> EventsWorld:
        if servers:
            servers[-1].stop(signal.SIGKILL)
        servers.append(Server("--data", str(tmp_path)).start())
        return EventsWorld(servers[-1], account)

    yield begin
    servers[-1].stop()
