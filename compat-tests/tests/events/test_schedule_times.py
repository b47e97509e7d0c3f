"""When schedules fire, to the millisecond: a clock that stands still just before, and then does not.

The first of January 2027 is a Friday. AWS: schedules of rules are in UTC.
"""

import calendar as months
import datetime
import json

import pytest

from support.waiting import until


def ms(*moment: int) -> int:
    return months.timegm(datetime.datetime(*moment).timetuple()) * 1000


NEW_YEAR = ms(2027, 1, 1)
CRONS = [
    ("0 10 * * ? *", [(2027, 1, 1, 10), (2027, 1, 2, 10)]),
    ("0/15 * * * ? *", [(2027, 1, 1, 0, 15), (2027, 1, 1, 0, 30), (2027, 1, 1, 0, 45), (2027, 1, 1, 1, 0)]),
    ("5,35 14 * * ? *", [(2027, 1, 1, 14, 5), (2027, 1, 1, 14, 35), (2027, 1, 2, 14, 5)]),
    ("0 18 ? * MON-FRI *", [(2027, 1, 1, 18), (2027, 1, 4, 18), (2027, 1, 5, 18)]),
    ("0 8 1 * ? *", [(2027, 1, 1, 8), (2027, 2, 1, 8), (2027, 3, 1, 8)]),
    ("0 0 L * ? *", [(2027, 1, 31), (2027, 2, 28), (2027, 3, 31)]),
    ("0 12 LW * ? *", [(2027, 1, 29, 12), (2027, 2, 26, 12), (2027, 3, 31, 12)]),
    # The third is a Sunday, so the nearest weekday is Monday the fourth.
    ("0 0 3W * ? *", [(2027, 1, 4), (2027, 2, 3), (2027, 3, 3)]),
    # The first of May 2027 is a Saturday; a nearest weekday stays in its month.
    ("0 0 1W MAY ? *", [(2027, 5, 3), (2028, 5, 1)]),
    ("0 0 ? * 6L *", [(2027, 1, 29), (2027, 2, 26), (2027, 3, 26)]),
    ("0 0 ? * 3#2 *", [(2027, 1, 12), (2027, 2, 9), (2027, 3, 9)]),
    ("0 0 ? * SAT#5 *", [(2027, 1, 30), (2027, 5, 29), (2027, 7, 31)]),
    ("0 0 ? * SUN *", [(2027, 1, 3), (2027, 1, 10)]),
    ("0 0 ? * 1,7 *", [(2027, 1, 2), (2027, 1, 3), (2027, 1, 9)]),
    ("0 0 29 2 ? *", [(2028, 2, 29), (2032, 2, 29)]),
    ("30 6 1 JAN,JUL ? 2028-2029", [(year, month, 1, 6, 30) for year in (2028, 2029) for month in (1, 7)]),
    ("0 0/12 31 * ? *", [(2027, 1, 31, 0), (2027, 1, 31, 12), (2027, 3, 31, 0)]),
]


def fires_at(world, inbox, expected_ms: int) -> None:
    """Nothing comes a millisecond before; then one event does, and says when."""
    world.clock.set(expected_ms - 1)
    assert inbox.messages() == []
    world.clock.set(expected_ms)
    message = until(lambda: inbox.messages(), f"the event of {expected_ms}")[0]
    assert int(message["Attributes"]["SentTimestamp"]) == expected_ms
    moment = datetime.datetime.fromtimestamp(expected_ms // 1000, datetime.timezone.utc)
    assert json.loads(message["Body"])["time"] == moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert inbox.messages() == []


@pytest.mark.parametrize("fields, moments", CRONS, ids=[fields for fields, _ in CRONS])
def test_cron(calendar, fields, moments):
    world = calendar(NEW_YEAR)
    inbox = world.schedule(f"cron({fields})").queue()
    for moment in moments:
        fires_at(world, inbox, ms(*moment))


@pytest.mark.parametrize("rate, period_ms", [
    ("1 minute", 60_000), ("5 minutes", 300_000), ("1 hour", 3_600_000), ("12 hours", 43_200_000),
    ("1 day", 86_400_000),
    ("7 days", 604_800_000),
])
def test_rate(calendar, rate, period_ms):
    """AWS: the period begins when the rule is made."""
    made_ms = NEW_YEAR + 12_345
    world = calendar(made_ms)
    inbox = world.schedule(f"rate({rate})").queue()
    for number in (1, 2, 3):
        fires_at(world, inbox, made_ms + number * period_ms)


def test_years_that_are_over(calendar):
    """Recorded: tests_put_rule_with_schedule_cron takes 2002-2005. It never fires."""
    world = calendar(NEW_YEAR)
    inbox = world.schedule("cron(* * * * ? 2002-2005)").queue()
    world.clock.set(ms(2028, 1, 1))
    assert inbox.messages() == []


def test_not_in_the_minute_it_was_made_in(calendar):
    world = calendar(ms(2027, 1, 1, 10, 0, 30))
    inbox = world.schedule("cron(0 10 * * ? *)").queue()
    fires_at(world, inbox, ms(2027, 1, 2, 10))


def times(inbox, count: int) -> list[int]:
    """When the events that arrive say they fired; there are so many, and no more."""
    found = []

    def look():
        found.extend(json.loads(message["Body"])["time"] for message in inbox.messages())
        return len(found) >= count

    until(look, f"{count} events")
    assert inbox.messages() == []
    return sorted(months.timegm(datetime.datetime.strptime(time, "%Y-%m-%dT%H:%M:%SZ").timetuple()) for time in found)


@pytest.mark.parametrize("expression, days, expected", [
    ("rate(1 day)", 10, 10), ("cron(0 8 ? * MON-FRI *)", 7, 5), ("rate(12 hours)", 30, 60),
])
def test_days_at_once(calendar, expression, days, expected):
    """A clock that is moved makes every moment fire, however far away."""
    world = calendar(NEW_YEAR)
    inbox = world.schedule(expression).queue()
    world.clock.advance(days * 86_400)
    assert len(set(times(inbox, expected))) == expected


def test_more_than_anybody_waits_for(calendar):
    """Ten thousand moments of a rule are made up for, and then it goes on."""
    world = calendar(NEW_YEAR)
    inbox = world.schedule("rate(1 minute)").queue()
    world.clock.set(NEW_YEAR + 10_050 * 60_000)
    until(lambda: world.counts(inbox.url)[0] >= 10_000, "ten thousand events")
    world.clock.advance(60)
    until(lambda: world.counts(inbox.url)[0] >= 10_001, "one more")
    assert world.counts(inbox.url)[0] == 10_001


@pytest.mark.parametrize("expression", ["rate(1 minute)", "cron(* * * * ? *)"])
def test_a_clock_set_back(calendar, expression):
    world = calendar(NEW_YEAR + 86_400_000)
    inbox = world.schedule(expression).queue()
    world.clock.set(NEW_YEAR)
    world.clock.advance(30)
    assert inbox.messages() == []
    for minute in (1, 2, 3):
        world.clock.set(NEW_YEAR + minute * 60_000)
        assert times(inbox, 1) == [NEW_YEAR // 1000 + minute * 60]


def test_a_rule_of_the_future(life):
    """Put while the clock was ahead; the server starts anew with the time of the wall."""
    world = life()
    world.clock.advance(18 * 86_400)
    rule = world.schedule("rate(1 minute)")
    url = world.queue("inbox")
    rule.target(world.arn(url))
    world = life()
    world.clock.freeze()
    world.clock.advance(180)
    until(lambda: world.counts(url)[0] >= 2, "two events")


def test_a_schedule_goes_on_after_a_restart(life):
    """Kill -9 between two firings loses none."""
    world = life()
    start = world.clock.now_ms() + 1000
    world.clock.set(start)
    rule = world.schedule("rate(1 minute)")
    url = world.queue("inbox")
    rule.target(world.arn(url))
    world = life()
    world.clock.set(start + 60_000)
    found = until(lambda: world.receive("inbox", AttributeNames=["All"]), "the event")
    assert len(found) == 1
    assert json.loads(found[0]["Body"])["resources"] == [rule.arn]
