"""SNS speaks one protocol, so its tests come once. `steered_sns` stands still in time until a test advances it."""

from __future__ import annotations

import pytest

from support.raw import SnsRaw
from support.receiver import Receiver
from support.sns_world import SnsWorld


@pytest.fixture
def sns(server, account) -> SnsWorld:
    return SnsWorld(server, account)


@pytest.fixture
def steered_sns(steered_server, account) -> SnsWorld:
    return SnsWorld(steered_server, account)


@pytest.fixture
def sns_raw(server, account) -> SnsRaw:
    """Plain HTTP in the same account as `sns`."""
    return SnsRaw(server.url, account)


@pytest.fixture
def topic(sns) -> str:
    return sns.topic()


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def other(server, other_account) -> SnsWorld:
    """A second account on the same server."""
    return SnsWorld(server, other_account)
