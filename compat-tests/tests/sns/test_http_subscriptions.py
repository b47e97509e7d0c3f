"""HTTP endpoints: how they are asked, and what they are sent."""

import base64
import json
import threading

import pytest

from support.receiver import Receiver, Reply, open_url
from support.sns_world import text

CONFIRMATION = [
    "Type", "MessageId", "Token", "TopicArn", "Message", "SubscribeURL", "Timestamp", "SignatureVersion", "Signature",
    "SigningCertURL",
]
ASKED = (
    "You have chosen to subscribe to the topic {topic}.\n"
    "To confirm the subscription, visit the SubscribeURL included in this message."
)


def test_it_is_asked_first(sns, topic, receiver):
    arn = sns.subscribe(topic, "http", receiver.url)
    asked = receiver.next("SubscriptionConfirmation")
    document = asked.json()
    assert asked.method == "POST"
    assert list(document) == CONFIRMATION
    assert document["Message"] == ASKED.format(topic=topic)
    assert document["TopicArn"] == topic
    assert document["Token"] == sns.token(arn)
    assert document["MessageId"] == asked.headers["x-amz-sns-message-id"]


def test_the_headers(sns, topic, receiver):
    """AWS: HTTP/HTTPS headers."""
    arn = sns.confirmed(topic, receiver)
    message_id = sns.publish_id(topic)
    headers = receiver.next("Notification").headers
    assert headers["x-amz-sns-message-id"] == message_id
    assert headers["x-amz-sns-topic-arn"] == topic
    assert headers["x-amz-sns-subscription-arn"] == arn
    assert headers["content-type"] == "text/plain; charset=UTF-8"
    assert headers["user-agent"] == "Amazon Simple Notification Service Agent"
    assert "x-amz-sns-rawdelivery" not in headers


def test_a_confirmation_has_no_subscription_to_name(sns, topic, receiver):
    """AWS: the example of a subscription confirmation lacks x-amz-sns-subscription-arn."""
    sns.subscribe(topic, "http", receiver.url)
    headers = receiver.next("SubscriptionConfirmation").headers
    assert headers["x-amz-sns-topic-arn"] == topic
    assert "x-amz-sns-subscription-arn" not in headers


def test_opening_the_url_confirms(sns, topic, receiver):
    arn = sns.subscribe(topic, "http", receiver.url)
    url = receiver.next("SubscriptionConfirmation").json()["SubscribeURL"]
    status, body = open_url(url)
    assert status == 200
    assert f"<SubscriptionArn>{arn}</SubscriptionArn>".encode() in body
    found = sns.subscription(arn)
    assert (found["PendingConfirmation"], found["ConfirmationWasAuthenticated"]) == ("false", "false")


def test_the_operation_confirms(sns, topic, receiver):
    arn = sns.subscribe(topic, "http", receiver.url)
    token = receiver.next("SubscriptionConfirmation").json()["Token"]
    answer = sns.sns.confirm_subscription(TopicArn=topic, Token=token, AuthenticateOnUnsubscribe="true")
    assert answer["SubscriptionArn"] == arn
    assert sns.subscription(arn)["ConfirmationWasAuthenticated"] == "true"


def test_the_url_works_in_every_region(sns, receiver):
    """The link is opened without a signature, so nothing but the topic's ARN says where it belongs."""
    elsewhere = sns.in_region("eu-west-1")
    topic = elsewhere.topic()
    elsewhere.confirmed(topic, receiver)
    elsewhere.publish(topic, "hello")
    assert receiver.next("Notification").json()["Message"] == "hello"


def test_unconfirmed_it_is_sent_nothing(sns, topic, receiver):
    sns.subscribe(topic, "http", receiver.url)
    asked = receiver.next("SubscriptionConfirmation")
    sns.publish(topic, "too early")
    open_url(asked.json()["SubscribeURL"])
    sns.publish(topic, "in time")
    assert receiver.next("Notification").json()["Message"] == "in time"


def test_each_subscription_is_asked_once(sns, receiver):
    """Recorded: test_multiple_subscriptions_http_endpoint."""
    receiver.answers(429)
    topics = [sns.topic() for _ in range(2)]
    arns = [sns.subscribe(topic, "http", receiver.url) for topic in topics]
    asked = receiver.wait(2)
    assert sorted(request.json()["TopicArn"] for request in asked) == sorted(topics)
    assert receiver.kinds() == ["SubscriptionConfirmation"] * 2
    assert [sns.subscription(arn)["PendingConfirmation"] for arn in arns] == ["true", "true"]


def test_subscribing_again_asks_again(sns, topic, receiver):
    arn = sns.subscribe(topic, "http", receiver.url)
    first = receiver.next("SubscriptionConfirmation")
    assert sns.subscribe(topic, "http", receiver.url) == arn
    second = receiver.next("SubscriptionConfirmation")
    assert second.json()["MessageId"] != first.json()["MessageId"]


def test_the_body_is_the_envelope_of_a_queue(sns, topic, receiver):
    """One envelope for all; only the link to unsubscribe differs."""
    listener = sns.listen(topic)
    sns.confirmed(topic, receiver)
    sns.publish(topic, "grüße\n🎈", Subject="News", MessageAttributes={"k": text("v")})
    by_http, by_queue = receiver.next("Notification").json(), listener.envelope()
    assert by_http.pop("UnsubscribeURL") != by_queue.pop("UnsubscribeURL")
    assert by_http == by_queue
    assert list(by_http) == list(by_queue)


def test_raw_the_body_is_the_message(sns, topic, receiver):
    """AWS: raw message delivery; x-amz-sns-rawdelivery."""
    sns.confirmed(topic, receiver, RawMessageDelivery="true")
    message_id = sns.publish_id(topic, "grüße", Subject="not shown")
    sent = receiver.next("Notification")
    assert sent.text() == "grüße"
    assert sent.headers["x-amz-sns-rawdelivery"] == "true"
    assert sent.headers["x-amz-sns-message-id"] == message_id
    assert sent.headers["content-type"] == "text/plain; charset=UTF-8"


def test_the_question_is_never_raw(sns, topic, receiver):
    sns.subscribe(topic, "http", receiver.url, RawMessageDelivery="true")
    assert receiver.next("SubscriptionConfirmation").json()["Type"] == "SubscriptionConfirmation"


def test_the_content_type_can_be_chosen(sns, topic, receiver):
    """AWS: HTTP/S delivery policy, requestPolicy.headerContentType."""
    policy = {"requestPolicy": {"headerContentType": "application/json"}}
    sns.confirmed(topic, receiver, DeliveryPolicy=policy, RawMessageDelivery="true")
    sns.publish(topic, "{}")
    assert receiver.next("Notification").headers["content-type"] == "application/json"


def test_the_topic_may_choose_it_for_all(sns, receiver):
    policy = {"http": {"defaultRequestPolicy": {"headerContentType": "application/xml"}}}
    topic = sns.topic(DeliveryPolicy=policy)
    sns.confirmed(topic, receiver)
    sns.publish(topic)
    assert receiver.next("Notification").headers["content-type"] == "application/xml"


def test_user_and_password_become_a_header(sns, topic, receiver):
    """AWS: subscribing an HTTP endpoint that asks for basic authentication."""
    url = receiver.url.replace("http://", "http://me:s3cret@")
    sns.subscribe(topic, "http", url)
    headers = receiver.next("SubscriptionConfirmation").headers
    assert headers["authorization"] == "Basic " + base64.b64encode(b"me:s3cret").decode()
    assert "me:" not in headers["host"]


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_success_is_delivered(sns, topic, receiver, status):
    sns.confirmed(topic, receiver)
    receiver.answers(status)
    delivery = sns.outbox.ended(sns.publish_id(topic))
    assert delivery["state"] == "delivered"
    assert [attempt["status"] for attempt in delivery["attempts"]] == [status]
    assert delivery["url"] == receiver.url


def test_structure_gives_http_its_own_words(sns, topic, receiver):
    sns.confirmed(topic, receiver)
    sns.publish(topic, json.dumps({"default": "for all", "http": "for servers"}), MessageStructure="json")
    assert receiver.next("Notification").json()["Message"] == "for servers"


def test_filters_hold_for_http(sns, topic, receiver):
    sns.confirmed(topic, receiver, FilterPolicy={"k": ["v"]})
    sns.publish(topic, "no")
    sns.publish(topic, "yes", MessageAttributes={"k": text("v")})
    assert receiver.next("Notification").json()["Message"] == "yes"


def test_a_slow_endpoint_holds_nobody_up(sns, topic):
    free = threading.Event()
    slow, quick = Receiver(), Receiver()
    try:
        for receiver in (slow, quick):
            sns.confirmed(topic, receiver)
        slow.answers(Reply(after=free))
        for number in range(3):
            sns.publish(topic, str(number))
            assert quick.next("Notification").json()["Message"] == str(number)
    finally:
        free.set()
        slow.close()
        quick.close()


def test_the_page_of_tokens_knows_only_what_is_there(sns, topic):
    status, _ = open_url(f"{sns.server.url}/_aws/sns/subscription-tokens/{topic}:nothing")
    assert status in (400, 404)
