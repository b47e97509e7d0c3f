"""Waiting for what another process does by itself: an HTTP delivery, the record of an attempt.

Everything else is done when the call that caused it is answered, and needs no waiting.
"""

from __future__ import annotations

import threading
import time
from typing import Callable, TypeVar

Found = TypeVar("Found")
PAUSE_SECONDS = 0.02
_never = threading.Event()


def until(look: Callable[[], Found], what: str, seconds: float = 10) -> Found:
    """Looks again and again until there is something to see; fails with `what` and the last look."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}; last seen: {found!r}"
        _never.wait(PAUSE_SECONDS)
