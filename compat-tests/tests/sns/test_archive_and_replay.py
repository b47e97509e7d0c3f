"""FIFO topics keep what was published, and tell it again to who asks.

AWS: message archiving and replay; a replayed message has the same content, MessageId and Timestamp, and `Replayed`.
"""

import datetime
import json

import pytest

from support.sns_refusals import invalid_about, refused
from support.waiting import until

POLICY = {"MessageRetentionPeriod": "30"}
DAY = 24 * 60 * 60


def archived_topic(sns) -> str:
    return sns.hashed_fifo_topic(ArchivePolicy=POLICY)


def iso(milliseconds: int) -> str:
    when = datetime.datetime.fromtimestamp(milliseconds / 1000, datetime.timezone.utc)
    return when.strftime("%Y-%m-%dT%H:%M:%S.") + f"{milliseconds % 1000:03}Z"


def replay(start: int, end: int | None = None) -> dict:
    policy = {"PointType": "Timestamp", "StartingPoint": iso(start)}
    return policy if end is None else {**policy, "EndingPoint": iso(end)}


def heard(listener, count: int) -> list[dict]:
    """The envelopes of that many messages; a replay goes on in the background."""
    found: list[dict] = []

    def look():
        found.extend(json.loads(body) for body in listener.bodies())
        return len(found) >= count

    until(look, f"{count} messages")
    return found


def test_the_policy_is_shown_and_the_archive_has_a_beginning(steered_sns):
    topic = archived_topic(steered_sns)
    found = steered_sns.topic_attributes(topic)
    assert json.loads(found["ArchivePolicy"]) == POLICY
    assert found["BeginningArchiveTime"]


def test_only_fifo_topics_have_archives(sns, topic):
    with refused("InvalidParameter"):
        sns.set_topic(topic, "ArchivePolicy", POLICY)


@pytest.mark.parametrize("period", ["0", "366", "a month"])
def test_a_day_to_a_year(sns, period):
    with invalid_about("ArchivePolicy"):
        sns.hashed_fifo_topic(ArchivePolicy={"MessageRetentionPeriod": period})


def test_a_new_listener_hears_what_was(steered_sns):
    sns = steered_sns
    topic, start = archived_topic(sns), sns.clock.now_ms()
    originals = sns.listen(topic)
    for body in ("one", "two"):
        sns.publish(topic, body, MessageGroupId="g")
        sns.clock.advance(1)
    first = [json.loads(body) for body in originals.bodies()]
    again = heard(sns.listen(topic, ReplayPolicy=replay(start)), 2)
    for key in ("Message", "MessageId", "Timestamp", "SequenceNumber"):
        assert [envelope[key] for envelope in again] == [envelope[key] for envelope in first]
    assert all("Replayed" not in envelope for envelope in first)
    assert [str(envelope["Replayed"]).lower() for envelope in again] == ["true", "true"]


def test_others_do_not_hear_it_again(steered_sns):
    sns = steered_sns
    topic, start = archived_topic(sns), sns.clock.now_ms()
    originals = sns.listen(topic)
    sns.publish(topic, "one", MessageGroupId="g")
    assert originals.heard() == ["one"]
    heard(sns.listen(topic, ReplayPolicy=replay(start)), 1)
    assert originals.messages() == []


def test_from_a_point_to_a_point(steered_sns):
    sns = steered_sns
    topic = archived_topic(sns)
    times = []
    for body in ("one", "two", "three"):
        times.append(sns.clock.now_ms())
        sns.publish(topic, body, MessageGroupId="g")
        sns.clock.advance(10)
    listener = sns.listen(topic, ReplayPolicy=replay(times[1] - 1000, times[2] - 1000))
    assert [envelope["Message"] for envelope in heard(listener, 1)] == ["two"]


def test_new_messages_follow_the_old(steered_sns):
    sns = steered_sns
    topic, start = archived_topic(sns), sns.clock.now_ms()
    sns.publish(topic, "old", MessageGroupId="g")
    listener = sns.listen(topic, ReplayPolicy=replay(start))
    sns.publish(topic, "new", MessageGroupId="g")
    assert [envelope["Message"] for envelope in heard(listener, 2)] == ["old", "new"]


def test_a_filter_holds_for_the_replay(steered_sns):
    sns = steered_sns
    topic, start = archived_topic(sns), sns.clock.now_ms()
    for kind in ("a", "b"):
        sns.publish(topic, json.dumps({"kind": kind}), MessageGroupId="g")
    listener = sns.listen(
        topic, ReplayPolicy=replay(start), FilterPolicy={"kind": ["b"]}, FilterPolicyScope="MessageBody"
    )
    assert [json.loads(envelope["Message"]) for envelope in heard(listener, 1)] == [{"kind": "b"}]


def test_the_replay_tells_how_far_it_is(steered_sns):
    sns = steered_sns
    topic, start = archived_topic(sns), sns.clock.now_ms()
    sns.publish(topic, "one", MessageGroupId="g")
    listener = sns.listen(topic)
    listener.messages()
    sns.set_subscription(listener.arn, "ReplayPolicy", replay(start))
    heard(listener, 1)
    assert json.loads(sns.subscription(listener.arn)["ReplayPolicy"]) == replay(start)
    status = until(
        lambda: "Completed" in (found := sns.subscription(listener.arn).get("ReplayStatus", "")) and found,
        "the end of the replay",
    )
    assert "Completed" in status


def test_the_archive_forgets(steered_sns):
    sns = steered_sns
    topic = sns.hashed_fifo_topic(ArchivePolicy={"MessageRetentionPeriod": "1"})
    start = sns.clock.now_ms()
    sns.publish(topic, "old", MessageGroupId="g")
    sns.clock.advance(DAY)
    sns.publish(topic, "new", MessageGroupId="g")
    listener = sns.listen(topic, ReplayPolicy=replay(start))
    assert [envelope["Message"] for envelope in heard(listener, 1)] == ["new"]


def test_a_topic_with_an_archive_is_not_deleted(sns):
    """AWS: a topic with an active archive policy must have it removed before it can be deleted."""
    topic = archived_topic(sns)
    with refused("InvalidState"):
        sns.sns.delete_topic(TopicArn=topic)
    sns.set_topic(topic, "ArchivePolicy", {})
    sns.sns.delete_topic(TopicArn=topic)


def test_a_topic_without_an_archive_has_nothing_to_tell(sns):
    with refused("InvalidParameter"):
        sns.listen(sns.hashed_fifo_topic(), ReplayPolicy=replay(0))
