"""Every operation of EventBridge through both CLIs; each is called once, and all around it is done through boto3.

Those about connections, API destinations, global endpoints and partners are in `test_cli_events_outside.py`.
"""

import datetime
import json
import pathlib

import botocore
import pytest

from support.cli import Refused
from support.events_world import Inbox, Rule, entry

PATTERN = '{"source": ["shop"]}'
FRIEND = "123456789012"


@pytest.fixture
def bus(events) -> str:
    return events.bus("orders")


@pytest.fixture
def rule(events) -> Rule:
    return events.rule(PATTERN, name="r")


@pytest.fixture
def inbox(rule) -> Inbox:
    return rule.queue("mine")


@pytest.fixture
def archive(events) -> str:
    return events.archive(name="a")


@pytest.fixture
def replay(events, archive) -> str:
    end = events.now() - datetime.timedelta(seconds=5)
    name = events.replay(archive, end - datetime.timedelta(hours=1), end, name="again")
    events.replayed(name)
    return name


# -- buses ----------------------------------------------------------------------------------------


def test_create_event_bus(cli, events):
    answer = cli.events("create-event-bus", "--name", "orders", "--tags", "Key=a,Value=b")
    assert answer == {"EventBusArn": events.bus_arn("orders")}
    assert events.events.list_tags_for_resource(
        ResourceARN=events.bus_arn("orders")
    )["Tags"] == [{"Key": "a", "Value": "b"}]


def test_delete_event_bus(cli, events, bus):
    assert cli.events("delete-event-bus", "--name", bus) is None
    assert [found["Name"] for found in events.events.list_event_buses()["EventBuses"]] == ["default"]


def test_describe_event_bus(cli, events, bus):
    answer = cli.events("describe-event-bus", "--name", bus)
    assert (answer["Name"], answer["Arn"]) == (bus, events.bus_arn(bus))


def test_list_event_buses(cli, bus):
    assert [found["Name"] for found in cli.events("list-event-buses")["EventBuses"]] == ["default", bus]


def test_update_event_bus(cli, version, events, bus):
    if version == "v2":
        pytest.skip("this CLI is older than UpdateEventBus")
    answer = cli.events("update-event-bus", "--name", bus, "--description", "Mine")
    assert answer == {"Arn": events.bus_arn(bus), "Name": bus, "Description": "Mine"}


def test_put_permission(cli, events):
    arguments = ["--action", "events:PutEvents", "--principal", FRIEND, "--statement-id", "s"]
    assert cli.events("put-permission", *arguments) is None
    assert json.loads(events.events.describe_event_bus()["Policy"])["Statement"][0]["Sid"] == "s"


def test_remove_permission(cli, events):
    events.events.put_permission(Action="events:PutEvents", Principal=FRIEND, StatementId="s")
    assert cli.events("remove-permission", "--statement-id", "s") is None
    assert "Policy" not in events.events.describe_event_bus()


# -- rules and targets ----------------------------------------------------------------------------


def test_put_rule(cli, events):
    answer = cli.events("put-rule", "--name", "r", "--event-pattern", PATTERN, "--description", "grüße")
    assert answer == {"RuleArn": events.resource("rule", "r")}
    assert events.events.describe_rule(Name="r")["Description"] == "grüße"


def test_delete_rule(cli, events, rule):
    assert cli.events("delete-rule", "--name", rule.name) is None
    assert events.events.list_rules()["Rules"] == []


def test_describe_rule(cli, events, rule):
    assert cli.events("describe-rule", "--name", rule.name) == {
        "Arn": rule.arn, "CreatedBy": events.account, "EventBusName": "default", "EventPattern": PATTERN,
        "Name": rule.name,
        "State": "ENABLED",
    }


def test_list_rules(cli, rule):
    assert [found["Arn"] for found in cli.events("list-rules")["Rules"]] == [rule.arn]


def test_disable_rule(cli, rule):
    assert cli.events("disable-rule", "--name", rule.name) is None
    assert rule.describe()["State"] == "DISABLED"


def test_enable_rule(cli, rule):
    rule.disable()
    assert cli.events("enable-rule", "--name", rule.name) is None
    assert rule.describe()["State"] == "ENABLED"


def test_put_targets(cli, events, rule):
    target = {"Id": "1", "Arn": events.inbox().arn, "Input": '{"a": 1}'}
    answer = cli.events("put-targets", "--rule", rule.name, "--targets", json.dumps([target]))
    assert answer == {"FailedEntryCount": 0, "FailedEntries": []}
    assert rule.targets() == [target]


def test_remove_targets(cli, rule, inbox):
    answer = cli.events("remove-targets", "--rule", rule.name, "--ids", "mine")
    assert answer == {"FailedEntryCount": 0, "FailedEntries": []}
    assert rule.targets() == []


def test_list_targets_by_rule(cli, rule, inbox):
    assert cli.events("list-targets-by-rule", "--rule", rule.name) == {"Targets": [{"Id": "mine", "Arn": inbox.arn}]}


def test_list_rule_names_by_target(cli, rule, inbox):
    assert cli.events("list-rule-names-by-target", "--target-arn", inbox.arn) == {"RuleNames": [rule.name]}


# -- events ---------------------------------------------------------------------------------------


def test_put_events(cli, inbox):
    entries = [entry({"text": "grüße <&> 🎈"}), entry("broken")]
    answer = cli.events("put-events", "--entries", json.dumps(entries))
    assert answer["FailedEntryCount"] == 1
    assert answer["Entries"][1] == {"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}
    event = inbox.event()
    assert (event["id"], event["detail"]) == (answer["Entries"][0]["EventId"], {"text": "grüße <&> 🎈"})


def test_test_event_pattern(cli, events):
    event = {
        "id": "1", "account": "123456789012", "source": "shop", "time": "2022-07-13T13:48:01Z", "region": "us-east-1",
        "detail-type": "t",
    }
    answer = cli.events("test-event-pattern", "--event-pattern", PATTERN, "--event", json.dumps(event))
    assert answer == {"Result": True}


# -- tags -----------------------------------------------------------------------------------------


def test_tag_resource(cli, events, rule):
    assert cli.events("tag-resource", "--resource-arn", rule.arn, "--tags", "Key=a,Value=1") is None
    assert events.events.list_tags_for_resource(ResourceARN=rule.arn)["Tags"] == [{"Key": "a", "Value": "1"}]


def test_untag_resource(cli, events, rule):
    events.events.tag_resource(ResourceARN=rule.arn, Tags=[{"Key": "a", "Value": "1"}])
    assert cli.events("untag-resource", "--resource-arn", rule.arn, "--tag-keys", "a") is None
    assert events.events.list_tags_for_resource(ResourceARN=rule.arn)["Tags"] == []


def test_list_tags_for_resource(cli, rule):
    assert cli.events("list-tags-for-resource", "--resource-arn", rule.arn) == {"Tags": []}


# -- archives and replays -------------------------------------------------------------------------


def test_create_archive(cli, events):
    answer = cli.events("create-archive", "--archive-name", "a", "--event-source-arn", events.bus_arn())
    assert (answer["ArchiveArn"], answer["State"]) == (events.resource("archive", "a"), "ENABLED")


def test_delete_archive(cli, events, archive):
    assert cli.events("delete-archive", "--archive-name", "a") is None
    assert events.events.list_archives()["Archives"] == []


def test_describe_archive(cli, archive):
    answer = cli.events("describe-archive", "--archive-name", "a")
    assert (answer["ArchiveArn"], answer["EventCount"]) == (archive, 0)


def test_list_archives(cli, archive):
    assert [found["ArchiveName"] for found in cli.events("list-archives")["Archives"]] == ["a"]


def test_update_archive(cli, events, archive):
    answer = cli.events("update-archive", "--archive-name", "a", "--retention-days", "3")
    assert answer["ArchiveArn"] == archive
    assert events.events.describe_archive(ArchiveName="a")["RetentionDays"] == 3


def test_start_replay(cli, events, archive):
    answer = cli.events(
        "start-replay", "--replay-name", "again", "--event-source-arn", archive, "--event-start-time",
        "2026-01-01T00:00:00Z",
        "--event-end-time", "2026-01-02T00:00:00Z", "--destination", f"Arn={events.bus_arn()}",
    )
    assert (answer["ReplayArn"], answer["State"]) == (events.resource("replay", "again"), "STARTING")
    assert events.replayed("again")


def test_describe_replay(cli, archive, replay):
    answer = cli.events("describe-replay", "--replay-name", replay)
    assert (answer["EventSourceArn"], answer["State"]) == (archive, "COMPLETED")


def test_list_replays(cli, replay):
    assert [found["ReplayName"] for found in cli.events("list-replays")["Replays"]] == [replay]


def test_cancel_replay(cli, replay):
    """It is over, which is said; see tests/events/test_replays.py for one that is not."""
    with pytest.raises(Refused, match=r"\(IllegalStatusException\).*CancelReplay"):
        cli.events("cancel-replay", "--replay-name", replay)


# -- all of it ------------------------------------------------------------------------------------


def test_every_operation_has_its_test(events):
    told = "".join(file.read_text() for file in pathlib.Path(__file__).parent.glob("test_cli_events*.py"))
    operations = events.events.meta.service_model.operation_names
    assert len(operations) == 57
    assert [name for name in operations if f"def test_{botocore.xform_name(name)}(" not in told] == []


def test_refusals_are_readable(cli):
    with pytest.raises(
        Refused, match=r"\(ResourceNotFoundException\).*DescribeRule.*Rule nothing does not exist on EventBus"
    ):
        cli.events("describe-rule", "--name", "nothing")
