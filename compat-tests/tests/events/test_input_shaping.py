"""Input, InputPath and InputTransformer: what targets get instead of the event."""

import json
import re

import pytest

from support.corpus import rows
from support.events_refusals import at_most, longer, shorter, violates, violation
from support.events_world import UUID, entry

ROWS = rows("input-transformer.jsonl")
NOT_HERE = [pytest.param(None, marks=pytest.mark.skip(reason="the corpus is not at hand: set FANLIGHT_CORPUS"))]
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z"
DETAIL = {"command": "update-account", "payload": {"acc_id": "0a787ecb-4015", "sf_id": "baz"}}


def params(wanted: list[dict]) -> list:
    def name(row):
        return row["source"].split("::")[1].split(" ")[0].removeprefix("test_")

    return [pytest.param(row, id=f"{number}-{name(row)}") for number, row in enumerate(wanted)] or NOT_HERE


def target_of(row: dict) -> dict:
    if "InputPath" in row:
        return {"InputPath": row["InputPath"]}
    return {"InputTransformer": {"InputPathsMap": row["InputPathsMap"], "InputTemplate": row["InputTemplate"]}}


def shaped(events, detail, bus=None, resources=None, **target) -> list[str]:
    """The bodies that a target of this shape gets for one event."""
    inbox = events.listen(bus=bus, **target)
    more = {"Resources": resources} if resources else {}
    events.put(detail, bus, Source="core.update-account-command", DetailType="core.update-account-command", **more)
    return [message["Body"] for message in inbox.messages()]


def transformed(events, detail, template: str, **paths) -> str:
    transformer = {"InputTemplate": template, **({"InputPathsMap": paths} if paths else {})}
    (body,) = shaped(events, detail, InputTransformer=transformer)
    return body


@pytest.mark.parametrize("row", params([row for row in ROWS if "output_json" in row]))
def test_recorded_json(events, row):
    """Recorded: test_events_inputs. `date` stands for a time."""
    (body,) = shaped(events, row["event"]["detail"], **target_of(row))
    expected, found = row["output_json"], json.loads(body)
    for name in [name for name, value in expected.items() if value == "date"]:
        assert re.fullmatch(TIME, found.pop(name))
        del expected[name]
    assert found == expected


@pytest.mark.parametrize("row", params([row for row in ROWS if "output_text" in row]))
def test_recorded_text(events, row):
    """Recorded: test_events_inputs. `date` stands for a time."""
    bus = events.bus()
    rule = events.rule(bus=bus)
    inbox = rule.queue(**target_of(row))
    type = row["event"]["detail-type"]
    events.put(row["event"]["detail"], bus, Source=type, DetailType=type)
    known = {
        "<partition>": "aws", "<region>": "us-east-1", "111111111111": events.account, "<bus-name>": bus,
        "<rule-name>": rule.name,
    }
    expected = row["output_text"]
    for placeholder, value in known.items():
        expected = expected.replace(placeholder, value)
    pattern = re.sub(r"(?<![-\w])date\b", lambda _: TIME, re.escape(expected))
    body = inbox.body()
    assert re.fullmatch(pattern, body), (expected, body)


@pytest.mark.parametrize("row", params([row for row in ROWS if row.get("delivered") is False]))
def test_recorded_and_never_delivered(events, row):
    """Recorded: test_input_transformer_nested_keys_replacement_not_valid."""
    assert shaped(events, row["event"]["detail"], **target_of(row)) == []


def test_every_row_is_read():
    known = ("output_json", "output_text", "delivered", "error")
    assert all(sum(name in row for name in known) == 1 for row in ROWS)


def test_a_constant(events):
    assert shaped(events, {}, Input='{"always": ["the", "same"]}') == ['{"always": ["the", "same"]}']


def test_the_path_of_the_whole(events):
    (body,) = shaped(events, DETAIL, InputPath="$")
    assert json.loads(body)["detail"] == DETAIL


@pytest.mark.parametrize("path, expected", [
    ("$.detail.payload", {"acc_id": "0a787ecb-4015", "sf_id": "baz"}),
    ("$.detail.payload.sf_id", "baz"),
    ("$.detail-type", "core.update-account-command"),
    ("$.resources[0]", "arn:a"),
    ("$.resources[1]", "arn:b"),
    ("$.resources", ["arn:a", "arn:b"]),
    ("$.detail.list[*].id", [1, 2]),
    ("$.detail.list[1].id", 2),
    ("$.detail.number", 1.5),
    ("$.detail.flag", False),
    ("$.detail.nothing", None),
])
def test_paths(events, path, expected):
    """Recorded: test_put_events_with_input_path_nested, …_max_level_depth. A leaf is told as JSON."""
    detail = {**DETAIL, "list": [{"id": 1}, {"id": 2}], "number": 1.5, "flag": False, "nothing": None}
    (body,) = shaped(events, detail, resources=["arn:a", "arn:b"], InputPath=path)
    assert json.loads(body) == expected


def test_the_full_path_decides(events):
    """Recorded: test_put_events_with_input_path_nested: the same key at several levels."""
    detail = {"payload": {"payload": {"payload": "deep"}}}
    assert shaped(events, detail, InputPath="$.detail.payload.payload") == ['{"payload":"deep"}']


def test_each_target_has_its_own(events, rule):
    """Recorded: test_put_events_with_input_path_multiple_targets."""
    shaped_inbox, plain = rule.queue("1", InputPath="$.detail"), rule.queue("2")
    id = events.put(DETAIL)
    assert shaped_inbox.event() == DETAIL
    assert plain.event()["id"] == id


# -- transformers ---------------------------------------------------------------------------------


@pytest.mark.parametrize("value, inserted", [
    ("text", '"text"'), (1, "1"), (1.5, "1.5"), (True, "true"), (None, "null"), ([1, "a"], '[1,"a"]'),
    ({"a": 1}, '{"a":1}'),
])
def test_values_in_json(events, value, inserted):
    assert transformed(events, {"v": value}, '{"x":<v>}', v="$.detail.v") == f'{{"x":{inserted}}}'


def test_what_is_missing_is_an_empty_text(events):
    """Recorded: test_put_events_with_input_transformer_input_template_json, …_missing_keys."""
    assert json.loads(transformed(events, {}, '{"x": <v>}', v="$.detail.v")) == {"x": ""}


def test_a_placeholder_within_a_quoted_value(events):
    """Recorded: test_input_transformer_nested_keys_replacement."""
    body = transformed(events, {"a": "x", "n": 1}, '{"path": "/<a>/<n>/<a>"}', a="$.detail.a", n="$.detail.n")
    assert json.loads(body) == {"path": "/x/1/x"}


def test_quotes_are_escaped_in_json(events):
    detail = {"a": 'a "quoted" word \\ and a\nnew line'}
    assert json.loads(transformed(events, detail, '{"x": <a>}', a="$.detail.a")) == {"x": detail["a"]}


def test_the_whole_event(events):
    """Recorded: test_input_transformer_predefined_variables."""
    rule = events.rule()
    inbox = rule.queue(InputTransformer={"InputTemplate": '{"event": <aws.events.event.json>}'})
    id = events.put(DETAIL)
    event = inbox.event()["event"]
    assert (event["id"], event["detail-type"], event["detail"]) == (id, "OrderCreated", DETAIL)


def test_the_event_without_its_detail(events):
    """Recorded: test_input_transformer_predefined_variables."""
    inbox = events.listen(InputTransformer={"InputTemplate": '{"event": <aws.events.event>}'})
    events.put(DETAIL)
    event = inbox.event()["event"]
    assert list(event) == ["id", "account", "detailType", "time", "source", "region", "resources", "version"]
    assert re.fullmatch(UUID, event["id"])
    assert (event["detailType"], event["account"]) == ("OrderCreated", events.account)


def test_the_rule(events, bus):
    """Recorded: test_input_transformer_predefined_variables."""
    rule = events.rule(bus=bus)
    inbox = rule.queue(InputTransformer={
        "InputTemplate": '{"arn": <aws.events.rule-arn>, "name": <aws.events.rule-name>}',
    })
    events.put({}, bus)
    assert inbox.event() == {"arn": rule.arn, "name": rule.name}


def test_when_it_came_in(steered_events):
    """AWS: aws.events.event.ingestion-time, when EventBridge got the event; in ISO 8601."""
    events = steered_events
    inbox = events.listen(InputTransformer={"InputTemplate": '{"at": <aws.events.event.ingestion-time>}'})
    events.put_entries(entry(Time=0))
    told = inbox.event()["at"]
    assert told.startswith(events.now().strftime("%Y-%m-%dT%H:%M:%S")) and told.endswith("Z")


def test_reserved_names_are_not_taken_from_paths(events):
    body = transformed(events, {"a": "x"}, '{"n": <aws.events.rule-name>, "a": <a>}', a="$.detail.a")
    assert json.loads(body)["a"] == "x"


# -- limits ---------------------------------------------------------------------------------------


def put(events, rule, **target):
    return rule.put_targets({"Id": "1", "Arn": events.inbox().arn, **target})


def test_texts_too_long(events, rule):
    with violates(violation("x" * 8193, "targets.1.member.input", shorter(8192))):
        put(events, rule, Input="x" * 8193)
    with violates(violation("$" * 257, "targets.1.member.inputPath", shorter(256))):
        put(events, rule, InputPath="$" * 257)
    with violates(violation("x" * 8193, "targets.1.member.inputTransformer.inputTemplate", shorter(8192))):
        put(events, rule, InputTransformer={"InputTemplate": "x" * 8193})


def test_a_transformer_needs_a_template(events, rule):
    with violates(violation("", "targets.1.member.inputTransformer.inputTemplate", longer(1))):
        put(events, rule, InputTransformer={"InputTemplate": ""})


@pytest.mark.parametrize("policy, path, constraint", [
    ({"MaximumRetryAttempts": 186}, "maximumRetryAttempts", at_most(185)),
    ({"MaximumEventAgeInSeconds": 86401}, "maximumEventAgeInSeconds", at_most(86400)),
])
def test_policies_beyond_the_limits(events, rule, policy, path, constraint):
    (value,) = policy.values()
    with violates(violation(value, f"targets.1.member.retryPolicy.{path}", constraint)):
        put(events, rule, RetryPolicy=policy)
