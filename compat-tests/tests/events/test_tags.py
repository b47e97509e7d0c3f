"""Tags of buses and rules."""

import pytest

from support.events_refusals import bus_missing, longer, refused, rule_missing, shorter, violates, violation
from support.world import members

A, B = {"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}


@pytest.fixture(params=["bus", "rule on the default bus", "rule on a bus"])
def resource(request, events) -> str:
    """The ARN of something to tag."""
    if request.param == "bus":
        return events.bus_arn(events.bus())
    return events.rule(bus=events.bus() if request.param == "rule on a bus" else None).arn


def tags(events, arn: str) -> list[dict]:
    answer = events.events.list_tags_for_resource(ResourceARN=arn)
    assert members(answer) == {"Tags"}
    return sorted(answer["Tags"], key=lambda tag: tag["Key"])


def test_without_tags_the_list_is_empty(events, resource):
    """Recorded: test_recreate_tagged_resource_without_tags."""
    assert tags(events, resource) == []


def test_tag_list_untag(events, resource):
    """Recorded: tests_tag_untag_resource."""
    assert members(events.events.tag_resource(ResourceARN=resource, Tags=[A, B])) == set()
    assert tags(events, resource) == [A, B]
    assert members(events.events.untag_resource(ResourceARN=resource, TagKeys=["a"])) == set()
    assert tags(events, resource) == [B]


def test_an_unknown_key(events, resource):
    """Recorded: tests_tag_untag_resource."""
    events.events.tag_resource(ResourceARN=resource, Tags=[A])
    events.events.untag_resource(ResourceARN=resource, TagKeys=["nothing"])
    assert tags(events, resource) == [A]


def test_a_key_again(events, resource):
    events.events.tag_resource(ResourceARN=resource, Tags=[A])
    events.events.tag_resource(ResourceARN=resource, Tags=[{"Key": "a", "Value": ""}])
    assert tags(events, resource) == [{"Key": "a", "Value": ""}]


def test_given_at_birth(events):
    """Recorded: test_create_event_bus_with_tags, test_put_rule_with_tags."""
    bus = events.bus(Tags=[A, B])
    assert tags(events, events.bus_arn(bus)) == [A, B]
    assert tags(events, events.rule(bus=bus, Tags=[A]).arn) == [A]


def test_putting_a_rule_again_leaves_them(events):
    """AWS: PutRule; tags of an existing rule are not changed."""
    rule = events.rule(Tags=[A])
    events.rule(name=rule.name, Tags=[B])
    assert tags(events, rule.arn) == [A]


def test_made_again_it_has_none(events):
    """Recorded: test_recreate_tagged_resource_without_tags."""
    bus = events.bus("orders", Tags=[A])
    rule = events.rule(bus=bus, Tags=[B])
    rule.remove()
    assert tags(events, events.rule(bus=bus, name=rule.name).arn) == []
    events.events.delete_rule(Name=rule.name, EventBusName=bus)
    events.events.delete_event_bus(Name=bus)
    events.bus("orders")
    assert tags(events, events.bus_arn("orders")) == []


CALLS = {
    "tag": lambda events, arn: events.events.tag_resource(ResourceARN=arn, Tags=[A]),
    "untag": lambda events, arn: events.events.untag_resource(ResourceARN=arn, TagKeys=["a"]),
    "list": tags,
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_rule_there_is_not(events, bus, call):
    """Recorded: tests_tag_list_untag_not_existing_resource."""
    with rule_missing("nothing"):
        call(events, events.resource("rule", "nothing"))
    with rule_missing("nothing", bus):
        call(events, events.resource("rule", f"{bus}/nothing"))


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_bus_there_is_not(events, call):
    """Recorded: tests_tag_list_untag_not_existing_resource."""
    with bus_missing("nothing"):
        call(events, events.bus_arn("nothing"))


def test_a_deleted_bus(events, bus):
    """Recorded: test_list_tags_for_deleted_event_bus."""
    events.events.delete_event_bus(Name=bus)
    with bus_missing(bus):
        tags(events, events.bus_arn(bus))


def test_a_deleted_rule(events, bus):
    """Recorded: test_list_tags_for_deleted_rule."""
    rule = events.rule(bus=bus)
    rule.remove()
    with rule_missing(rule.name, bus):
        tags(events, rule.arn)


def test_a_rule_of_an_archive_is_aws_s(events):
    """AWS: TagResource and UntagResource, ManagedRuleException."""
    events.archive(name="all")
    arn = events.resource("rule", "Events-Archive-all")
    for change in (CALLS["tag"], CALLS["untag"]):
        with refused("ManagedRuleException"):
            change(events, arn)
    assert tags(events, arn) == []


def test_values_that_are_none(events, bus):
    arn = events.bus_arn(bus)
    with violates(violation("", "tags.1.member.key", longer(1))):
        events.events.tag_resource(ResourceARN=arn, Tags=[{"Key": "", "Value": "v"}])
    with violates(violation("x" * 129, "tags.1.member.key", shorter(128))):
        events.events.tag_resource(ResourceARN=arn, Tags=[{"Key": "x" * 129, "Value": "v"}])
    with violates(violation("x" * 257, "tags.1.member.value", shorter(256))):
        events.events.tag_resource(ResourceARN=arn, Tags=[{"Key": "k", "Value": "x" * 257}])


def test_fifty_and_no_more(events, bus):
    """AWS: a resource has at most fifty tags. Its words are not recorded."""
    arn = events.bus_arn(bus)
    events.events.tag_resource(ResourceARN=arn, Tags=[{"Key": f"k{n}", "Value": "v"} for n in range(50)])
    with refused("ValidationException"):
        events.events.tag_resource(ResourceARN=arn, Tags=[A])
    assert len(tags(events, arn)) == 50


def test_a_resource_of_somebody_else(events, other):
    with refused("ResourceNotFoundException"):
        tags(other, events.bus_arn(events.bus()))
