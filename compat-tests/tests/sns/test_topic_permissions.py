"""AddPermission and RemovePermission write the topic's policy."""

import json

import pytest

from support.sns_refusals import invalid, invalid_about, lacking, topic_missing


def statements(sns, topic) -> dict[str, dict]:
    found = json.loads(sns.topic_attributes(topic)["Policy"])["Statement"]
    return {statement["Sid"]: statement for statement in found}


def allow(sns, topic, label="share", accounts=("123456789012",), actions=("Publish",)):
    sns.sns.add_permission(TopicArn=topic, Label=label, AWSAccountId=list(accounts), ActionName=list(actions))


def test_permission_becomes_a_statement(sns, topic):
    """Recorded: test_topic_add_permission."""
    allow(sns, topic)
    found = statements(sns, topic)
    assert list(found) == ["__default_statement_ID", "share"]
    assert found["share"] == {
        "Sid": "share", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
        "Action": "SNS:Publish", "Resource": topic,
    }


def test_several_accounts_and_actions_are_lists(sns, topic):
    allow(sns, topic, accounts=("123456789012", "210987654321"), actions=("Publish", "Subscribe"))
    found = statements(sns, topic)["share"]
    assert sorted(found["Principal"]["AWS"]) == ["arn:aws:iam::123456789012:root", "arn:aws:iam::210987654321:root"]
    assert sorted(found["Action"]) == ["SNS:Publish", "SNS:Subscribe"]


def test_a_label_is_used_once(sns, topic):
    """Recorded: test_add_permission_errors."""
    allow(sns, topic)
    with invalid("Statement already exists"):
        allow(sns, topic)


def test_unknown_action(sns, topic):
    """Recorded: test_add_permission_errors."""
    with invalid("Policy statement action out of service scope!"):
        allow(sns, topic, actions=("Dance",))


def test_unknown_topic(sns, topic):
    """Recorded: test_add_permission_errors, test_remove_permission_errors."""
    with topic_missing():
        allow(sns, topic + "-not")
    with topic_missing():
        sns.sns.remove_permission(TopicArn=topic + "-not", Label="share")


def test_permission_can_be_taken_back(sns, topic):
    allow(sns, topic)
    sns.sns.remove_permission(TopicArn=topic, Label="share")
    assert list(statements(sns, topic)) == ["__default_statement_ID"]
    allow(sns, topic)


def test_a_policy_has_an_end(sns, topic):
    """AWS: SNS Developer Guide, "Policy quotas": 100 statements, 200 principals."""
    with invalid_about("Policy Error: "):
        allow(sns, topic, accounts=["123456789012"] * 201)
    for n in range(99):
        allow(sns, topic, str(n))
    with invalid_about("Policy Error: "):
        allow(sns, topic, "99")


@pytest.mark.parametrize("member", ["Label", "AWSAccountId", "ActionName"])
def test_every_member_is_required(sns, topic, member):
    arguments = {"TopicArn": topic, "Label": "share", "AWSAccountId": ["123456789012"], "ActionName": ["Publish"]}
    del arguments[member]
    with lacking(member):
        sns.sns.add_permission(**arguments)
