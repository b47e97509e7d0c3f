"""The targets of rules."""

import pytest

from support.events_refusals import (
    fits, invalid, longer, refused, rule_missing, shorter, too_many, violates, violation,
)
from support.world import members


def queue_target(events, id: str, **parameters) -> dict:
    return {"Id": id, "Arn": events.inbox().arn, **parameters}


def test_put_listed_removed(events, bus):
    """Recorded: test_put_list_remove_target."""
    rule, inbox = events.rule(bus=bus), events.inbox()
    answer = rule.put_targets({"Id": "mine", "Arn": inbox.arn})
    assert members(answer) == {"FailedEntries", "FailedEntryCount"}
    assert (answer["FailedEntries"], answer["FailedEntryCount"]) == ([], 0)
    assert rule.targets() == [{"Id": "mine", "Arn": inbox.arn}]
    answer = events.events.remove_targets(Rule=rule.name, EventBusName=bus, Ids=["mine"])
    assert (answer["FailedEntries"], answer["FailedEntryCount"]) == ([], 0)
    assert rule.targets() == []


def test_a_target_comes_back_as_it_was_put(events, rule):
    target = queue_target(
        events, "1", InputTransformer={"InputPathsMap": {"a": "$.detail.a"}, "InputTemplate": '"<a>"'},
        RetryPolicy={"MaximumRetryAttempts": 3, "MaximumEventAgeInSeconds": 60},
        DeadLetterConfig={"Arn": events.inbox().arn}, SqsParameters={"MessageGroupId": "g"},
    )
    rule.put_targets(target)
    assert rule.targets() == [target]


def test_an_id_put_again_is_replaced(events, rule):
    rule.put_targets(queue_target(events, "1", Input='{"n": 1}'))
    after = queue_target(events, "1")
    rule.put_targets(after)
    assert rule.targets() == [after]


def test_the_same_arn_twice_is_two_targets(events, rule):
    """Recorded: test_put_multiple_targets_with_same_arn_single_rule."""
    inbox = events.inbox()
    for id in ("1", "2"):
        rule.target(inbox.arn, id)
    assert len(rule.targets()) == 2
    events.put()
    assert len(inbox.events()) == 2


def test_the_same_arn_of_two_rules(events):
    """Recorded: test_put_multiple_targets_with_same_arn_across_different_rules."""
    inbox = events.inbox()
    for _ in range(2):
        events.rule().target(inbox.arn, "same")
    events.put()
    assert len(inbox.events()) == 2


def test_five_and_no_more(events, rule):
    """Recorded: test_add_exceed_fife_targets_per_rule."""
    rule.put_targets(*[queue_target(events, str(number)) for number in range(5)])
    with too_many():
        rule.put_targets(queue_target(events, "one-more"))
    assert len(rule.targets()) == 5


def test_six_at_once_are_none(events, rule):
    """Recorded: test_add_exceed_fife_targets_per_rule."""
    with too_many():
        rule.put_targets(*[queue_target(events, str(number)) for number in range(6)])
    assert rule.targets() == []


def test_rules_of_a_target(events, bus):
    """Recorded: test_list_rule_names_by_target."""
    inbox = events.inbox()
    for name in ("b", "a"):
        events.rule(name=name, bus=bus).target(inbox.arn)
    events.rule(name="c", bus=bus).queue()
    found = events.events.list_rule_names_by_target(TargetArn=inbox.arn, EventBusName=bus)
    assert members(found) == {"RuleNames"}
    assert found["RuleNames"] == ["a", "b"]
    assert events.events.list_rule_names_by_target(TargetArn=inbox.arn)["RuleNames"] == []


@pytest.mark.parametrize("call", [
    lambda events: events.events.put_targets(Rule="nothing", Targets=[queue_target(events, "1")]),
    lambda events: events.events.remove_targets(Rule="nothing", Ids=["1"]),
    lambda events: events.events.list_targets_by_rule(Rule="nothing"),
])
def test_a_rule_that_is_not_there(events, call):
    with rule_missing("nothing"):
        call(events)


def test_removed_it_gets_nothing(events, rule):
    inbox = rule.queue()
    events.events.remove_targets(Rule=rule.name, Ids=["1"])
    events.put()
    assert inbox.events() == []


@pytest.mark.parametrize("more", [
    {"Input": "{}", "InputPath": "$.detail"},
    {"Input": "{}", "InputTransformer": {"InputTemplate": '"x"'}},
    {"InputPath": "$.detail", "InputTransformer": {"InputTemplate": '"x"'}},
])
def test_one_way_to_shape_the_input(events, rule, more):
    """Recorded: test_put_event_input_path_and_input_transformer."""
    with invalid("Only one of Input, InputPath, or InputTransformer must be provided for target mine."):
        rule.put_targets(queue_target(events, "mine", **more))
    assert rule.targets() == []


def test_a_placeholder_nobody_fills(events, rule):
    """AWS: `InputTemplate for target <id> contains invalid placeholder <name>.`"""
    with invalid("InputTemplate for target mine contains invalid placeholder nobody."):
        rule.put_targets(queue_target(events, "mine", InputTransformer={
            "InputPathsMap": {"a": "$.detail.a"}, "InputTemplate": '{"b": <nobody>}',
        }))


@pytest.mark.parametrize("id", ["a b", "a/b", "ä"])
def test_an_id_of_other_characters(events, rule, id):
    """Recorded: test_put_target_id_validation."""
    with violates(violation(id, "targets.1.member.id", fits(r"[\.\-_A-Za-z0-9]+"))):
        rule.put_targets(queue_target(events, id))


def test_an_id_too_long(events, rule):
    """Recorded: test_put_target_id_validation."""
    with violates(violation("x" * 65, "targets.1.member.id", shorter(64))):
        rule.put_targets(queue_target(events, "x" * 65))
    rule.put_targets(queue_target(events, "x" * 64))


def test_the_second_of_two(events, rule):
    with violates(violation("a b", "targets.2.member.id", fits(r"[\.\-_A-Za-z0-9]+"))):
        rule.put_targets(queue_target(events, "1"), queue_target(events, "a b"))
    assert rule.targets() == []


def test_no_targets_and_no_ids(events, rule):
    with violates(violation("[]", "targets", longer(1))):
        rule.put_targets()
    with violates(violation("[]", "ids", longer(1))):
        events.events.remove_targets(Rule=rule.name, Ids=[])


def test_an_arn_that_is_none(events, rule):
    """AWS's words, as users report them."""
    with invalid("Parameter nonsense is not valid. Reason: Provided Arn is not in correct format."):
        rule.put_targets({"Id": "1", "Arn": "nonsense"})


@pytest.mark.parametrize("resource", [
    "s3:::bucket", "dynamodb:us-east-1:{}:table/t", "iam::{}:role/r", "foo:us-east-1:{}:x",
    "lambda:us-east-1:{}:layer:l:1", "lambda:us-east-1:{}:function", "logs:us-east-1:{}:g",
    "ecs:us-east-1:{}:service/c/s", "events:us-east-1:{}:rule/r", "sns:us-east-1:{}:t:11111111-2222-3333-4444-555555555555",
])
def test_an_arn_of_what_is_no_target(events, rule, resource):
    """AWS: EventBridge User Guide, "Event bus targets", has them all."""
    arn = "arn:aws:" + resource.format(events.account)
    with invalid(f"Parameter {arn} is not valid. Reason: Provided Arn is not in correct format."):
        rule.put_targets({"Id": "1", "Arn": arn, "RoleArn": events.role})
    assert rule.targets() == []


@pytest.mark.parametrize("resource", [
    "ssm:us-east-1:{}:automation-definition/AWS-Restart:$DEFAULT",
    "ssm:us-east-1:{}:opsitem", "ssm-incidents::{}:response-plan/p", "imagebuilder:us-east-1:{}:image-pipeline/p",
    "glue:us-east-1:{}:workflow/w", "redshift-serverless:us-east-1:{}:workgroup/w",
    "events:us-east-1:{}:target/create-snapshot",
])
def test_rarer_targets(events, rule, resource):
    rule.target("arn:aws:" + resource.format(events.account), RoleArn=events.role)


def test_a_log_group_as_cloudformation_has_it(events, rule):
    """AWS: aws-samples/serverless-patterns#221."""
    rule.target(f"arn:aws:logs:us-east-1:{events.account}:log-group:/aws/events/g:*")


def test_a_document_of_aws(events, rule):
    rule.target(
        "arn:aws:ssm:us-east-1::document/AWS-RunShellScript", RoleArn=events.role,
        RunCommandParameters={"RunCommandTargets": [{"Key": "tag:role", "Values": ["web"]}]},
    )


@pytest.mark.parametrize("resource", ["events:us-east-1:{}:event-bus/default", "sns:us-east-1:{}:t"])
def test_another_account_needs_a_role(events, other, rule, resource):
    """AWS: "Sending events to an AWS service in another account"; buses since 2023."""
    arn = "arn:aws:" + resource.format(other.account)
    with invalid(f"RoleArn is required for target {arn}."):
        rule.put_targets({"Id": "1", "Arn": arn})
    rule.target(arn, RoleArn=events.role)
    rule.target("arn:aws:" + resource.format(events.account), "2")


def test_a_stream_may_be_written_in_the_role_of_the_rule(events):
    """As in Terraform's acceptance tests of aws_cloudwatch_event_target."""
    arn = f"arn:aws:kinesis:{events.region}:{events.account}:stream/s"
    with invalid(f"RoleArn is required for target {arn}."):
        events.rule().put_targets({"Id": "1", "Arn": arn})
    events.rule(RoleArn=events.role).target(arn)


@pytest.mark.parametrize("where", ["another account", "another region"])
def test_a_bus_elsewhere_needs_a_role_once(events, other, rule, where):
    """AWS: PutTargets; put again without a role, the target keeps the one it has."""
    arn = (other if where == "another account" else events.in_region("eu-west-1")).bus_arn()
    with invalid(f"RoleArn is required for target {arn}."):
        rule.put_targets({"Id": "1", "Arn": arn})
    target = {"Id": "1", "Arn": arn, "RoleArn": events.role}
    rule.put_targets(target)
    rule.put_targets({"Id": "1", "Arn": arn})
    assert rule.targets() == [target]


@pytest.mark.parametrize("more", [{"Input": "{}"}, {"InputPath": "$.detail"}])
def test_another_account_s_bus_gets_no_input(events, other, rule, more):
    """AWS: PutTargets, Input and InputPath. Its words are not known."""
    with refused("ValidationException"):
        rule.put_targets({"Id": "1", "Arn": other.bus_arn(), "RoleArn": events.role, **more})
    rule.put_targets({"Id": "1", "Arn": events.bus_arn(events.bus()), **more})


def test_an_empty_group_of_a_fifo_queue_is_none(events, rule):
    arn = f"arn:aws:sqs:us-east-1:{events.account}:q.fifo"
    with invalid("Parameter(s) SqsParameters must be specified for target: 1."):
        rule.put_targets({"Id": "1", "Arn": arn, "SqsParameters": {"MessageGroupId": ""}})


def test_a_dead_letter_queue_is_in_the_region(events, rule):
    """AWS: "Using dead-letter queues"; the same Region, if need be another account."""
    dead = f"arn:aws:sqs:{{}}:{events.account}:q"
    with refused("ValidationException"):
        rule.put_targets(queue_target(events, "1", DeadLetterConfig={"Arn": dead.format("eu-west-1")}))
    rule.put_targets(queue_target(events, "1", DeadLetterConfig={"Arn": dead.format("us-east-1")}))


def test_a_dead_letter_queue_is_a_queue(events, rule):
    with refused("ValidationException"):
        rule.put_targets(queue_target(events, "1", DeadLetterConfig={"Arn": events.bus_arn()}))
