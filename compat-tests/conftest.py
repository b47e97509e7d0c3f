"""One server for the whole run, one steered server for each worker, one account for each test.

Tests that let time pass take `steered` (its clock is frozen until the test advances it); all others take `world`.
Both come once for each SQS protocol. Accounts never see each other, so tests need not clean up.
"""

from __future__ import annotations

import itertools
import os

import pytest

from support.raw import Raw
from support.server import Clock, Server
from support.world import World

URL_VARIABLE = "COMPAT_SERVER_URL"
_accounts = itertools.count(1)
_shared: Server | None = None


def pytest_configure(config):
    # Only the process that the user started runs the server; xdist's workers inherit its URL.
    global _shared
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    try:
        _shared = Server().start()
    except (OSError, RuntimeError) as problem:
        pytest.exit(str(problem), returncode=3)
    os.environ[URL_VARIABLE] = _shared.url


def pytest_sessionfinish(session):
    if _shared is None or _shared.process is None:
        return
    crashed = _shared.process.poll() is not None
    if not crashed:
        _shared.stop()
    if crashed or "panicked at" in _shared.log_text():
        print(f"\nThe server panicked or ended early; its log:\n{_shared.log_text()[-4000:]}")
        session.exitstatus = 1


def new_account() -> str:
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return f"4{worker:02d}{next(_accounts):09d}"


@pytest.fixture(scope="session")
def server() -> Server:
    """The run's server, for what is asked of it by URL. It belongs to another process: do not stop it."""
    shared = Server()
    shared.url = os.environ[URL_VARIABLE]
    return shared


@pytest.fixture(scope="session")
def steered_server():
    steered = Server().start()
    Clock(steered).freeze()
    yield steered
    steered.stop()
    assert "panicked at" not in steered.log_text()


@pytest.fixture(scope="module")
def strict_server():
    """A frozen server that also holds AWS's 60-second waits."""
    strict = Server("--strict-timing").start()
    Clock(strict).freeze()
    yield strict
    strict.stop()


@pytest.fixture
def account() -> str:
    return new_account()


@pytest.fixture
def other_account() -> str:
    """A second account, for what goes from one to another."""
    return new_account()


@pytest.fixture(params=["json", "query"])
def protocol(request) -> str:
    return request.param


@pytest.fixture
def world(server, account, protocol) -> World:
    return World(server, account, protocol)


@pytest.fixture
def steered(steered_server, account, protocol) -> World:
    return World(steered_server, account, protocol)


@pytest.fixture
def strict(strict_server, account, protocol) -> World:
    return World(strict_server, account, protocol)


@pytest.fixture
def raw(server, account) -> Raw:
    """Plain HTTP in an account of its own."""
    return Raw(server.url, account)


@pytest.fixture
def json_world(server, account) -> World:
    """For tests where the protocol does not matter; shares its account with `raw`."""
    return World(server, account, "json")
