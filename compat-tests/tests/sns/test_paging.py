"""Lists come in pages of a hundred."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from support.sns_refusals import refused
from support.world import members


def fill(make, count: int):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(make, range(count)))


def pages(call, kind: str, **arguments) -> list[list[dict]]:
    answer = call(**arguments)
    found = [answer[kind]]
    while token := answer.get("NextToken"):
        answer = call(NextToken=token, **arguments)
        found.append(answer[kind])
    return found


def test_topics(sns):
    """Recorded: test_list_topic_paging."""
    fill(lambda n: sns.topic(f"topic-{n}"), 101)
    found = pages(sns.sns.list_topics, "Topics")
    assert [len(page) for page in found] == [100, 1]
    assert len({topic["TopicArn"] for page in found for topic in page}) == 101


def test_exactly_a_page_has_no_next(sns):
    fill(lambda n: sns.topic(f"topic-{n}"), 100)
    answer = sns.sns.list_topics()
    assert len(answer["Topics"]) == 100
    assert members(answer) == {"Topics"}


def test_subscriptions_of_a_topic(sns, topic):
    """Recorded: test_subscription_paging."""
    fill(lambda n: sns.subscribe(topic, "email", f"a{n}@example.com"), 101)
    found = pages(sns.sns.list_subscriptions_by_topic, "Subscriptions", TopicArn=topic)
    assert [len(page) for page in found] == [100, 1]
    assert len({one["Endpoint"] for page in found for one in page}) == 101


def test_subscriptions(sns, topic):
    """Recorded: test_list_subscriptions."""
    fill(lambda n: sns.subscribe(topic, "email", f"a{n}@example.com"), 101)
    found = pages(sns.sns.list_subscriptions, "Subscriptions")
    assert [len(page) for page in found] == [100, 1]
    assert len({one["Endpoint"] for page in found for one in page}) == 101


def test_platform_applications_and_their_endpoints(sns):
    application = sns.sns.create_platform_application(
        Name="app", Platform="GCM", Attributes={"PlatformCredential": "key"}
    )["PlatformApplicationArn"]
    fill(lambda n: sns.sns.create_platform_endpoint(PlatformApplicationArn=application, Token=f"t{n}"), 101)
    call = sns.sns.list_endpoints_by_platform_application
    found = pages(call, "Endpoints", PlatformApplicationArn=application)
    assert len({one["EndpointArn"] for page in found for one in page}) == 101
    assert len(found) > 1


@pytest.mark.parametrize("call", ["list_topics", "list_subscriptions"])
def test_a_token_that_was_never_given(sns, call):
    with refused("InvalidParameter"):
        getattr(sns.sns, call)(NextToken="never given")
