"""Policies of buses: written, shown, taken back, and held."""

import contextlib
import json

import botocore.exceptions
import pytest

from support.events_refusals import bus_missing, fits, invalid, missing, refused, shorter, violates, violation
from support.events_world import EventsWorld, entry
from support.world import members

FRIEND, OTHER = "123456789012", "210987654321"


def allow(events, who: str, sid: str = "s", bus: str | None = None, **more) -> dict:
    if bus is not None:
        more["EventBusName"] = bus
    return events.events.put_permission(Action="events:PutEvents", Principal=who, StatementId=sid, **more)


def policy(events, bus: str = "default") -> dict | None:
    answer = events.events.describe_event_bus(Name=bus)
    return json.loads(answer["Policy"]) if "Policy" in answer else None


def statement(events, sid: str, principal, bus: str = "default", **more) -> dict:
    return {
        "Sid": sid, "Effect": "Allow", "Principal": principal, "Action": "events:PutEvents",
        "Resource": events.bus_arn(bus),
        **more,
    }


def root(account: str) -> dict:
    return {"AWS": f"arn:aws:iam::{account}:root"}


@contextlib.contextmanager
def denied():
    """The service says AccessDenied: to the whole call, as IAM does, or to the entry (API_PutEventsResultEntry)."""
    told: dict = {}
    try:
        yield told
    except botocore.exceptions.ClientError as refusal:
        assert refusal.response["Error"]["Code"].startswith("AccessDenied"), refusal.response
        return
    (result,) = told["answer"]["Entries"]
    assert told["answer"]["FailedEntryCount"] == 1
    assert result["ErrorCode"].startswith("AccessDenied"), result


# -- written --------------------------------------------------------------------------------------


def test_a_new_bus_has_none(events, bus):
    assert policy(events) is None
    assert policy(events, bus) is None


@pytest.mark.parametrize("custom", [False, True], ids=["default", "custom"])
def test_an_account(events, custom):
    """Recorded: test_put_permission."""
    bus = events.bus() if custom else "default"
    assert members(allow(events, FRIEND, "s", bus if custom else None)) == set()
    assert policy(events, bus) == {"Version": "2012-10-17", "Statement": [statement(events, "s", root(FRIEND), bus)]}


def test_everybody(events):
    """Recorded: test_put_permission."""
    allow(events, "*")
    assert policy(events)["Statement"] == [statement(events, "s", "*")]


def test_an_organization(events):
    """AWS: PutPermission, Condition."""
    condition = {"Type": "StringEquals", "Key": "aws:PrincipalOrgID", "Value": "o-1234567890"}
    allow(events, "*", Condition=condition)
    expected = {"StringEquals": {"aws:PrincipalOrgID": "o-1234567890"}}
    assert policy(events)["Statement"] == [statement(events, "s", "*", Condition=expected)]


def test_statements_add_up(events):
    allow(events, FRIEND, "a")
    allow(events, OTHER, "b")
    assert [found["Sid"] for found in policy(events)["Statement"]] == ["a", "b"]


def test_an_old_sid_is_replaced(events):
    """Recorded: test_put_permission."""
    allow(events, FRIEND)
    allow(events, OTHER)
    assert policy(events)["Statement"] == [statement(events, "s", root(OTHER))]


def test_a_whole_policy(events):
    whole = {"Version": "2012-10-17", "Statement": [statement(events, "mine", root(FRIEND))]}
    assert members(events.events.put_permission(Policy=json.dumps(whole))) == set()
    assert policy(events) == whole


def test_a_policy_of_another_bus(events):
    """Quoted in terraform-provider-aws#27976."""
    arn = events.bus_arn("else")
    whole = {"Version": "2012-10-17", "Statement": [statement(events, "mine", root(FRIEND), "else")]}
    with invalid(f'The relative-id "event-bus/else" is invalid for ARN "{arn}"'):
        events.events.put_permission(Policy=json.dumps(whole))


@pytest.mark.parametrize("more", [{"Effect": "Maybe"}, {"Effect": None}, {"Principal": None}, {"Action": None}])
def test_a_statement_lacks_something(events, more):
    """AWS: IAM, "Grammar of the IAM JSON policy language"."""
    lacking = {**statement(events, "mine", root(FRIEND)), **more}
    lacking = {name: element for name, element in lacking.items() if element is not None}
    with refused("ValidationException"):
        events.events.put_permission(Policy=json.dumps({"Version": "2012-10-17", "Statement": [lacking]}))


@pytest.mark.parametrize("condition", [
    {"Type": "StringLike", "Key": "aws:PrincipalOrgID", "Value": "o-*"},
    {"Type": "StringEquals", "Key": "aws:PrincipalAccount", "Value": FRIEND},
])
def test_the_only_condition_there_is(events, condition):
    """AWS: Condition, Type and Key."""
    with refused("ValidationException"):
        allow(events, "*", Condition=condition)


def test_members_stand_in_their_order(events):
    allow(events, FRIEND, "a")
    allow(events, "*", "b")
    found = policy(events)
    assert list(found) == ["Version", "Statement"]
    assert [list(one) for one in found["Statement"]] == [["Sid", "Effect", "Principal", "Action", "Resource"]] * 2


def test_a_policy_that_is_no_json(events):
    with refused("ValidationException"):
        events.events.put_permission(Policy="{")


def test_the_list_shows_it(events):
    allow(events, FRIEND)
    (found,) = events.events.list_event_buses()["EventBuses"]
    assert json.loads(found["Policy"]) == policy(events)


# -- taken back -----------------------------------------------------------------------------------


def test_one_statement(events):
    """Recorded: test_remove_permission."""
    allow(events, FRIEND, "a")
    allow(events, OTHER, "b")
    assert members(events.events.remove_permission(StatementId="a")) == set()
    assert [found["Sid"] for found in policy(events)["Statement"]] == ["b"]


def test_the_last_statement_takes_the_policy(events):
    """Recorded: test_remove_permission."""
    allow(events, FRIEND)
    events.events.remove_permission(StatementId="s")
    assert policy(events) is None


def test_all_of_them(events, bus):
    allow(events, FRIEND, "a", bus)
    allow(events, OTHER, "b", bus)
    events.events.remove_permission(EventBusName=bus, RemoveAllPermissions=True)
    assert policy(events, bus) is None


@pytest.mark.parametrize("has_others", [True, False])
def test_a_statement_there_is_not(events, has_others):
    """Recorded: test_remove_permission_non_existing_sid."""
    if has_others:
        allow(events, FRIEND)
    with missing("Statement with the provided id does not exist."):
        events.events.remove_permission(StatementId="nothing")


def test_a_bus_nobody_made(events):
    """Recorded: test_put_permission_non_existing_event_bus."""
    with bus_missing("nothing"):
        allow(events, FRIEND, bus="nothing")
    with bus_missing("nothing"):
        events.events.remove_permission(EventBusName="nothing", StatementId="s")


def test_values_that_are_none(events):
    with violates(violation("you", "principal", fits(r"(\d{12}|\*)"))):
        allow(events, "you")
    with violates(violation("a b", "statementId", fits("[a-zA-Z0-9-_]+"))):
        allow(events, FRIEND, "a b")
    with violates(violation("x" * 65, "statementId", shorter(64))):
        allow(events, FRIEND, "x" * 65)
    with violates(violation("PutEvents", "action", fits("events:[a-zA-Z]+"))):
        events.events.put_permission(Action="PutEvents", Principal=FRIEND, StatementId="s")


# -- held -----------------------------------------------------------------------------------------


def put_there(guest: EventsWorld, owner: EventsWorld, **more) -> dict:
    return guest.put_entries(entry(EventBusName=owner.bus_arn(), **more))


def test_a_stranger_is_denied(events, other):
    """AWS: putting to a bus of another account needs its policy's permission."""
    inbox = other.listen()
    with denied() as told:
        told["answer"] = put_there(events, other)
    assert inbox.events() == []


def test_a_guest_is_let_in(events, other):
    inbox = other.listen()
    allow(other, events.account)
    assert put_there(events, other)["FailedEntryCount"] == 0
    assert inbox.event()["account"] == events.account


def test_everybody_is_let_in(events, other):
    inbox = other.listen()
    allow(other, "*")
    put_there(events, other)
    assert len(inbox.events()) == 1


def test_another_guest_is_not(events, other):
    allow(other, FRIEND)
    with denied() as told:
        told["answer"] = put_there(events, other)


def test_taken_back_it_is_over(events, other):
    allow(other, events.account)
    put_there(events, other)
    other.events.remove_permission(StatementId="s")
    with denied() as told:
        told["answer"] = put_there(events, other)


def test_a_condition_on_the_source(events, other):
    """AWS: policies of buses know events:source and events:detail-type."""
    inbox = other.listen()
    condition = {"StringEquals": {"events:source": "shop"}}
    whole = {"Version": "2012-10-17", "Statement": [statement(other, "s", root(events.account), Condition=condition)]}
    other.events.put_permission(Policy=json.dumps(whole))
    put_there(events, other)
    with denied() as told:
        told["answer"] = put_there(events, other, Source="else")
    assert [event["source"] for event in inbox.events()] == ["shop"]


@pytest.mark.parametrize("operator, rule, expected", [
    ("ArnEquals", "rule/{name}", True), ("ArnLike", "rule/*", True), ("ArnEquals", "rule/another", False),
])
def test_a_condition_on_the_rule_that_sends(events, other, operator, rule, expected):
    """AWS: "Example policy: Restrict to a rule", eb-event-bus-example-policy-restrict-rule."""
    inbox = other.listen()
    sender = events.rule().target(other.bus_arn(), RoleArn=events.role)
    wanted = f"arn:aws:events:{events.region}:{events.account}:{rule.format(name=sender.name)}"
    condition = {operator: {"aws:SourceArn": [wanted]}}
    whole = {"Version": "2012-10-17", "Statement": [statement(other, "s", root(events.account), Condition=condition)]}
    other.events.put_permission(Policy=json.dumps(whole))
    events.put_entries(entry())
    assert len(inbox.events()) == expected


def test_a_denial_outweighs(events, other):
    deny = {**statement(other, "no", root(events.account)), "Effect": "Deny"}
    whole = {"Version": "2012-10-17", "Statement": [statement(other, "yes", "*"), deny]}
    other.events.put_permission(Policy=json.dumps(whole))
    with denied() as told:
        told["answer"] = put_there(events, other)


def lets_in(owner: EventsWorld, guest: EventsWorld, *statements: dict) -> bool:
    """Whether a policy of these statements lets the guest put an event on the owner's default bus."""
    owner.events.put_permission(Policy=json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))
    return put_there(guest, owner)["FailedEntryCount"] == 0


@pytest.mark.parametrize("resource, expected", [
    ("{bus}", True), ("arn:aws:events:*:*:event-bus/def*", True), (["arn:aws:s3:::x", "{bus}"], True),
    ("arn:aws:events:*:*:rule/*", False),
])
def test_the_resource_is_the_bus(events, other, resource, expected):
    def filled(arn):
        return arn.replace("{bus}", other.bus_arn())

    resource = filled(resource) if isinstance(resource, str) else [filled(arn) for arn in resource]
    assert lets_in(other, events, statement(other, "s", "*", Resource=resource)) == expected


@pytest.mark.parametrize("action, expected", [
    ("*", True), ("events:P*Events", True), ("EVENTS:putevents", True), ("events:PutRule", False),
    ("events:Put?vents", True),
])
def test_actions_have_wildcards(events, other, action, expected):
    assert lets_in(other, events, statement(other, "s", "*", Action=action)) == expected


def test_all_but_one(events, other):
    """AWS: IAM, NotPrincipal, NotAction and NotResource."""
    everybody = statement(other, "all", "*")
    deny = {"Sid": "d", "Effect": "Deny", "NotAction": "events:PutRule", "NotResource": other.bus_arn("else")}
    assert lets_in(other, events, everybody, {**deny, "NotPrincipal": root(events.account)})
    assert not lets_in(other, events, everybody, {**deny, "NotPrincipal": root(FRIEND)})


@pytest.mark.parametrize("operator, key, expected", [
    ("StringNotEquals", "aws:PrincipalOrgID", True), ("StringEquals", "aws:PrincipalOrgID", False),
    ("StringEquals", "aws:PrincipalTag/x", True), ("StringNotEquals", "aws:PrincipalTag/x", False),
    ("StringEqualsIfExists", "aws:PrincipalTag/x", False),
])
def test_a_denial_of_strangers(events, other, operator, key, expected):
    """All accounts here are of the organization a policy names; a key a request does not have is as IAM says."""
    deny = {**statement(other, "no", "*", Condition={operator: {key: "o-1"}}), "Effect": "Deny"}
    assert lets_in(other, events, statement(other, "yes", "*"), deny) == expected


# -- rules on somebody else's bus -----------------------------------------------------------------


def not_allowed(guest: EventsWorld, action: str, resource: str):
    """Quoted in aws-cdk#26032."""
    return refused(
        "AccessDeniedException", f"User: arn:aws:iam::{guest.account}:root is not authorized to perform: "
        f"events:{action} on resource: {resource} because no resource-based policy allows the events:{action} action"
    )


def test_a_stranger_makes_no_rules(events, other):
    bus = other.bus("orders")
    other.rule(bus=bus, name="r").queue()
    arn, rule = other.bus_arn(bus), other.resource("rule", f"{bus}/r")
    named = {"EventBusName": arn}
    for action, call in {
        "PutRule": lambda: events.rule(bus=arn, name="r"),
        "PutTargets": lambda: events.events.put_targets(
            Rule="r", Targets=[{"Id": "1", "Arn": events.inbox().arn}], **named),
        "RemoveTargets": lambda: events.events.remove_targets(Rule="r", Ids=["1"], **named),
        "DescribeRule": lambda: events.events.describe_rule(Name="r", **named),
        "ListTargetsByRule": lambda: events.events.list_targets_by_rule(Rule="r", **named),
        "EnableRule": lambda: events.events.enable_rule(Name="r", **named),
        "DisableRule": lambda: events.events.disable_rule(Name="r", **named),
        "DeleteRule": lambda: events.events.delete_rule(Name="r", **named),
    }.items():
        with not_allowed(events, action, rule):
            call()
    with not_allowed(events, "DescribeEventBus", arn):
        events.events.describe_event_bus(Name=arn)
    with refused("AccessDeniedException"):
        events.events.list_rules(**named)


def test_a_guest_makes_rules_of_their_own(events, other):
    """AWS: "Example policy: Send events to the same account and restrict updates"."""
    bus = other.bus("orders")
    actions = [f"events:{action}" for action in (
        "PutRule", "DeleteRule", "DescribeRule", "DisableRule", "EnableRule", "PutTargets", "RemoveTargets",
        "ListTargetsByRule")]
    own = {"StringEqualsIfExists": {"events:creatorAccount": "${aws:PrincipalAccount}", "events:source": "shop"}}
    allowed = statement(
        other, "s", root(events.account), Action=actions, Resource=other.resource("rule", f"{bus}/*"), Condition=own
    )
    other.events.put_permission(
        EventBusName=bus, Policy=json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    )
    arn = other.bus_arn(bus)
    with not_allowed(events, "PutRule", other.resource("rule", f"{bus}/mine")):
        events.rule({"source": ["else"]}, bus=arn, name="mine")
    mine = events.rule({"source": ["shop"]}, bus=arn, name="mine")
    assert mine.describe()["CreatedBy"] == events.account
    inbox = mine.queue()
    other.put(bus=bus)
    assert len(inbox.events()) == 1
    other.rule(bus=bus, name="theirs")
    with not_allowed(events, "DeleteRule", other.resource("rule", f"{bus}/theirs")):
        events.events.delete_rule(Name="theirs", EventBusName=arn)
    mine.remove()


def test_the_owner_needs_no_policy(events):
    inbox = events.listen()
    events.put(bus=events.bus_arn())
    assert len(inbox.events()) == 1
