"""Every operation of SNS through both CLIs; each is called once, and all around it is done through boto3."""

import json

import botocore
import pytest

from support.cli import Refused
from support.sns_world import SnsWorld

NUMBER = "+15551234567"
PROTECTION = {"Name": "p", "Version": "2021-06-01", "Statement": []}


@pytest.fixture
def sns(server, account) -> SnsWorld:
    return SnsWorld(server, account)


@pytest.fixture
def topic(sns) -> str:
    return sns.topic("orders")


@pytest.fixture
def listener(sns, topic):
    return sns.raw_listen(topic)


@pytest.fixture
def application(sns) -> str:
    return sns.sns.create_platform_application(
        Name="app", Platform="GCM", Attributes={"PlatformCredential": "key"}
    )["PlatformApplicationArn"]


@pytest.fixture
def endpoint(sns, application) -> str:
    return sns.sns.create_platform_endpoint(PlatformApplicationArn=application, Token="token")["EndpointArn"]


@pytest.fixture
def sandboxed(sns) -> str:
    sns.sns.create_sms_sandbox_phone_number(PhoneNumber=NUMBER)
    return NUMBER


# -- topics ---------------------------------------------------------------------------------------


def test_create_topic(cli, sns):
    more = ["--attributes", "DisplayName=Orders", "--tags", "Key=a,Value=b"]
    answer = cli.sns("create-topic", "--name", "orders", *more)
    assert answer == {"TopicArn": f"arn:aws:sns:us-east-1:{sns.account}:orders"}
    assert sns.topic_attributes(answer["TopicArn"])["DisplayName"] == "Orders"


def test_delete_topic(cli, sns, topic):
    assert cli.sns("delete-topic", "--topic-arn", topic) is None
    assert sns.sns.list_topics()["Topics"] == []


def test_list_topics(cli, topic):
    assert cli.sns("list-topics") == {"Topics": [{"TopicArn": topic}]}


def test_get_topic_attributes(cli, sns, topic):
    assert cli.sns("get-topic-attributes", "--topic-arn", topic) == {"Attributes": sns.topic_attributes(topic)}


def test_set_topic_attributes(cli, sns, topic):
    arguments = ["--topic-arn", topic, "--attribute-name", "DisplayName", "--attribute-value", "Orders"]
    assert cli.sns("set-topic-attributes", *arguments) is None
    assert sns.topic_attributes(topic)["DisplayName"] == "Orders"


def test_add_permission(cli, sns, topic):
    assert cli.sns(
        "add-permission", "--topic-arn", topic, "--label", "x", "--aws-account-id", "123456789012",
        "--action-name", "Publish",
    ) is None
    assert json.loads(sns.topic_attributes(topic)["Policy"])["Statement"][1]["Sid"] == "x"


def test_remove_permission(cli, sns, topic):
    sns.sns.add_permission(TopicArn=topic, Label="x", AWSAccountId=["123456789012"], ActionName=["Publish"])
    assert cli.sns("remove-permission", "--topic-arn", topic, "--label", "x") is None
    assert len(json.loads(sns.topic_attributes(topic)["Policy"])["Statement"]) == 1


def test_tag_resource(cli, sns, topic):
    assert cli.sns("tag-resource", "--resource-arn", topic, "--tags", "Key=a,Value=1") is None
    assert sns.sns.list_tags_for_resource(ResourceArn=topic)["Tags"] == [{"Key": "a", "Value": "1"}]


def test_untag_resource(cli, sns, topic):
    sns.sns.tag_resource(ResourceArn=topic, Tags=[{"Key": "a", "Value": "1"}])
    assert cli.sns("untag-resource", "--resource-arn", topic, "--tag-keys", "a") is None
    assert sns.sns.list_tags_for_resource(ResourceArn=topic)["Tags"] == []


def test_list_tags_for_resource(cli, sns, topic):
    assert cli.sns("list-tags-for-resource", "--resource-arn", topic) == {"Tags": []}


def test_put_data_protection_policy(cli, sns, topic):
    arguments = ["--resource-arn", topic, "--data-protection-policy", json.dumps(PROTECTION)]
    assert cli.sns("put-data-protection-policy", *arguments) is None
    found = sns.sns.get_data_protection_policy(ResourceArn=topic)["DataProtectionPolicy"]
    assert json.loads(found) == PROTECTION


def test_get_data_protection_policy(cli, sns, topic):
    sns.sns.put_data_protection_policy(ResourceArn=topic, DataProtectionPolicy=json.dumps(PROTECTION))
    answer = cli.sns("get-data-protection-policy", "--resource-arn", topic)
    assert json.loads(answer["DataProtectionPolicy"]) == PROTECTION


# -- subscriptions --------------------------------------------------------------------------------


def test_subscribe(cli, sns, topic):
    url = sns.queue()
    answer = cli.sns(
        "subscribe", "--topic-arn", topic, "--protocol", "sqs", "--notification-endpoint", sns.arn(url),
        "--attributes", json.dumps({"FilterPolicy": '{"k": ["v"]}'}),
    )
    assert json.loads(sns.subscription(answer["SubscriptionArn"])["FilterPolicy"]) == {"k": ["v"]}


def test_confirm_subscription(cli, sns, topic):
    arn = sns.subscribe(topic, "email", "a@example.com")
    answer = cli.sns("confirm-subscription", "--topic-arn", topic, "--token", sns.token(arn))
    assert answer == {"SubscriptionArn": arn}


def test_unsubscribe(cli, sns, topic, listener):
    assert cli.sns("unsubscribe", "--subscription-arn", listener.arn) is None
    assert sns.subscribers(topic) == []


def test_list_subscriptions(cli, sns, listener):
    assert cli.sns("list-subscriptions") == {"Subscriptions": sns.sns.list_subscriptions()["Subscriptions"]}


def test_list_subscriptions_by_topic(cli, sns, topic, listener):
    (found,) = cli.sns("list-subscriptions-by-topic", "--topic-arn", topic)["Subscriptions"]
    assert found["SubscriptionArn"] == listener.arn


def test_get_subscription_attributes(cli, sns, listener):
    answer = cli.sns("get-subscription-attributes", "--subscription-arn", listener.arn)
    assert answer == {"Attributes": sns.subscription(listener.arn)}


def test_set_subscription_attributes(cli, sns, listener):
    assert cli.sns(
        "set-subscription-attributes", "--subscription-arn", listener.arn, "--attribute-name", "RawMessageDelivery",
        "--attribute-value", "false",
    ) is None
    assert sns.subscription(listener.arn)["RawMessageDelivery"] == "false"


# -- messages -------------------------------------------------------------------------------------


def test_publish(cli, topic, listener):
    attributes = json.dumps({"n": {"DataType": "Number", "StringValue": "1"}})
    answer = cli.sns(
        "publish", "--topic-arn", topic, "--message", "grüße <&> 🎈", "--message-attributes", attributes
    )
    assert set(answer) == {"MessageId"}
    message = listener.message()
    assert message["Body"] == "grüße <&> 🎈"
    assert message["MessageAttributes"]["n"]["DataType"] == "Number"


def test_publish_batch(cli, topic, listener):
    entries = [{"Id": "a", "Message": "one"}, {"Id": "b", "Message": "two"}]
    answer = cli.sns("publish-batch", "--topic-arn", topic, "--publish-batch-request-entries", json.dumps(entries))
    assert [found["Id"] for found in answer["Successful"]] == ["a", "b"]
    assert answer["Failed"] == []
    assert sorted(listener.bodies()) == ["one", "two"]


# -- applications and their endpoints -------------------------------------------------------------


def test_create_platform_application(cli, sns):
    answer = cli.sns(
        "create-platform-application", "--name", "app", "--platform", "GCM", "--attributes", "PlatformCredential=key"
    )
    assert answer == {"PlatformApplicationArn": f"arn:aws:sns:us-east-1:{sns.account}:app/GCM/app"}


def test_delete_platform_application(cli, sns, application):
    assert cli.sns("delete-platform-application", "--platform-application-arn", application) is None
    assert sns.sns.list_platform_applications()["PlatformApplications"] == []


def test_list_platform_applications(cli, application):
    (found,) = cli.sns("list-platform-applications")["PlatformApplications"]
    assert found["PlatformApplicationArn"] == application


def test_get_platform_application_attributes(cli, application):
    answer = cli.sns("get-platform-application-attributes", "--platform-application-arn", application)
    assert answer == {"Attributes": {"Enabled": "true"}}


def test_set_platform_application_attributes(cli, sns, application):
    arguments = ["--platform-application-arn", application, "--attributes", "Enabled=false"]
    assert cli.sns("set-platform-application-attributes", *arguments) is None
    found = sns.sns.get_platform_application_attributes(PlatformApplicationArn=application)
    assert found["Attributes"]["Enabled"] == "false"


def test_create_platform_endpoint(cli, application):
    arguments = ["--platform-application-arn", application, "--token", "token"]
    answer = cli.sns("create-platform-endpoint", *arguments)
    assert answer["EndpointArn"].startswith(application.replace(":app/", ":endpoint/"))


def test_delete_endpoint(cli, sns, application, endpoint):
    assert cli.sns("delete-endpoint", "--endpoint-arn", endpoint) is None
    found = sns.sns.list_endpoints_by_platform_application(PlatformApplicationArn=application)
    assert found["Endpoints"] == []


def test_list_endpoints_by_platform_application(cli, application, endpoint):
    answer = cli.sns("list-endpoints-by-platform-application", "--platform-application-arn", application)
    assert answer == {"Endpoints": [{"EndpointArn": endpoint, "Attributes": {"Enabled": "true", "Token": "token"}}]}


def test_get_endpoint_attributes(cli, endpoint):
    answer = cli.sns("get-endpoint-attributes", "--endpoint-arn", endpoint)
    assert answer == {"Attributes": {"Enabled": "true", "Token": "token"}}


def test_set_endpoint_attributes(cli, sns, endpoint):
    arguments = ["--endpoint-arn", endpoint, "--attributes", "CustomUserData=mine"]
    assert cli.sns("set-endpoint-attributes", *arguments) is None
    assert sns.sns.get_endpoint_attributes(EndpointArn=endpoint)["Attributes"]["CustomUserData"] == "mine"


# -- phones ---------------------------------------------------------------------------------------


def test_get_sms_attributes(cli):
    assert cli.sns("get-sms-attributes") == {"attributes": {"MonthlySpendLimit": "1"}}


def test_set_sms_attributes(cli, sns):
    assert cli.sns("set-sms-attributes", "--attributes", "DefaultSenderID=Shop") is None
    assert sns.sns.get_sms_attributes()["attributes"]["DefaultSenderID"] == "Shop"


def test_check_if_phone_number_is_opted_out(cli):
    answer = cli.sns("check-if-phone-number-is-opted-out", "--phone-number", NUMBER)
    assert answer == {"isOptedOut": False}


def test_opt_in_phone_number(cli):
    assert cli.sns("opt-in-phone-number", "--phone-number", NUMBER) is None


def test_list_phone_numbers_opted_out(cli):
    assert cli.sns("list-phone-numbers-opted-out") == {"phoneNumbers": []}


def test_list_origination_numbers(cli):
    assert cli.sns("list-origination-numbers") == {"PhoneNumbers": []}


def test_get_sms_sandbox_account_status(cli, sns):
    expected = sns.sns.get_sms_sandbox_account_status()["IsInSandbox"]
    assert cli.sns("get-sms-sandbox-account-status") == {"IsInSandbox": expected}


def test_create_sms_sandbox_phone_number(cli, sns):
    assert cli.sns("create-sms-sandbox-phone-number", "--phone-number", NUMBER) is None
    assert sns.sns.list_sms_sandbox_phone_numbers()["PhoneNumbers"][0]["Status"] == "Pending"


def test_verify_sms_sandbox_phone_number(cli, sns, sandboxed):
    message = sns.outbox.letter("sms", sandboxed)["message"]
    code = next(word for word in message.replace(".", " ").split() if word.isdigit())
    arguments = ["--phone-number", sandboxed, "--one-time-password", code]
    assert cli.sns("verify-sms-sandbox-phone-number", *arguments) is None
    assert sns.sns.list_sms_sandbox_phone_numbers()["PhoneNumbers"][0]["Status"] == "Verified"


def test_delete_sms_sandbox_phone_number(cli, sns, sandboxed):
    assert cli.sns("delete-sms-sandbox-phone-number", "--phone-number", sandboxed) is None
    assert sns.sns.list_sms_sandbox_phone_numbers()["PhoneNumbers"] == []


def test_list_sms_sandbox_phone_numbers(cli, sandboxed):
    answer = cli.sns("list-sms-sandbox-phone-numbers")
    assert answer == {"PhoneNumbers": [{"PhoneNumber": sandboxed, "Status": "Pending"}]}


# -- all of it ------------------------------------------------------------------------------------


def test_every_operation_has_its_test(sns):
    operations = sns.sns.meta.service_model.operation_names
    assert len(operations) == 42
    assert [name for name in operations if f"test_{botocore.xform_name(name)}" not in globals()] == []


def test_refusals_are_readable(cli, topic):
    with pytest.raises(Refused, match=r"\(NotFound\).*GetTopicAttributes.*Topic does not exist"):
        cli.sns("get-topic-attributes", "--topic-arn", topic + "-not")
