"""Rules: put, described, listed, switched off and on, deleted."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from support.events_refusals import (
    bus_missing, fits, invalid, longer, not_a_pattern, not_one_of, not_valid, refused, rule_missing, shorter, too_many,
    violates,
    violation,
)
from support.world import members

PATTERN = '{"source": ["shop"],  "detail-type": ["OrderCreated"]}'
STATES = {"ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"}


def names(events, **arguments) -> list[str]:
    return [rule["Name"] for rule in events.events.list_rules(**arguments)["Rules"]]


def test_the_arn_on_the_default_bus(events):
    """Recorded: test_put_list_with_prefix_describe_delete_rule."""
    assert events.rule(name="r").arn == f"arn:aws:events:us-east-1:{events.account}:rule/r"
    assert events.rule(name="r", bus="default").arn == events.rule(name="r").arn


def test_the_arn_on_a_bus(events, bus):
    """Recorded: test_put_list_with_prefix_describe_delete_rule."""
    arn = f"arn:aws:events:us-east-1:{events.account}:rule/{bus}/r"
    assert events.rule(name="r", bus=bus).arn == arn
    assert events.rule(name="r", bus=events.bus_arn(bus)).arn == arn


def test_what_is_answered(events):
    assert members(events.events.put_rule(Name="r", EventPattern=PATTERN)) == {"RuleArn"}


def test_the_list_has_these_members(events, bus):
    """Recorded: test_put_list_with_prefix_describe_delete_rule."""
    rule = events.rule(PATTERN, bus, "r")
    (found,) = events.events.list_rules(EventBusName=bus, NamePrefix="r")["Rules"]
    assert found == {"Arn": rule.arn, "EventBusName": bus, "EventPattern": PATTERN, "Name": "r", "State": "ENABLED"}


def test_the_description_names_who_made_it(events, bus):
    """Recorded: test_put_list_with_prefix_describe_delete_rule."""
    rule = events.rule(PATTERN, bus, "r")
    found = rule.describe()
    assert {name: found[name] for name in members(found)} == {
        "Arn": rule.arn, "CreatedBy": events.account, "EventBusName": bus, "EventPattern": PATTERN, "Name": "r",
        "State": "ENABLED",
    }


def test_a_rule_has_what_it_was_given(events):
    rule = events.rule(PATTERN, Description="Mine", RoleArn=events.role, State="DISABLED")
    found = rule.describe()
    assert (found["Description"], found["RoleArn"], found["State"]) == ("Mine", events.role, "DISABLED")


def test_putting_it_again_forgets_what_is_not_told(events):
    """AWS: PutRule; parameters that are left out are replaced with null."""
    rule = events.rule(PATTERN, name="r", Description="Mine", State="DISABLED")
    events.rule('{"source": ["bills"]}', name="r")
    found = rule.describe()
    assert (found["EventPattern"], found["State"]) == ('{"source": ["bills"]}', "ENABLED")
    assert "Description" not in found


def test_putting_it_again_keeps_its_targets(events, rule):
    inbox = rule.queue()
    events.rule('{"source": ["bills"]}', name=rule.name)
    assert [target["Arn"] for target in rule.targets()] == [inbox.arn]
    events.put(Source="shop")
    events.put(Source="bills")
    assert inbox.event()["source"] == "bills"


def test_the_list_by_prefix(events):
    for name in ("b-2", "a", "b-1"):
        events.rule(name=name)
    assert names(events, NamePrefix="b-") == ["b-1", "b-2"]
    assert names(events) == ["a", "b-1", "b-2"]


def test_an_unknown_rule(events, bus):
    """Recorded: test_describe_nonexistent_rule."""
    with rule_missing("nothing"):
        events.events.describe_rule(Name="nothing")
    with rule_missing("nothing", bus):
        events.events.describe_rule(Name="nothing", EventBusName=bus)


@pytest.mark.parametrize("call", ["enable_rule", "disable_rule"])
def test_switching_an_unknown_rule(events, call):
    with rule_missing("nothing"):
        getattr(events.events, call)(Name="nothing")


def test_a_rule_of_an_unknown_bus(events):
    for call in (events.events.list_rules, lambda **named: events.rule(bus=named["EventBusName"])):
        with bus_missing("nothing"):
            call(EventBusName="nothing")


def test_off_and_on(events, bus):
    """Recorded: test_disable_re_enable_rule."""
    rule = events.rule(bus=bus)
    assert members(events.events.disable_rule(Name=rule.name, EventBusName=bus)) == set()
    assert rule.describe()["State"] == "DISABLED"
    assert members(events.events.enable_rule(Name=rule.name, EventBusName=bus)) == set()
    assert rule.describe()["State"] == "ENABLED"


def test_switched_off_it_lets_nothing_through(events, rule):
    """Recorded: test_disable_re_enable_rule."""
    inbox = rule.queue()
    rule.disable()
    events.put({"n": 1})
    rule.enable()
    events.put({"n": 2})
    assert inbox.details() == [{"n": 2}]


def test_all_management_events_is_on_too(events):
    inbox = events.rule(State="ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS").queue()
    events.put({"n": 1})
    assert inbox.details() == [{"n": 1}]


def test_a_schedule_has_nothing_to_do_with_management_events(events):
    state = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
    with invalid(f"{state} rule state is not supported with scheduled rule expressions."):
        events.schedule("rate(1 day)", State=state)


def test_a_state_there_is_not(events):
    with not_one_of("ON", "state", STATES):
        events.rule(State="ON")


def test_deleted_it_is_gone(events, bus):
    """Recorded: test_put_list_with_prefix_describe_delete_rule."""
    rule = events.rule(bus=bus)
    assert members(events.events.delete_rule(Name=rule.name, EventBusName=bus)) == set()
    assert names(events, EventBusName=bus) == []
    with rule_missing(rule.name, bus):
        rule.describe()


def test_deleting_what_is_not_there_is_no_error(events):
    assert members(events.events.delete_rule(Name="nothing")) == set()


@pytest.mark.parametrize("force", [False, True])
def test_with_targets_it_stays(events, rule, force):
    """Recorded: test_delete_rule_with_targets. AWS: Force is about managed rules only."""
    rule.queue()
    with invalid("Rule can't be deleted since it has targets."):
        events.events.delete_rule(Name=rule.name, Force=force)


def test_a_rule_needs_something_to_fire_it(events):
    """AWS: PutRule; a rule must have an EventPattern or a ScheduleExpression. Its words are not recorded."""
    with refused("ValidationException"):
        events.events.put_rule(Name="r")


@pytest.mark.parametrize("name", ["a b", "a/b", "ä"])
def test_names_that_are_none(events, name):
    with violates(violation(name, "name", fits(r"[\.\-_A-Za-z0-9]+"))):
        events.rule(name=name)


def test_a_name_too_short_and_one_too_long(events):
    with violates(violation("", "name", longer(1)), violation("", "name", fits(r"[\.\-_A-Za-z0-9]+"))):
        events.events.put_rule(Name="", EventPattern=PATTERN)
    with violates(violation("x" * 65, "name", shorter(64))):
        events.rule(name="x" * 65)


def test_a_pattern_too_long(events):
    pattern = '{"source": ["' + "x" * 4096 + '"]}'
    with violates(violation(pattern, "eventPattern", shorter(4096))):
        events.rule(pattern)


def test_a_description_too_long(events):
    with violates(violation("x" * 513, "description", shorter(512))):
        events.rule(Description="x" * 513)


def test_a_pattern_that_is_none(events):
    with not_a_pattern(
        '"source" must be an object or an array\n at [Source: (String)"{"source": "x"}"; line: 1, column: 13]'
    ):
        events.rule('{"source": "x"}')
    assert names(events) == []


def test_an_arn_that_names_no_bus(events):
    with refused("ValidationException"):
        events.rule(bus=f"arn:aws:sqs:us-east-1:{events.account}:queue")


def test_a_bus_of_another_region(events):
    """Quoted in terraform-provider-aws#31444."""
    elsewhere = events.in_region("eu-west-1").bus_arn()
    calls = (
        lambda: events.rule(bus=elsewhere),
        lambda: names(events, EventBusName=elsewhere),
        lambda: events.events.describe_event_bus(Name=elsewhere),
    )
    for call in calls:
        with invalid("Cross-region api call is not allowed."):
            call()


def test_three_hundred_rules(events, bus):
    """AWS: quotas; three hundred rules a bus."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: events.rule(PATTERN, bus, f"rule-{number}"), range(300)))
    with too_many():
        events.rule(PATTERN, bus, "one-more")
    events.rule(PATTERN, bus, "rule-7", Description="an old one may be put again")


def test_accounts_and_regions_do_not_see_each_other(events, other, rule):
    assert names(other) == names(events.in_region("eu-west-1")) == []


def test_a_schedule_that_is_none(events):
    with not_valid("ScheduleExpression"):
        events.schedule("often")
