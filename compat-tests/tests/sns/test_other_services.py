"""Lambda and Firehose: the request that the real service would send, to where the user says they are."""

import base64
import json

import pytest

from support.receiver import Receiver
from support.server import Server
from support.sns_world import SnsWorld, text

LAMBDA_MEMBERS = {
    "Type", "MessageId", "TopicArn", "Subject", "Message", "Timestamp", "SignatureVersion", "Signature",
    "SigningCertUrl", "UnsubscribeUrl", "MessageAttributes",
}


@pytest.fixture
def stand_in(receiver) -> Receiver:
    """Takes calls on every path, as an AWS endpoint does."""
    receiver.path = "/"
    receiver.url = receiver.url.rsplit("/", 1)[0]
    return receiver


@pytest.fixture
def configured(stand_in, account):
    server = Server("--endpoint", f"lambda={stand_in.url}", "--endpoint", f"firehose={stand_in.url}").start()
    yield SnsWorld(server, account)
    server.stop()


def function(sns) -> str:
    return f"arn:aws:lambda:us-east-1:{sns.account}:function:on-order"


def stream(sns) -> str:
    return f"arn:aws:firehose:us-east-1:{sns.account}:deliverystream/orders"


def subscribe_stream(sns, topic, **attributes) -> str:
    role = f"arn:aws:iam::{sns.account}:role/firehose"
    return sns.subscribe(topic, "firehose", stream(sns), SubscriptionRoleArn=role, **attributes)


def test_a_function_is_confirmed_at_once(configured):
    topic = configured.topic()
    arn = configured.subscribe(topic, "lambda", function(configured))
    assert configured.subscription(arn)["PendingConfirmation"] == "false"


def test_a_function_is_invoked_with_an_sns_event(configured, stand_in):
    sns, topic = configured, configured.topic()
    arn = sns.subscribe(topic, "lambda", function(sns))
    stand_in.answers(202)
    message_id = sns.publish_id(topic, "hello", MessageAttributes={"k": text("v")})
    (call,) = stand_in.wait(1)
    assert call.method == "POST"
    assert call.path.startswith("/2015-03-31/functions/") and call.path.endswith("/invocations")
    assert "on-order" in call.path
    assert call.headers["x-amz-invocation-type"] == "Event"
    assert "/us-east-1/lambda/aws4_request" in call.headers["authorization"]
    (record,) = call.json()["Records"]
    assert (record["EventSource"], record["EventVersion"], record["EventSubscriptionArn"]) == ("aws:sns", "1.0", arn)
    assert set(record["Sns"]) == LAMBDA_MEMBERS
    assert (record["Sns"]["Message"], record["Sns"]["MessageId"]) == ("hello", message_id)
    assert record["Sns"]["Subject"] is None
    assert record["Sns"]["MessageAttributes"] == {"k": {"Type": "String", "Value": "v"}}
    assert sns.outbox.ended(message_id)["state"] == "delivered"


def test_without_attributes_there_is_an_empty_map(configured, stand_in):
    sns, topic = configured, configured.topic()
    sns.subscribe(topic, "lambda", function(sns))
    sns.publish(topic, "hello", Subject="News")
    told = stand_in.wait(1)[0].json()["Records"][0]["Sns"]
    assert (told["Subject"], told["MessageAttributes"]) == ("News", {})


def test_a_stream_is_given_the_envelope(configured, stand_in):
    sns, topic = configured, configured.topic()
    arn = subscribe_stream(sns, topic)
    assert sns.subscription(arn)["PendingConfirmation"] == "false"
    stand_in.answers(200)
    message_id = sns.publish_id(topic, "hello")
    (call,) = stand_in.wait(1)
    assert call.headers["x-amz-target"].startswith("Firehose_20150804.PutRecord")
    assert call.headers["content-type"] == "application/x-amz-json-1.1"
    document = call.json()
    assert document["DeliveryStreamName"] == "orders"
    record = document["Record"] if "Record" in document else document["Records"][0]
    envelope = json.loads(base64.b64decode(record["Data"]))
    assert (envelope["Type"], envelope["Message"], envelope["MessageId"]) == ("Notification", "hello", message_id)


def test_a_stream_may_be_given_the_message(configured, stand_in):
    sns, topic = configured, configured.topic()
    subscribe_stream(sns, topic, RawMessageDelivery="true")
    sns.publish(topic, "hello")
    document = stand_in.wait(1)[0].json()
    record = document["Record"] if "Record" in document else document["Records"][0]
    assert base64.b64decode(record["Data"]).decode().rstrip("\n") == "hello"


def test_a_function_nobody_configured(sns, topic):
    """Said plainly, and given to the dead-letter queue."""
    dead = sns.queue()
    sns.subscribe(topic, "lambda", function(sns), RedrivePolicy={"deadLetterTargetArn": sns.arn(dead)})
    message_id = sns.publish_id(topic, "hello")
    assert len(sns.arrivals(dead, 1)) == 1
    delivery = sns.outbox.ended(message_id)
    assert delivery["state"] == "dead"
    assert "endpoint" in json.dumps(delivery) and "lambda" in json.dumps(delivery)
