"""The access key is the account, the signing scope the region; neither sees another's queues."""

import pytest

from support.refusals import nonexistent_queue
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
