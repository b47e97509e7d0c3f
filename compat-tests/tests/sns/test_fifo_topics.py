"""FIFO topics: order, deduplication, sequence numbers."""

import hashlib
import json

import pytest

from support.sns_refusals import invalid_about, refused
from support.sns_world import entry
from support.world import members

FIVE_MINUTES = 300


def ordered(sns, topic, count: int, **more) -> list[str]:
    sent = [str(number) for number in range(count)]
    for body in sent:
        sns.publish(topic, body, **{"MessageGroupId": "g", **more})
    return sent


def test_a_publish_answers_a_sequence_number(sns):
    topic = sns.hashed_fifo_topic()
    answers = [sns.publish(topic, str(n), MessageGroupId="g") for n in range(3)]
    assert all(members(answer) == {"MessageId", "SequenceNumber"} for answer in answers)
    numbers = [answer["SequenceNumber"] for answer in answers]
    assert all(len(number) == 20 and number.isdigit() for number in numbers)
    assert numbers == sorted(set(numbers))


def test_a_group_is_required(sns):
    with invalid_about("MessageGroupId"):
        sns.publish(sns.hashed_fifo_topic())


def test_something_to_deduplicate_by_is_required(sns):
    with invalid_about("ContentBasedDeduplication|MessageDeduplicationId"):
        sns.publish(sns.fifo_topic(), MessageGroupId="g")


@pytest.mark.parametrize("name", ["MessageGroupId", "MessageDeduplicationId"])
@pytest.mark.parametrize("id", ["", "a" * 129, "a b"])
def test_ids_are_checked(sns, name, id):
    """AWS: API_Publish; 1 to 128 alphanumeric characters and punctuation."""
    with refused("InvalidParameter"):
        sns.publish(sns.hashed_fifo_topic(), **{"MessageGroupId": "g", name: id})


def test_the_digest_of_the_message_deduplicates(sns):
    """Recorded: test_message_to_fifo_sqs."""
    topic = sns.hashed_fifo_topic()
    listener = sns.raw_listen(topic)
    sns.publish(topic, "hello", MessageGroupId="g")
    sns.publish(topic, "hello", MessageGroupId="g")
    attributes = listener.message()["Attributes"]
    assert attributes["MessageDeduplicationId"] == hashlib.sha256(b"hello").hexdigest()
    assert attributes["MessageGroupId"] == "g"


def test_a_queue_without_digests_gets_that_of_the_topic(sns):
    """Recorded: test_publish_to_fifo_topic_to_sqs_queue_no_content_dedup."""
    topic = sns.hashed_fifo_topic()
    plain, raw = sns.listen(topic), sns.raw_listen(topic)
    sns.publish(topic, "hello", MessageGroupId="g")
    expected = hashlib.sha256(b"hello").hexdigest()
    for listener in (plain, raw):
        assert listener.message()["Attributes"]["MessageDeduplicationId"] == expected


def test_a_given_id_beats_the_digest(sns):
    topic = sns.hashed_fifo_topic()
    listener = sns.raw_listen(topic)
    sns.publish(topic, "one", MessageGroupId="g", MessageDeduplicationId="d")
    sns.publish(topic, "two", MessageGroupId="g", MessageDeduplicationId="d")
    assert listener.bodies() == ["one"]


def test_a_topic_deduplicates_over_all_groups(sns):
    """Recorded: test_publish_to_fifo_topic_deduplication_on_topic_level."""
    topic = sns.fifo_topic()
    listener = sns.raw_listen(topic)
    sns.publish(topic, "one", MessageGroupId="g1", MessageDeduplicationId="d")
    sns.publish(topic, "two", MessageGroupId="g2", MessageDeduplicationId="d")
    assert listener.bodies() == ["one"]


def test_where_groups_are_apart_so_is_deduplication(sns):
    """AWS: topic attribute FifoThroughputScope, MessageGroup."""
    topic = sns.fifo_topic(FifoThroughputScope="MessageGroup")
    url = sns.fifo(DeduplicationScope="messageGroup", FifoThroughputLimit="perMessageGroupId")
    sns.subscribe(topic, "sqs", sns.arn(url), RawMessageDelivery="true")
    for group in ("g1", "g2", "g1"):
        sns.publish(topic, group, MessageGroupId=group, MessageDeduplicationId="d")
    assert sorted(sns.bodies(url)) == ["g1", "g2"]


def test_a_duplicate_is_answered_as_the_original(sns):
    """Recorded: test_publish_batch_messages_from_fifo_topic_to_fifo_queue."""
    topic = sns.hashed_fifo_topic()
    first = sns.publish(topic, "hello", MessageGroupId="g")
    again = sns.publish(topic, "hello", MessageGroupId="g")
    assert (again["MessageId"], again["SequenceNumber"]) == (first["MessageId"], first["SequenceNumber"])


@pytest.mark.parametrize("hashed", [True, False])
def test_a_batch_of_duplicates_is_answered_as_the_original(sns, hashed):
    """Recorded: test_publish_batch_messages_from_fifo_topic_to_fifo_queue."""
    topic = sns.fifo_topic(ContentBasedDeduplication=str(hashed).lower())
    listener = sns.raw_listen(topic)
    entries = [
        entry(str(n), MessageGroupId="g", **({} if hashed else {"MessageDeduplicationId": f"d{n}"}))
        for n in range(3)
    ]
    first = sns.publish_batch(topic, *entries)
    assert first["Failed"] == []
    assert [set(found) for found in first["Successful"]] == [{"Id", "MessageId", "SequenceNumber"}] * 3
    assert listener.bodies() == ["0", "1", "2"]
    again = sns.publish_batch(topic, *entries)
    assert again["Successful"] == first["Successful"]
    assert again["Failed"] == []
    assert listener.messages() == []


def test_after_five_minutes_it_is_new(steered_sns):
    sns = steered_sns
    topic = sns.hashed_fifo_topic()
    listener = sns.raw_listen(topic)
    first = sns.publish_id(topic, "hello", MessageGroupId="g")
    assert listener.bodies() == ["hello"]
    sns.clock.advance(FIVE_MINUTES - 0.001)
    assert sns.publish_id(topic, "hello", MessageGroupId="g") == first
    sns.clock.advance(0.001)
    assert sns.publish_id(topic, "hello", MessageGroupId="g") != first
    assert listener.bodies() == ["hello"]


def test_everyone_hears_the_same_order(sns):
    """Recorded: test_message_to_fifo_sqs_ordering."""
    topic = sns.hashed_fifo_topic()
    listeners = [sns.raw_listen(topic) for _ in range(3)]
    sent = ordered(sns, topic, 20)
    for listener in listeners:
        assert listener.bodies() == sent


def test_groups_keep_their_order_each(sns):
    topic = sns.hashed_fifo_topic()
    listener = sns.raw_listen(topic)
    for number in range(5):
        for group in ("a", "b"):
            sns.publish(topic, f"{group}{number}", MessageGroupId=group)
    heard = listener.bodies()
    for group in ("a", "b"):
        assert [body for body in heard if body[0] == group] == [f"{group}{number}" for number in range(5)]


def test_the_envelope_tells_the_sequence_number(sns):
    """Recorded: test_message_to_fifo_sqs."""
    topic = sns.hashed_fifo_topic()
    listener = sns.listen(topic)
    told = sns.publish(topic, "hello", MessageGroupId="g")["SequenceNumber"]
    assert json.loads(listener.body())["SequenceNumber"] == told


def test_filters_hold_for_fifo_too(sns):
    topic = sns.hashed_fifo_topic()
    listener = sns.raw_listen(topic, FilterPolicy={"k": ["v"]}, FilterPolicyScope="MessageBody")
    for body in ('{"k": "v"}', '{"k": "w"}', "text"):
        sns.publish(topic, body, MessageGroupId="g")
    assert listener.bodies() == ['{"k": "v"}']


def test_a_batch_entry_without_a_group_fails_them_all(sns):
    """AWS refuses the whole call when one entry is not formed as it should be."""
    topic = sns.hashed_fifo_topic()
    listener = sns.raw_listen(topic)
    with invalid_about("MessageGroupId"):
        sns.publish_batch(topic, entry("good", MessageGroupId="g"), entry("bad"))
    assert listener.bodies() == []
