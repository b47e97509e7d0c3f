"""What an SNS test sees: an account of its own, its topics, who listens to them, and what they got."""

from __future__ import annotations

import dataclasses
import itertools
import json
from typing import Any

from support import clients
from support.outbox import Outbox
from support.receiver import Receiver, open_url
from support.waiting import until
from support.world import World

_names = itertools.count(1)


def strings(attributes: dict) -> dict[str, str]:
    """Attribute values as SNS takes them: strings, with documents as JSON."""
    return {k: v if isinstance(v, str) else json.dumps(v) for k, v in attributes.items()}


@dataclasses.dataclass
class SnsWorld(World):
    def __post_init__(self):
        super().__post_init__()
        self.sns: Any = clients.client("sns", self.server.url, self.account, region=self.region)
        self.outbox = Outbox(self.server, self.account, self.region)

    # -- topics -------------------------------------------------------------------------------

    def topic(self, name: str | None = None, **attributes) -> str:
        """Creates a topic and gives its ARN. Documents may be given as dicts."""
        name = name or f"topic-{next(_names)}"
        return self.sns.create_topic(Name=name, Attributes=strings(attributes))["TopicArn"]

    def fifo_topic(self, **attributes) -> str:
        return self.topic(f"topic-{next(_names)}.fifo", FifoTopic="true", **attributes)

    def hashed_fifo_topic(self, **attributes) -> str:
        return self.fifo_topic(ContentBasedDeduplication="true", **attributes)

    def topic_attributes(self, topic: str) -> dict[str, str]:
        return self.sns.get_topic_attributes(TopicArn=topic)["Attributes"]

    def set_topic(self, topic: str, name: str, value) -> None:
        value = strings({name: value})[name]
        self.sns.set_topic_attributes(TopicArn=topic, AttributeName=name, AttributeValue=value)

    def in_region(self, region: str) -> "SnsWorld":
        """The same account elsewhere."""
        return SnsWorld(self.server, self.account, self.protocol, region)

    # -- subscriptions ------------------------------------------------------------------------

    def subscribe(self, topic: str, protocol: str, endpoint: str, **attributes) -> str:
        """Gives the subscription's ARN, confirmed or not."""
        return self.sns.subscribe(
            TopicArn=topic, Protocol=protocol, Endpoint=endpoint, Attributes=strings(attributes),
            ReturnSubscriptionArn=True,
        )["SubscriptionArn"]

    def subscription(self, arn: str) -> dict[str, str]:
        return self.sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]

    def set_subscription(self, arn: str, name: str, value) -> None:
        value = strings({name: value})[name]
        self.sns.set_subscription_attributes(SubscriptionArn=arn, AttributeName=name, AttributeValue=value)

    def subscribers(self, topic: str) -> list[str]:
        """The subscription ARNs of a topic."""
        found = self.sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
        return [subscription["SubscriptionArn"] for subscription in found]

    def listen(self, topic: str, **attributes) -> "Listener":
        """A new queue subscribed to the topic; FIFO for a FIFO topic."""
        url = self.fifo() if topic.endswith(".fifo") else self.queue()
        return Listener(self, url, self.subscribe(topic, "sqs", self.arn(url), **attributes))

    def raw_listen(self, topic: str, **attributes) -> "Listener":
        return self.listen(topic, RawMessageDelivery="true", **attributes)

    def confirmed(self, topic: str, receiver: Receiver, **attributes) -> str:
        """Subscribes the HTTP endpoint and confirms it, as an endpoint does, by opening the SubscribeURL."""
        arn = self.subscribe(topic, "http", receiver.url, **attributes)
        status, _ = open_url(receiver.next("SubscriptionConfirmation").json()["SubscribeURL"])
        assert status == 200
        return arn

    def token(self, subscription: str) -> str:
        """The confirmation token of a pending subscription."""
        answer = self.server.admin("GET", f"/_aws/sns/subscription-tokens/{subscription}")
        assert answer["subscription_arn"] == subscription
        return answer["subscription_token"]

    # -- messages -----------------------------------------------------------------------------

    def publish(self, topic: str, message: str = "hello", **arguments) -> dict:
        return self.sns.publish(TopicArn=topic, Message=message, **arguments)

    def publish_id(self, topic: str, message: str = "hello", **arguments) -> str:
        return self.publish(topic, message, **arguments)["MessageId"]

    def publish_batch(self, topic: str, *entries: dict) -> dict:
        return self.sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=list(entries))

    def arrivals(self, url: str, count: int) -> list[dict]:
        """That many messages from a queue that is filled by a delivery in the background."""
        found: list[dict] = []

        def look():
            found.extend(self.receive(url, AttributeNames=["All"], MessageAttributeNames=["All"]))
            return len(found) >= count

        until(look, f"{count} messages in {url}")
        assert len(found) == count, found
        return found


@dataclasses.dataclass
class Listener:
    """A queue that listens to a topic. What a topic sends to a queue is there when Publish is answered."""

    world: SnsWorld
    url: str
    arn: str

    def messages(self) -> list[dict]:
        """All that came since the last look, oldest first as far as the queue keeps order."""
        found: list[dict] = []
        while more := self.world.receive(self.url, AttributeNames=["All"], MessageAttributeNames=["All"]):
            found += more
            if self.url.endswith(".fifo"):
                self.world.delete(self.url, *more)
        return found

    def message(self) -> dict:
        found = self.messages()
        assert len(found) == 1, found
        return found[0]

    def bodies(self) -> list[str]:
        return [message["Body"] for message in self.messages()]

    def body(self) -> str:
        return self.message()["Body"]

    def envelope(self) -> dict:
        """The one envelope that came."""
        return json.loads(self.body())

    def heard(self) -> list[str]:
        """The `Message` of each envelope that came."""
        return [json.loads(body)["Message"] for body in self.bodies()]


def text(value: str) -> dict:
    return {"DataType": "String", "StringValue": value}


def number(value) -> dict:
    return {"DataType": "Number", "StringValue": str(value)}


def array(value) -> dict:
    return {"DataType": "String.Array", "StringValue": json.dumps(value)}


def binary(value: bytes) -> dict:
    return {"DataType": "Binary", "BinaryValue": value}


def entry(id: str, message: str | None = None, **more) -> dict:
    """An entry of PublishBatch."""
    return {"Id": id, "Message": id if message is None else message, **more}
