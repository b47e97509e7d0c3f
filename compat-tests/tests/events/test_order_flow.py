"""A story: an order goes through a shop.

The orders bus sends OrderCreated to the inventory's queue, tells the customers' topic about big orders, and asks the
delivery service by HTTP, which is down: its orders end as dead letters. Later the archive is replayed to a newcomer.
"""

import datetime
import json

import pytest

from support.events_world import MEMBERS, EventsWorld, entry
from support.outbox import run_out

KEY = "k-5f1c"
ORDERS = [
    {"order_id": "1", "total": 20, "country": "DE"}, {"order_id": "2", "total": 500, "country": "DE"},
    {"order_id": "3", "total": 900, "country": "FR"},
]


def order(number: int, kind: str = "OrderCreated", **more) -> dict:
    detail = {"metadata": {"idempotency-key": f"order-{number}"}, "data": {**ORDERS[number], **more}}
    return entry(detail, Source="com.shop.orders", DetailType=kind, EventBusName="orders")


def ids(events: list[dict]) -> list[str]:
    return sorted(event["detail"]["data"]["order_id"] for event in events)


class Shop:
    def __init__(self, world: EventsWorld, delivery_url: str):
        self.world = world
        world.bus("orders", Description="Everything about orders")
        self.archive = world.archive(
            "orders", "orders", EventPattern='{"source": ["com.shop.orders"]}', RetentionDays=30
        )
        self.inventory = world.listen({"detail-type": ["OrderCreated"]}, "orders", InputPath="$.detail.data")
        self.customers = self.topic()
        self.dead = world.inbox()
        self.rule = self.delivery(delivery_url)

    def topic(self):
        arn = self.world.sns().create_topic(Name="big-orders")["TopicArn"]
        inbox = self.world.inbox()
        self.world.sns().subscribe(
            TopicArn=arn, Protocol="sqs", Endpoint=inbox.arn, Attributes={"RawMessageDelivery": "true"}
        )
        big = {"detail-type": ["OrderCreated"], "detail": {"data": {"total": [{"numeric": [">=", 100]}]}}}
        self.world.rule(big, "orders").target(arn, InputTransformer={
            "InputPathsMap": {"id": "$.detail.data.order_id", "total": "$.detail.data.total"},
            "InputTemplate": '"Order <id> of <total> was taken."',
        })
        return inbox

    def delivery(self, url: str):
        world = self.world
        connection = world.connection(ApiKeyAuthParameters={"ApiKeyName": "X-Api-Key", "ApiKeyValue": KEY})
        target = world.destination(url + "/orders/*", connection, "PUT", InvocationRateLimitPerSecond=100)
        pattern = {"detail-type": ["OrderCreated"], "detail": {"data": {"country": ["DE"]}}}
        return world.rule(pattern, "orders").target(
            target, RoleArn=world.role, DeadLetterConfig={"Arn": self.dead.arn},
            RetryPolicy={"MaximumRetryAttempts": 4},
            HttpParameters={"PathParameterValues": ["$.detail.data.order_id"]},
        )

    def take_orders(self) -> dict[str, str]:
        """All orders at once, and what is not about them; gives each order's event id."""
        noise = entry({}, Source="com.shop.bills", DetailType="BillSent", EventBusName="orders")
        answer = self.world.put_entries(*[order(number) for number in range(3)], order(0, "OrderPaid"), noise)
        assert answer["FailedEntryCount"] == 0
        return {ORDERS[number]["order_id"]: answer["Entries"][number]["EventId"] for number in range(3)}


@pytest.fixture
def shop(steered_events, receiver) -> Shop:
    receiver.answers(503)
    return Shop(steered_events, receiver.url)


def test_the_inventory_gets_every_new_order(shop):
    shop.take_orders()
    assert sorted((json.loads(message["Body"])["order_id"] for message in shop.inventory.messages())) == ["1", "2", "3"]


def test_customers_hear_of_big_orders(shop):
    shop.take_orders()
    assert sorted(message["Body"] for message in shop.customers.messages()) == [
        '"Order 2 of 500 was taken."', '"Order 3 of 900 was taken."',
    ]


def test_the_delivery_service_is_asked_with_its_key(shop, receiver):
    receiver.answers(200)
    taken = shop.take_orders()
    for number in ("1", "2"):
        assert run_out(shop.world, taken[number])["state"] == "delivered"
    calls = receiver.wait(2)
    assert sorted(call.path for call in calls) == [f"{receiver.path}/orders/1", f"{receiver.path}/orders/2"]
    assert {(call.method, call.headers["x-api-key"]) for call in calls} == {("PUT", KEY)}
    assert ids([call.json() for call in calls]) == ["1", "2"]


def test_what_it_never_took_is_a_dead_letter(shop, receiver):
    taken = shop.take_orders()
    for number in ("1", "2"):
        assert run_out(shop.world, taken[number])["state"] == "dead"
    letters = shop.dead.arrivals(2)
    assert ids([json.loads(letter["Body"]) for letter in letters]) == ["1", "2"]
    for letter in letters:
        assert list(json.loads(letter["Body"])) == MEMBERS
        reasons = shop.dead.reasons(letter)
        assert set(reasons) == {
            "RULE_ARN", "TARGET_ARN", "ERROR_CODE", "ERROR_MESSAGE", "EXHAUSTED_RETRY_CONDITION", "RETRY_ATTEMPTS",
        }
        assert (reasons["RULE_ARN"], reasons["TARGET_ARN"]) == (shop.rule.arn, shop.rule.targets()[0]["Arn"])
        assert (reasons["EXHAUSTED_RETRY_CONDITION"], reasons["RETRY_ATTEMPTS"]) == ("MaximumRetryAttempts", "4")
        assert KEY not in json.dumps(letter)
    assert len(receiver.requests) == 2 * 5


def test_a_new_consumer_gets_what_was_before(shop):
    start = shop.world.now() - datetime.timedelta(minutes=1)
    taken = shop.take_orders()
    shop.inventory.messages()
    shop.world.clock.advance(120)
    rule = shop.world.rule({"detail-type": ["OrderCreated"], "replay-name": ["backfill"]}, "orders")
    newcomer = rule.queue()
    name = shop.world.replay(shop.archive, start, shop.world.now(), "orders", "backfill", [rule.arn])
    assert shop.world.replayed(name)["State"] == "COMPLETED"
    found = newcomer.events()
    assert ids(found) == ["1", "2", "3"]
    assert {event["detail"]["data"]["order_id"]: event["id"] for event in found} == taken
    assert {event["replay-name"] for event in found} == {"backfill"}
    assert shop.inventory.messages() == [], "only the chosen rule"
    assert shop.world.events.describe_archive(ArchiveName="orders")["EventCount"] == 4, "and nothing twice"
