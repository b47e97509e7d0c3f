"""The CLIs as fixtures: each test that takes `cli` comes once for each version."""

from __future__ import annotations

import os

import pytest

from support.cli import Cli, program
from support.events_world import EventsWorld


@pytest.fixture(params=["v1", "v2"])
def version(request) -> str:
    return request.param


@pytest.fixture
def cli(version, server, account) -> Cli:
    if program(version) is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"AWS CLI {version} is missing; run scripts/install-test-tools")
        pytest.skip(f"AWS CLI {version} is not installed; run scripts/install-test-tools")
    return Cli(version, server.url, account)


@pytest.fixture
def events(server, account) -> EventsWorld:
    return EventsWorld(server, account)


@pytest.fixture
def other(server, other_account) -> EventsWorld:
    return EventsWorld(server, other_account)
