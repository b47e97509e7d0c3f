"""What was acknowledged is there after kill -9, and what was under way goes on."""

from support.events_world import entry
from support.waiting import until


def without_meta(answer: dict) -> dict:
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def test_buses_rules_targets_tags_and_policies(life):
    events = life()
    bus = events.bus("orders", Description="All orders", Tags=[{"Key": "a", "Value": "1"}])
    events.events.put_permission(EventBusName=bus, Action="events:PutEvents", Principal="*", StatementId="s")
    rule = events.rule({"detail": {"n": [1]}}, bus, "r", Description="Mine")
    rule.target(events.arn(events.queue("inbox")), InputPath="$.detail", RetryPolicy={"MaximumRetryAttempts": 3})
    events.rule(name="off", State="DISABLED")

    def seen(events):
        return [without_meta(answer) for answer in (
            events.events.describe_event_bus(Name=bus), events.events.describe_rule(Name="r", EventBusName=bus),
            events.events.list_targets_by_rule(Rule="r", EventBusName=bus), events.events.list_rules(),
            events.events.list_tags_for_resource(ResourceARN=events.bus_arn(bus)),
        )]

    before = seen(events)
    events = life()
    assert seen(events) == before
    events.put_entries(entry({"n": 1}, EventBusName=bus), entry({"n": 2}, EventBusName=bus))
    assert events.bodies("inbox") == ['{"n":1}']


def test_archives_connections_and_destinations(life):
    events = life()
    events.archive(name="a", Description="Mine", RetentionDays=3)
    connection = events.connection("c")
    events.destination("https://example.com/", connection, Name="d")
    events.put({"n": 1})

    def seen(events):
        return [without_meta(answer) for answer in (
            events.events.describe_archive(ArchiveName="a"), events.events.describe_connection(Name="c"),
            events.events.describe_api_destination(Name="d"),
        )]

    before = seen(events)
    assert before[0]["EventCount"] == 1
    assert seen(life()) == before


def test_an_acknowledged_event(life):
    events = life()
    for name in ("one", "two"):
        events.rule().target(events.arn(events.queue(name)))
    events.put({"n": 1})
    events = life()
    assert len(events.bodies("one")) == len(events.bodies("two")) == 1


def test_a_delivery_goes_on(life, receiver):
    events = life()
    events.rule().target(events.destination(receiver.url), RoleArn=events.role)
    receiver.answers(500)
    id = events.put()
    events.outbox.attempted(id, 1)
    events = life()
    receiver.answers(200)
    delivery = events.outbox.ended(id)
    assert delivery["state"] == "delivered"
    assert [attempt["number"] for attempt in delivery["attempts"]] == list(range(1, len(delivery["attempts"]) + 1))
    assert len(delivery["attempts"]) >= 2, "what was tried before is remembered"


def test_a_dead_letter_is_not_lost(life, receiver):
    events = life()
    dead = events.queue("dead")
    events.rule().target(
        events.destination(receiver.url), RoleArn=events.role, DeadLetterConfig={"Arn": events.arn(dead)},
        RetryPolicy={"MaximumRetryAttempts": 2},
    )
    receiver.answers(500)
    id = events.put()
    events.outbox.attempted(id, 1)
    events = life()
    assert events.outbox.ended(id)["state"] == "dead"
    (message,) = until(lambda: events.receive("dead", MessageAttributeNames=["All"]), "the dead letter")
    assert message["MessageAttributes"]["RETRY_ATTEMPTS"]["StringValue"] == "2"


def test_the_token_of_a_page_goes_on(life):
    events = life()
    for number in range(3):
        events.rule(name=f"rule-{number}")
    token = events.events.list_rules(Limit=2)["NextToken"]
    events = life()
    assert [rule["Name"] for rule in events.events.list_rules(NextToken=token)["Rules"]] == ["rule-2"]
