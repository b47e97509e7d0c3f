"""Schedules of rules: which are taken, and what they send."""

import json
import re

import pytest

from support.corpus import rows
from support.events_refusals import invalid, not_valid, shorter, violates, violation
from support.events_world import UUID, iso
from support.waiting import until

ROWS = rows("schedule.jsonl")
NOT_HERE = [pytest.param(None, marks=pytest.mark.skip(reason="the corpus is not at hand: set FANLIGHT_CORPUS"))]
CRONS = [
    "0 10 * * ? *", "15 12 * * ? *", "0 18 ? * MON-FRI *", "0 8 1 * ? *", "0/15 * * * ? *", "0/10 * ? * MON-FRI *",
    "0/5 8-17 ? * MON-FRI *", "0/30 20-23 ? * MON-FRI *", "0/30 0-2 ? * MON-FRI *", "0 12 * * ? *", "5,35 14 * * ? *",
    "15 10 ? * 6L 2002-2005", "* * ? * SAT#3 *", "0 9 ? * 2#1 *", "0 0 L * ? *", "0 0 15W JAN,JUL ? 2027",
]
NO_CRONS = [
    "0 1 * * * *", "71 8 1 * ? *", "0 dummy ? * MON-FRI *", "7 20 * * NOT *", "0 24 * * ? *", "0 0 32 * ? *",
    "0 0 * 13 ? *", "0 0 ? * 8 *", "0 0 * * ? 1969", "0 0 * * ? 2200", "0 0 * * ?", "0 0 ? * ? *", "* * * * *", "",
]
NO_RATES = [
    "10 seconds", "10 years", "10 foo minutes", "1 minutes", "1 hours", "1 days", "10 minute", "10 hour", "10 day",
    "0 minutes",
    "-10 minutes", "10", "foo minutes", "10 MINUTES", " 10 minutes ", "10  minutes", "1.5 minutes",
]


def params(wanted: list[dict]) -> list:
    return [pytest.param(row["ScheduleExpression"], id=row["ScheduleExpression"]) for row in wanted] or NOT_HERE


@pytest.fixture
def ticking(steered_events):
    """A function that makes a rule with this schedule and a queue; the rule is gone when the test has ended."""
    rules = []

    def begin(expression: str, **target):
        rules.append(steered_events.schedule(expression))
        return rules[-1], rules[-1].queue(**target)

    yield begin
    for rule in rules:
        rule.remove()


@pytest.mark.parametrize("expression", params([row for row in ROWS if row["valid"]]))
def test_recorded(events, expression):
    """Recorded: tests_put_rule_with_schedule_cron."""
    rule = events.schedule(expression, State="DISABLED")
    assert rule.describe()["ScheduleExpression"] == expression


@pytest.mark.parametrize("expression", params([row for row in ROWS if not row["valid"]]))
def test_recorded_refusal(events, expression):
    """Recorded: tests_put_rule_with_invalid_schedule_cron, test_put_rule_with_invalid_schedule_rate."""
    with not_valid("ScheduleExpression"):
        events.schedule(expression)


@pytest.mark.parametrize("fields", CRONS)
def test_crons(events, fields):
    """Recorded: tests_put_rule_with_schedule_cron."""
    assert events.schedule(f"cron({fields})", State="DISABLED").describe()["State"] == "DISABLED"


@pytest.mark.parametrize("fields", NO_CRONS)
def test_what_is_no_cron(events, fields):
    """Recorded: tests_put_rule_with_invalid_schedule_cron."""
    with not_valid("ScheduleExpression"):
        events.schedule(f"cron({fields})")


@pytest.mark.parametrize("rate", ["1 minute", "1 hour", "1 day", "2 minutes", "10 hours", "30 days"])
def test_rates(events, rate):
    """Recorded: test_put_rule_with_schedule_rate: listed with its schedule, and without a pattern."""
    rule = events.schedule(f"rate({rate})", State="DISABLED")
    (found,) = events.events.list_rules()["Rules"]
    assert found == {
        "Arn": rule.arn, "EventBusName": "default", "Name": rule.name, "ScheduleExpression": f"rate({rate})",
        "State": "DISABLED",
    }


@pytest.mark.parametrize("rate", NO_RATES)
def test_what_is_no_rate(events, rate):
    """Recorded: test_put_rule_with_invalid_schedule_rate."""
    with not_valid("ScheduleExpression"):
        events.schedule(f"rate({rate})")


@pytest.mark.parametrize("expression", [
    " rate(10 minutes)", "rate(10 minutes) ", "often", "RATE(10 minutes)", "rate 10 minutes", "at(2030-01-01T00:00:00)",
])
def test_what_is_no_schedule(events, expression):
    """Recorded: test_put_rule_with_invalid_schedule_rate."""
    with not_valid("ScheduleExpression"):
        events.schedule(expression)


def test_an_expression_too_long(events):
    with violates(violation("x" * 257, "scheduleExpression", shorter(256))):
        events.schedule("x" * 257)


def test_only_on_the_default_bus(events, bus):
    """Recorded: tests_put_rule_with_schedule_custom_event_bus."""
    with invalid("ScheduleExpression is supported only on the default event bus."):
        events.schedule("rate(1 minute)", bus=bus)


def test_a_pattern_besides(events):
    """AWS: PutRule; a rule can have both, and then it fires on events as well as on a schedule."""
    rule = events.rule({"source": ["shop"]}, ScheduleExpression="rate(1 day)")
    inbox = rule.queue()
    events.put({"n": 1})
    assert inbox.details() == [{"n": 1}]
    assert {"EventPattern", "ScheduleExpression"} <= set(rule.describe())


def test_events_do_not_fire_it(ticking, steered_events):
    """Recorded: tests_scheduled_rule_does_not_trigger_on_put_events."""
    _, inbox = ticking("rate(1 minute)")
    steered_events.put()
    assert inbox.events() == []


def test_what_it_sends(ticking, steered_events):
    """Recorded: tests_schedule_rate_target_sqs."""
    rule, inbox = ticking("rate(1 minute)")
    steered_events.clock.advance(60)
    found = json.loads(inbox.arrival()["Body"])
    assert re.fullmatch(UUID, found.pop("id"))
    assert found == {
        "version": "0", "detail-type": "Scheduled Event", "source": "aws.events", "account": steered_events.account,
        "time": iso(steered_events.clock.now_ms()), "region": "us-east-1", "resources": [rule.arn], "detail": {},
    }


def test_its_input_may_be_shaped(ticking, steered_events):
    _, inbox = ticking("rate(1 minute)", Input='{"do": "it"}')
    steered_events.clock.advance(60)
    assert inbox.arrival()["Body"] == '{"do": "it"}'


def test_other_rules_do_not_hear_it(ticking, steered_events):
    """AWS: a scheduled event goes to the rule that is scheduled, and to nobody else."""
    listener = steered_events.listen({"source": ["aws.events"]})
    _, inbox = ticking("rate(1 minute)")
    steered_events.clock.advance(60)
    inbox.arrival()
    assert listener.events() == []


def test_disabled_it_does_not_fire(ticking, steered_events):
    rule, inbox = ticking("rate(1 minute)")
    rule.disable()
    steered_events.clock.advance(180)
    rule.enable()
    steered_events.clock.advance(60)
    assert inbox.arrivals(1)


def test_now(events):
    """LocalStack's page: /_aws/events/rules/<arn>/trigger."""
    rule = events.schedule("rate(30 days)")
    inbox = rule.queue()
    events.server.admin("POST", f"/_aws/events/rules/{rule.arn}/trigger")
    assert inbox.arrival()


def test_a_rule_gone_is_silent(steered_events):
    rule = steered_events.schedule("rate(1 minute)")
    inbox = rule.queue()
    rule.remove()
    steered_events.clock.advance(120)
    assert inbox.events() == []


def test_it_waits_for_nobody_but_the_clock(ticking, steered_events):
    """Ten minutes at once are ten events."""
    _, inbox = ticking("rate(1 minute)")
    start = steered_events.clock.now_ms()
    steered_events.clock.advance(600)
    until(lambda: steered_events.counts(inbox.url)[0] >= 10, "ten events")
    assert sorted(event["time"] for event in inbox.events()) == [iso(start + 60_000 * n) for n in range(1, 11)]
