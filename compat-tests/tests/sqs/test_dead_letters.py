"""RedrivePolicy, RedriveAllowPolicy, ListDeadLetterSourceQueues, and what a moved message keeps."""

import json
import re

import pytest

from support.refusals import nonexistent_queue, refused
from support.world import members

TRACE = "Root=1-5759e988-bd862e3fe1be46a994272793"


def fail_once(world, url):
    """Receives a message and gives it back, as a consumer that crashed would."""
    world.receive_one(url, VisibilityTimeout=0)


def test_message_moves_when_its_receives_are_used_up(world):
    dead = world.queue()
    url = world.with_dead_letters(dead, 1)
    sent = world.send(url)
    fail_once(world, url)
    assert world.receive(url) == []
    assert world.counts(url) == (0, 0, 0)
    assert world.receive_one(dead)["MessageId"] == sent["MessageId"]


def test_every_receive_up_to_the_limit_succeeds(world):
    dead = world.queue()
    url = world.with_dead_letters(dead, 3)
    world.send(url)
    for _ in range(3):
        fail_once(world, url)
    assert world.receive(url) == []
    assert world.counts(dead) == (1, 0, 0)


def test_moved_message_keeps_what_it_was(steered):
    dead = steered.queue()
    url = steered.with_dead_letters(dead, 1)
    sent_at = steered.clock.now_ms()
    attributes = {"a": {"DataType": "String", "StringValue": "v"}}
    steered.send(
        url, MessageAttributes=attributes,
        MessageSystemAttributes={"AWSTraceHeader": {"DataType": "String", "StringValue": TRACE}},
    )
    fail_once(steered, url)
    steered.clock.advance(10)
    assert steered.receive(url) == []
    got = steered.receive_one(dead, AttributeNames=["All"], MessageAttributeNames=["All"])
    found = got["Attributes"]
    assert got["MessageAttributes"] == attributes
    assert found["ApproximateReceiveCount"] == "2"
    assert found["DeadLetterQueueSourceArn"] == steered.arn(url)
    assert found["AWSTraceHeader"] == TRACE
    assert int(found["SentTimestamp"]) == sent_at


def test_age_counts_from_the_first_send(steered):
    # AWS: the retention of a standard dead-letter queue counts from the original enqueue time (Developer Guide).
    dead = steered.queue(MessageRetentionPeriod=120)
    url = steered.with_dead_letters(dead, 1)
    steered.send(url)
    fail_once(steered, url)
    steered.clock.advance(100)
    assert steered.receive(url) == []
    assert steered.counts(dead) == (1, 0, 0)
    steered.clock.advance(21)
    assert steered.receive(dead) == []


def test_receive_goes_on_to_the_next_message(world):
    dead = world.queue()
    url = world.with_dead_letters(dead, 1)
    world.send(url, "poison")
    fail_once(world, url)
    world.send(url, "good")
    assert world.bodies(url) == ["good"]
    assert world.bodies(dead) == ["poison"]


def test_fifo_group_goes_on_behind_a_dead_letter(world):
    dead = world.fifo()
    url = world.with_dead_letters(dead, 1, ContentBasedDeduplication="true")
    world.send_group(url, "g", "poison", "good")
    assert world.bodies(url, 1, VisibilityTimeout=0) == ["poison"]
    assert world.bodies(url, 1) == ["good"]
    got = world.receive_one(dead, AttributeNames=["All"])
    assert (got["Body"], got["Attributes"]["MessageGroupId"]) == ("poison", "g")


def test_lowered_limit_holds_for_kept_messages(world):
    dead = world.queue()
    url = world.with_dead_letters(dead, 10)
    world.send(url)
    fail_once(world, url)
    fail_once(world, url)
    world.set(url, RedrivePolicy=json.dumps({"deadLetterTargetArn": world.arn(dead), "maxReceiveCount": 2}))
    assert world.receive(url) == []
    assert world.counts(dead) == (1, 0, 0)


def test_queue_may_be_its_own_dead_letter_queue(world):
    # The bare name is enough for a queue URL.
    url = world.queue("orders")
    policy = {"deadLetterTargetArn": world.arn(url), "maxReceiveCount": 3}
    world.set("orders", RedrivePolicy=json.dumps(policy))
    assert json.loads(world.attributes("orders", "RedrivePolicy")["RedrivePolicy"]) == policy
    world.set("orders", RedrivePolicy="")
    assert world.attributes(url, "RedrivePolicy") == {}


def test_limit_may_be_a_numeric_string(world):
    dead, url = world.queue(), world.queue()
    world.set(url, RedrivePolicy=json.dumps({"deadLetterTargetArn": world.arn(dead), "maxReceiveCount": "1"}))
    assert int(json.loads(world.attributes(url)["RedrivePolicy"])["maxReceiveCount"]) == 1
    world.send(url)
    fail_once(world, url)
    assert world.receive(url) == []
    assert world.counts(dead) == (1, 0, 0)


@pytest.mark.parametrize("change", [
    {"maxReceiveCount": None}, {"deadLetterTargetArn": None}, {"maxReceiveCount": "many"}, {"maxReceiveCount": 0},
    {"maxReceiveCount": 1001}, {"deadLetterTargetArn": "not-an-arn"}, {"deadLetterTargetArn": "arn:aws:sns:x:y:z"},
], ids=lambda change: "-".join(map(str, *change.items())))
def test_bad_redrive_policies(world, change):
    dead, url = world.queue(), world.queue()
    policy = {"deadLetterTargetArn": world.arn(dead), "maxReceiveCount": 5} | change
    policy = {key: value for key, value in policy.items() if value is not None}
    with refused("InvalidParameterValue", re.compile("RedrivePolicy")):
        world.set(url, RedrivePolicy=json.dumps(policy))
    assert world.attributes(url, "RedrivePolicy") == {}


def test_dead_letter_queue_must_exist(world):
    policy = {"deadLetterTargetArn": f"arn:aws:sqs:{world.region}:{world.account}:nothing", "maxReceiveCount": 1}
    sentence = re.compile("for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist")
    with refused("AWS.SimpleQueueService.NonExistentQueue", sentence):
        world.queue("orders", RedrivePolicy=json.dumps(policy))
    with nonexistent_queue(world.protocol):
        world.sqs.get_queue_url(QueueName="orders")


@pytest.mark.parametrize("kinds", [("fifo", "queue"), ("queue", "fifo")])
def test_dead_letter_queue_must_be_of_the_same_kind(world, kinds):
    url, dead = (getattr(world, kind)() for kind in kinds)
    policy = {"deadLetterTargetArn": world.arn(dead), "maxReceiveCount": 1}
    with refused("InvalidParameterValue"):
        world.set(url, RedrivePolicy=json.dumps(policy))


# -- RedriveAllowPolicy ------------------------------------------------------------------------------


def allow(world, dead, **policy):
    world.set(dead, RedriveAllowPolicy=json.dumps(policy))


def test_allow_policy_reads_back(world):
    dead = world.queue()
    allow(world, dead, redrivePermission="denyAll")
    assert json.loads(world.attributes(dead)["RedriveAllowPolicy"]) == {"redrivePermission": "denyAll"}


def test_deny_all_is_enforced(world):
    dead = world.queue()
    allow(world, dead, redrivePermission="denyAll")
    with refused("InvalidParameterValue"):
        world.with_dead_letters(dead, 1)
    allow(world, dead, redrivePermission="allowAll")
    assert world.with_dead_letters(dead, 1)


def test_by_queue_is_enforced(world):
    dead, friend = world.queue(), world.queue()
    allow(world, dead, redrivePermission="byQueue", sourceQueueArns=[world.arn(friend)])
    policy = json.dumps({"deadLetterTargetArn": world.arn(dead), "maxReceiveCount": 1})
    world.set(friend, RedrivePolicy=policy)
    with refused("InvalidParameterValue"):
        world.set(world.queue(), RedrivePolicy=policy)


MANY = [f"arn:aws:sqs:us-east-1:123456789012:q{n}" for n in range(11)]


@pytest.mark.parametrize("policy", [
    {"redrivePermission": "sometimes"}, {}, {"redrivePermission": "byQueue"},
    {"redrivePermission": "allowAll", "sourceQueueArns": MANY[:1]},
    {"redrivePermission": "byQueue", "sourceQueueArns": MANY},
], ids=["word", "empty", "nobody", "both", "eleven"])
def test_bad_allow_policies(world, policy):
    dead = world.queue()
    with pytest.raises(world.sqs.exceptions.ClientError, match=r"\(Invalid"):
        allow(world, dead, **policy)
    assert world.attributes(dead, "RedriveAllowPolicy") == {}


@pytest.mark.parametrize("policy", [
    "byQueue", "[]", '{"redrivePermission":"byQueue","sourceQueueArns":"arn:aws:sqs:us-east-1:123456789012:q"}',
])
def test_allow_policies_of_no_form(world, policy):
    sentence = (
        "Invalid value for the parameter RedriveAllowPolicy. Reason: Amazon SQS can't create the redrive allow policy, "
        "as it\u2019s in an unsupported format."
    )
    with refused("InvalidAttributeValue", sentence):
        world.queue(RedriveAllowPolicy=policy)


# -- ListDeadLetterSourceQueues ----------------------------------------------------------------------


def test_sources_are_listed(world):
    dead = world.queue()
    sources = {world.with_dead_letters(dead, 1) for _ in range(3)}
    world.queue()
    answer = world.sqs.list_dead_letter_source_queues(QueueUrl=dead)
    assert members(answer) == {"queueUrls"}
    assert set(answer["queueUrls"]) == sources


def test_no_sources(world):
    assert world.sqs.list_dead_letter_source_queues(QueueUrl=world.queue()).get("queueUrls", []) == []


def test_sources_come_in_pages(world):
    dead = world.queue()
    sources = {world.with_dead_letters(dead, 1) for _ in range(3)}
    first = world.sqs.list_dead_letter_source_queues(QueueUrl=dead, MaxResults=2)
    assert len(first["queueUrls"]) == 2
    second = world.sqs.list_dead_letter_source_queues(QueueUrl=dead, MaxResults=2, NextToken=first["NextToken"])
    assert members(second) == {"queueUrls"}
    assert set(first["queueUrls"] + second["queueUrls"]) == sources


def test_sources_of_nothing(world):
    with nonexistent_queue(world.protocol):
        world.sqs.list_dead_letter_source_queues(QueueUrl=f"{world.server.url}/{world.account}/nothing")
