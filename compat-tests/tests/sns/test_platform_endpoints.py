"""Endpoints of platform applications, and the push messages that they get."""

import json
import re

import pytest

from support.sns_refusals import invalid, invalid_about, missing, not_an_arn, refused
from support.sns_world import text
from support.world import members

NO_ATTRIBUTES = (
    "1 validation error detected: Value null at 'attributes' failed to satisfy constraint: Member must not be null"
)
TOO_LONG = (
    "Attributes Reason: Invalid value for attribute: CustomUserData: must be at most 2048 bytes long in UTF-8 encoding"
)
BAD = [
    ({"Colour": "blue"}, "Attributes Reason: Invalid attribute name: Colour"),
    ({"CustomUserData": "x" * 2049}, TOO_LONG),
    ({"CustomUserData": "ü" * 1025}, TOO_LONG),
    ({"Enabled": "true", "Colour": "blue"}, "Attributes Reason: Invalid attribute name: Colour"),
]


@pytest.fixture
def application(sns) -> str:
    return sns.sns.create_platform_application(
        Name="app", Platform="GCM", Attributes={"PlatformCredential": "key"}
    )["PlatformApplicationArn"]


def endpoint(sns, application, token="token", **more) -> str:
    return sns.sns.create_platform_endpoint(PlatformApplicationArn=application, Token=token, **more)["EndpointArn"]


def shown(sns, arn) -> dict:
    return sns.sns.get_endpoint_attributes(EndpointArn=arn)["Attributes"]


def change(sns, arn, **attributes):
    return sns.sns.set_endpoint_attributes(EndpointArn=arn, Attributes=attributes)


def listed(sns, application) -> list[dict]:
    return sns.sns.list_endpoints_by_platform_application(PlatformApplicationArn=application)["Endpoints"]


def test_its_arn_names_the_application(sns, application):
    arn = endpoint(sns, application)
    prefix = f"arn:aws:sns:us-east-1:{sns.account}:endpoint/GCM/app/"
    assert re.fullmatch(re.escape(prefix) + "[0-9a-f-]{36}", arn)


def test_it_is_listed_and_shown(sns, application):
    arn = endpoint(sns, application)
    expected = {"Enabled": "true", "Token": "token"}
    assert shown(sns, arn) == expected
    assert listed(sns, application) == [{"EndpointArn": arn, "Attributes": expected}]


def test_unknown_application(sns, application):
    """Recorded: test_create_platform_endpoint_non_existent_app."""
    with missing("PlatformApplication"):
        endpoint(sns, application + "-not")


def test_custom_data_is_shown(sns, application):
    """Recorded: test_create_platform_endpoint_custom_data."""
    assert shown(sns, endpoint(sns, application, CustomUserData="mine"))["CustomUserData"] == "mine"


def test_custom_data_among_the_attributes_wins(sns, application):
    """Recorded: test_create_platform_endpoint_double_custom_data."""
    arn = endpoint(sns, application, CustomUserData="beside", Attributes={"CustomUserData": "among"})
    assert shown(sns, arn)["CustomUserData"] == "among"


@pytest.mark.parametrize("attributes, words", BAD)
def test_bad_attributes_at_birth(sns, application, attributes, words):
    """Recorded: test_create_platform_endpoint_with_invalid_attributes."""
    with invalid(words):
        endpoint(sns, application, Attributes=attributes)


@pytest.mark.parametrize("attributes, words", BAD)
def test_bad_attributes(sns, application, attributes, words):
    """Recorded: test_set_platform_endpoint_attributes_invalid_attributes."""
    arn = endpoint(sns, application)
    with invalid(words):
        change(sns, arn, **attributes)


def test_no_attributes(sns, application):
    """Recorded: test_set_platform_endpoint_attributes_invalid_attributes."""
    with refused("ValidationError", NO_ATTRIBUTES):
        change(sns, endpoint(sns, application))


def test_it_can_be_disabled(sns, application):
    """Recorded: test_set_platform_endpoint_attributes."""
    arn = endpoint(sns, application)
    assert members(change(sns, arn, Enabled="false")) == set()
    assert shown(sns, arn) == {"Enabled": "false", "Token": "token"}


def test_the_same_token_is_the_same_endpoint(sns, application):
    assert endpoint(sns, application) == endpoint(sns, application)


def test_the_same_token_with_other_data_is_refused(sns, application):
    """AWS: API_CreatePlatformEndpoint; SDK users match this sentence to find the ARN."""
    arn = endpoint(sns, application, CustomUserData="one")
    with invalid(f"Token Reason: Endpoint {arn} already exists with the same Token, but different attributes."):
        endpoint(sns, application, CustomUserData="two")


@pytest.mark.parametrize("token", ["a" * 401, "not hex!"])
def test_apples_tokens_are_hexadecimal(sns, token):
    """Recorded by callers: react-native-device-info#1123."""
    application = sns.sns.create_platform_application(
        Name="app", Platform="APNS", Attributes={"PlatformPrincipal": "p", "PlatformCredential": "c"}
    )["PlatformApplicationArn"]
    words = "iOS device tokens must be no more than 400 hexadecimal characters"
    with invalid(f"Token Reason: {words}"):
        endpoint(sns, application, token)
    arn = endpoint(sns, application, "A" * 400)
    with invalid_about(words):
        change(sns, arn, Token=token)


def test_unknown_endpoint(sns, application):
    """Recorded: test_get_platform_endpoint_attributes_non_existent_endpoint."""
    nothing = endpoint(sns, application)[:-12] + "000000000000"
    with missing("Endpoint"):
        shown(sns, nothing)
    with missing("Endpoint"):
        change(sns, nothing, Enabled="false")


def test_something_that_is_no_arn(sns):
    with not_an_arn("EndpointArn"):
        shown(sns, "endpoint")


def test_a_deleted_one_is_gone(sns, application):
    """Recorded: test_delete_platform_endpoint."""
    arn = endpoint(sns, application)
    for _ in range(2):
        assert members(sns.sns.delete_endpoint(EndpointArn=arn)) == set()
    assert listed(sns, application) == []


def test_its_subscription_stays_listed(sns, application, topic):
    """Recorded: test_delete_platform_endpoint_with_subscription."""
    arn = endpoint(sns, application)
    subscription = sns.subscribe(topic, "application", arn)
    sns.sns.delete_endpoint(EndpointArn=arn)
    assert sns.subscribers(topic) == [subscription]


def test_endpoints_of_a_deleted_application(sns, application):
    """Recorded: test_delete_endpoints_of_deleted_app."""
    arn = endpoint(sns, application)
    sns.sns.delete_platform_application(PlatformApplicationArn=application)
    with missing("PlatformApplication"):
        listed(sns, application)
    assert members(sns.sns.delete_endpoint(EndpointArn=arn)) == set()


def test_a_push_message_goes_to_the_outbox(sns, application):
    arn = endpoint(sns, application)
    sent = sns.sns.publish(TargetArn=arn, Message="hello", Subject="News", MessageAttributes={"k": text("v")})
    assert members(sent) == {"MessageId"}
    letter = sns.outbox.letter("push")
    assert (letter["to"], letter["message"], letter["subject"]) == (arn, "hello", "News")
    assert letter["messageId"] == sent["MessageId"]


def test_a_topic_pushes_too(sns, application, topic):
    arn = endpoint(sns, application)
    subscription = sns.subscribe(topic, "application", arn)
    sns.publish(topic, "hello")
    letter = sns.outbox.letter("push")
    assert (letter["to"], letter["topicArn"], letter["subscriptionArn"]) == (arn, topic, subscription)


def test_the_platform_has_its_own_words(sns, application):
    arn = endpoint(sns, application)
    payload = json.dumps({"notification": {"text": "for phones"}})
    message = json.dumps({"default": "for all", "GCM": payload, "APNS": "{}"})
    sns.sns.publish(TargetArn=arn, Message=message, MessageStructure="json")
    assert sns.outbox.letter("push")["message"] == payload


def test_its_own_words_are_enough(sns, application):
    arn = endpoint(sns, application)
    sns.sns.publish(TargetArn=arn, Message=json.dumps({"GCM": "{}"}), MessageStructure="json")
    assert sns.outbox.letter("push")["message"] == "{}"


@pytest.mark.parametrize("document", [{}, {"APNS": "{}"}, {"gcm": "{}"}, {"GCM": {"data": {}}}])
def test_there_are_words_for_the_platform(sns, application, document):
    """Recorded by callers: aws-sdk-net#180; aws-sdk-kotlin#426, where the words were no text."""
    arn = endpoint(sns, application)
    with invalid("JSON must contain an entry for 'default' or 'GCM'."):
        sns.sns.publish(TargetArn=arn, Message=json.dumps(document), MessageStructure="json")


def test_a_disabled_endpoint_gets_nothing(sns, application):
    arn = endpoint(sns, application)
    change(sns, arn, Enabled="false")
    with refused("EndpointDisabled", re.compile("(?i)disabled")):
        sns.sns.publish(TargetArn=arn, Message="hello")
    assert sns.outbox.letters("push") == []


def test_a_disabled_application_gets_nothing(sns, application):
    arn = endpoint(sns, application)
    sns.sns.set_platform_application_attributes(PlatformApplicationArn=application, Attributes={"Enabled": "false"})
    with refused("PlatformApplicationDisabled", re.compile("(?i)disabled")):
        sns.sns.publish(TargetArn=arn, Message="hello")


def test_an_unknown_target(sns, application):
    with invalid_about("TargetArn"):
        sns.sns.publish(TargetArn=endpoint(sns, application)[:-12] + "000000000000", Message="x")
