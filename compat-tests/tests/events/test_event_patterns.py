"""TestEventPattern: every recorded and documented pattern, and what it refuses."""

import json

import pytest

from support.corpus import rows
from support.events_refusals import invalid, not_a_pattern, refused, shorter, violates, violation
from support.world import members

RECORDED = rows("patterns-aws-recorded.jsonl")
DOCUMENTED = rows("patterns-aws-docs.jsonl")
NOT_HERE = [pytest.param(None, marks=pytest.mark.skip(reason="the corpus is not at hand: set FANLIGHT_CORPUS"))]
ENVELOPE = {
    "id": "1", "account": "123456789012", "source": "s", "time": "2022-07-13T13:48:01Z", "region": "us-east-1",
    "detail-type": "t",
}
COMPLEX = (
    "Event pattern is not valid. Reason: Rule is too complex - try using fewer wildcard characters or fewer repeating "
    "character sequences after a wildcard character"
)


def case(row: dict) -> str:
    words = row["source"].replace(" (AWS-validated TestEventPattern)", "").split("/")[-1]
    return words.split(" ")[0].removesuffix(".json5")


def params(wanted: list[dict]) -> list:
    return [pytest.param(row, id=f"{number}-{case(row)}") for number, row in enumerate(wanted)] or NOT_HERE


def complete(event: str) -> str:
    """The documentation leaves members out that TestEventPattern asks for; no pattern of its looks at those."""
    return json.dumps(ENVELOPE | json.loads(event))


def fill(text: str) -> str:
    return text.replace("<partition>", "aws").replace("<region>", "us-east-1")


def matches(events, pattern, event=None) -> bool:
    pattern = pattern if isinstance(pattern, str) else json.dumps(pattern)
    event = event if isinstance(event, str) else json.dumps(ENVELOPE | (event or {}))
    answer = events.events.test_event_pattern(EventPattern=pattern, Event=event)
    assert members(answer) == {"Result"}
    return answer["Result"]


@pytest.mark.parametrize("row", params([row for row in RECORDED if "match" in row]))
def test_recorded(events, row):
    """Recorded: test_event_pattern."""
    assert matches(events, row["pattern"], row["event"]) is row["match"]


@pytest.mark.parametrize("row", params([row for row in RECORDED if "error" in row]))
def test_recorded_refusal(events, row):
    """Recorded: test_event_pattern (_EXC), test_invalid_json_event_pattern."""
    with refused(row["code"], fill(row["error"])):
        matches(events, row["pattern"], row["event"])


@pytest.mark.parametrize("row", params([row for row in RECORDED if "error" in row]))
def test_a_rule_refuses_the_same(events, row):
    with refused(row["code"], fill(row["error"])):
        events.rule(row["pattern"])


@pytest.mark.parametrize("row", params([row for row in DOCUMENTED if "match" in row]))
def test_documented(events, row):
    assert matches(events, row["pattern"], complete(row["event"])) is row["match"]


@pytest.mark.parametrize("row", params([row for row in DOCUMENTED if "error" in row]))
def test_documented_refusal(events, row):
    sentence = row["error"] if " " in row["error"] else None
    with refused("InvalidEventPatternException", sentence):
        matches(events, row["pattern"])


def test_every_row_is_read():
    assert all(("match" in row) != ("error" in row) for row in RECORDED + DOCUMENTED)


@pytest.mark.parametrize("event", ["this is a string", '"text"', "[]", "1", "null", "{"])
def test_an_event_that_is_no_object(events, event):
    """Recorded: test_plain_string_payload."""
    with invalid("Parameter Event is not valid."):
        events.events.test_event_pattern(EventPattern='{"source": ["a"]}', Event=event)


@pytest.mark.parametrize("member", sorted(ENVELOPE))
def test_an_event_without_its_envelope(events, member):
    """Recorded: test_invalid_event_payload."""
    event = {name: value for name, value in ENVELOPE.items() if name != member}
    with invalid("Parameter Event is not valid."):
        events.events.test_event_pattern(EventPattern='{"source": ["s"]}', Event=json.dumps(event))


def test_the_source(events):
    """Recorded: test_event_pattern_source. `resources` may be left out."""
    assert matches(events, {"source": ["s"]})
    assert not matches(events, {"source": ["t"]})


def test_a_large_event(events):
    """Recorded: test_event_with_large_and_complex_payload."""
    detail = {f"member-{number}": [{"a": {"b": number}}] * 20 for number in range(200)}
    assert matches(events, {"detail.member-7.a.b": [7]}, {"detail": detail})


@pytest.mark.parametrize("pattern, reason, column", [
    ("this is not json", "Unrecognized token 'this': was expecting (JSON String, Number, Array, Object or token "
     "'null', 'true' or 'false')", 5),
    ('["not", "a", "dict", "but valid json"]', "Filter is not an object", 2),
], ids=["text", "list"])
def test_what_is_no_pattern(events, pattern, reason, column):
    """Recorded: test_invalid_json_event_pattern."""
    with not_a_pattern(f'{reason}\n at [Source: (String)"{pattern}"; line: 1, column: {column}]'):
        matches(events, pattern)


def test_too_many_wildcards(events):
    """AWS: recorded for a complexity of 11; 7 is taken."""
    with refused("InvalidEventPatternException", COMPLEX):
        matches(events, {"detail": {"arn": [{"wildcard": "*:*:*:*:*:event-bus/*"}]}})
    assert not matches(events, {"detail": {"arn": [{"wildcard": "*a*b*"}]}})


def test_a_pattern_too_long(events):
    pattern = '{"source": ["' + "x" * 4096 + '"]}'
    with violates(violation(pattern, "eventPattern", shorter(4096))):
        matches(events, pattern)


# -- through rules --------------------------------------------------------------------------------


def let_through(events, pattern, *details) -> list:
    inbox = events.listen(pattern)
    for detail in details:
        events.put(detail)
    return inbox.details()


def test_a_list_of_values(events):
    """Recorded: test_put_events_pattern_with_values_in_array, test_put_events_with_target_sqs_event_detail_match."""
    pattern = {"detail": {"kind": ["a", "b"]}}
    given = [{"kind": "a"}, {"kind": ["x", "b"]}, {"kind": "c"}, {"kind": ["x"]}, {}]
    assert let_through(events, pattern, *given) == given[:2]


def test_anything_but(events):
    """Recorded: test_put_events_with_rule_pattern_anything_but: null is anything, a missing member is not."""
    given = [{"kind": "b"}, {"kind": None}, {"kind": "a"}, {}]
    assert let_through(events, {"detail": {"kind": [{"anything-but": "a"}]}}, *given) == given[:2]


def test_exists(events):
    """Recorded: test_put_events_with_rule_pattern_exists_true, …_exists_false: only a leaf exists."""
    given = [{"kind": None}, {"kind": "a"}, {"kind": {"deep": 1}}, {}]
    assert let_through(events, {"detail": {"kind": [{"exists": True}]}}, *given) == given[:2]
    assert let_through(events, {"detail": {"kind": [{"exists": False}]}}, *given) == given[2:]


@pytest.mark.parametrize("member, value", [
    ("source", "shop"), ("detail-type", "OrderCreated"), ("region", "us-east-1"), ("version", "0"),
    ("resources", "arn:a"),
])
def test_members_of_the_envelope(events, member, value):
    inboxes = [events.listen({member: [value]}), events.listen({member: ["something else"]})]
    events.put(Resources=["arn:a", "arn:b"])
    assert [len(inbox.events()) for inbox in inboxes] == [1, 0]


def test_the_account(events):
    inbox = events.listen({"account": [events.account]})
    events.put()
    assert len(inbox.events()) == 1


def test_a_changed_pattern_holds_at_once(events, rule):
    inbox = rule.queue()
    events.rule({"detail": {"n": [2]}}, name=rule.name)
    for number in (1, 2):
        events.put({"n": number})
    assert inbox.details() == [{"n": 2}]
