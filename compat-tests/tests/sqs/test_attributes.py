"""GetQueueAttributes and SetQueueAttributes."""

import json

import pytest

from support.refusals import missing, nonexistent_queue, refused
from support.world import members

COMPUTED = {
    "QueueArn", "CreatedTimestamp", "LastModifiedTimestamp", "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed",
}
DEFAULTS = {
    "DelaySeconds": "0", "MaximumMessageSize": "1048576", "MessageRetentionPeriod": "345600",
    "ReceiveMessageWaitTimeSeconds": "0", "VisibilityTimeout": "30", "SqsManagedSseEnabled": "true",
}
FIFO_DEFAULTS = {
    "FifoQueue": "true", "ContentBasedDeduplication": "false", "DeduplicationScope": "queue",
    "FifoThroughputLimit": "perQueue",
}
# Attribute, smallest, largest: API_SetQueueAttributes.
RANGES = [
    ("DelaySeconds", 0, 900),
    ("MaximumMessageSize", 1024, 1048576),
    ("MessageRetentionPeriod", 60, 1209600),
    ("ReceiveMessageWaitTimeSeconds", 0, 20),
    ("VisibilityTimeout", 0, 43200),
    ("KmsDataKeyReusePeriodSeconds", 60, 86400),
]


def test_only_what_was_asked_for_comes_back(world):
    url = world.queue()
    answer = world.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn", "VisibilityTimeout"])
    assert members(answer) == {"Attributes"}
    assert answer["Attributes"] == {"QueueArn": world.arn(url), "VisibilityTimeout": "30"}


def test_nothing_asked_for_nothing_given(world):
    assert world.sqs.get_queue_attributes(QueueUrl=world.queue()).get("Attributes", {}) == {}


def test_timestamps_are_whole_seconds(world):
    found = world.attributes(world.queue(), "CreatedTimestamp", "LastModifiedTimestamp")
    assert all(value.isdigit() and len(value) == 10 for value in found.values()), found


def test_all_of_a_standard_queue(world):
    found = world.attributes(world.queue())
    assert set(found) == COMPUTED | set(DEFAULTS)
    assert {name: found[name] for name in DEFAULTS} == DEFAULTS


def test_all_of_a_fifo_queue(world):
    found = world.attributes(world.fifo())
    assert set(found) == COMPUTED | set(DEFAULTS) | set(FIFO_DEFAULTS)
    assert {name: found[name] for name in FIFO_DEFAULTS} == FIFO_DEFAULTS


def test_content_based_deduplication_can_be_switched_off_later(world):
    url = world.fifo(ContentBasedDeduplication="true")
    world.set(url, ContentBasedDeduplication="false")
    assert world.attributes(url, "ContentBasedDeduplication") == {"ContentBasedDeduplication": "false"}


def test_high_throughput_attributes_read_back(world):
    url = world.fifo(DeduplicationScope="messageGroup", FifoThroughputLimit="perMessageGroupId")
    found = world.attributes(url, "DeduplicationScope", "FifoThroughputLimit")
    assert found == {"DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"}


@pytest.mark.parametrize("attribute", ["DeduplicationScope", "FifoThroughputLimit"])
def test_high_throughput_attributes_know_their_words(world, attribute):
    with refused("InvalidAttributeValue"):
        world.set(world.fifo(), **{attribute: "everything"})


def test_unknown_attribute_cannot_be_read(world):
    with refused("InvalidAttributeName", "Unknown Attribute Foobar."):
        world.attributes(world.queue(), "Foobar")


def test_unknown_attribute_cannot_be_set(world):
    with refused("InvalidAttributeName", "Unknown Attribute Foobar."):
        world.set(world.queue(), Foobar="1")
    with refused("InvalidAttributeName", "Unknown Attribute Foobar."):
        world.queue(Foobar="1")


@pytest.mark.parametrize("attribute", sorted(COMPUTED))
def test_computed_attributes_cannot_be_set(world, attribute):
    with refused("InvalidAttributeName", f"Unknown Attribute {attribute}."):
        world.set(world.queue(), **{attribute: "1"})


@pytest.mark.parametrize("attribute, smallest, largest", RANGES)
def test_ranges(world, attribute, smallest, largest):
    url = world.queue()
    for value in (smallest, largest):
        world.set(url, **{attribute: value})
        if attribute != "KmsDataKeyReusePeriodSeconds":
            assert world.attributes(url, attribute) == {attribute: str(value)}
    for value in (smallest - 1, largest + 1, "many", "1.5", ""):
        with refused("InvalidAttributeValue", f"Invalid value for the parameter {attribute}."):
            world.set(url, **{attribute: value})


def test_queue_type_cannot_be_changed(world):
    with refused("InvalidAttributeValue"):
        world.set(world.fifo(), FifoQueue="false")


def test_refused_set_changes_nothing(world):
    url = world.queue()
    with refused("InvalidAttributeValue"):
        world.set(url, DelaySeconds=5, VisibilityTimeout=99999)
    assert world.attributes(url, "DelaySeconds", "VisibilityTimeout") == {
        "DelaySeconds": "0", "VisibilityTimeout": "30",
    }


def test_set_moves_the_modification_time(steered):
    url = steered.queue()
    created = int(steered.attributes(url)["CreatedTimestamp"])
    steered.clock.advance(100)
    steered.set(url, DelaySeconds=1)
    found = steered.attributes(url)
    assert int(found["CreatedTimestamp"]) == created
    assert int(found["LastModifiedTimestamp"]) == created + 100


def test_set_answers_nothing(world):
    url = world.queue()
    answer = world.sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "1"})
    assert members(answer) == set()


def test_attributes_of_nothing(world):
    with nonexistent_queue(world.protocol):
        world.attributes(f"{world.server.url}/{world.account}/nothing")


def test_counts_tell_visible_in_flight_and_delayed_apart(world):
    url = world.queue()
    for _ in range(4):
        world.send(url)
    world.send(url, DelaySeconds=900)
    world.receive_one(url)
    assert world.counts(url) == (3, 1, 1)


# -- encryption: stored and echoed, with their interplay ------------------------------------------


def test_own_key_switches_managed_encryption_off(world):
    url = world.queue()
    world.set(url, KmsMasterKeyId="alias/mine")
    found = world.attributes(url)
    assert found["KmsMasterKeyId"] == "alias/mine"
    assert found["KmsDataKeyReusePeriodSeconds"] == "300"
    assert found["SqsManagedSseEnabled"] == "false"


def test_removing_the_key_leaves_managed_encryption_off(world):
    url = world.queue(KmsMasterKeyId="alias/mine", KmsDataKeyReusePeriodSeconds=600)
    world.set(url, KmsMasterKeyId="")
    found = world.attributes(url)
    assert "KmsMasterKeyId" not in found and "KmsDataKeyReusePeriodSeconds" not in found
    assert found["SqsManagedSseEnabled"] == "false"


def test_managed_encryption_can_be_switched_off_and_on(world):
    url = world.queue(SqsManagedSseEnabled="false")
    assert world.attributes(url, "SqsManagedSseEnabled") == {"SqsManagedSseEnabled": "false"}
    world.set(url, SqsManagedSseEnabled="true")
    assert world.attributes(url, "SqsManagedSseEnabled") == {"SqsManagedSseEnabled": "true"}


# -- policies --------------------------------------------------------------------------------------

POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Sid": "open", "Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}],
}


def test_policy_reads_back_and_empties(world):
    url = world.queue(Policy=json.dumps(POLICY))
    assert json.loads(world.attributes(url, "Policy")["Policy"]) == POLICY
    world.set(url, Policy="")
    assert world.attributes(url, "Policy") == {}
    assert "Policy" not in world.attributes(url)


@pytest.mark.parametrize("wrong", [
    dict(Effect="allow"), dict(Principal=None), dict(Action="sns:Publish"), dict(Action=["sqs:SendMessage", "s3:*"]),
], ids=str)
def test_policy_must_be_a_queue_policy(world, wrong):
    statement = {key: value for key, value in {**POLICY["Statement"][0], **wrong}.items() if value is not None}
    with refused("InvalidAttributeValue", "Invalid value for the parameter Policy."):
        world.queue(Policy=json.dumps({**POLICY, "Statement": [statement]}))


def test_unnamed_statements_may_be_many(world):
    """Terraform writes an empty Sid for each (terraform-provider-aws#28537)."""
    unnamed = {**POLICY["Statement"][0], "Sid": ""}
    policy = {**POLICY, "Statement": [unnamed, {**unnamed, "Action": "sqs:ReceiveMessage"}]}
    url = world.queue(Policy=json.dumps(policy, indent=4))
    assert json.loads(world.attributes(url, "Policy")["Policy"]) == policy


def test_policy_must_be_json(world):
    with refused("InvalidAttributeValue", "Invalid value for the parameter Policy."):
        world.set(world.queue(), Policy="{not json")


OVER = {
    # As AWS answered in dapr/components-contrib#1780, ministryofjustice/cloud-platform-environments#9082 and
    # justeattakeaway/JustSaying#211.
    "21 statements were found in the submitted policy, max allowed is 20":
        [{**POLICY["Statement"][0], "Sid": str(n)} for n in range(21)],
    "10 actions were found in a statement from the submitted policy, max allowed is 7":
        [{**POLICY["Statement"][0], "Action": ["sqs:SendMessage"] * 10}],
    "Submitted policy is over max allowed size.": [{**POLICY["Statement"][0], "Sid": "x" * 8192}],
}


@pytest.mark.parametrize("sentence", OVER)
def test_policies_have_quotas(world, sentence):
    policy = json.dumps({**POLICY, "Statement": OVER[sentence]})
    with refused("OverLimit", sentence, 403):
        world.queue(Policy=policy)
    url = world.queue()
    with refused("OverLimit", sentence, 403):
        world.set(url, Policy=policy)
    assert world.attributes(url, "Policy") == {}


def test_setting_nothing(world):
    # As AWS answered in pulumi/pulumi-aws#5959.
    with missing("Attribute.Name"):
        world.set(world.queue())


def test_redrive_policy_keeps_the_number_a_number(world):
    dead = world.queue()
    url = world.with_dead_letters(dead, 7)
    found = world.attributes(url, "RedrivePolicy")
    assert json.loads(found["RedrivePolicy"]) == {"deadLetterTargetArn": world.arn(dead), "maxReceiveCount": 7}


def test_empty_redrive_policy_removes_it(world):
    url = world.with_dead_letters(world.queue(), 1)
    world.set(url, RedrivePolicy="")
    assert "RedrivePolicy" not in world.attributes(url)
