"""Every recorded filter policy: what it lets through, or how it is refused."""

import json

import pytest

from support.corpus import rows
from support.sns_refusals import refused

ROWS = rows("sns-filter-aws-recorded.jsonl")
NOT_HERE = [pytest.param(None, marks=pytest.mark.skip(reason="the corpus is not at hand: set FANLIGHT_CORPUS"))]


def case(row: dict) -> str:
    return row["source"].split("::", 1)[1].split(" ", 1)[0]


def params(wanted: list[dict]) -> list:
    return [pytest.param(row, id=f"{number}-{case(row)}") for number, row in enumerate(wanted)] or NOT_HERE


def attributes(row: dict) -> dict:
    return {
        name: {"DataType": value["Type"], "StringValue": value["Value"]}
        for name, value in row.get("attributes", {}).items()
    }


@pytest.mark.parametrize("row", params([row for row in ROWS if "match" in row]))
def test_match(sns, topic, row):
    listener = sns.raw_listen(topic, FilterPolicy=row["pattern"], FilterPolicyScope=row["scope"])
    message = row.get("event", "hello")
    sns.publish(topic, message, MessageAttributes=attributes(row))
    assert listener.bodies() == ([message] if row["match"] else [])


@pytest.mark.parametrize("row", params([row for row in ROWS if "error" in row]))
def test_refusal(sns, topic, row):
    at_birth = row["error"].startswith("Invalid parameter: Attributes Reason: ")
    listener = None if at_birth else sns.listen(topic)
    with refused(row["code"], row["error"]):
        if at_birth:
            sns.listen(topic, FilterPolicy=row["pattern"], FilterPolicyScope=row["scope"])
        else:
            sns.set_subscription(listener.arn, "FilterPolicy", row["pattern"])


def test_every_row_is_read():
    """A row is a match or a refusal; nothing is passed over."""
    assert all(("match" in row) != ("error" in row) for row in ROWS)
    assert all(isinstance(json.loads(row["pattern"]), dict) for row in ROWS if "match" in row)
