"""AWS query by hand: forms, GET, presigned GET, and the XML that answers them."""

import http.client
import json
import urllib.parse

import pytest

from support.raw import Answer, assert_xml_error
from support.world import World

NAMESPACE = "http://queue.amazonaws.com/doc/2012-11-05/"


def test_answer_and_its_headers(json_world, raw):
    url = json_world.queue()
    answer = raw.form(Action="SendMessage", QueueUrl=url, MessageBody="x")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/xml")
    assert f'<SendMessageResponse xmlns="{NAMESPACE}">'.encode() in answer.body
    root = answer.xml()
    assert root.findtext("ResponseMetadata/RequestId") == answer.headers["x-amzn-requestid"]
    assert {element.tag for element in root.find("SendMessageResult")} == {"MessageId", "MD5OfMessageBody"}


def test_operation_without_result_answers_metadata_only(json_world, raw):
    answer = raw.form(Action="PurgeQueue", QueueUrl=json_world.queue())
    assert [element.tag for element in answer.xml()] == ["ResponseMetadata"]


def test_empty_receive_is_an_empty_result(json_world, raw):
    url = json_world.queue("orders")
    answer = raw.get(f"/{raw.account}/orders", Action="ReceiveMessage")
    assert answer.status == 200 and b"<ReceiveMessageResult/>" in answer.body
    assert json_world.counts(url) == (0, 0, 0)


def test_error_envelope(raw):
    answer = raw.form(Action="GetQueueUrl", QueueName="nothing")
    sentence = assert_xml_error(answer, "AWS.SimpleQueueService.NonExistentQueue")
    assert sentence == "The specified queue does not exist for this wsdl version."
    assert f'<ErrorResponse xmlns="{NAMESPACE}">'.encode() in answer.body


def test_get_attributes_on_the_queue_url(json_world, raw):
    url = json_world.queue("orders")
    answer = raw.get(f"/{raw.account}/orders", Action="GetQueueAttributes", **{"AttributeName.1": "All"})
    assert answer.status == 200
    arn = json_world.arn(url)
    assert f"<Attribute><Name>QueueArn</Name><Value>{arn}</Value></Attribute>".encode() in answer.body


def test_unknown_attribute_on_the_queue_url(json_world, raw):
    json_world.queue("orders")
    answer = raw.get(f"/{raw.account}/orders", Action="GetQueueAttributes", **{"AttributeName.1": "Foobar"})
    assert assert_xml_error(answer, "InvalidAttributeName") == "Unknown Attribute Foobar."


def test_send_and_receive_with_get(json_world, raw):
    json_world.queue("orders")
    path = f"/{raw.account}/orders"
    assert raw.get(path, Action="SendMessage", MessageBody="föö & bar\r\n").status == 200
    answer = raw.get(path, Action="ReceiveMessage", **{"AttributeName.1": "All"})
    message = answer.xml().find("ReceiveMessageResult/Message")
    assert message.findtext("Body") == "föö & bar\r\n"
    assert message.findtext("ReceiptHandle")


@pytest.mark.parametrize("more", [{}, {"Version": "2012-11-05"}], ids=["bare", "versioned"])
def test_get_queue_url_on_a_queue_url(json_world, raw, more):
    url = json_world.queue("orders")
    answer = raw.get(f"/{raw.account}/orders", Action="GetQueueUrl", QueueName="orders", **more)
    assert answer.xml().findtext("GetQueueUrlResult/QueueUrl") == url


@pytest.mark.parametrize("where", ["queue", "root"])
def test_unknown_action(json_world, raw, where):
    json_world.queue("orders")
    answer = raw.get(f"/{raw.account}/orders" if where == "queue" else "/", Action="FooBar")
    assert assert_xml_error(answer, "InvalidAction") == "The action FooBar is not valid for this endpoint."


def test_create_queue_on_a_queue_url(json_world, raw):
    json_world.queue("orders")
    answer = raw.get(f"/{raw.account}/orders", Action="CreateQueue", QueueName="other")
    sentence = assert_xml_error(answer, "InvalidAction")
    assert sentence.startswith("The action CreateQueue is not valid for this endpoint")
    assert len(json_world.sqs.list_queues()["QueueUrls"]) == 1


@pytest.mark.parametrize("fields, parameter", [
    ({"Action": "SendMessage", "MessageBody": "x"}, "QueueUrl"),
    ({"Action": "CreateQueue"}, "QueueName"),
    ({"Action": "ReceiveMessage"}, "QueueUrl"),
    ({"Action": "SetQueueAttributes", "QueueUrl": "q"}, "Attribute.Name"),
    ({"Action": "TagQueue", "QueueUrl": "q"}, "Tags"),
])
def test_missing_parameters(raw, fields, parameter):
    sentence = assert_xml_error(raw.form(**fields), "MissingParameter")
    assert sentence == f"The request must contain the parameter {parameter}."


@pytest.mark.parametrize("action", ["SendMessageBatch", "DeleteMessageBatch", "ChangeMessageVisibilityBatch"])
def test_batch_without_an_entry(json_world, raw, action):
    # As AWS answered in aws-sdk-php#630.
    answer = raw.form(Action=action, QueueUrl=json_world.queue())
    sentence = assert_xml_error(answer, "AWS.SimpleQueueService.EmptyBatchRequest")
    assert sentence == f"There should be at least one {action}RequestEntry in the request."


@pytest.mark.parametrize("value", ["ten", "1.5", "", "99999999999999999999", "0x1"])
def test_numbers_that_are_none(json_world, raw, value):
    url = json_world.queue()
    json_world.send(url)
    answer = raw.form(Action="ReceiveMessage", QueueUrl=url, MaxNumberOfMessages=value)
    assert answer.status == 400 and answer.xml().tag == "ErrorResponse", answer
    assert json_world.counts(url) == (1, 0, 0)


@pytest.mark.parametrize("form", [
    "Action=SendMessage&MessageBody=%ZZ", "Action=SendMessage&MessageBody=%", "Action=SendMessage&MessageBody=%FF%FE",
    "Action=SendMessage&MessageBody=%00", "Action=SendMessage&MessageBody", "Action", "&&&=&", "%00=%00",
    "Action=SendMessage&MessageBody=x&MessageAttribute.1.Value.StringValue=no-name",
    "Action=SendMessage&MessageBody=x&MessageAttribute.99999999999999999999.Name=a",
    "Action=SendMessage&MessageBody=x&DelaySeconds=soon",
])
def test_bad_forms_are_refused(json_world, raw, form):
    url = json_world.queue("orders")
    answer = raw.request("POST", f"/{raw.account}/orders", form, {"Content-Type": "application/x-www-form-urlencoded"})
    assert 400 <= answer.status < 500, answer
    assert json_world.counts(url) == (0, 0, 0)


def test_too_many_form_keys(json_world, raw):
    url = json_world.queue("orders")
    form = "Action=SendMessage&MessageBody=x" + "".join(f"&k{n}=v" for n in range(20_000))
    answer = raw.request("POST", f"/{raw.account}/orders", form, {"Content-Type": "application/x-www-form-urlencoded"})
    assert 400 <= answer.status < 500
    assert json_world.counts(url) == (0, 0, 0)


@pytest.mark.parametrize("character", ["\x00", "\x08", "\x13", "\uffff"])
def test_control_characters_never_reach_the_xml(json_world, raw, character):
    url = json_world.queue()
    answer = raw.form(Action="SendMessage", QueueUrl=url, MessageBody=f"a{character}b")
    assert_xml_error(answer, "InvalidMessageContents")
    answer = raw.form(Action="GetQueueUrl", QueueName=f"a{character}b<&>")
    assert answer.status == 400 and answer.xml().tag == "ErrorResponse"
    assert json_world.counts(url) == (0, 0, 0)


def test_map_and_list_numbers_need_not_be_dense(json_world, raw):
    url = json_world.queue()
    answer = raw.form(Action="SendMessageBatch", QueueUrl=url, **{
        "SendMessageBatchRequestEntry.2.Id": "second", "SendMessageBatchRequestEntry.2.MessageBody": "b",
        "SendMessageBatchRequestEntry.10.Id": "tenth", "SendMessageBatchRequestEntry.10.MessageBody": "c",
        "SendMessageBatchRequestEntry.1.Id": "first", "SendMessageBatchRequestEntry.1.MessageBody": "a",
    })
    entries = answer.xml().findall("SendMessageBatchResult/SendMessageBatchResultEntry/Id")
    assert [element.text for element in entries] == ["first", "second", "tenth"]


# -- presigned ---------------------------------------------------------------------------------------


def fetch(url: str, **headers) -> Answer:
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=30)
    connection.request("GET", f"{parts.path}?{parts.query}", headers=headers)
    answer = connection.getresponse()
    return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())


@pytest.fixture
def presign(server, account):
    there = World(server, account, "query", region="eu-west-1")
    there.queue("orders")

    def make(operation, **parameters):
        # The bare path of a presigned call lacks the slash that botocore leaves out.
        url = there.sqs.generate_presigned_url(operation, Params=parameters, HttpMethod="GET", ExpiresIn=60)
        return url.replace(f"{server.url}?", f"{server.url}/?")

    return make


def test_presigned_get(presign, server, account):
    # Account and region are those of the credential in the query string.
    answer = fetch(presign("list_queues"))
    assert answer.status == 200 and b"<ListQueuesResponse" in answer.body
    assert answer.xml().findtext("ListQueuesResult/QueueUrl") == f"{server.url}/{account}/orders"


def test_presigned_get_as_json(presign, server, account):
    answer = fetch(presign("list_queues"), Accept="application/json")
    assert answer.status == 200
    listed = json.loads(answer.body)["ListQueuesResponse"]["ListQueuesResult"]
    assert f"{server.url}/{account}/orders" in json.dumps(listed)


def test_attributes_as_json(json_world, raw):
    json_world.queue("orders")
    answer = raw.get(
        f"/{raw.account}/orders", Action="GetQueueAttributes", headers={"Accept": "application/json"},
        **{"AttributeName.1": "VisibilityTimeout"},
    )
    found = answer.json()["GetQueueAttributesResponse"]["GetQueueAttributesResult"]["Attributes"]
    assert found == [{"Name": "VisibilityTimeout", "Value": "30"}]


def test_errors_as_json(json_world, raw):
    json_world.queue("orders")
    answer = raw.get(f"/{raw.account}/orders", Action="ListQueues", headers={"Accept": "application/json"})
    assert answer.status == 400
    error = answer.json()["Error"]
    assert (error["Code"], error["Message"]) == (
        "InvalidAction", "The action ListQueues is not valid for this endpoint.",
    )
