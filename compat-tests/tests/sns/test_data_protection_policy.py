"""Data protection policies are kept as they are given."""

import json

from support.sns_refusals import invalid_about, topic_missing
from support.world import members

POLICY = json.dumps({
    "Name": "deny-email", "Description": "", "Version": "2021-06-01",
    "Statement": [{
        "Sid": "one", "DataDirection": "Inbound", "Principal": ["*"], "Operation": {"Deny": {}},
        "DataIdentifier": ["arn:aws:dataprotection::aws:data-identifier/EmailAddress"],
    }],
})


def put(sns, topic, policy=POLICY):
    return sns.sns.put_data_protection_policy(ResourceArn=topic, DataProtectionPolicy=policy)


def get(sns, topic) -> str:
    return sns.sns.get_data_protection_policy(ResourceArn=topic).get("DataProtectionPolicy", "")


def test_it_is_kept_and_not_among_the_attributes(sns, topic):
    """Recorded: test_data_protection_policy_crud."""
    assert members(put(sns, topic)) == set()
    assert json.loads(get(sns, topic)) == json.loads(POLICY)
    assert "DataProtectionPolicy" not in sns.topic_attributes(topic)


def test_a_new_topic_has_none(sns, topic):
    assert get(sns, topic) == ""


def test_it_can_be_given_at_creation(sns):
    arn = sns.sns.create_topic(Name="orders", DataProtectionPolicy=POLICY)["TopicArn"]
    assert json.loads(get(sns, arn)) == json.loads(POLICY)


def test_an_empty_one_takes_it_away(sns, topic):
    put(sns, topic)
    put(sns, topic, "")
    assert get(sns, topic) == ""


def test_it_must_be_json(sns, topic):
    with invalid_about("(?i)policy"):
        put(sns, topic, "no policy")


def test_unknown_topic(sns, topic):
    with topic_missing():
        put(sns, topic + "-not")
    with topic_missing():
        get(sns, topic + "-not")
