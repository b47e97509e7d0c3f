"""What left the house, or would have: letters (SMS, e-mail, push) and HTTP deliveries with their attempts."""

from __future__ import annotations

import datetime
import urllib.parse

from support.server import Server
from support.waiting import until


def milliseconds(timestamp: str) -> int:
    """An ISO-8601 time of the outbox, as milliseconds since 1970."""
    return round(datetime.datetime.fromisoformat(timestamp.replace("Z", "+00:00")).timestamp() * 1000)


class Outbox:
    """The outbox of one account in one region."""

    def __init__(self, server: Server, account: str, region: str):
        self.server, self.account, self.region = server, account, region

    def page(self, **query) -> dict:
        fields = {"accountId": self.account, "region": self.region, **query}
        return self.server.admin("GET", "/_fanlight/outbox?" + urllib.parse.urlencode(fields))

    def letters(self, kind: str, to: str | None = None) -> list[dict]:
        found = self.page(kind=kind)["letters"]
        return [letter for letter in found if to is None or letter["to"] == to]

    def letter(self, kind: str, to: str | None = None) -> dict:
        """The one letter of that kind."""
        found = self.letters(kind, to)
        assert len(found) == 1, found
        return found[0]

    def delivery(self, message_id: str) -> dict | None:
        """The HTTP delivery of that message."""
        return next((d for d in self.page()["deliveries"] if d["messageId"] == message_id), None)

    def attempted(self, message_id: str, times: int) -> dict:
        """The delivery once that many attempts, or more, are on record."""
        def look():
            found = self.delivery(message_id)
            return found if found and len(found["attempts"]) >= times else None

        return until(look, f"{times} attempts to deliver {message_id}")

    def ended(self, message_id: str) -> dict:
        """The delivery once nothing more will be done about it."""
        def look():
            found = self.delivery(message_id)
            return found if found and found["state"] != "waiting" else None

        return until(look, f"the end of the delivery of {message_id}")


def run_out(world, message_id: str, attempts_max: int = 200) -> dict:
    """Lets time pass, exactly to each next attempt, until the delivery has ended; gives the ended delivery."""
    outbox = world.outbox
    for _ in range(attempts_max):
        seen = until(lambda: outbox.delivery(message_id), "the delivery")
        if seen["state"] != "waiting":
            return seen
        wait = milliseconds(seen["nextAttemptAt"]) - world.clock.now_ms()
        if wait > 0:
            world.clock.advance(wait / 1000)

        def moved():
            found = outbox.delivery(message_id)
            if found["state"] != "waiting" or len(found["attempts"]) > len(seen["attempts"]):
                return True
            # Calls of one API destination have their turns, a few milliseconds apart.
            return found["nextAttemptAt"] != seen["nextAttemptAt"]

        until(moved, f"attempt {len(seen['attempts']) + 1} to deliver {message_id}")
    raise AssertionError("it goes on for ever")


def attempt_times(delivery: dict) -> list[int]:
    """When each attempt was made, in milliseconds after the first."""
    times = [milliseconds(attempt["at"]) for attempt in delivery["attempts"]]
    return [time - times[0] for time in times]
