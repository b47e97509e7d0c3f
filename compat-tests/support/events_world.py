"""What an EventBridge test sees: an account of its own, its buses and rules, and who gets the events."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import json
from typing import Any

from support import clients
from support.outbox import Outbox
from support.waiting import until
from support.world import World

_names = itertools.count(1)
EVERYTHING = {"source": [{"prefix": ""}]}
MEMBERS = ["version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"]
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def text(document) -> str:
    return document if isinstance(document, str) else json.dumps(document)


def iso(milliseconds: int) -> str:
    """A time as events tell it: UTC, to the second."""
    return utc(milliseconds).strftime("%Y-%m-%dT%H:%M:%SZ")


def utc(milliseconds: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(milliseconds / 1000, datetime.timezone.utc)


def entry(detail=None, **more) -> dict:
    """An entry of PutEvents. Documents may be given as dicts."""
    default = {"Source": "shop", "DetailType": "OrderCreated", "Detail": {} if detail is None else detail}
    members = {name: value for name, value in (default | more).items() if value is not None}
    if "Detail" in members:
        members["Detail"] = text(members["Detail"])
    return members


@dataclasses.dataclass
class EventsWorld(World):
    def __post_init__(self):
        super().__post_init__()
        self.events: Any = clients.client("events", self.server.url, self.account, region=self.region)
        self.outbox = Outbox(self.server, self.account, self.region)

    def sns(self):
        return clients.client("sns", self.server.url, self.account, region=self.region)

    def in_region(self, region: str) -> "EventsWorld":
        """The same account elsewhere."""
        return EventsWorld(self.server, self.account, self.protocol, region)

    def now(self) -> datetime.datetime:
        """The server's time."""
        return utc(self.clock.now_ms())

    @property
    def role(self) -> str:
        return f"arn:aws:iam::{self.account}:role/events"

    def resource(self, kind: str, name: str, service: str = "events") -> str:
        """The ARN of something of ours."""
        return f"arn:aws:{service}:{self.region}:{self.account}:{kind}/{name}"

    # -- buses and rules ----------------------------------------------------------------------

    def bus(self, name: str | None = None, **arguments) -> str:
        """Creates a bus and gives its name."""
        name = name or f"bus-{next(_names)}"
        self.events.create_event_bus(Name=name, **arguments)
        return name

    def bus_arn(self, name: str = "default") -> str:
        return self.resource("event-bus", name)

    def rule(self, pattern=None, bus: str | None = None, name: str | None = None, **arguments) -> "Rule":
        """A rule for this pattern, or for everything that is put."""
        name = name or f"rule-{next(_names)}"
        if pattern is not None or "ScheduleExpression" not in arguments:
            arguments["EventPattern"] = text(EVERYTHING if pattern is None else pattern)
        if bus is not None:
            arguments["EventBusName"] = bus
        arn = self.events.put_rule(Name=name, **arguments)["RuleArn"]
        return Rule(self, name, bus, arn)

    def schedule(self, expression: str, **arguments) -> "Rule":
        return self.rule(ScheduleExpression=expression, **arguments)

    def inbox(self, url: str | None = None, **attributes) -> "Inbox":
        return Inbox(self, url or self.queue(**attributes))

    def listen(self, pattern=None, bus: str | None = None, **target) -> "Inbox":
        """A queue that gets what a new rule lets through."""
        return self.rule(pattern, bus).queue(**target)

    # -- events -------------------------------------------------------------------------------

    def put_entries(self, *entries: dict, **arguments) -> dict:
        return self.events.put_events(Entries=list(entries), **arguments)

    def put(self, detail=None, bus: str | None = None, **more) -> str:
        """Puts one event, which must be taken; gives its id."""
        if bus is not None:
            more["EventBusName"] = bus
        answer = self.put_entries(entry(detail, **more))
        assert answer["FailedEntryCount"] == 0, answer
        return answer["Entries"][0]["EventId"]

    # -- connections and API destinations -----------------------------------------------------

    def connection(self, name: str | None = None, invocation: dict | None = None, **authorization) -> str:
        """A connection, by default with an API key; gives its ARN. `authorization` is one member of AuthParameters."""
        if not authorization:
            authorization = {"ApiKeyAuthParameters": {"ApiKeyName": "x-api-key", "ApiKeyValue": "key"}}
        (given,) = authorization
        kind = {
            "ApiKeyAuthParameters": "API_KEY", "BasicAuthParameters": "BASIC"
        }.get(given, "OAUTH_CLIENT_CREDENTIALS")
        parameters = {**authorization, **({"InvocationHttpParameters": invocation} if invocation else {})}
        return self.events.create_connection(
            Name=name or f"connection-{next(_names)}", AuthorizationType=kind, AuthParameters=parameters
        )["ConnectionArn"]

    def destination(self, url: str, connection: str | None = None, method: str = "POST", **arguments) -> str:
        """An API destination; gives its ARN."""
        return self.events.create_api_destination(
            Name=arguments.pop("Name", f"destination-{next(_names)}"), ConnectionArn=connection or self.connection(),
            InvocationEndpoint=url, HttpMethod=method, **arguments,
        )["ApiDestinationArn"]

    def authorized(self, connection: str) -> None:
        """Waits until an OAuth connection has its token."""
        name = connection.split("/")[1]

        def look():
            return self.events.describe_connection(Name=name)["ConnectionState"] == "AUTHORIZED"

        until(look, f"the authorization of {name}")

    # -- archives -----------------------------------------------------------------------------

    def archive(self, bus: str = "default", name: str | None = None, **arguments) -> str:
        """An archive of a bus; gives its ARN."""
        return self.events.create_archive(
            ArchiveName=name or f"archive-{next(_names)}", EventSourceArn=self.bus_arn(bus), **arguments
        )["ArchiveArn"]

    def replay(self, archive: str, start, end, bus: str = "default", name: str | None = None, filters=None) -> str:
        """Starts a replay; gives its name."""
        name = name or f"replay-{next(_names)}"
        destination = {"Arn": self.bus_arn(bus), **({"FilterArns": filters} if filters else {})}
        self.events.start_replay(
            ReplayName=name, EventSourceArn=archive, EventStartTime=start, EventEndTime=end, Destination=destination
        )
        return name

    def replayed(self, name: str, state: str = "COMPLETED") -> dict:
        """The replay once it is in this state."""
        def look():
            found = self.events.describe_replay(ReplayName=name)
            return found if found["State"] == state else None

        return until(look, f"{name} to be {state}")


@dataclasses.dataclass
class Rule:
    world: EventsWorld
    name: str
    bus: str | None
    arn: str

    def _named(self, **arguments) -> dict:
        return arguments | ({"EventBusName": self.bus} if self.bus is not None else {})

    def put_targets(self, *targets: dict) -> dict:
        return self.world.events.put_targets(**self._named(Rule=self.name, Targets=list(targets)))

    def target(self, arn: str, id: str = "1", **parameters) -> "Rule":
        """Adds a target, which must be taken."""
        answer = self.put_targets({"Id": id, "Arn": arn, **parameters})
        assert (answer["FailedEntryCount"], answer["FailedEntries"]) == (0, []), answer
        return self

    def queue(self, id: str = "1", **parameters) -> "Inbox":
        """Adds a new queue as target."""
        inbox = self.world.inbox()
        self.target(inbox.arn, id, **parameters)
        return inbox

    def targets(self) -> list[dict]:
        return self.world.events.list_targets_by_rule(**self._named(Rule=self.name))["Targets"]

    def describe(self) -> dict:
        return self.world.events.describe_rule(**self._named(Name=self.name))

    def disable(self) -> None:
        self.world.events.disable_rule(**self._named(Name=self.name))

    def enable(self) -> None:
        self.world.events.enable_rule(**self._named(Name=self.name))

    def remove(self) -> None:
        """Removes targets and rule."""
        if ids := [target["Id"] for target in self.targets()]:
            self.world.events.remove_targets(**self._named(Rule=self.name, Ids=ids))
        self.world.events.delete_rule(**self._named(Name=self.name))


@dataclasses.dataclass
class Inbox:
    """A queue that gets events. What a rule sends to a queue is there when PutEvents is answered."""

    world: EventsWorld
    url: str

    @property
    def arn(self) -> str:
        return self.world.arn(self.url)

    def messages(self) -> list[dict]:
        """Takes all that came since the last look."""
        found: list[dict] = []
        while more := self.world.receive(self.url, AttributeNames=["All"], MessageAttributeNames=["All"]):
            found += more
            self.world.delete(self.url, *more)
        return found

    def message(self) -> dict:
        found = self.messages()
        assert len(found) == 1, found
        return found[0]

    def body(self) -> str:
        return self.message()["Body"]

    def event(self) -> dict:
        """The one event that came."""
        return json.loads(self.body())

    def events(self) -> list[dict]:
        return [json.loads(message["Body"]) for message in self.messages()]

    def details(self) -> list:
        return [event["detail"] for event in self.events()]

    def arrivals(self, count: int) -> list[dict]:
        """That many messages, and no more, from what works in the background."""
        found: list[dict] = []

        def look():
            found.extend(self.messages())
            return len(found) >= count

        until(look, f"{count} messages in {self.url}")
        assert len(found) == count, found
        return found

    def arrival(self) -> dict:
        return self.arrivals(1)[0]

    def reasons(self, message: dict | None = None) -> dict[str, str]:
        """What a dead letter tells in its attributes; of the one that came, unless it is given."""
        message = message or self.arrival()
        return {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
