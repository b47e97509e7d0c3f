"""What a test sees: an account of its own on a running server, and short words for the usual steps."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

from support import clients
from support.server import Clock, Server

_names = itertools.count(1)


@dataclasses.dataclass
class World:
    server: Server
    account: str
    protocol: str = "json"
    region: str = "us-east-1"

    def __post_init__(self):
        self.sqs: Any = clients.client("sqs", self.server.url, self.account, self.protocol, self.region)
        self.clock = Clock(self.server)

    # -- queues -------------------------------------------------------------------------------

    def queue(self, name: str | None = None, **attributes) -> str:
        """Creates a queue and gives its URL. Attributes are given as keywords, values of any type."""
        name = name or f"queue-{next(_names)}"
        arguments: dict[str, Any] = {"QueueName": name}
        if attributes:
            arguments["Attributes"] = {key: str(value) for key, value in attributes.items()}
        return self.sqs.create_queue(**arguments)["QueueUrl"]

    def fifo(self, name: str | None = None, **attributes) -> str:
        return self.queue(name or f"queue-{next(_names)}.fifo", FifoQueue="true", **attributes)

    def hashed_fifo(self, **attributes) -> str:
        """A FIFO queue that needs no deduplication ids."""
        return self.fifo(ContentBasedDeduplication="true", **attributes)

    def arn(self, url: str) -> str:
        return f"arn:aws:sqs:{self.region}:{self.account}:{url.rsplit('/', 1)[1]}"

    def with_dead_letters(self, dead_letters: str, receives: int, **attributes) -> str:
        policy = f'{{"deadLetterTargetArn":"{self.arn(dead_letters)}","maxReceiveCount":{receives}}}'
        if dead_letters.endswith(".fifo"):
            return self.fifo(RedrivePolicy=policy, **attributes)
        return self.queue(RedrivePolicy=policy, **attributes)

    def attributes(self, url: str, *names: str) -> dict[str, str]:
        answer = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(names) or ["All"])
        return answer.get("Attributes", {})

    def set(self, url: str, **attributes) -> None:
        self.sqs.set_queue_attributes(QueueUrl=url, Attributes={k: str(v) for k, v in attributes.items()})

    def counts(self, url: str) -> tuple[int, int, int]:
        """(visible, in flight, delayed). AWS calls them approximate; here they are exact."""
        names = ["ApproximateNumberOfMessages" + kind for kind in ("", "NotVisible", "Delayed")]
        found = self.attributes(url, *names)
        return tuple(int(found[name]) for name in names)

    # -- messages -----------------------------------------------------------------------------

    def send(self, url: str, body: str = "hello", **arguments) -> dict:
        return self.sqs.send_message(QueueUrl=url, MessageBody=body, **arguments)

    def send_group(self, url: str, group: str, *bodies: str) -> None:
        for body in bodies:
            self.send(url, body, MessageGroupId=group)

    def receive(self, url: str, most: int = 10, **arguments) -> list[dict]:
        answer = self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=most, **arguments)
        return answer.get("Messages", [])

    def receive_one(self, url: str, **arguments) -> dict:
        messages = self.receive(url, 1, **arguments)
        assert len(messages) == 1, messages
        return messages[0]

    def bodies(self, url: str, most: int = 10, **arguments) -> list[str]:
        return [message["Body"] for message in self.receive(url, most, **arguments)]

    def delete(self, url: str, *messages: dict) -> None:
        for message in messages:
            self.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    def hide(self, url: str, message: dict, seconds: int) -> None:
        self.sqs.change_message_visibility(
            QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=seconds
        )


def members(answer: dict) -> set[str]:
    """The members of an answer, without what botocore adds about the HTTP exchange."""
    return set(answer) - {"ResponseMetadata"}
