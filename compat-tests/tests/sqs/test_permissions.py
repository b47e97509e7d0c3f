"""AddPermission and RemovePermission: a policy written statement by statement."""

import json
import re

import pytest

from support.refusals import invalid, missing, nonexistent_queue, refused
from support.world import members

FRIEND, OTHER = "123456789012", "210987654321"


def add(world, url, label, accounts, actions):
    return world.sqs.add_permission(QueueUrl=url, Label=label, AWSAccountIds=accounts, Actions=actions)


def policy(world, url):
    return json.loads(world.attributes(url, "Policy")["Policy"])


def test_one_account_and_action_are_written_plainly(world):
    url = world.queue()
    assert members(add(world, url, "crossaccount", [FRIEND], ["ReceiveMessage"])) == set()
    assert policy(world, url) == {
        "Version": "2008-10-17",
        "Id": f"{world.arn(url)}/SQSDefaultPolicy",
        "Statement": [{
            "Sid": "crossaccount",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{FRIEND}:root"},
            "Action": "SQS:ReceiveMessage",
            "Resource": world.arn(url),
        }],
    }


def test_several_become_lists(world):
    url = world.queue()
    add(world, url, "both", [FRIEND, OTHER], ["SendMessage", "ReceiveMessage"])
    statement = policy(world, url)["Statement"][0]
    assert statement["Principal"] == {"AWS": [f"arn:aws:iam::{FRIEND}:root", f"arn:aws:iam::{OTHER}:root"]}
    assert statement["Action"] == ["SQS:SendMessage", "SQS:ReceiveMessage"]


def test_any_action(world):
    url = world.queue()
    add(world, url, "any", [FRIEND], ["*"])
    assert policy(world, url)["Statement"][0]["Action"] == "SQS:*"


def test_removing_the_last_statement_removes_the_policy(world):
    url = world.queue()
    add(world, url, "one", [FRIEND], ["ReceiveMessage"])
    add(world, url, "two", [FRIEND], ["SendMessage"])
    world.sqs.remove_permission(QueueUrl=url, Label="one")
    assert [statement["Sid"] for statement in policy(world, url)["Statement"]] == ["two"]
    world.sqs.remove_permission(QueueUrl=url, Label="two")
    assert members(world.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])) == set()


def test_label_is_used_once(world):
    url = world.queue()
    add(world, url, "once", [FRIEND], ["ReceiveMessage"])
    with invalid("once", "Label", "Already exists."):
        add(world, url, "once", [FRIEND], ["SendMessage"])


def test_unknown_label(world):
    with invalid("nobody", "Label", "can't find label."):
        world.sqs.remove_permission(QueueUrl=world.queue(), Label="nobody")


def test_unknown_action(world):
    sentence = re.compile(
        "^Value (SQS:)?Foo for parameter ActionName is invalid. "
        "Reason: Please refer to the appropriate WSDL for a list of valid actions.$"
    )
    with refused("InvalidParameterValue", sentence):
        add(world, world.queue(), "x", [FRIEND], ["Foo"])


@pytest.mark.parametrize("left_out", ["Label", "AWSAccountIds", "Actions"])
def test_every_part_is_needed(world, left_out):
    arguments = {
        "QueueUrl": world.queue(), "Label": "x", "AWSAccountIds": [FRIEND], "Actions": ["SendMessage"],
    }
    del arguments[left_out]
    with missing(left_out):
        world.sqs.add_permission(**arguments)


def test_twenty_statements_are_the_most(world):
    url = world.queue()
    for number in range(20):
        add(world, url, f"friend-{number}", [FRIEND], ["SendMessage"])
    sentence = "21 statements were found in the submitted policy, max allowed is 20"
    with refused("OverLimit", sentence, 403):
        add(world, url, "one-more", [FRIEND], ["SendMessage"])
    assert len(policy(world, url)["Statement"]) == 20


def test_policy_does_not_outgrow_its_bytes(world):
    url = world.queue()
    friends = [str(account) for account in range(int(FRIEND), int(FRIEND) + 50)]
    for number in range(4):
        add(world, url, f"friends-{number}", friends, ["SendMessage"])
    with refused("OverLimit", "Submitted policy is over max allowed size.", 403):
        add(world, url, "more", friends, ["SendMessage"])
    assert len(policy(world, url)["Statement"]) == 4


def test_removal_needs_a_label(world):
    with missing("Label"):
        world.sqs.remove_permission(QueueUrl=world.queue())


def test_permissions_of_nothing(world):
    nothing = f"{world.server.url}/{world.account}/nothing"
    with nonexistent_queue(world.protocol):
        add(world, nothing, "x", [FRIEND], ["SendMessage"])
    with nonexistent_queue(world.protocol):
        world.sqs.remove_permission(QueueUrl=nothing, Label="x")
