"""The outbox: letters that would have been sent, deliveries with their attempts, and LocalStack's pages of the same."""

import json
import re
import urllib.parse

import pytest

from support.receiver import open_url
from support.server import Server
from support.sns_world import SnsWorld, text

NUMBER = "+15551234567"
ADDRESS = "a@example.com"
MILLISECONDS = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"


def local(sns, method: str, page: str, **query):
    """One of LocalStack's pages."""
    fields = {"accountId": sns.account, "region": sns.region, **query}
    return sns.server.admin(method, f"/_aws/sns/{page}?" + urllib.parse.urlencode(fields))


def push_endpoint(sns, token="token") -> str:
    application = sns.sns.create_platform_application(
        Name="app", Platform="GCM", Attributes={"PlatformCredential": "key"}
    )["PlatformApplicationArn"]
    return sns.sns.create_platform_endpoint(PlatformApplicationArn=application, Token=token)["EndpointArn"]


# -- e-mail ---------------------------------------------------------------------------------------


def confirm_by_mail(sns, topic, protocol="email") -> str:
    arn = sns.subscribe(topic, protocol, ADDRESS)
    sns.sns.confirm_subscription(TopicArn=topic, Token=sns.token(arn))
    return arn


def test_mail_asks_with_a_link(sns, topic):
    arn = sns.subscribe(topic, "email", ADDRESS)
    asked = sns.outbox.letter("email", ADDRESS)
    assert asked["subject"] == "AWS Notification - Subscription Confirmation"
    assert asked["topicArn"] == topic
    link = re.search(r"https?://\S*ConfirmSubscription\S*", asked["message"]).group()
    assert open_url(link.rstrip(">\"'."))[0] == 200
    assert sns.subscription(arn)["PendingConfirmation"] == "false"


def test_mail_carries_message_and_subject(sns, topic):
    arn = confirm_by_mail(sns, topic)
    message_id = sns.publish_id(topic, "hello, you", Subject="News")
    (letter,) = [one for one in sns.outbox.letters("email", ADDRESS) if one["messageId"] == message_id]
    assert letter["subject"] == "News"
    assert letter["message"].startswith("hello, you")
    assert (letter["topicArn"], letter["subscriptionArn"]) == (topic, arn)
    assert re.fullmatch(MILLISECONDS, letter["sentAt"])


def test_mail_without_a_subject_gets_one(sns, topic):
    confirm_by_mail(sns, topic)
    message_id = sns.publish_id(topic)
    (letter,) = [one for one in sns.outbox.letters("email", ADDRESS) if one["messageId"] == message_id]
    assert letter["subject"] == "AWS Notification Message"


def test_mail_in_json_is_the_envelope(sns, topic):
    confirm_by_mail(sns, topic, "email-json")
    message_id = sns.publish_id(topic, "hello", MessageAttributes={"k": text("v")})
    (letter,) = [one for one in sns.outbox.letters("email-json", ADDRESS) if one["messageId"] == message_id]
    envelope = json.loads(letter["message"])
    assert (envelope["Type"], envelope["Message"], envelope["MessageId"]) == ("Notification", "hello", message_id)


# -- SMS ------------------------------------------------------------------------------------------


def test_a_letter_has_what_was_said(sns):
    sns.sns.publish(PhoneNumber=NUMBER, Message="hello", MessageAttributes={"k": text("v")})
    letter = sns.outbox.letter("sms")
    assert letter["kind"] == "sms"
    assert json.dumps(letter["messageAttributes"]).count('"v"') == 1
    assert re.fullmatch(MILLISECONDS, letter["sentAt"])


def test_sms_as_localstack_has_them(sns, topic):
    subscription = sns.subscribe(topic, "sms", NUMBER)
    by_topic = sns.publish_id(topic, "by topic", Subject="News")
    by_number = sns.sns.publish(PhoneNumber=NUMBER, Message="by number")["MessageId"]
    page = local(sns, "GET", "sms-messages")
    assert page["region"] == "us-east-1"
    assert list(page["sms_messages"]) == [NUMBER]
    first, second = page["sms_messages"][NUMBER]
    assert set(first) == {
        "PhoneNumber", "TopicArn", "SubscriptionArn", "MessageId", "Message", "MessageAttributes", "MessageStructure",
        "Subject",
    }
    assert (first["TopicArn"], first["SubscriptionArn"], first["MessageId"]) == (topic, subscription, by_topic)
    assert (first["Message"], first["Subject"], first["PhoneNumber"]) == ("by topic", "News", NUMBER)
    assert (second["Message"], second["MessageId"], second["TopicArn"]) == ("by number", by_number, None)


def test_sms_of_one_number(sns):
    for number in (NUMBER, "+15557654321"):
        sns.sns.publish(PhoneNumber=number, Message="hello")
    assert list(local(sns, "GET", "sms-messages", phoneNumber=NUMBER)["sms_messages"]) == [NUMBER]
    local(sns, "DELETE", "sms-messages", phoneNumber=NUMBER)
    assert list(local(sns, "GET", "sms-messages")["sms_messages"]) == ["+15557654321"]
    local(sns, "DELETE", "sms-messages")
    assert local(sns, "GET", "sms-messages")["sms_messages"] == {}


# -- push -----------------------------------------------------------------------------------------


def test_push_as_localstack_has_them(sns, topic):
    endpoint = push_endpoint(sns)
    sns.subscribe(topic, "application", endpoint)
    by_topic = sns.publish_id(topic, "by topic")
    by_arn = sns.sns.publish(TargetArn=endpoint, Message="by arn", Subject="News")["MessageId"]
    page = local(sns, "GET", "platform-endpoint-messages")
    assert page["region"] == "us-east-1"
    assert list(page["platform_endpoint_messages"]) == [endpoint]
    first, second = page["platform_endpoint_messages"][endpoint]
    assert set(first) == {
        "TargetArn", "TopicArn", "Message", "MessageAttributes", "MessageStructure", "Subject", "MessageId",
    }
    assert (first["TargetArn"], first["TopicArn"], first["MessageId"]) == (endpoint, topic, by_topic)
    assert (second["Message"], second["Subject"], second["MessageId"]) == ("by arn", "News", by_arn)


def test_push_of_one_endpoint(sns):
    one, two = push_endpoint(sns, "one"), push_endpoint(sns, "two")
    for endpoint in (one, two):
        sns.sns.publish(TargetArn=endpoint, Message="hello")
    page = local(sns, "GET", "platform-endpoint-messages", endpointArn=one)
    assert list(page["platform_endpoint_messages"]) == [one]
    local(sns, "DELETE", "platform-endpoint-messages", endpointArn=one)
    assert list(local(sns, "GET", "platform-endpoint-messages")["platform_endpoint_messages"]) == [two]


# -- all of it ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["sms", "push"])
def test_one_kind_at_a_time(sns, kind):
    sns.sns.publish(PhoneNumber=NUMBER, Message="hello")
    sns.sns.publish(TargetArn=push_endpoint(sns), Message="hello")
    assert [letter["kind"] for letter in sns.outbox.letters(kind)] == [kind]
    assert sorted(letter["kind"] for letter in sns.outbox.page()["letters"]) == ["push", "sms"]


def test_accounts_and_regions_are_apart(sns, other):
    sns.sns.publish(PhoneNumber=NUMBER, Message="hello")
    assert other.outbox.letters("sms") == []
    assert sns.in_region("eu-west-1").outbox.letters("sms") == []


def test_a_delivery_tells_its_attempts(sns, topic, receiver):
    arn = sns.confirmed(topic, receiver)
    receiver.answers(404)
    message_id = sns.publish_id(topic)
    delivery = sns.outbox.ended(message_id)
    assert (delivery["service"], delivery["messageId"], delivery["url"]) == ("sns", message_id, receiver.url)
    assert arn in (delivery["owner"], delivery["source"]) or topic in (delivery["owner"], delivery["source"])
    (attempt,) = delivery["attempts"]
    assert (attempt["number"], attempt["status"]) == (1, 404)
    assert re.fullmatch(MILLISECONDS, attempt["at"])
    assert attempt["durationMs"] >= 0
    assert "nextAttemptAt" not in delivery


def test_only_http_by_its_kind(sns, topic, receiver):
    sns.confirmed(topic, receiver)
    message_id = sns.publish_id(topic)
    sns.outbox.ended(message_id)
    sns.sns.publish(PhoneNumber=NUMBER, Message="hello")
    page = sns.outbox.page(kind="http")
    assert page["letters"] == []
    assert message_id in [delivery["messageId"] for delivery in page["deliveries"]]


def test_it_can_be_emptied(account):
    """On a server of its own, for it is emptied for all."""
    server = Server().start()
    try:
        sns = SnsWorld(server, account)
        sns.sns.publish(PhoneNumber=NUMBER, Message="hello")
        assert len(sns.outbox.letters("sms")) == 1
        server.admin("DELETE", "/_fanlight/outbox")
        assert sns.outbox.page() == {"letters": [], "deliveries": []}
    finally:
        server.stop()
