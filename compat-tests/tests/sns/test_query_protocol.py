"""SNS by hand: what stands in the XML, and what does not."""

import pytest

from support.raw import Answer

NAMESPACE = "http://sns.amazonaws.com/doc/2010-03-31/"


def assert_error(answer: Answer, code: str, status: int = 400) -> str:
    """ErrorResponse with Error{Type, Code, Message} and RequestId, and nothing else; gives the sentence."""
    assert answer.status == status, answer
    assert answer.headers["content-type"].startswith("text/xml")
    root = answer.xml()
    assert root.tag == "ErrorResponse"
    assert f'<ErrorResponse xmlns="{NAMESPACE}">'.encode() in answer.body
    assert [element.tag for element in root] == ["Error", "RequestId"]
    assert [element.tag for element in root.find("Error")] == ["Type", "Code", "Message"]
    assert root.findtext("Error/Type") == "Sender"
    assert root.findtext("Error/Code") == code
    assert root.findtext("RequestId") == answer.headers["x-amzn-requestid"]
    return root.findtext("Error/Message")


def children(answer: Answer, path: str) -> list[str]:
    assert answer.status == 200, answer
    return [element.tag for element in answer.xml().find(path)]


def test_an_answer_and_its_headers(sns_raw):
    answer = sns_raw.form(Action="CreateTopic", Name="orders")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/xml")
    assert f'<CreateTopicResponse xmlns="{NAMESPACE}">'.encode() in answer.body
    root = answer.xml()
    assert [element.tag for element in root] == ["CreateTopicResult", "ResponseMetadata"]
    assert root.findtext("CreateTopicResult/TopicArn") == f"arn:aws:sns:us-east-1:{sns_raw.account}:orders"
    assert root.findtext("ResponseMetadata/RequestId") == answer.headers["x-amzn-requestid"]


def test_an_operation_without_result(sns, sns_raw, topic):
    answer = sns_raw.form(Action="SetTopicAttributes", TopicArn=topic, AttributeName="DisplayName", AttributeValue="x")
    assert [element.tag for element in answer.xml()] == ["ResponseMetadata"]


@pytest.mark.parametrize("action, member", [
    ("ListTopics", "Topics"), ("ListSubscriptions", "Subscriptions"),
    ("ListPlatformApplications", "PlatformApplications"), ("ListPhoneNumbersOptedOut", "phoneNumbers"),
    ("ListSMSSandboxPhoneNumbers", "PhoneNumbers"), ("ListOriginationNumbers", "PhoneNumbers"),
])
def test_an_empty_list_is_there(sns_raw, action, member):
    """Recorded: absent lists mean an empty list is present (SNS)."""
    answer = sns_raw.form(Action=action)
    assert children(answer, f"{action}Result") == [member]
    assert children(answer, f"{action}Result/{member}") == []


def test_the_lists_of_a_topic_are_there(sns_raw, topic):
    answer = sns_raw.form(Action="ListTagsForResource", ResourceArn=topic)
    assert children(answer, "ListTagsForResourceResult") == ["Tags"]
    answer = sns_raw.form(Action="ListSubscriptionsByTopic", TopicArn=topic)
    assert children(answer, "ListSubscriptionsByTopicResult") == ["Subscriptions"]


def test_a_batch_has_both_lists(sns_raw, topic):
    """Recorded: test_publish_batch_invalid_entry_id; success has `Failed: []` present."""
    answer = sns_raw.form(Action="PublishBatch", TopicArn=topic, **{
        "PublishBatchRequestEntries.member.1.Id": "a", "PublishBatchRequestEntries.member.1.Message": "x",
    })
    assert sorted(children(answer, "PublishBatchResult")) == ["Failed", "Successful"]
    assert children(answer, "PublishBatchResult/Failed") == []
    assert children(answer, "PublishBatchResult/Successful") == ["member"]


def test_maps_are_entries(sns_raw, topic):
    answer = sns_raw.form(Action="GetTopicAttributes", TopicArn=topic)
    entries = answer.xml().find("GetTopicAttributesResult/Attributes")
    assert {entry.tag for entry in entries} == {"entry"}
    assert {entry.findtext("key"): entry.findtext("value") for entry in entries}["TopicArn"] == topic


def test_attributes_of_a_message_have_names_and_values(sns, sns_raw, topic):
    listener = sns.raw_listen(topic)
    answer = sns_raw.form(Action="Publish", TopicArn=topic, Message="grüße\r\n", **{
        "MessageAttributes.entry.1.Name": "n", "MessageAttributes.entry.1.Value.DataType": "Number",
        "MessageAttributes.entry.1.Value.StringValue": "1",
        "MessageAttributes.entry.2.Name": "b", "MessageAttributes.entry.2.Value.DataType": "Binary",
        "MessageAttributes.entry.2.Value.BinaryValue": "/w==",
    })
    assert children(answer, "PublishResult") == ["MessageId"]
    message = listener.message()
    assert message["Body"] == "grüße\r\n"
    assert message["MessageAttributes"] == {
        "n": {"DataType": "Number", "StringValue": "1"}, "b": {"DataType": "Binary", "BinaryValue": b"\xff"},
    }


def test_a_number_is_told_as_true_or_false(sns_raw):
    answer = sns_raw.form(Action="CheckIfPhoneNumberIsOptedOut", phoneNumber="+15551234567")
    assert answer.xml().findtext("CheckIfPhoneNumberIsOptedOutResult/isOptedOut") == "false"


def test_get_will_do(sns_raw):
    answer = sns_raw.get(Action="CreateTopic", Name="orders", Version="2010-03-31")
    assert answer.xml().findtext("CreateTopicResult/TopicArn")


def test_an_error(sns_raw, topic):
    """Recorded: ErrorResponse/Error{Type,Code,Message}."""
    assert assert_error(sns_raw.form(Action="Publish", TopicArn=topic + "-not", Message="x"), "NotFound", 404) == (
        "Topic does not exist"
    )
    assert assert_error(sns_raw.form(Action="CreateTopic", Name="a b"), "InvalidParameter") == (
        "Invalid parameter: Topic Name"
    )


@pytest.mark.parametrize("version", ["2010-03-31", None])
def test_an_unknown_action(sns_raw, version):
    answer = sns_raw.get(Action="Dance", **({"Version": version} if version else {}))
    sentence = assert_error(answer, "InvalidAction")
    assert "Dance" in sentence


def test_a_body_that_is_no_form(sns_raw):
    answer = sns_raw.request("POST", "/", b"\xff\xfe%ZZ", {"Content-Type": "application/x-www-form-urlencoded"})
    assert 400 <= answer.status < 500


@pytest.mark.parametrize("index", ["0", "-1", "x", "99999999999999999999"])
def test_odd_list_indices_do_no_harm(sns_raw, topic, index):
    answer = sns_raw.form(Action="UntagResource", ResourceArn=topic, **{f"TagKeys.member.{index}": "a"})
    assert answer.status in (200, 400)


def test_messages_are_escaped(sns, sns_raw):
    """A name that is XML does not become XML."""
    answer = sns_raw.form(Action="TagResource", ResourceArn=sns.topic(), **{
        "Tags.member.1.Key": "<a>&\"'", "Tags.member.1.Value": "]]>\r\n",
    })
    assert answer.status == 200
    listed = sns_raw.form(Action="ListTagsForResource", ResourceArn=sns.sns.list_topics()["Topics"][0]["TopicArn"])
    tag = listed.xml().find("ListTagsForResourceResult/Tags/member")
    assert (tag.findtext("Key"), tag.findtext("Value")) == ("<a>&\"'", "]]>\r\n")
