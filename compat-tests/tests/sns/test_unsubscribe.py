"""Unsubscribing by the link in a message, and the goodbye that an HTTP endpoint gets."""

from support.receiver import open_url
from support.sns_refusals import subscription_missing
from support.world import members

GOODBYE = [
    "Type", "MessageId", "Token", "TopicArn", "Message", "SubscribeURL", "Timestamp", "SignatureVersion", "Signature",
    "SigningCertURL",
]
SAID = (
    "You have chosen to deactivate subscription {arn}.\n"
    "To cancel this operation and restore the subscription, visit the SubscribeURL included in this message."
)


def link(sns, topic, receiver) -> str:
    sns.publish(topic)
    return receiver.next("Notification").json()["UnsubscribeURL"]


def test_opening_the_link_ends_it(sns, topic, receiver):
    arn = sns.confirmed(topic, receiver)
    status, body = open_url(link(sns, topic, receiver))
    assert status == 200 and b"UnsubscribeResponse" in body
    with subscription_missing():
        sns.subscription(arn)
    assert sns.subscribers(topic) == []


def test_opening_it_twice_is_no_error(sns, topic, receiver):
    sns.confirmed(topic, receiver)
    url = link(sns, topic, receiver)
    assert [open_url(url)[0] for _ in range(2)] == [200, 200]


def test_the_link_of_a_queue_works_too(sns, topic):
    listener = sns.listen(topic)
    sns.publish(topic)
    assert open_url(listener.envelope()["UnsubscribeURL"])[0] == 200
    assert sns.subscribers(topic) == []


def test_the_link_works_in_every_region(sns):
    elsewhere = sns.in_region("eu-west-1")
    topic = elsewhere.topic()
    listener = elsewhere.listen(topic)
    elsewhere.publish(topic)
    assert open_url(listener.envelope()["UnsubscribeURL"])[0] == 200
    assert elsewhere.subscribers(topic) == []


def test_it_is_told_goodbye(sns, topic, receiver):
    """AWS: HTTP/HTTPS unsubscribe confirmation JSON format."""
    arn = sns.confirmed(topic, receiver)
    assert members(sns.sns.unsubscribe(SubscriptionArn=arn)) == set()
    goodbye = receiver.next("UnsubscribeConfirmation")
    document = goodbye.json()
    assert list(document) == GOODBYE
    assert document["Type"] == "UnsubscribeConfirmation"
    assert document["Message"] == SAID.format(arn=arn)
    assert goodbye.headers["x-amz-sns-subscription-arn"] == arn


def test_the_goodbye_can_be_taken_back(sns, topic, receiver):
    """AWS: API_Unsubscribe; the endpoint's owner can easily resubscribe."""
    sns.sns.unsubscribe(SubscriptionArn=sns.confirmed(topic, receiver))
    status, _ = open_url(receiver.next("UnsubscribeConfirmation").json()["SubscribeURL"])
    assert status == 200
    assert len(sns.subscribers(topic)) == 1
    sns.publish(topic, "again")
    assert receiver.next("Notification").json()["Message"] == "again"


def test_who_asks_for_authentication_is_not_unsubscribed_by_a_link(sns, topic, receiver):
    """AWS: API_ConfirmSubscription, AuthenticateOnUnsubscribe."""
    arn = sns.subscribe(topic, "http", receiver.url)
    token = receiver.next("SubscriptionConfirmation").json()["Token"]
    sns.sns.confirm_subscription(TopicArn=topic, Token=token, AuthenticateOnUnsubscribe="true")
    status, body = open_url(link(sns, topic, receiver))
    assert status == 403 and b"<Code>AuthorizationError</Code>" in body
    assert sns.subscribers(topic) == [arn]
    sns.sns.unsubscribe(SubscriptionArn=arn)
    assert sns.subscribers(topic) == []
