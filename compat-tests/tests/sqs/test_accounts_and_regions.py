"""The access key is the account, the signing scope the region; neither sees another's queues."""

import botocore
import pytest

from support.refusals import nonexistent_queue, refused
from support.world import World


def test_accounts_do_not_see_each_other(world):
    neighbour = World(world.server, "9" + world.account[1:], world.protocol)
    url = world.queue("orders")
    assert "QueueUrls" not in neighbour.sqs.list_queues()
    with nonexistent_queue(world.protocol):
        neighbour.sqs.get_queue_url(QueueName="orders")
    theirs = neighbour.queue("orders")
    assert theirs != url
    world.send(url, "mine")
    assert neighbour.bodies(theirs) == []


def test_regions_do_not_see_each_other(world):
    abroad = World(world.server, world.account, world.protocol, region="eu-west-1")
    url = world.queue("orders")
    assert "QueueUrls" not in abroad.sqs.list_queues()
    theirs = abroad.queue("orders")
    world.send(url, "at home")
    assert abroad.bodies(theirs) == []
    assert world.bodies(url) == ["at home"]


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1", "ap-southeast-2"])
def test_region_shows_in_the_arn(server, account, protocol, region):
    there = World(server, account, protocol, region=region)
    url = there.queue("orders")
    assert there.attributes(url, "QueueArn")["QueueArn"] == f"arn:aws:sqs:{region}:{account}:orders"


@pytest.mark.parametrize("key", ["test", "AKIAIOSFODNN7EXAMPLE", "12345", "1234567890123"])
def test_other_access_keys_are_the_default_account(server, account, protocol, key):
    anyone = World(server, key, protocol)
    name = f"queue-of-{account}-{protocol}"
    url = anyone.queue(name)
    assert url == f"{server.url}/000000000000/{name}"
    assert anyone.attributes(url, "QueueArn")["QueueArn"] == f"arn:aws:sqs:us-east-1:000000000000:{name}"
    anyone.sqs.delete_queue(QueueUrl=url)


OWNERS_ALONE = {
    "AddPermission": dict(Label="x", AWSAccountIds=["123456789012"], Actions=["*"]),
    "DeleteQueue": {},
    "ListQueueTags": {},
    "RemovePermission": dict(Label="x"),
    "SetQueueAttributes": dict(Attributes={"DelaySeconds": "9"}),
    "TagQueue": dict(Tags={"a": "b"}),
    "UntagQueue": dict(TagKeys=["a"]),
}


@pytest.mark.parametrize("operation", OWNERS_ALONE)
def test_what_no_policy_allows_another_account(world, operation):
    """AWS: API_DeleteQueue and others, "Cross-account permissions don't apply to this action"."""
    neighbour = World(world.server, "9" + world.account[1:], world.protocol)
    url = world.queue("orders")
    action = f"sqs:{operation.lower()}"
    sentence = (
        f"User: arn:aws:iam::{neighbour.account}:root is not authorized to perform: {action} on resource: "
        f"{world.arn(url)} because no resource-based policy allows the {action} action"
    )
    call = getattr(neighbour.sqs, botocore.xform_name(operation))
    with refused("AccessDenied", sentence, status=403):
        call(QueueUrl=url, **OWNERS_ALONE[operation])
    assert world.attributes(url, "DelaySeconds") == {"DelaySeconds": "0"}
